/**
 * What an address is for, by the registries of special-purpose addresses.
 *
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190),
 * RFC 5771 and RFC 4291 §2.7 (multicast), RFC 919 §7 (limited broadcast), RFC 6598
 * (shared address space), RFC 4193 (unique local), RFC 3927 and RFC 4291 §2.5.6 (link-local).
 *
 * @module
 */
import { isWithin, readAddress, type Address } from "./address.ts";

/** `global` is everything that no registry sets aside; `unknown` is text that is no address. */
export type AddressKind =
  | "global"
  | "unspecified"
  | "loopback"
  | "private"
  | "shared"
  | "link-local"
  | "unique-local"
  | "multicast"
  | "broadcast"
  | "documentation"
  | "benchmarking"
  | "translation"
  | "reserved"
  | "unknown";

/** A block of a registry. */
export interface SpecialBlock {
  readonly prefix: string;
  readonly kind: AddressKind;
  readonly source: string;
}

/** The blocks, narrower ones before the wider ones that hold them. */
export const SPECIAL_BLOCKS: readonly SpecialBlock[] = [
  { prefix: "0.0.0.0/32", kind: "unspecified", source: "RFC 1122 §3.2.1.3" },
  { prefix: "0.0.0.0/8", kind: "reserved", source: "RFC 791 §3.2" },
  { prefix: "10.0.0.0/8", kind: "private", source: "RFC 1918" },
  { prefix: "100.64.0.0/10", kind: "shared", source: "RFC 6598" },
  { prefix: "127.0.0.0/8", kind: "loopback", source: "RFC 1122 §3.2.1.3" },
  { prefix: "169.254.0.0/16", kind: "link-local", source: "RFC 3927" },
  { prefix: "172.16.0.0/12", kind: "private", source: "RFC 1918" },
  // Two anycast services are reachable from everywhere, unlike the rest of the block.
  { prefix: "192.0.0.9/32", kind: "global", source: "RFC 7723" },
  { prefix: "192.0.0.10/32", kind: "global", source: "RFC 8155" },
  { prefix: "192.0.0.0/24", kind: "reserved", source: "RFC 6890 §2.1" },
  { prefix: "192.0.2.0/24", kind: "documentation", source: "RFC 5737" },
  { prefix: "192.168.0.0/16", kind: "private", source: "RFC 1918" },
  { prefix: "198.18.0.0/15", kind: "benchmarking", source: "RFC 2544" },
  { prefix: "198.51.100.0/24", kind: "documentation", source: "RFC 5737" },
  { prefix: "203.0.113.0/24", kind: "documentation", source: "RFC 5737" },
  { prefix: "224.0.0.0/4", kind: "multicast", source: "RFC 5771" },
  { prefix: "255.255.255.255/32", kind: "broadcast", source: "RFC 919 §7" },
  { prefix: "240.0.0.0/4", kind: "reserved", source: "RFC 1112 §4" },
  { prefix: "::/128", kind: "unspecified", source: "RFC 4291 §2.5.2" },
  { prefix: "::1/128", kind: "loopback", source: "RFC 4291 §2.5.3" },
  { prefix: "64:ff9b::/96", kind: "translation", source: "RFC 6052" },
  { prefix: "64:ff9b:1::/48", kind: "translation", source: "RFC 8215" },
  { prefix: "100::/64", kind: "reserved", source: "RFC 6666" },
  { prefix: "2001:2::/48", kind: "benchmarking", source: "RFC 5180" },
  { prefix: "2001:db8::/32", kind: "documentation", source: "RFC 3849" },
  { prefix: "3fff::/20", kind: "documentation", source: "RFC 9637" },
  { prefix: "5f00::/16", kind: "reserved", source: "RFC 9602" },
  { prefix: "fc00::/7", kind: "unique-local", source: "RFC 4193" },
  { prefix: "fe80::/10", kind: "link-local", source: "RFC 4291 §2.5.6" },
  { prefix: "ff00::/8", kind: "multicast", source: "RFC 4291 §2.7" },
];

/** What `address` is for. */
export function kindOfAddress(address: string): AddressKind {
  const read = readAddress(address);
  if (read === undefined) return "unknown";
  const block = BLOCKS.find((one) => isWithin(read, one.prefix, one.length));
  return block?.kind ?? "global";
}

/**
 * Whether an address of this kind can belong to a machine of the network at hand and to no
 * other: behind it stands no server of the internet.
 */
export function isLocalKind(kind: AddressKind): boolean {
  return (
    kind === "private" ||
    kind === "shared" ||
    kind === "link-local" ||
    kind === "unique-local" ||
    kind === "loopback"
  );
}

/** Whether an address of this kind can be that of one machine, here or anywhere. */
export function isUnicastKind(kind: AddressKind): boolean {
  return (
    kind !== "multicast" && kind !== "broadcast" && kind !== "unspecified" && kind !== "unknown"
  );
}

interface Block {
  readonly kind: AddressKind;
  readonly prefix: Address;
  readonly length: number;
}

const BLOCKS: readonly Block[] = SPECIAL_BLOCKS.flatMap((block) => {
  const slash = block.prefix.indexOf("/");
  const prefix = readAddress(block.prefix.slice(0, slash));
  return prefix === undefined
    ? []
    : [{ kind: block.kind, prefix, length: Number(block.prefix.slice(slash + 1)) }];
});
