/**
 * Adler-32 (RFC 1950 §8.2).
 *
 * @module
 */

/** Checksum of `bytes[start, end)`. */
export function adler32(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let a = 1;
  let b = 0;
  let at = start;
  while (at < end) {
    const stop = Math.min(end, at + MAX_RUN);
    for (; at < stop; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}

/** Bytes that can be summed before `b` needs more than 32 bits. */
const MAX_RUN = 5552;
