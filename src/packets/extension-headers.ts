/**
 * The headers between an IP header and the transport: extension headers of IPv6, and IPsec
 * authentication in both versions, which leaves the packet in clear.
 *
 * ```text
 * |  Next Header  |  Hdr Ext Len  |          …      most of them: 8 × (length + 1) bytes
 * |  Next Header  |  Payload Len  |          …      authentication: 4 × (length + 2) bytes
 * |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|   fragment: 8 bytes
 * |                         Identification                        |
 * ```
 *
 * Sources: RFC 8200 §4, RFC 4302 §2 (authentication), RFC 6275 §6.1 (mobility), RFC 7401 §5.1 (HIP),
 * RFC 5533 §5.1 (Shim6).
 *
 * @module
 */
import { uint8, uint16, uint32 } from "../bytes/uint.ts";
import { MAX_EXTENSION_HEADERS } from "../limits.ts";
import { IP_PROTOCOL, type Packet } from "./packet.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Steps over the headers from `packet.payloadStart` on, sets `protocol` to the upper-layer protocol and,
 * at a fragment header, the fragment fields. Where the chain breaks, `protocol` stays the number of the
 * header that could not be read.
 *
 * @returns The offset of the upper-layer header. `payloadStart` is the same, but in a fragment it is
 *   where the fragmented part begins, so that reassembly gets all of it.
 */
export function readExtensionHeaders(packet: Packet, reporter: Reporter): number {
  const wireEnd = packet.payloadStart + packet.payloadLength;
  let at = packet.payloadStart;
  let left = MAX_EXTENSION_HEADERS;
  while (isExtensionHeader(packet.version, packet.protocol)) {
    if (left-- === 0) {
      const reason = `more than ${MAX_EXTENSION_HEADERS} extension headers in one packet`;
      reporter.report(packet, at, "extension-header-limit", reason);
      break;
    }
    const size = sizeOf(packet, at);
    if (at + size > packet.payloadEnd) {
      // In a first fragment the chain may go on in the next one (forbidden by RFC 7112, and seen).
      if (!packet.isFragment) {
        const due = { bytes: size, left: packet.payloadEnd - at, wireLeft: wireEnd - at };
        reporter.short(packet, at, `extension header ${packet.protocol}`, due);
      }
      break;
    }
    const isFragmentHeader = packet.protocol === IP_PROTOCOL.fragment;
    if (isFragmentHeader && packet.isFragment) {
      reporter.report(packet, at, "fragment-header-twice", "a fragment header inside a fragment");
      break;
    }
    if (isFragmentHeader) readFragmentHeader(packet, at);
    packet.protocol = uint8(packet.bytes, at);
    at += size;
    if (isFragmentHeader) packet.fragmentProtocol = packet.protocol;
    if (!packet.isFragment || isFragmentHeader) packet.payloadStart = at;
    if (isFragmentHeader && packet.fragmentOffset > 0) break;
  }
  packet.payloadLength = wireEnd - packet.payloadStart;
  return at;
}

/** Whether `protocol` is a header that another one follows. */
export function isExtensionHeader(version: number, protocol: number): boolean {
  switch (protocol) {
    case IP_PROTOCOL.ah:
      return true;
    case IP_PROTOCOL.hopByHop:
    case IP_PROTOCOL.routing:
    case IP_PROTOCOL.fragment:
    case IP_PROTOCOL.destinationOptions:
    case IP_PROTOCOL.mobility:
    case IP_PROTOCOL.hip:
    case IP_PROTOCOL.shim6:
      return version === 6;
  }
  return false;
}

/** Bytes of the header at `at`; at least 8, so that a chain always advances. */
function sizeOf(packet: Packet, at: number): number {
  if (packet.protocol === IP_PROTOCOL.fragment || at + 2 > packet.payloadEnd) return 8;
  const length = uint8(packet.bytes, at + 1);
  return packet.protocol === IP_PROTOCOL.ah ? Math.max(8, (length + 2) * 4) : (length + 1) * 8;
}

function readFragmentHeader(packet: Packet, at: number): void {
  const field = uint16(packet.bytes, at + 2);
  packet.fragmentOffset = field & 0xfff8;
  packet.moreFragments = (field & 1) !== 0;
  packet.fragmentId = uint32(packet.bytes, at + 4);
  // An atomic fragment (RFC 6946) is whole.
  packet.isFragment = packet.fragmentOffset > 0 || packet.moreFragments;
}
