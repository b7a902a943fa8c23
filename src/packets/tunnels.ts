/**
 * Which packets carry another IP packet, and where it begins. A packet counts as a
 * carrier only where the inner bytes do decode as IP: what does not stays payload of the outer flow.
 *
 * Sources: RFC 2003 and RFC 4213 (IP in IP), RFC 3378 (EtherIP), RFC 2784, RFC 2890 and RFC 1701 (GRE),
 * RFC 2637 §4.1 (PPTP), draft-foschiano-erspan-03 (mirrored Ethernet in GRE), RFC 7348 §5 (VXLAN),
 * draft-ietf-nvo3-vxlan-gpe-13 §3 (VXLAN-GPE), RFC 8926 §3 (Geneve), RFC 4023 §3 and RFC 7510 §3 (MPLS in
 * IP and in UDP), 3GPP TS 29.281 §5 (GTP-U), RFC 4380 §5.1.1 (Teredo).
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";
import { MAX_EXTENSION_HEADERS } from "../limits.ts";
import { findIp } from "./link.ts";
import { STEP, type LinkWalk } from "./link-walk.ts";
import { CARRIER, IP_PROTOCOL, type Carrier, type Packet } from "./packet.ts";

/**
 * Looks for an IP packet inside `packet`, whose transport header has been read.
 *
 * @param inner Set to the position of the inner IP header and its bounds.
 * @returns How it is carried; `CARRIER.none` where there is none.
 */
export function findInnerIp(packet: Packet, inner: LinkWalk): Carrier {
  switch (packet.protocol) {
    case IP_PROTOCOL.tcp:
      return CARRIER.none;
    case IP_PROTOCOL.udp:
      return packet.transportRead ? findInUdp(packet, inner) : CARRIER.none;
    case IP_PROTOCOL.ipip:
      begin(packet, inner);
      return findVersion(inner, 4) ? CARRIER.ipInIp : CARRIER.none;
    case IP_PROTOCOL.ipv6:
      begin(packet, inner);
      return findVersion(inner, 6) ? CARRIER.ipInIp : CARRIER.none;
    case IP_PROTOCOL.gre:
      begin(packet, inner);
      return findInGre(inner) ? CARRIER.gre : CARRIER.none;
    case IP_PROTOCOL.etherip:
      begin(packet, inner);
      return findInEtherIp(inner) ? CARRIER.etherIp : CARRIER.none;
    case IP_PROTOCOL.mplsInIp:
      begin(packet, inner);
      return findIp(inner, STEP.mpls) ? CARRIER.mpls : CARRIER.none;
  }
  return CARRIER.none;
}

/** Ports alone decide where to look; the tunnel's own header, and then IP's, decide whether it is one. */
function findInUdp(packet: Packet, inner: LinkWalk): Carrier {
  const { sourcePort, destinationPort } = packet;
  if (destinationPort === PORT.vxlan || destinationPort === PORT.oldVxlan) {
    begin(packet, inner);
    return findInVxlan(inner) ? CARRIER.vxlan : CARRIER.none;
  }
  if (destinationPort === PORT.vxlanGpe) {
    begin(packet, inner);
    return findInVxlanGpe(inner) ? CARRIER.vxlan : CARRIER.none;
  }
  if (destinationPort === PORT.geneve) {
    begin(packet, inner);
    return findInGeneve(inner) ? CARRIER.geneve : CARRIER.none;
  }
  if (destinationPort === PORT.mpls) {
    begin(packet, inner);
    return findIp(inner, STEP.mpls) ? CARRIER.mpls : CARRIER.none;
  }
  if (destinationPort === PORT.gtpU || sourcePort === PORT.gtpU) {
    begin(packet, inner);
    return findInGtpU(inner) ? CARRIER.gtpU : CARRIER.none;
  }
  if (destinationPort === PORT.teredo || sourcePort === PORT.teredo) {
    begin(packet, inner);
    return findInTeredo(inner) ? CARRIER.teredo : CARRIER.none;
  }
  return CARRIER.none;
}

function begin(packet: Packet, inner: LinkWalk): void {
  const wireEnd = Math.min(
    packet.dataStart + packet.dataLength,
    packet.payloadStart + packet.payloadLength,
  );
  inner.begin(packet.bytes, packet.dataStart, packet.dataEnd, Math.max(wireEnd, packet.dataEnd));
}

