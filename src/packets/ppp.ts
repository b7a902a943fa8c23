/**
 * PPP frames, plain and in HDLC-like framing, and Cisco HDLC.
 *
 * Sources: RFC 1661 §2 and §6.5 (protocol field and its compression), RFC 1662 §3.1 (address and control),
 * IANA "PPP Protocol Field Assignments", RFC 1547 §4.3.1 (Cisco HDLC),
 * https://www.tcpdump.org/linktypes/LINKTYPE_PPP_HDLC.html.
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** Address and control field if they are there, then the protocol in one byte (odd) or two. */
export function readPpp(walk: LinkWalk): Step {
  if (walk.lacks(1)) return walk.short("PPP header", 2);
  if (!walk.lacks(2) && uint16(walk.bytes, walk.at) === ADDRESS_AND_CONTROL) walk.at += 2;
  if (walk.lacks(1)) return walk.short("PPP protocol", 2);
  let protocol = uint8(walk.bytes, walk.at);
  let size = 1;
  if ((protocol & 1) === 0) {
    if (walk.lacks(2)) return walk.short("PPP protocol", 2);
    protocol = uint16(walk.bytes, walk.at);
    size = 2;
  }
  walk.at += size;
  switch (protocol) {
    case PROTOCOL.ipv4:
    case PROTOCOL.ipv6:
      return STEP.ip;
    case PROTOCOL.mpls:
    case PROTOCOL.mplsMulticast:
      return STEP.mpls;
    case PROTOCOL.encrypted:
    case PROTOCOL.linkEncrypted:
      return walk.leave(FRAME_CLASS.encryptedLink);
  }
  // RFC 1661 §2: from 8000 on control protocols of networks, from c000 on of the link.
  if (protocol >= 0x8000) return walk.leave(FRAME_CLASS.linkOnly);
  return walk.unknown(`PPP protocol 0x${protocol.toString(16).padStart(4, "0")}`);
}

/** Link type 50: PPP if it begins with the address FF, else Cisco HDLC. */
export function readPppSerial(walk: LinkWalk): Step {
  if (walk.lacks(1)) return walk.short("PPP header", 2);
  const address = uint8(walk.bytes, walk.at);
  return address === CISCO_UNICAST || address === CISCO_MULTICAST
    ? readCiscoHdlc(walk)
    : readPpp(walk);
}

/** Link types 166 and 204: one byte of direction stands before the frame, in 166 in place of the address. */
export function readPppWithDirection(walk: LinkWalk): Step {
  if (walk.lacks(2)) return walk.short("PPP header", 2);
  const replacesAddress = uint8(walk.bytes, walk.at + 1) === 0x03;
  walk.at += replacesAddress ? 2 : 1;
  return readPpp(walk);
}

/** Address, control, EtherType (RFC 1547 §4.3.1). */
export function readCiscoHdlc(walk: LinkWalk): Step {
  if (walk.lacks(4)) return walk.short("Cisco HDLC header", 4);
  walk.type = uint16(walk.bytes, walk.at + 2);
  walk.at += 4;
  if (walk.type === CISCO_SLARP || walk.type === CISCO_CDP) {
    return walk.leave(FRAME_CLASS.linkOnly);
  }
  if (walk.type < 1536) return walk.unknown(`Cisco HDLC protocol ${walk.type}`);
  return STEP.etherType;
}

const ADDRESS_AND_CONTROL = 0xff03;
const PROTOCOL = {
  ipv4: 0x0021,
  encrypted: 0x0053,
  linkEncrypted: 0x0055,
  ipv6: 0x0057,
  mpls: 0x0281,
  mplsMulticast: 0x0283,
} as const;
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;
const CISCO_SLARP = 0x8035;
const CISCO_CDP = 0x2000;
