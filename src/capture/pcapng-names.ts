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
import { toIpv4Text, toIpv6Text } from "../bytes/address-text.ts";
import { toHex } from "../bytes/hex.ts";
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
  if (address.length === 4) return toIpv4Text(address, 0);
  if (address.length === 16) return toIpv6Text(address, 0);
  return toHex(address).replace(/..(?=.)/g, "$&:");
}
