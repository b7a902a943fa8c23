/**
 * Frames of Xiaomi's push protocol.
 *
 *     frame    = magic version length blob checksum
 *     magic    = %xC2FE             ; 2 bytes
 *     version  = %x0005             ; 2 bytes, big-endian as all integers here
 *     length   = 4OCTET             ; bytes of the blob; 0 in a keep-alive
 *     checksum = 4OCTET             ; Adler-32 of all before it, as sent
 *
 * @module
 */
import { uint16, uint32 } from "../../bytes/uint.ts";
import { MAX_PUSH_MESSAGE_BYTES } from "../../limits.ts";
import { adler32 } from "./adler32.ts";

/** What stands at a place of the stream. */
export type FrameOutcome =
  | { readonly kind: "frame"; readonly bytes: number; readonly checksumFits: boolean }
  | { readonly kind: "need-more" }
  | { readonly kind: "broken"; readonly reason: string };

/** Bytes before the blob, and around it. */
export const FRAME_HEADER_BYTES = 8;
export const FRAME_EXTRA_BYTES: number = FRAME_HEADER_BYTES + 4;

/** Reads the frame that begins at `start`. */
export function readFrame(bytes: Uint8Array, start: number, end: number): FrameOutcome {
  const got = Math.min(end - start, OPENING.length);
  for (let i = 0; i < got; i++) {
    if (bytes[start + i] === OPENING[i]) continue;
    const found = (bytes[start + i] ?? 0).toString(16).padStart(2, "0");
    return {
      kind: "broken",
      reason: `byte ${i} is ${found}, expected magic and version c2fe 0005`,
    };
  }
  if (end - start < FRAME_HEADER_BYTES) return { kind: "need-more" };
  const length = uint32(bytes, start + 4);
  if (length > MAX_PUSH_MESSAGE_BYTES) {
    return {
      kind: "broken",
      reason: `length ${length}, expected at most ${MAX_PUSH_MESSAGE_BYTES}`,
    };
  }
  const total = length + FRAME_EXTRA_BYTES;
  if (end - start < total) return { kind: "need-more" };
  const sumAt = start + total - 4;
  const checksumFits = uint32(bytes, sumAt) === adler32(bytes, start, sumAt);
  return { kind: "frame", bytes: total, checksumFits };
}

/** Where a frame may begin from `start` on; `end` where none does. */
export function findFrame(bytes: Uint8Array, start: number, end: number): number {
  const first = OPENING[0] ?? 0;
  for (
    let at = bytes.indexOf(first, start);
    at >= 0 && at < end;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (readFrame(bytes, at, end).kind !== "broken") return at;
  }
  return end;
}

/** A blob's outer lengths: type (2), bytes of the header (2), bytes of the payload (4). */
export interface BlobRanges {
  readonly type: number;
  readonly headerStart: number;
  readonly payloadStart: number;
}

/** Reads the outer lengths of a blob; undefined where they do not add up, as in a sealed one. */
export function readBlobRanges(blob: Uint8Array): BlobRanges | undefined {
  if (blob.length < BLOB_HEADER_BYTES) return undefined;
  const headerBytes = uint16(blob, 2);
  if (BLOB_HEADER_BYTES + headerBytes + uint32(blob, 4) !== blob.length) return undefined;
  const payloadStart = BLOB_HEADER_BYTES + headerBytes;
  return { type: uint16(blob, 0), headerStart: BLOB_HEADER_BYTES, payloadStart };
}

const BLOB_HEADER_BYTES = 8;
const OPENING: readonly number[] = [0xc2, 0xfe, 0x00, 0x05];
