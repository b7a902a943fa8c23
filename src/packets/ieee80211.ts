/**
 * IEEE 802.11 data frames (IEEE Std 802.11-2020 §9.2, §9.3.2):
 *
 * ```text
 * Frame Control 2 | Duration 2 | Address 1, 2, 3: 6 each | Sequence Control 2 |
 * Address 4: 6, between access points | QoS Control 2 | HT Control 4 | body
 * ```
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** Link type 105, or what follows a radio header. */
export function readIeee80211(walk: LinkWalk, padded = false): Step {
  if (walk.lacks(2)) return walk.short("802.11 header", 24);
  const control = uint8(walk.bytes, walk.at);
  const flags = uint8(walk.bytes, walk.at + 1);
  if ((control & 0x03) !== 0) {
    const reason = `802.11 protocol version ${control & 3}, 0 due`;
    return walk.stop(FRAME_CLASS.unsupportedLink, "wlan-version-unknown", reason);
  }
  const subtype = control >> 4;
  const isData = ((control >> 2) & 3) === TYPE_DATA && (subtype & SUBTYPE_NO_DATA) === 0;
  if (!isData) return walk.leave(FRAME_CLASS.linkOnly);
  const isQos = (subtype & SUBTYPE_QOS) !== 0;
  const betweenAccessPoints = (flags & FLAG.toDs) !== 0 && (flags & FLAG.fromDs) !== 0;
  const qosAt = walk.at + 24 + (betweenAccessPoints ? 6 : 0);
  let header = qosAt - walk.at;
  if (isQos) header += (flags & FLAG.order) !== 0 ? 6 : 2;
  if (padded) header = (header + 3) & ~3;
  if (walk.lacks(header)) return walk.short("802.11 header", header);
  const sequence = uint8(walk.bytes, walk.at + 22);
  setAddresses(walk, flags);
  const isAggregate = isQos && (uint8(walk.bytes, qosAt) & QOS_AMSDU) !== 0;
  walk.at += header;
  if ((flags & FLAG.protected) !== 0) return walk.leave(FRAME_CLASS.encryptedLink);
  if ((sequence & 0x0f) !== 0)
    return walk.unknown(`fragment ${sequence & 0x0f} of an 802.11 frame`);
  return isAggregate ? STEP.msdu : STEP.llc;
}

/** Which address is whose depends on the two DS bits (§9.3.2.1, table 9-30). */
function setAddresses(walk: LinkWalk, flags: number): void {
  const toDs = (flags & FLAG.toDs) !== 0;
  const fromDs = (flags & FLAG.fromDs) !== 0;
  walk.macDestinationAt = walk.at + (toDs ? 16 : 4);
  walk.macSourceAt = walk.at + (fromDs ? (toDs ? 24 : 16) : 10);
}

/** A subframe of an A-MSDU: destination, source, length, LLC; the next one at a multiple of 4 bytes (§9.3.2.2). */
export function readMsdu(walk: LinkWalk): Step {
  if (walk.lacks(14)) return walk.short("A-MSDU subframe header", 14);
  const length = uint16(walk.bytes, walk.at + 12);
  const next = walk.at + 14 + length + ((4 - ((14 + length) & 3)) & 3);
  walk.msduAt = next + 14 <= walk.end ? next : -1;
  walk.msduEnd = walk.end;
  walk.msduWireEnd = walk.wireEnd;
  walk.macDestinationAt = walk.at;
  walk.macSourceAt = walk.at + 6;
  walk.at += 14;
  walk.bound(length);
  return STEP.llc;
}

const TYPE_DATA = 2;
const SUBTYPE_NO_DATA = 4;
const SUBTYPE_QOS = 8;
const FLAG = { toDs: 0x01, fromDs: 0x02, protected: 0x40, order: 0x80 } as const;
const QOS_AMSDU = 0x80;
