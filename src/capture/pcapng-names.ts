/**
 * Name resolution blocks of pcapng: names that the capture program knew for addresses.
 *
 * ```text
 * records := (type(2) length(2) value(length) pad to 4)* 0(2) 0(2)
 * value   := address(4, 6, 8 or 16 by type) name* , each name ended by a zero byte
 * ```
 * Source: draft-ietf-opsawg-pcapng, section 4.5.
 * @module
 */
import { fromUtf8 } from "../bytes/text.ts";
import type { OptionWalker } from "./pcapng-options.ts";

/** Bytes of the address in each record type: nrb_record_ipv4, _ipv6, _eui48, _eui64. */
const ADDRESS_BYTES: readonly number[] = [0, 4, 16, 6, 8];

/**
 * Gives `found` each address and name of the records in `bytes` from `from` to `end`.
 * Records have the shape of options, hence the walker; records of other types are stepped over.
 *
 * @returns What broke the list, or undefined.
 */
export function readNames(
  walker: OptionWalker,
  bytes: Uint8Array,
  found: (address: string, name: string) => void,
): string | undefined {
  while (walker.next()) {
    const width = ADDRESS_BYTES[walker.code] ?? 0;
    if (width === 0) continue;
    if (walker.length < width) return `name record of ${walker.length} bytes, ${width} due`;
    const address = toAddressText(bytes.subarray(walker.start, walker.start + width));
    const names = bytes.subarray(walker.start + width, walker.start + walker.length);
    for (const name of fromUtf8(names).split("\0")) if (name !== "") found(address, name);
  }
  return walker.fault;
}

/** Dotted IPv4, RFC 5952 IPv6, or colon-separated pairs of digits. */
function toAddressText(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  if (address.length !== 16) return Array.from(address, toPair).join(":");
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) {
    groups.push((((address[i] ?? 0) << 8) | (address[i + 1] ?? 0)).toString(16));
  }
  const zeros = longestZeros(groups);
  if (zeros.count < 2) return groups.join(":");
  const before = groups.slice(0, zeros.from).join(":");
  return `${before}::${groups.slice(zeros.from + zeros.count).join(":")}`;
}

function toPair(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The first of the longest runs of zero groups (RFC 5952 §4.2.3). */
function longestZeros(groups: readonly string[]): { from: number; count: number } {
  let best = { from: 0, count: 0 };
  let count = 0;
  for (const [i, group] of groups.entries()) {
    count = group === "0" ? count + 1 : 0;
    if (count > best.count) best = { from: i - count + 1, count };
  }
  return best;
}
