/**
 * IP addresses from their text form.
 *
 * Sources: RFC 4291 §2.2 (text forms of IPv6), RFC 5952, RFC 6943 §3.1.1 (only the strict
 * dotted-decimal form of IPv4 is safe to compare).
 *
 * @module
 */

/** An address as 32-bit words, most significant first: one word for IPv4, four for IPv6. */
export interface Address {
  readonly version: 4 | 6;
  readonly words: readonly number[];
}

/**
 * Reads an IPv4 or IPv6 address; an IPv4-mapped one (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2)
 * reads as the IPv4 address that it stands for.
 *
 * @returns undefined where `text` is no address. A zone (`%eth0`, RFC 4007 §11) is ignored.
 */
export function readAddress(text: string): Address | undefined {
  const zone = text.indexOf("%");
  const plain = zone < 0 ? text : text.slice(0, zone);
  if (!plain.includes(":")) {
    const word = readIpv4(plain);
    return word === undefined ? undefined : { version: 4, words: [word] };
  }
  const words = readIpv6(plain);
  if (words === undefined) return undefined;
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return { version: 4, words: [w3] };
  return { version: 6, words };
}

/** Whether `address` lies in `prefix/length`, both of the same version. */
export function isWithin(address: Address, prefix: Address, length: number): boolean {
  if (address.version !== prefix.version) return false;
  for (let i = 0, left = length; left > 0; i++, left -= 32) {
    const mask = left >= 32 ? 0xffffffff : ~(0xffffffff >>> left);
    if ((((address.words[i] ?? 0) ^ (prefix.words[i] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

function readIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    // No leading zeros: other readers take them for octal (RFC 6943 §3.1.1).
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    word = word * 256 + Number(part);
  }
  return word;
}

function readIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0] ?? "");
  const tail = halves.length === 2 ? readGroups(halves[1] ?? "") : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const words: number[] = [];
  for (let i = 0; i < 8; i += 2) words.push((groups[i] ?? 0) * 65536 + (groups[i + 1] ?? 0));
  return words;
}

/** Groups of one side of `::`; the last one may be an IPv4 address (RFC 4291 §2.2, form 3). */
function readGroups(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  if (parts.length > 8) return undefined;
  for (const [i, part] of parts.entries()) {
    if (part.includes(".")) {
      const word = i === parts.length - 1 ? readIpv4(part) : undefined;
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}
