/**
 * IPv4 header (RFC 791 §3.1):
 *
 * ```text
 * |Version|  IHL  |Type of Service|          Total Length         |
 * |         Identification        |Flags|      Fragment Offset    |
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * |                       Source Address                          |
 * |                    Destination Address                        |
 * |                    Options                    |    Padding    |
 * ```
 *
 * The checksum is not looked at: with offload to the network card, a host's capture of itself holds wrong ones.
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";
import { IPV4_HEADER } from "./ip.ts";
import type { LinkWalk } from "./link-walk.ts";
import type { Packet } from "./packet.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Reads the header at `walk.at`, which {@link ./ip.ts looksLikeIp} accepted. What the frame holds after
 * the total length is padding of the link.
 */
export function readIpv4(packet: Packet, walk: LinkWalk, reporter: Reporter): void {
  const bytes = packet.bytes;
  const at = walk.at;
  const header = (uint8(bytes, at) & 15) * 4;
  const total = uint16(bytes, at + 2);
  const fragment = uint16(bytes, at + 6);
  packet.version = 4;
  packet.sourceAt = at + 12;
  packet.destinationAt = at + 16;
  packet.hopLimit = uint8(bytes, at + 8);
  packet.protocol = uint8(bytes, at + 9);
  packet.firstHeader = packet.protocol;
  packet.fragmentProtocol = packet.protocol;
  packet.fragmentId = uint16(bytes, at + 4);
  packet.fragmentOffset = (fragment & 0x1fff) * 8;
  packet.moreFragments = (fragment & 0x2000) !== 0;
  packet.isFragment = (fragment & 0x3fff) !== 0;

  let wireEnd = walk.wireEnd;
  // A total length of 0 stands for more than 65,535 bytes (Linux BIG TCP) or for a segment that the network
  // card was to cut up (TSO): the packet reaches to the end of the frame.
  if (total !== 0) {
    if (at + total <= wireEnd) wireEnd = at + total;
    else reporter.report(packet, at + 2, "ip-length-exceeds-frame", exceeds(total, wireEnd - at));
  }
  const payloadAt = at + header;
  if (payloadAt > walk.end) {
    const due = { bytes: header, left: walk.end - at, wireLeft: wireEnd - at };
    reporter.short(packet, at + IPV4_HEADER, "IPv4 options", due);
  }
  packet.payloadStart = Math.min(payloadAt, walk.end);
  packet.payloadEnd = Math.max(packet.payloadStart, Math.min(walk.end, wireEnd));
  packet.payloadLength = Math.max(0, wireEnd - payloadAt);
}

function exceeds(total: number, there: number): string {
  return `IPv4 total length ${total}, ${there} bytes on the wire`;
}