/** IP of the one version that the tunnel's number or grammar allows. */
function findVersion(inner: LinkWalk, version: number): boolean {
  if (inner.lacks(1) || uint8(inner.bytes, inner.at) >> 4 !== version) return false;
  return findIp(inner, STEP.ip);
}

/** Version 3 and 12 reserved bits, then Ethernet (RFC 3378 §2). */
function findInEtherIp(inner: LinkWalk): boolean {
  if (inner.lacks(2) || uint8(inner.bytes, inner.at) >> 4 !== 3) return false;
  inner.at += 2;
  return findIp(inner, STEP.ethernet);
}

/**
 * ```text
 * |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
 * |      Checksum (optional)      |       Offset (optional)       |   if C or R
 * |                         Key (optional)                        |   if K
 * |                    Sequence Number (optional)                 |   if S
 * |                 Acknowledgment Number (optional)              |   if A, version 1
 * ```
 */
function findInGre(inner: LinkWalk): boolean {
  if (inner.lacks(4)) return false;
  const flags = uint16(inner.bytes, inner.at);
  const type = uint16(inner.bytes, inner.at + 2);
  const version = flags & 7;
  inner.at += 4;
  inner.type = type;
  if (version === 1) return findInPptp(inner, flags);
  if (version !== 0) return false;
  if ((flags & (GRE.checksum | GRE.routing)) !== 0) inner.at += 4;
  if ((flags & GRE.key) !== 0) inner.at += 4;
  if ((flags & GRE.sequence) !== 0) inner.at += 4;
  if ((flags & GRE.routing) !== 0 && !skipRouting(inner)) return false;
  if (inner.at > inner.end) return false;
  if (type === ERSPAN || type === ERSPAN_III) return findInErspan(inner, flags);
  return findIp(inner, STEP.etherType);
}

/** Source route entries: address family, offset, length; a family and length of 0 end them (RFC 1701). */
function skipRouting(inner: LinkWalk): boolean {
  for (let entries = 0; entries < MAX_EXTENSION_HEADERS; entries++) {
    if (inner.lacks(4)) return false;
    const family = uint16(inner.bytes, inner.at);
    const length = uint8(inner.bytes, inner.at + 3);
    inner.at += 4 + length;
    if (family === 0 && length === 0) return true;
  }
  return false;
}

/** Key: payload length and call; then sequence and acknowledgement, then PPP (RFC 2637 §4.1). */
function findInPptp(inner: LinkWalk, flags: number): boolean {
  if (inner.type !== PPP || (flags & GRE.key) === 0 || inner.lacks(4)) return false;
  const length = uint16(inner.bytes, inner.at);
  inner.at += 4;
  if ((flags & GRE.sequence) !== 0) inner.at += 4;
  if ((flags & GRE.acknowledgement) !== 0) inner.at += 4;
  if (length === 0 || inner.at > inner.end) return false;
  inner.bound(length);
  return findIp(inner, STEP.ppp);
}

/** Type I has no header of its own and no GRE sequence number; type II has 8 bytes, type III 12 or 20. */
function findInErspan(inner: LinkWalk, flags: number): boolean {
  if (inner.type === ERSPAN_III) {
    if (inner.lacks(12)) return false;
    inner.at += (uint8(inner.bytes, inner.at + 11) & 1) !== 0 ? 20 : 12;
  } else if ((flags & GRE.sequence) !== 0) {
    inner.at += 8;
  }
  return findIp(inner, STEP.ethernet);
}

/** Flags, of which bit 3 (I) must be set, reserved, network identifier, reserved; then Ethernet (RFC 7348 §5). */
function findInVxlan(inner: LinkWalk): boolean {
  if (inner.lacks(8) || (uint8(inner.bytes, inner.at) & 0x08) === 0) return false;
  inner.at += 8;
  return findIp(inner, STEP.ethernet);
}

/**
 * ```text
 * |R|R|Ver|I|P|B|O|       Reserved                |Next Protocol  |
 * |                VXLAN Network Identifier (VNI) |   Reserved    |
 * ```
 * Without the P bit nothing says what follows; with the O bit it is operation and maintenance.
 */
