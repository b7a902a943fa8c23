/**
 * Ethernet and what may stand between it and IP: VLAN tags, LLC and SNAP, MPLS, PPPoE, MACsec.
 *
 * Sources: IEEE 802.3 §3.2 (length/type), IEEE 802.1Q §9 (tags), IEEE 802.2 (LLC), RFC 1042 (SNAP),
 * RFC 3032 (MPLS), RFC 4385 and RFC 4448 (Ethernet pseudowires), RFC 2516 (PPPoE), IEEE 802.1AE (MACsec),
 * IANA "IEEE 802 Numbers" (EtherTypes).
 *
 * @module
 */
import { uint8, uint16, uint32 } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { IPV6_HEADER, looksLikeIp } from "./ip.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** EtherTypes that are read, by name (IANA "IEEE 802 Numbers"). */
export const ETHER_TYPE = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  providerVlan: 0x88a8,
  oldProviderVlan: 0x9100,
  olderProviderVlan: 0x9200,
  bridging: 0x6558,
  ppp: 0x880b,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  jumboLlc: 0x8870,
  macsec: 0x88e5,
  hsr: 0x892f,
  redundancy: 0xf1c1,
} as const;

/** Destination, source, and the length or type (IEEE 802.3 §3.2). */
export function readEthernet(walk: LinkWalk): Step {
  if (walk.lacks(14)) return walk.short("Ethernet header", 14);
  walk.macDestinationAt = walk.at;
  walk.macSourceAt = walk.at + 6;
  walk.type = uint16(walk.bytes, walk.at + 12);
  walk.at += 14;
  return STEP.etherType;
}

/** What EtherType `walk.type` announces at `walk.at`. */
export function readEtherType(walk: LinkWalk): Step {
  switch (walk.type) {
    case ETHER_TYPE.ipv4:
    case ETHER_TYPE.ipv6:
      return STEP.ip;
    case ETHER_TYPE.vlan:
    case ETHER_TYPE.providerVlan:
    case ETHER_TYPE.oldProviderVlan:
    case ETHER_TYPE.olderProviderVlan:
      return readTag(walk, 4);
    case ETHER_TYPE.hsr:
    case ETHER_TYPE.redundancy:
      return readTag(walk, 6);
    case ETHER_TYPE.mpls:
    case ETHER_TYPE.mplsMulticast:
      return STEP.mpls;
    case ETHER_TYPE.pppoeSession:
      return STEP.pppoe;
    case ETHER_TYPE.ppp:
      return STEP.ppp;
    case ETHER_TYPE.bridging:
      return STEP.ethernet;
    case ETHER_TYPE.jumboLlc:
      return STEP.llc;
    case ETHER_TYPE.macsec:
      return readMacsec(walk);
  }
  if (walk.type <= MAX_LENGTH_FIELD) {
    walk.bound(walk.type);
    return STEP.llc;
  }
  if (LINK_ONLY.has(walk.type)) return walk.leave(FRAME_CLASS.linkOnly);
  if (walk.type < MIN_ETHER_TYPE) {
    const reason = `length/type ${walk.type}, at most ${MAX_LENGTH_FIELD} or at least ${MIN_ETHER_TYPE} due`;
    return walk.stop(FRAME_CLASS.malformed, "ethernet-length-invalid", reason);
  }
  return walk.unknown(`EtherType 0x${walk.type.toString(16).padStart(4, "0")}`);
}

/** A tag of `size` bytes that ends with the next EtherType (IEEE 802.1Q §9.3, IEEE 802.1CB §7.8, IEC 62439-3). */
function readTag(walk: LinkWalk, size: number): Step {
  if (walk.lacks(size)) return walk.short("Ethernet tag", size);
  walk.type = uint16(walk.bytes, walk.at + size - 2);
  walk.at += size;
  return STEP.etherType;
}

/**
 * DSAP, SSAP and control (IEEE 802.2): the control field is one byte in U format, else two.
 * Novell's raw IPX has no LLC header and shows as FF FF.
 */
