/**
 * From the first byte of a frame to the IP header: readers by link type, and the loop over link headers.
 *
 * Source: the registry of link types (https://www.tcpdump.org/linktypes.html).
 *
 * @module
 */
import { FRAME_CLASS } from "../ledger.ts";
import { MAX_LINK_HEADERS } from "../limits.ts";
import { readEthernet, readEtherType, readLlc, readMplsLabel, readPppoe } from "./ethernet.ts";
import { uint8, uint16 } from "../bytes/uint.ts";
import { IPV4_HEADER, IPV6_HEADER, looksLikeIp } from "./ip.ts";
import { readIeee80211, readMsdu } from "./ieee80211.ts";
import { readLinuxCooked, readLinuxCooked2 } from "./linux-cooked.ts";
import { readNflog } from "./nflog.ts";
import { readLoopback } from "./null-loopback.ts";
import { takePcapdroidTrailer } from "./pcapdroid.ts";
import { isPktap, readPktap } from "./pktap.ts";
import { readCiscoHdlc, readPpp, readPppSerial, readPppWithDirection } from "./ppp.ts";
import { readAvs, readPpi, readPrism, readRadiotap } from "./radio-headers.ts";
import { STEP, type LinkWalk, type Step } from "./link-walk.ts";

/**
 * Goes on from `step` to the next IP header.
 *
 * @returns Whether `walk.at` is at an IP header that can be read. If not, `walk.frameClass` says what the
 *   frame is, and `walk.anomalyName` is not empty where that is odd.
 */
export function findIp(walk: LinkWalk, step: Step): boolean {
  let next = step;
  for (let headers = 0; headers <= MAX_LINK_HEADERS; headers++) {
    switch (next) {
      case STEP.ip:
        return readIpStart(walk);
      case STEP.stop:
        return false;
      case STEP.etherType:
        next = readEtherType(walk);
        break;
      case STEP.ethernet:
        next = readEthernet(walk);
        break;
      case STEP.llc:
        next = readLlc(walk);
        break;
      case STEP.mpls:
        next = readMplsLabel(walk);
        break;
      case STEP.pppoe:
        next = readPppoe(walk);
        break;
      case STEP.ppp:
        next = readPpp(walk);
        break;
      case STEP.msdu:
        next = readMsdu(walk);
        break;
      case STEP.linkType:
        next = readLinkType(walk);
    }
  }
  const reason = `more than ${MAX_LINK_HEADERS} link headers in one frame`;
  walk.stop(FRAME_CLASS.malformed, "link-header-limit", reason);
  return false;
}

/** The frame of link type `walk.type` at `walk.at`. */
function readLinkType(walk: LinkWalk): Step {
  switch (walk.type) {
    case LINK_TYPE.ethernet:
      takePcapdroidTrailer(walk);
      return STEP.ethernet;
    case LINK_TYPE.linuxCooked:
      return readLinuxCooked(walk);
    case LINK_TYPE.linuxCooked2:
      return readLinuxCooked2(walk);
    case LINK_TYPE.bsdRaw:
    case LINK_TYPE.openBsdRaw:
    case LINK_TYPE.raw:
    case LINK_TYPE.ipv4:
    case LINK_TYPE.ipv6:
      return STEP.ip;
    case LINK_TYPE.null:
    case LINK_TYPE.loop:
      return readLoopback(walk);
    case LINK_TYPE.ppp:
      return STEP.ppp;
    case LINK_TYPE.pppSerial:
      return readPppSerial(walk);
    case LINK_TYPE.pppoe:
      return STEP.pppoe;
    case LINK_TYPE.pppd:
    case LINK_TYPE.pppWithDirection:
      return readPppWithDirection(walk);
    case LINK_TYPE.ciscoHdlc:
      return readCiscoHdlc(walk);
    case LINK_TYPE.atm:
      return STEP.llc;
    case LINK_TYPE.ieee80211:
      return readIeee80211(walk);
    case LINK_TYPE.radiotap:
      return readRadiotap(walk);
    case LINK_TYPE.ppi:
      return readPpi(walk);
    case LINK_TYPE.prism:
      return readPrism(walk);
    case LINK_TYPE.avs:
      return readAvs(walk);
    case LINK_TYPE.nflog:
      return readNflog(walk);
    case LINK_TYPE.pktap:
      return readPktap(walk);
    case LINK_TYPE.user2:
      if (isPktap(walk)) return readPktap(walk);
  }
  const reason = `link type ${walk.type} is not read`;
  return walk.stop(FRAME_CLASS.unsupportedLink, "link-type-unknown", reason);
}

/** Looks whether the IP header announced at `walk.at` is one, by the test that the IP readers rest on. */
function readIpStart(walk: LinkWalk): boolean {
  if (looksLikeIp(walk.bytes, walk.at, walk.end)) return true;
  if (walk.lacks(1)) {
    walk.short("IP header", IPV4_HEADER);
    return false;
  }
  const first = uint8(walk.bytes, walk.at);
  const version = first >> 4;
  if (version !== 4 && version !== 6) {
    const reason = `IP version ${version}, 4 or 6 due`;
    walk.stop(FRAME_CLASS.malformed, "ip-version-unknown", reason);
    return false;
  }
  const size = version === 4 ? IPV4_HEADER : IPV6_HEADER;
  if (walk.lacks(size)) {
    walk.short(`IPv${version} header`, size);
    return false;
  }
  const reason = `IPv4 header of ${(first & 15) * 4} bytes in a packet of ${uint16(walk.bytes, walk.at + 2)}`;
  walk.stop(FRAME_CLASS.malformed, "ip-header-length-invalid", reason);
  return false;
}

/** Link types that are read (https://www.tcpdump.org/linktypes.html); 12 and 14 are DLT numbers of raw IP on BSD. */
const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  bsdRaw: 12,
  openBsdRaw: 14,
  pppSerial: 50,
  pppoe: 51,
  atm: 100,
  raw: 101,
  ciscoHdlc: 104,
  ieee80211: 105,
  loop: 108,
  linuxCooked: 113,
  prism: 119,
  radiotap: 127,
  user2: 149,
  avs: 163,
  pppd: 166,
  ppi: 192,
  pppWithDirection: 204,
  ipv4: 228,
  ipv6: 229,
  nflog: 239,
  pktap: 258,
  linuxCooked2: 276,
} as const;
