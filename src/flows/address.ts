/**
 * Text of network addresses.
 *
 * @module
 */

/**
 * Text of the address of `version` 4 or 6 at `at` in `bytes`: dotted decimal, or RFC 5952
 * (lower case, the longest run of zero groups as `::`, IPv4-mapped ones in mixed notation).
 * Bytes beyond the end of `bytes` read as zero.
 */
export function toAddressText(bytes: Uint8Array, at: number, version: number): string {
  if (version === 4) {
    return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
  }
  const groups: number[] = [];
  for (let i = at; i < at + 16; i += 2) groups.push((bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0));
  return toIpv6Text(groups);
}

/** Text of six bytes at `at`: `aa:bb:cc:dd:ee:ff`. */
export function toMacText(bytes: Uint8Array, at: number): string {
  const pairs: string[] = [];
  for (let i = at; i < at + 6; i++) pairs.push((bytes[i] ?? 0).toString(16).padStart(2, "0"));
  return pairs.join(":");
}

/** RFC 5952 §4.2.2: a single zero group is not shortened; §4.2.3: of equal runs the first is. */
function toIpv6Text(groups: readonly number[]): string {
  let runAt = -1;
  let runLength = 1;
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - i > runLength) {
      runAt = i;
      runLength = end - i;
    }
    i = end;
  }
  if (isMapped(groups)) {
    const [high = 0, low = 0] = groups.slice(6);
    return `::ffff:${String(high >> 8)}.${String(high & 255)}.${String(low >> 8)}.${String(low & 255)}`;
  }
  if (runAt < 0) return toHexGroups(groups);
  const before = toHexGroups(groups.slice(0, runAt));
  return `${before}::${toHexGroups(groups.slice(runAt + runLength))}`;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2), which RFC 5952 §5 writes in mixed notation. */
function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function toHexGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}