export function readLlc(walk: LinkWalk): Step {
  if (walk.lacks(3)) return walk.short("LLC header", 3);
  const dsap = uint8(walk.bytes, walk.at);
  const ssap = uint8(walk.bytes, walk.at + 1);
  const control = uint8(walk.bytes, walk.at + 2);
  if (dsap === SAP.snap && (ssap & 0xfe) === SAP.snap && control === UNNUMBERED_INFORMATION) {
    walk.at += 3;
    return readSnap(walk);
  }
  if (dsap === SAP.ip && control === UNNUMBERED_INFORMATION) {
    walk.at += 3;
    return STEP.ip;
  }
  if (LINK_ONLY_SAPS.has(dsap)) return walk.leave(FRAME_CLASS.linkOnly);
  return walk.unknown(`LLC service access point 0x${dsap.toString(16).padStart(2, "0")}`);
}

/** Organisation and protocol (RFC 1042; organisation 00-00-F8 is bridge-tunnel encapsulation, IEEE 802.1H). */
function readSnap(walk: LinkWalk): Step {
  if (walk.lacks(5)) return walk.short("SNAP header", 5);
  const organisation = uint32(walk.bytes, walk.at) >>> 8;
  const protocol = uint16(walk.bytes, walk.at + 3);
  walk.at += 5;
  if (organisation === 0x000000 || organisation === 0x0000f8) {
    walk.type = protocol;
    if (protocol >= MIN_ETHER_TYPE) return STEP.etherType;
  } else if (organisation === 0x0080c2 && (protocol === 0x0001 || protocol === 0x0007)) {
    return STEP.ethernet; // RFC 2684 §5.2: bridged Ethernet, with or without its checksum
  } else if (organisation === 0x00000c || organisation === 0x00e02b || organisation === 0x0080c2) {
    return walk.leave(FRAME_CLASS.linkOnly); // CDP, EDP and kin; spanning tree
  }
  const oui = organisation.toString(16).padStart(6, "0");
  return walk.unknown(`SNAP protocol 0x${protocol.toString(16).padStart(4, "0")} of ${oui}`);
}

/**
 * One MPLS label (RFC 3032 §2.1). Nothing names what follows the last one: IP shows by its version
 * nibble; 0 is the control word of a pseudowire (RFC 4385 §3), behind which Ethernet is the common case.
 */
export function readMplsLabel(walk: LinkWalk): Step {
  if (walk.lacks(4)) return walk.short("MPLS label", 4);
  const label = uint32(walk.bytes, walk.at);
  walk.at += 4;
  if ((label & 0x100) === 0) return STEP.mpls;
  if (walk.lacks(1)) return walk.short("MPLS payload", 1);
  switch (uint8(walk.bytes, walk.at) >> 4) {
    case 0:
      if (walk.lacks(4)) return walk.short("pseudowire control word", 4);
      // Without a control word the first nibble may be that of a MAC address, as in 00:1b:….
      if (!announcesIp(walk, walk.at + 4) && announcesIp(walk, walk.at)) return STEP.ethernet;
      walk.at += 4;
      return STEP.ethernet;
    case 1: // associated channel: operation and maintenance (RFC 4385 §5)
      return walk.leave(FRAME_CLASS.linkOnly);
    case 4:
    case 6:
      // A MAC address may begin with such a nibble; its next bytes then hardly make a length that fits.
      if (announcesIp(walk, walk.at) && !isIpThatFits(walk)) return STEP.ethernet;
      return STEP.ip;
  }
  if (announcesIp(walk, walk.at)) return STEP.ethernet;
  return walk.unknown("MPLS payload that is neither IP nor Ethernet");
}

/** Whether an Ethernet header at `at` would announce IP, or a tag before it. */
function announcesIp(walk: LinkWalk, at: number): boolean {
  if (at + 14 > walk.end) return false;
  const type = uint16(walk.bytes, at + 12);
  if (type === ETHER_TYPE.ipv4 || type === ETHER_TYPE.ipv6) {
    return looksLikeIp(walk.bytes, at + 14, walk.end);
  }
  return type === ETHER_TYPE.vlan || type === ETHER_TYPE.providerVlan || type === ARP;
}

