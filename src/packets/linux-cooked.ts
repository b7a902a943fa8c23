/**
 * Linux cooked captures, as `tcpdump -i any` makes them.
 *
 * ```text
 * SLL (113):  packet type 2, ARPHRD 2, address length 2, address 8, protocol 2
 * SLL2 (276): protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8
 * ```
 *
 * The address is the sender's; there is none of the receiver.
 * Sources: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html, …/LINKTYPE_LINUX_SLL2.html.
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** The 16-byte header of link type 113. */
export function readLinuxCooked(walk: LinkWalk): Step {
  if (walk.lacks(16)) return walk.short("Linux cooked header", 16);
  const device = uint16(walk.bytes, walk.at + 2);
  if (uint16(walk.bytes, walk.at + 4) === 6) walk.macSourceAt = walk.at + 6;
  walk.type = uint16(walk.bytes, walk.at + 14);
  walk.at += 16;
  return readProtocol(walk, device);
}

/** The 20-byte header of link type 276. */
export function readLinuxCooked2(walk: LinkWalk): Step {
  if (walk.lacks(20)) return walk.short("Linux cooked v2 header", 20);
  const device = uint16(walk.bytes, walk.at + 8);
  if (uint8(walk.bytes, walk.at + 11) === 6) walk.macSourceAt = walk.at + 12;
  walk.type = uint16(walk.bytes, walk.at);
  walk.at += 20;
  return readProtocol(walk, device);
}

/** The protocol field is an EtherType, or one of Linux's own small numbers. */
function readProtocol(walk: LinkWalk, device: number): Step {
  // Messages between programs and the kernel: no traffic at all.
  if (device === ARPHRD_NETLINK) return walk.leave(FRAME_CLASS.linkOnly);
  if (walk.type === ETH_P_802_2) return STEP.llc;
  if (walk.type < MIN_ETHER_TYPE) return walk.unknown(`Linux protocol ${walk.type}`);
  return STEP.etherType;
}

/** Linux `if_arp.h` and `if_ether.h`. */
const ARPHRD_NETLINK = 824;
const ETH_P_802_2 = 0x0004;
const MIN_ETHER_TYPE = 1536;
