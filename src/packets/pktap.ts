/**
 * Apple's PKTAP (link type 258, formerly 149): a header in little-endian order that names the process
 * behind each packet, then a frame of the link type it states.
 *
 * ```text
 * 0 length 4 | 4 record type 4 | 8 link type 4 | 12 interface 24 | 36 flags 4 | 40 family 4 |
 * 44 link header 4 | 48 link trailer 4 | 52 process id 4 | 56 process name 20 | 76 service class 4 |
 * 80 interface type 2 | 82 unit 2 | 84 effective process id 4 | 88 effective process name 20
 * ```
 *
 * Source: XNU `bsd/net/pktap.h` (layout only).
 *
 * @module
 */
import { uint32Le } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** Names the app by the effective process, on whose behalf a system service may have sent the packet. */
export function readPktap(walk: LinkWalk): Step {
  if (walk.lacks(12)) return walk.short("PKTAP header", PKTAP_HEADER);
  const length = uint32Le(walk.bytes, walk.at);
  const record = uint32Le(walk.bytes, walk.at + 4);
  if (length < PKTAP_HEADER) {
    const reason = `PKTAP header of ${length} bytes, at least ${PKTAP_HEADER} due`;
    return walk.stop(FRAME_CLASS.malformed, "pktap-length-invalid", reason);
  }
  if (walk.lacks(length)) return walk.short("PKTAP header", length);
  const names = walk.appNames;
  walk.app =
    names.read(walk.bytes, walk.at + EFFECTIVE_NAME_AT, NAME_BYTES) ??
    names.read(walk.bytes, walk.at + NAME_AT, NAME_BYTES);
  walk.type = uint32Le(walk.bytes, walk.at + 8);
  walk.at += length;
  return record === RECORD_PACKET ? STEP.linkType : walk.leave(FRAME_CLASS.linkOnly);
}

/** Whether a frame of link type 149, which anybody may use, is PKTAP. */
export function isPktap(walk: LinkWalk): boolean {
  if (walk.lacks(PKTAP_HEADER)) return false;
  const length = uint32Le(walk.bytes, walk.at);
  return length >= PKTAP_HEADER && length <= 512 && uint32Le(walk.bytes, walk.at + 4) <= 1;
}

const PKTAP_HEADER = 108;
const NAME_AT = 56;
const EFFECTIVE_NAME_AT = 88;
const NAME_BYTES = 20;
const RECORD_PACKET = 1;