function findInVxlanGpe(inner: LinkWalk): boolean {
  if (inner.lacks(8) || (uint8(inner.bytes, inner.at) & 0x35) !== 0x04) return false;
  const next = uint8(inner.bytes, inner.at + 3);
  inner.at += 8;
  if (next === 3) return findIp(inner, STEP.ethernet);
  return (next === 1 && findVersion(inner, 4)) || (next === 2 && findVersion(inner, 6));
}

/**
 * ```text
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 * ```
 * then options, whose length counts 4-byte units (RFC 8926 §3.4). With the O bit it is a control packet.
 */
function findInGeneve(inner: LinkWalk): boolean {
  if (inner.lacks(8)) return false;
  const first = uint8(inner.bytes, inner.at);
  if (first >> 6 !== 0 || (uint8(inner.bytes, inner.at + 1) & 0x80) !== 0) return false;
  const type = uint16(inner.bytes, inner.at + 2);
  inner.type = type;
  inner.at += 8 + (first & 0x3f) * 4;
  if (inner.at > inner.end) return false;
  return findIp(inner, type === BRIDGED ? STEP.ethernet : STEP.etherType);
}

/**
 * ```text
 * |Ver|PT|*|E|S|PN|  Message Type |            Length             |
 * |                  Tunnel Endpoint Identifier                   |
 * |      Sequence Number (E|S|PN) |  N-PDU Number | Next Ext Type |
 * ```
 * then extension headers, whose length counts 4-byte units and whose last byte names the next
 * (TS 29.281 §5.1, §5.2.1). Only message type 255, G-PDU, carries a packet.
 */
function findInGtpU(inner: LinkWalk): boolean {
  if (inner.lacks(8)) return false;
  const flags = uint8(inner.bytes, inner.at);
  if ((flags & 0xf0) !== 0x30 || uint8(inner.bytes, inner.at + 1) !== GTP_G_PDU) return false;
  const length = uint16(inner.bytes, inner.at + 2);
  inner.at += 8;
  inner.bound(length);
  if ((flags & 0x07) !== 0) {
    if (inner.lacks(4)) return false;
    let next = (flags & 0x04) !== 0 ? uint8(inner.bytes, inner.at + 3) : 0;
    inner.at += 4;
    for (let headers = 0; next !== 0; headers++) {
      if (headers === MAX_EXTENSION_HEADERS || inner.lacks(4)) return false;
      const size = uint8(inner.bytes, inner.at) * 4;
      if (size === 0 || inner.lacks(size)) return false;
      next = uint8(inner.bytes, inner.at + size - 1);
      inner.at += size;
    }
  }
  return findIp(inner, STEP.ip);
}

/**
 * An authentication indication (00 01), then an origin indication (00 00), both optional, then IPv6
 * (RFC 4380 §5.1.1).
 */
function findInTeredo(inner: LinkWalk): boolean {
  if (!inner.lacks(4) && uint16(inner.bytes, inner.at) === 0x0001) {
    const lengths = uint8(inner.bytes, inner.at + 2) + uint8(inner.bytes, inner.at + 3);
    inner.at += 4 + lengths + 9; // client id and authentication value, nonce (8), confirmation (1)
  }
  if (!inner.lacks(8) && uint16(inner.bytes, inner.at) === 0x0000) inner.at += 8;
  return findVersion(inner, 6);
}

/** UDP ports (IANA service names; 8472 is what Linux took before the assignment). */
const PORT = {
  gtpU: 2152,
  teredo: 3544,
  vxlan: 4789,
  vxlanGpe: 4790,
  geneve: 6081,
  mpls: 6635,
  oldVxlan: 8472,
} as const;
/** GRE flags (RFC 2784, RFC 2890, RFC 1701, RFC 2637). */
const GRE = {
  checksum: 0x8000,
  routing: 0x4000,
  key: 0x2000,
  sequence: 0x1000,
  acknowledgement: 0x0080,
} as const;
const PPP = 0x880b;
/** Transparent Ethernet bridging. */
const BRIDGED = 0x6558;
const ERSPAN = 0x88be;
const ERSPAN_III = 0x22eb;
const GTP_G_PDU = 255;
