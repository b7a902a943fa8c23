/**
 * What capture tools put before 802.11 frames: radiotap (127), PPI (192), Prism (119), AVS (163).
 *
 * Sources: https://www.radiotap.org (header, fields TSFT and Flags); CACE PPI Header Format 1.0.7 §3;
 * https://www.tcpdump.org/linktypes/LINKTYPE_IEEE802_11_PRISM.html, …/LINKTYPE_IEEE802_11_AVS.html.
 *
 * @module
 */
import { uint8, uint16Le, uint32, uint32Le } from "../bytes/uint.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { MAX_EXTENSION_HEADERS, MAX_LINK_HEADERS } from "../limits.ts";
import { readIeee80211 } from "./ieee80211.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/** Version, pad, length (2), then words of present bits, the last with bit 31 clear, and the fields. */
export function readRadiotap(walk: LinkWalk): Step {
  if (walk.lacks(8)) return walk.short("radiotap header", 8);
  const version = uint8(walk.bytes, walk.at);
  const length = uint16Le(walk.bytes, walk.at + 2);
  if (version !== 0 || length < 8) {
    const reason = `radiotap version ${version} and length ${length}, version 0 and at least 8 due`;
    return walk.stop(FRAME_CLASS.malformed, "radiotap-header-invalid", reason);
  }
  if (walk.lacks(length)) return walk.short("radiotap header", length);
  const flags = readRadiotapFlags(walk, length);
  walk.at += length;
  if ((flags & RADIOTAP_FLAG.badFcs) !== 0) {
    return walk.stop(
      FRAME_CLASS.malformed,
      "wlan-checksum-wrong",
      "radiotap says that the FCS is wrong",
    );
  }
  if ((flags & RADIOTAP_FLAG.fcs) !== 0) takeFcs(walk);
  return readIeee80211(walk, (flags & RADIOTAP_FLAG.padded) !== 0);
}

/** The Flags field, the second one: only TSFT, 8 bytes at a multiple of 8, may stand before it. 0 if absent. */
function readRadiotapFlags(walk: LinkWalk, length: number): number {
  const present = uint32Le(walk.bytes, walk.at + 4);
  if ((present & PRESENT.flags) === 0) return 0;
  let offset = 8;
  let word = present;
  for (let words = 0; (word & PRESENT.more) !== 0; words++) {
    if (words === MAX_EXTENSION_HEADERS || offset + 4 > length) return 0;
    word = uint32Le(walk.bytes, walk.at + offset);
    offset += 4;
  }
  if ((present & PRESENT.tsft) !== 0) offset = ((offset + 7) & ~7) + 8;
  return offset < length ? uint8(walk.bytes, walk.at + offset) : 0;
}

/** Leaves out the checksum at the end of the frame on the wire. */
function takeFcs(walk: LinkWalk): void {
  walk.wireEnd = Math.max(walk.at, walk.wireEnd - 4);
  walk.end = Math.min(walk.end, walk.wireEnd);
}

/** Version, flags, length (2), link type (4), then fields of type (2), length (2), value; all little-endian. */
export function readPpi(walk: LinkWalk): Step {
  if (walk.lacks(8)) return walk.short("PPI header", 8);
  const length = uint16Le(walk.bytes, walk.at + 2);
  const type = uint32Le(walk.bytes, walk.at + 4);
  if (length < 8) {
    const reason = `PPI header of ${length} bytes, at least 8 due`;
    return walk.stop(FRAME_CLASS.malformed, "ppi-header-invalid", reason);
  }
  if (walk.lacks(length)) return walk.short("PPI header", length);
  const end = walk.at + length;
  const hasFcs = type === LINK_IEEE80211 && hasPpiFcs(walk, end);
  walk.at = end;
  walk.type = type;
  if (hasFcs) takeFcs(walk);
  return STEP.linkType;
}

/** Bit 0 of the flags of the 802.11-Common field, type 2, at byte 8 of its value. */
function hasPpiFcs(walk: LinkWalk, end: number): boolean {
  let at = walk.at + 8;
  for (let fields = 0; fields < MAX_LINK_HEADERS && at + 4 <= end; fields++) {
    const length = uint16Le(walk.bytes, at + 2);
    if (uint16Le(walk.bytes, at) === PPI_80211_COMMON) {
      return length >= 10 && at + 14 <= end && (uint8(walk.bytes, at + 12) & 1) !== 0;
    }
    at += 4 + length;
  }
  return false;
}

/** Link type 119: message code (4) and length (4) in host order; some drivers write AVS under this type. */
export function readPrism(walk: LinkWalk): Step {
  if (walk.lacks(8)) return walk.short("Prism header", 144);
  if (uint32(walk.bytes, walk.at) >>> 12 === AVS_MAGIC) return readAvs(walk);
  return skipHeader(
    walk,
    Math.min(uint32Le(walk.bytes, walk.at + 4), uint32(walk.bytes, walk.at + 4)),
  );
}

/** Link type 163: version with a magic number (4) and length (4), big-endian. */
export function readAvs(walk: LinkWalk): Step {
  if (walk.lacks(8)) return walk.short("AVS header", 64);
  return skipHeader(walk, uint32(walk.bytes, walk.at + 4));
}

function skipHeader(walk: LinkWalk, length: number): Step {
  if (length < 8) {
    const reason = `radio header of ${length} bytes, at least 8 due`;
    return walk.stop(FRAME_CLASS.malformed, "radio-header-invalid", reason);
  }
  if (walk.lacks(length)) return walk.short("radio header", length);
  walk.at += length;
  return readIeee80211(walk);
}

const PRESENT = { tsft: 0x00000001, flags: 0x00000002, more: 0x80000000 } as const;
const RADIOTAP_FLAG = { fcs: 0x10, padded: 0x20, badFcs: 0x40 } as const;
const PPI_80211_COMMON = 2;
const LINK_IEEE80211 = 105;
const AVS_MAGIC = 0x80211;
