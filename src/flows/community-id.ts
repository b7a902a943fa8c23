/**
 * Community ID version 1, seed 0: the same text for the same flow in Zeek, Suricata,
 * Wireshark and here (https://github.com/corelight/community-id-spec).
 *
 * @module
 */
import { toBase64 } from "../bytes/base64.ts";
import type { Platform } from "../platform.ts";

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
  const [sourcePort, destinationPort, oneWay] = toPorts(tuple);
  const order = compareBytes(source, destination) || sourcePort - destinationPort;
  const kept = oneWay || order <= 0;
  const [low, high] = kept ? [source, destination] : [destination, source];
  const [lowPort, highPort] = kept ? [sourcePort, destinationPort] : [destinationPort, sourcePort];
  const hashed = [SEED >> 8, SEED & 255, ...low, ...high, protocol, 0];
  if (lowPort >= 0) hashed.push(lowPort >> 8, lowPort & 255, highPort >> 8, highPort & 255);
  return `1:${toBase64(platform.digest("sha1", Uint8Array.from(hashed)))}`;
}

/** Ports as they are hashed, and whether the direction stays (ICMP types that nothing answers). */
function toPorts(tuple: CommunityTuple): readonly [number, number, boolean] {
  const { protocol, sourcePort: type, destinationPort: code } = tuple;
  if ((protocol !== ICMP && protocol !== ICMPV6) || type < 0) return [type, code, false];
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
