/**
 * Text of addresses given as bytes, as `inet_ntop` and Wireshark write them: dotted decimal, RFC 5952
 * with the last 32 bits in dotted decimal where they embed an IPv4 address, pairs of digits.
 *
 * @module
 */
import { toHex } from "./hex.ts";

/** Text of the address of `version` 4 or 6 at `at`; bytes beyond the end of `bytes` read as zero. */
export function toIpText(bytes: Uint8Array, at: number, version: number): string {
  return version === 4 ? toIpv4Text(bytes, at) : toIpv6Text(bytes, at);
}

/** Text of the 6 bytes at `at`: `aa:bb:cc:dd:ee:ff`. */
export function toMacText(bytes: Uint8Array, at: number): string {
  return toHex(bytes, at, at + 6).replace(/..(?=.)/g, "$&:");
}

/** Dotted decimal of the 4 bytes at `at`, which must be there. */
export function toIpv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/** RFC 5952 text of the 16 bytes at `at`, which must be there. */
export function toIpv6Text(bytes: Uint8Array, at: number): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) {
    words.push(((bytes[at + i] ?? 0) << 8) | (bytes[at + i + 1] ?? 0));
  }
  const zeros = longestZeros(words);
  if (zeros.length < 2) return hex(words); // RFC 5952 §4.2.2: a single zero is not shortened.
  const isMapped = zeros.from === 0 && zeros.length === 5 && words[5] === 0xffff;
  const isCompatible = zeros.from === 0 && zeros.length === 6;
  if (isMapped || isCompatible) {
    return `::${isMapped ? "ffff:" : ""}${toIpv4Text(bytes, at + 12)}`; // RFC 5952 §5
  }
  return `${hex(words.slice(0, zeros.from))}::${hex(words.slice(zeros.from + zeros.length))}`;
}

function hex(words: readonly number[]): string {
  return words.map((word) => word.toString(16)).join(":");
}

/** The first of the longest runs of zero words (RFC 5952 §4.2.3). */
function longestZeros(words: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  let run = 0;
  for (const [i, word] of words.entries()) {
    run = word === 0 ? run + 1 : 0;
    if (run > best.length) best = { from: i - run + 1, length: run };
  }
  return best;
}
