/**
 * BSD loopback: four bytes of address family, in the byte order of the capturing host (link type 0)
 * or of the network (108), then the packet. The numbers of IPv6 differ from system to system.
 *
 * Source: https://www.tcpdump.org/linktypes/LINKTYPE_NULL.html.
 *
 * @module
 */
import { uint16, uint32, uint32Le } from "../bytes/uint.ts";
import { ETHER_TYPE } from "./ethernet.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** The 4-byte header of link types 0 and 108; the smaller of the two readings is the right one. */
export function readLoopback(walk: LinkWalk): Step {
  if (walk.lacks(4)) return walk.short("loopback header", 4);
  const family = Math.min(uint32(walk.bytes, walk.at), uint32Le(walk.bytes, walk.at));
  walk.at += 4;
  if (FAMILIES.has(family)) return STEP.ip;
  // Some drivers write an EtherType into the last two bytes, and flags before it.
  walk.type = uint16(walk.bytes, walk.at - 2);
  if (walk.type === ETHER_TYPE.ipv4 || walk.type === ETHER_TYPE.ipv6) return STEP.etherType;
  return walk.unknown(`address family ${family}`);
}

/** IPv4: 2. IPv6: 10 Linux, 23 Windows, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 macOS and iOS. */
const FAMILIES: ReadonlySet<number> = new Set([2, 10, 23, 24, 28, 30]);
