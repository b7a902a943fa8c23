/**
 * PCAPdroid's trailer: the app behind each packet, at the end of a made-up Ethernet frame, whose
 * addresses are all zero. The length of the IP packet leaves it out, and so do we.
 *
 * ```text
 * magic 0x01072021 (4) | user id (4) | app name (20; 16 in old versions) | checksum (4)
 * ```
 *
 * Source: PCAPdroid, `pcap_utils.h` and its manual, "Dump extensions" (layout only).
 *
 * @module
 */
import { uint32 } from "../bytes/uint.ts";
import type { LinkWalk } from "./link-walk.ts";

/** Takes the trailer, if there is one, off the frame at `walk.at`, an Ethernet header. */
export function takePcapdroidTrailer(walk: LinkWalk): void {
  const { bytes, at, end } = walk;
  if (end < at + ETHERNET_HEADER + TRAILER) return;
  const size = sizeAt(bytes, end);
  if (size === 0) return;
  const hasNoAddresses =
    uint32(bytes, at) === 0 && uint32(bytes, at + 4) === 0 && uint32(bytes, at + 8) === 0;
  if (!hasNoAddresses) return;
  walk.app = walk.appNames.read(bytes, end - size + 8, size - 12);
  // A trailer that is there was not cut off, whatever the frame's length on the wire is said to be.
  walk.end = end - size;
  walk.wireEnd -= size;
}

/** Bytes of the trailer that ends at `end`; 0 where there is none. */
function sizeAt(bytes: Uint8Array, end: number): number {
  if (uint32(bytes, end - TRAILER) === MAGIC) return TRAILER;
  return uint32(bytes, end - OLD_TRAILER) === MAGIC ? OLD_TRAILER : 0;
}

const MAGIC = 0x01072021;
const TRAILER = 32;
const OLD_TRAILER = 28;
const ETHERNET_HEADER = 14;
