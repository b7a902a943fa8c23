/**
 * Linux netfilter log (link type 239): address family, version, resource, then attributes of
 * length (2, itself included), type (2), value, padded to 4 bytes; lengths in the host's byte order.
 *
 * Sources: https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html; Linux `nfnetlink_log.h`.
 *
 * @module
 */
import { uint16, uint16Le, uint8, uint32 } from "../bytes/uint.ts";
import { MAX_LINK_HEADERS } from "../limits.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** Steps to the payload attribute. The user who sent the packet, if named, becomes `uid 10123`. */
export function readNflog(walk: LinkWalk): Step {
  if (walk.lacks(4)) return walk.short("NFLOG header", 4);
  const family = uint8(walk.bytes, walk.at);
  walk.at += 4;
  let protocol = 0;
  for (let attributes = 0; attributes < MAX_LINK_HEADERS; attributes++) {
    if (walk.lacks(4)) return walk.short("NFLOG attribute", 4);
    const little = isLittleEndian(walk);
    const size = little ? uint16Le(walk.bytes, walk.at) : uint16(walk.bytes, walk.at);
    const type = little ? uint16Le(walk.bytes, walk.at + 2) : uint16(walk.bytes, walk.at + 2);
    if (size < 4) return walk.short("NFLOG attribute", 4);
    const valueAt = walk.at + 4;
    if (type === ATTRIBUTE.payload) {
      walk.bound(size);
      walk.at = valueAt;
      if (family !== FAMILY_BRIDGE) return STEP.ip;
      walk.type = protocol;
      return STEP.etherType;
    }
    if (walk.lacks(size)) return walk.short("NFLOG attribute", size);
    if (type === ATTRIBUTE.packet && size >= 6) protocol = uint16(walk.bytes, valueAt);
    if (type === ATTRIBUTE.address && size >= 14 && uint16(walk.bytes, valueAt) === 6) {
      walk.macSourceAt = valueAt + 4;
    }
    if (type === ATTRIBUTE.user && size >= 8) walk.app = `uid ${uint32(walk.bytes, valueAt)}`;
    walk.at += (size + 3) & ~3;
  }
  return walk.short("NFLOG payload", 1);
}

/** The type has no more than 8 bits in use: the reading with the smaller type is the right one. */
function isLittleEndian(walk: LinkWalk): boolean {
  return uint16Le(walk.bytes, walk.at + 2) <= uint16(walk.bytes, walk.at + 2);
}

/** Attribute types of `nfnetlink_log.h`. */
const ATTRIBUTE = { packet: 1, address: 8, payload: 9, user: 11 } as const;
const FAMILY_BRIDGE = 7;
