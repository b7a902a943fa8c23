/**
 * Names of IP protocols.
 *
 * @module
 */

/** Lower-case keywords of IANA's protocol numbers, for those that devices use. */
const NAMES: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  6: "tcp",
  17: "udp",
  47: "gre",
  50: "esp",
  51: "ah",
  58: "icmpv6",
  132: "sctp",
  136: "udplite",
};

/** Name of an IP protocol number: `tcp`; `ip-99` where it has none here. */
export function toProtocolName(protocol: number): string {
  return NAMES[protocol] ?? `ip-${String(protocol)}`;
}
