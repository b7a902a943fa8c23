/**
 * Transport headers: TCP (RFC 9293 §3.1), UDP (RFC 768), UDP-Lite (RFC 3828 §3.1), SCTP's common
 * header (RFC 9260 §3), type and code of ICMP (RFC 792, RFC 4443 §2.1). Checksums are not looked at.
 *
 * @module
 */
import { uint8, uint16, uint32 } from "../bytes/uint.ts";
import { isExtensionHeader } from "./extension-headers.ts";
import { IP_PROTOCOL, type Packet } from "./packet.ts";
import type { Reporter } from "./reporter.ts";

/** Reads the header at `at` by `packet.protocol`; sets the transport fields and the data's range. */
export function readTransport(packet: Packet, at: number, reporter: Reporter): void {
  packet.sourcePort = -1;
  packet.destinationPort = -1;
  packet.seq = 0;
  packet.ack = 0;
  packet.flags = 0;
  packet.window = 0;
  packet.icmpType = 0;
  packet.icmpCode = 0;
  packet.transportRead = false;
  packet.dataStart = packet.payloadStart;
  packet.dataEnd = packet.payloadStart;
  packet.dataLength = 0;
  if (packet.isFragment && packet.fragmentOffset > 0) return;
  switch (packet.protocol) {
    case IP_PROTOCOL.tcp:
      readTcp(packet, at, reporter);
      return;
    case IP_PROTOCOL.udp:
      readUdp(packet, at, reporter);
      return;
    case IP_PROTOCOL.udplite:
      if (!readPorts(packet, at, UDP, reporter)) return;
      setData(packet, at + UDP.bytes, wireLeft(packet, at) - UDP.bytes);
      return;
    case IP_PROTOCOL.sctp:
      readPorts(packet, at, SCTP, reporter);
      break;
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      readIcmp(packet, at, reporter);
      break;
    default:
      packet.transportRead = !isExtensionHeader(packet.version, packet.protocol);
  }
  packet.dataEnd = packet.payloadEnd;
  packet.dataLength = packet.payloadLength;
}

/** Bytes on the wire from `at` to the end of the packet. */
function wireLeft(packet: Packet, at: number): number {
  return packet.payloadStart + packet.payloadLength - at;
}

/**
 * Reads two ports, which TCP, UDP, UDP-Lite and SCTP have in common, and says whether the header is there:
 * whole on the wire, and captured as far as its fields are used.
 */
function readPorts(packet: Packet, at: number, header: Header, reporter: Reporter): boolean {
  const left = packet.payloadEnd - at;
  if (left >= 4) {
    packet.sourcePort = uint16(packet.bytes, at);
    packet.destinationPort = uint16(packet.bytes, at + 2);
  }
  const onWire = wireLeft(packet, at);
  packet.transportRead = left >= header.used && onWire >= header.bytes;
  if (!packet.transportRead && !packet.isFragment) {
    const due = { bytes: header.bytes, left, wireLeft: onWire };
    reporter.short(packet, at, `header of protocol ${packet.protocol}`, due);
  }
  return packet.transportRead;
}

/** Sets the data's range: `length` bytes on the wire from `start` on, of which some may not be captured. */
function setData(packet: Packet, start: number, length: number): void {
  packet.dataStart = Math.min(start, packet.payloadEnd);
  packet.dataEnd = Math.min(start + length, packet.payloadEnd);
  packet.dataLength = length;
}

function readTcp(packet: Packet, at: number, reporter: Reporter): void {
  if (!readPorts(packet, at, TCP, reporter)) return;
  const bytes = packet.bytes;
  packet.seq = uint32(bytes, at + 4);
  packet.ack = uint32(bytes, at + 8);
  packet.flags = uint8(bytes, at + 13);
  if (at + 16 <= packet.payloadEnd) packet.window = uint16(bytes, at + 14);
  const header = (uint8(bytes, at + 12) >> 4) * 4;
  const left = wireLeft(packet, at);
  if (header < TCP.bytes || (header > left && !packet.isFragment)) {
    packet.transportRead = false;
    const reason = `TCP data offset ${header} bytes, ${TCP.bytes} to ${left} due`;
    reporter.report(packet, at + 12, "tcp-header-length-invalid", reason);
    return;
  }
  // How long the segment is shows only once its last fragment is there.
  if (!packet.isFragment) setData(packet, at + header, left - header);
}

function readUdp(packet: Packet, at: number, reporter: Reporter): void {
  if (!readPorts(packet, at, UDP, reporter)) return;
  const length = uint16(packet.bytes, at + 4);
  const left = wireLeft(packet, at);
  if (length >= UDP.bytes) {
    setData(packet, at + UDP.bytes, length - UDP.bytes);
    if (length === left || packet.isFragment) return;
    const name = length > left ? "udp-length-exceeds-packet" : "udp-surplus-bytes";
    reporter.report(packet, at + 4, name, `UDP length ${length}, ${left} bytes in the IP packet`);
    return;
  }
  if (length === 0) {
    // RFC 2675 §4: a jumbogram's length does not fit; the datagram reaches to the end of the packet.
    setData(packet, at + UDP.bytes, left - UDP.bytes);
    if (left > MAX_UDP_LENGTH) return;
  } else {
    packet.transportRead = false;
  }
  const reason = `UDP length ${length}, at least ${UDP.bytes} due`;
  reporter.report(packet, at + 4, "udp-length-invalid", reason);
}

function readIcmp(packet: Packet, at: number, reporter: Reporter): void {
  const left = packet.payloadEnd - at;
  packet.transportRead = left >= ICMP_HEADER;
  if (left >= 2) {
    packet.icmpType = uint8(packet.bytes, at);
    packet.icmpCode = uint8(packet.bytes, at + 1);
  }
  if (left < ICMP_HEADER && !packet.isFragment) {
    const due = { bytes: ICMP_HEADER, left, wireLeft: wireLeft(packet, at) };
    reporter.short(packet, at, "ICMP header", due);
  }
}

/** Bytes of a header's fixed part, and how many of them hold the fields that are used. */
interface Header {
  readonly bytes: number;
  readonly used: number;
}

const TCP: Header = { bytes: 20, used: 14 }; // up to the flags
const UDP: Header = { bytes: 8, used: 6 }; // up to the length
const SCTP: Header = { bytes: 12, used: 4 };
const ICMP_HEADER = 4;
const MAX_UDP_LENGTH = 65_535;