/** Whether an IP header at `walk.at` would state a length that the frame has. */
function isIpThatFits(walk: LinkWalk): boolean {
  if (!looksLikeIp(walk.bytes, walk.at, walk.end)) return false;
  const isVersion4 = uint8(walk.bytes, walk.at) >> 4 === 4;
  const length = isVersion4
    ? uint16(walk.bytes, walk.at + 2)
    : IPV6_HEADER + uint16(walk.bytes, walk.at + 4);
  return length > 0 && walk.at + length <= walk.wireEnd;
}

/** Version and type, code, session, length (RFC 2516 §4), then PPP without address and control. */
export function readPppoe(walk: LinkWalk): Step {
  if (walk.lacks(6)) return walk.short("PPPoE header", 6);
  const version = uint8(walk.bytes, walk.at);
  const code = uint8(walk.bytes, walk.at + 1);
  const length = uint16(walk.bytes, walk.at + 4);
  // Code 0 is session data; everything else belongs to discovery, which has its own EtherType.
  if (version !== 0x11 || code !== 0) {
    const found = `PPPoE version and type 0x${version.toString(16)}, code ${code}`;
    return walk.stop(FRAME_CLASS.malformed, "pppoe-header-invalid", `${found}; 0x11 and 0 due`);
  }
  walk.at += 6;
  walk.bound(length);
  return STEP.ppp;
}

/**
 * SecTAG (IEEE 802.1AE §9.3): encrypted where the E bit is set; else the frame follows in clear,
 * behind 4 more bytes, 8 of them where the channel is explicit, and before a 16-byte check value.
 */
function readMacsec(walk: LinkWalk): Step {
  if (walk.lacks(6)) return walk.short("MACsec tag", 6);
  const control = uint8(walk.bytes, walk.at);
  if ((control & 0x0c) !== 0) return walk.leave(FRAME_CLASS.encryptedLink);
  const tag = (control & 0x20) !== 0 ? 14 : 6;
  if (walk.lacks(tag + 2)) return walk.short("MACsec tag", tag + 2);
  walk.type = uint16(walk.bytes, walk.at + tag);
  walk.at += tag + 2;
  walk.wireEnd = Math.max(walk.at, walk.wireEnd - MACSEC_CHECK_BYTES);
  walk.end = Math.min(walk.end, walk.wireEnd);
  return STEP.etherType;
}

const ARP = 0x0806;
const MACSEC_CHECK_BYTES = 16;
/** IEEE 802.3 §3.2.6: up to 1500 the field is a length, from 1536 on a type. */
const MAX_LENGTH_FIELD = 1500;
const MIN_ETHER_TYPE = 1536;
const UNNUMBERED_INFORMATION = 0x03;
const SAP = { ip: 0x06, snap: 0xaa } as const;

/** Service access points of link management: null, STP, OSI routing, LLC management and the like. */
const LINK_ONLY_SAPS: ReadonlySet<number> = new Set([0x00, 0x02, 0x03, 0x42, 0x43, 0xfe]);

/** EtherTypes of protocols that end at the link and carry no network packet (IANA "IEEE 802 Numbers"). */
const LINK_ONLY: ReadonlySet<number> = new Set([
  0x0806, // ARP
  0x0842, // Wake-on-LAN
  0x22ea, // SRP
  0x22f0, // AVTP
  0x22f4, // IS-IS over TRILL
  0x8035, // RARP
  0x8808, // MAC control: pause
  0x8809, // slow protocols: LACP, OAM
  0x8863, // PPPoE discovery
  0x887b, // HomePlug 1.0
  0x888e, // EAPOL
  0x8892, // PROFINET
  0x8899, // Realtek switch protocols
  0x88a4, // EtherCAT
  0x88b8, // GOOSE
  0x88b9, // GSE
  0x88ba, // sampled values
  0x88c7, // 802.11 pre-authentication
  0x88cc, // LLDP
  0x88d9, // LLTD
  0x88e1, // HomePlug AV
  0x88f5, // MVRP
  0x88f6, // MMRP
  0x88f7, // PTP
  0x88fb, // PRP
  0x8902, // connectivity fault management
  0x8906, // FCoE
  0x890d, // 802.11 TDLS and kin
  0x8914, // FCoE initialisation
  0x893a, // IEEE 1905.1
  0x8940, // ECP
  0x9000, // Ethernet configuration testing
]);
