/**
 * IPv6 header (RFC 8200 §3):
 *
 * ```text
 * |Version| Traffic Class |           Flow Label                  |
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * |                 Source Address (16 bytes)                     |
 * |               Destination Address (16 bytes)                  |
 * ```
 *
 * @module
 */
import { uint8, uint16, uint32 } from "../bytes/uint.ts";
import { IPV6_HEADER } from "./ip.ts";
import type { LinkWalk } from "./link-walk.ts";
import { IP_PROTOCOL, type Packet } from "./packet.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Reads the fixed header at `walk.at`, which {@link ./ip.ts looksLikeIp} accepted; extension headers are
 * for `extension-headers.ts`. What the frame holds after the payload length is padding of the link.
 */
export function readIpv6(packet: Packet, walk: LinkWalk, reporter: Reporter): void {
  const bytes = packet.bytes;
  const at = walk.at;
  const payloadAt = at + IPV6_HEADER;
  packet.version = 6;
  packet.sourceAt = at + 8;
  packet.destinationAt = at + 24;
  packet.hopLimit = uint8(bytes, at + 7);
  packet.protocol = uint8(bytes, at + 6);
  packet.firstHeader = packet.protocol;
  packet.fragmentProtocol = packet.protocol;
  packet.fragmentId = 0;
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
  packet.isFragment = false;

  const there = Math.max(0, walk.wireEnd - payloadAt);
  let length = uint16(bytes, at + 4);
  if (length === 0) length = unstatedLength(packet, walk, there);
  if (length > there) {
    const reason = `IPv6 payload length ${length}, ${there} bytes on the wire`;
    reporter.report(packet, at + 4, "ip-length-exceeds-frame", reason);
    length = there;
  }
  packet.payloadStart = payloadAt;
  packet.payloadEnd = Math.min(walk.end, payloadAt + length);
  packet.payloadLength = length;
}

/**
 * Payload length 0: the jumbo payload option has it (RFC 2675 §2), nothing follows (no next header), or
 * it is a segment that the network card was to cut up, which reaches to the end of the frame.
 */
function unstatedLength(packet: Packet, walk: LinkWalk, there: number): number {
  if (packet.protocol === IP_PROTOCOL.noNext) return 0;
  if (packet.protocol !== IP_PROTOCOL.hopByHop) return there;
  const bytes = packet.bytes;
  let at = walk.at + IPV6_HEADER;
  if (at + 2 > walk.end) return there;
  const end = Math.min(walk.end, at + (uint8(bytes, at + 1) + 1) * 8);
  at += 2;
  while (at + 2 <= end) {
    const type = uint8(bytes, at);
    if (type === PAD_1) {
      at += 1;
    } else if (type === JUMBO_PAYLOAD && at + 6 <= end) {
      return uint32(bytes, at + 2);
    } else {
      at += 2 + uint8(bytes, at + 1);
    }
  }
  return there;
}

/** Option types (RFC 8200 §4.2, RFC 2675 §2). */
const PAD_1 = 0;
const JUMBO_PAYLOAD = 0xc2;
