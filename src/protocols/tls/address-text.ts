/**
 * Text of an IP address given as bytes.
 *
 * @module
 */

/** Dotted decimal of 4 bytes, RFC 5952 of 16; undefined for any other length. */
export function toAddressText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return undefined;
  const groups: number[] = [];
  bytes.forEach((byte, i) => {
    if (i % 2 === 0) groups.push(byte << 8);
    else groups.push((groups.pop() ?? 0) | byte);
  });
  const zeros = longestZeros(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  if (zeros.length < 2) return text(0, 8); // RFC 5952 §4.2.2: one group alone is not shortened.
  return `${text(0, zeros.from)}::${text(zeros.from + zeros.length, 8)}`;
}

/** The first of the longest runs (RFC 5952 §4.2.3). */
function longestZeros(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  let run = 0;
  groups.forEach((group, i) => {
    run = group === 0 ? run + 1 : 0;
    if (run > best.length) best = { from: i - run + 1, length: run };
  });
  return best;
}
