/**
 * Community ID version 1, seed 0: the same text for the same flow in Zeek, Suricata,
 * Wireshark and here (https://github.com/corelight/community-id-spec).
 *
 * @module
 */
import { digestText, type Platform } from "../platform.ts";

/** What the identifier is made of, as seen from the first frame's sender. */
export interface CommunityTuple {
  /** 4 or 16 bytes each. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** IP protocol number. */
  readonly protocol: number;
  /** Ports; -1 where there are none. ICMP: the type and the code. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const SEED = 0;
const ICMP = 1;
const ICMPV6 = 58;

/** Message types that answer each other, after Zeek (specification, "Technical details"). */
const ICMP_PAIRS: readonly (readonly [number, number])[] = [
  [8, 0], // echo
  [10, 9], // router solicitation, advertisement
  [13, 14], // timestamp
  [15, 16], // information
  [17, 18], // address mask
];
const ICMPV6_PAIRS: readonly (readonly [number, number])[] = [
  [128, 129], // echo
  [130, 131], // multicast listener query, report
  [133, 134], // router solicitation, advertisement
  [135, 136], // neighbour solicitation, advertisement
  [139, 140], // node information query, response
  [144, 145], // home agent address discovery
];

/** `1:` and the base64 of a SHA-1 over seed, endpoints (the lower first), protocol and ports. */
export function toCommunityId(tuple: CommunityTuple, platform: Platform): string {
  const { source, destination, protocol } = tuple;
  const isIcmp = protocol === ICMP || protocol === ICMPV6;
  const [sourcePort, destinationPort, oneWay] = isIcmp
    ? toIcmpPorts(tuple)
    : [tuple.sourcePort, tuple.destinationPort, false];
  const order = compareBytes(source, destination) || sourcePort - destinationPort;
  const kept = oneWay || order <= 0;
  const lowPort = kept ? sourcePort : destinationPort;
  const highPort = kept ? destinationPort : sourcePort;
  const width = source.length;
  const hashed = HASHED[lowPort >= 0 ? 1 : 0][width === 4 ? 0 : 1];
  hashed[0] = SEED >> 8;
  hashed[1] = SEED & 255;
  hashed.set(kept ? source : destination, 2);
  hashed.set(kept ? destination : source, 2 + width);
  const at = 2 + 2 * width;
  hashed[at] = protocol;
  hashed[at + 1] = 0;
  // Out of bounds, and without effect, where there are no ports.
  hashed[at + 2] = lowPort >> 8;
  hashed[at + 3] = lowPort & 255;
  hashed[at + 4] = highPort >> 8;
  hashed[at + 5] = highPort & 255;
  return `1:${digestText(platform, "sha1", hashed, "base64")}`;
}

/** What is hashed, without and with ports, of IPv4 and of IPv6: filled anew for each flow. */
const HASHED: readonly [readonly [Uint8Array, Uint8Array], readonly [Uint8Array, Uint8Array]] = [
  [new Uint8Array(12), new Uint8Array(36)],
  [new Uint8Array(16), new Uint8Array(40)],
];

/** Type and code as they are hashed, and whether the direction stays (types that nothing answers). */
function toIcmpPorts(tuple: CommunityTuple): readonly [number, number, boolean] {
  const { protocol, sourcePort: type, destinationPort: code } = tuple;
  if (type < 0) return [type, code, false];
  for (const [question, answer] of protocol === ICMP ? ICMP_PAIRS : ICMPV6_PAIRS) {
    if (type === question) return [question, answer, false];
    if (type === answer) return [answer, question, false];
  }
  return [type, code, true];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
