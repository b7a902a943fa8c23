/**
 * Opens a protected packet with a long header: header protection, packet number, AEAD.
 *
 * Sources: RFC 9001 §5.3 (AEAD), §5.4 (header protection); RFC 9000 §17.1 and §A.3 (packet number).
 *
 * @module
 */
import { uint8 } from "../../bytes/uint.ts";
import type { Platform } from "../../platform.ts";
import type { PacketKeys } from "./initial-keys.ts";

/** A packet in its datagram: first byte, packet number, end. */
export interface PacketRange {
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** What was inside. */
export interface OpenedPacket {
  readonly payload: Uint8Array;
  readonly packetNumber: number;
}

const SAMPLE_OFFSET = 4; // The packet number is taken to be four bytes long (RFC 9001 §5.4.2).
const SAMPLE_BYTES = 16;

/**
 * Opens one packet.
 *
 * @param largest Largest packet number of the sender so far, -1 where there is none.
 * @returns undefined where the keys do not fit.
 */
export function openPacket(
  platform: Platform,
  keys: PacketKeys,
  packet: { readonly bytes: Uint8Array } & PacketRange,
  largest: number,
): OpenedPacket | undefined {
  const { bytes, start, body, end } = packet;
  const sampleAt = body + SAMPLE_OFFSET;
  if (sampleAt + SAMPLE_BYTES > end) return undefined;
  const mask = platform.aesBlock(keys.hp, bytes.subarray(sampleAt, sampleAt + SAMPLE_BYTES));
  const first = uint8(bytes, start) ^ (uint8(mask, 0) & 0x0f);
  const numberBytes = (first & 0x03) + 1;
  const header = bytes.slice(start, body + numberBytes);
  header[0] = first;
  let truncated = 0;
  for (let i = 0; i < numberBytes; i++) {
    const byte = uint8(bytes, body + i) ^ uint8(mask, 1 + i);
    header[body - start + i] = byte;
    truncated = truncated * 256 + byte;
  }
  const packetNumber = toPacketNumber(truncated, numberBytes, largest);
  const payload = platform.aesGcmOpen({
    key: keys.key,
    nonce: toNonce(keys.iv, packetNumber),
    associated: header,
    sealed: bytes.subarray(body + numberBytes, end),
  });
  return payload === undefined ? undefined : { payload, packetNumber };
}

/** The packet number nearest to the one expected next (RFC 9000 §A.3). */
export function toPacketNumber(truncated: number, bytes: number, largest: number): number {
  const expected = largest + 1;
  const window = 2 ** (8 * bytes);
  const candidate = Math.floor(expected / window) * window + truncated;
  if (candidate <= expected - window / 2 && candidate < 2 ** 62 - window) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}

/** The IV, with the packet number xored into its end (RFC 9001 §5.3). */
function toNonce(iv: Uint8Array, packetNumber: number): Uint8Array {
  const nonce = iv.slice();
  let rest = packetNumber;
  for (let i = nonce.length - 1; i >= 0 && rest > 0; i--) {
    nonce[i] = uint8(nonce, i) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}
