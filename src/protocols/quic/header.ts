/**
 * Long headers of QUIC packets.
 *
 *     first byte, version 4, DCID <0..255>, SCID <0..255>, then
 *     Initial: token <varint>, length varint, packet number and payload
 *     0-RTT, Handshake: length varint, packet number and payload
 *     Retry: token, integrity tag 16;  Version Negotiation (version 0): versions of 4 bytes
 *
 * Sources: RFC 8999 §5.1 (all versions), RFC 9000 §17.2.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { toHex } from "../../bytes/hex.ts";
import { uint8, uint32 } from "../../bytes/uint.ts";
import { asMalformed } from "../tls/client-hello.ts";
import { readVarint } from "./varint.ts";
import { findVersion, isGoogleVersion, isUnreadVersion } from "./version.ts";
import type { LongType } from "./version.ts";

/** Bits of the first byte (RFC 9000 §17.2). */
export const LONG_BIT = 0x80;
export const FIXED_BIT = 0x40;

/** What a long header says. Connection ids are lower-case hexadecimal. */
export interface LongHeader {
  readonly type: LongType | "version-negotiation" | "unread";
  readonly version: number;
  readonly dcid: string;
  readonly scid: string;
  /** Offset of the packet number (Initial, 0-RTT, Handshake). */
  readonly body: number;
  /** Where the packet ends; beyond the datagram's end where it is cut short. */
  readonly end: number;
}

/** Length of connection ids in versions 1 and 2 (RFC 9000 §17.2). */
const MAX_CONNECTION_ID_BYTES = 20;

/** Reads the long header at `at` of the datagram `bytes[…, end)`; undefined with the reason where it is none. */
export function readLongHeader(bytes: Uint8Array, at: number, end: number): LongHeader | Malformed {
  const cursor = new Cursor(bytes, at, end);
  try {
    const first = cursor.uint(1);
    const version = cursor.uint(4);
    if (isOldGoogleVersion(version)) {
      return { type: "unread", version, dcid: "", scid: "", body: at, end };
    }
    const dcid = readConnectionId(cursor);
    const scid = readConnectionId(cursor);
    const known = findVersion(version);
    const base = { version, dcid, scid };
    if (version === 0) {
      return { ...base, type: "version-negotiation", body: cursor.at, end };
    }
    const type = known?.types[((first >> 4) & 3) as 0 | 1 | 2 | 3];
    if (type === undefined) return { ...base, type: "unread", body: cursor.at, end };
    if (dcid.length > MAX_CONNECTION_ID_BYTES * 2 || scid.length > MAX_CONNECTION_ID_BYTES * 2) {
      throw new Malformed(at, `connection id over ${MAX_CONNECTION_ID_BYTES} bytes`);
    }
    if (type === "retry") return { ...base, type, body: cursor.at, end };
    if (type === "initial") cursor.take(readVarint(cursor)); // token
    const length = readVarint(cursor);
    return { ...base, type, body: cursor.at, end: cursor.at + length };
  } catch (error) {
    return asMalformed(error);
  }
}

function readConnectionId(cursor: Cursor): string {
  const id = cursor.vector(1);
  return toHex(id.bytes, id.at, id.end);
}

/** Q046 and older put the lengths of both ids into one byte, or have no long header at all. */
function isOldGoogleVersion(version: number): boolean {
  return isGoogleVersion(version) && version >>> 0 < 0x51303530;
}

/**
 * Whether a datagram opens QUIC: a long header of a version that is known, of IETF or Google, or
 * Google's older public header.
 */
export function probeQuic(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < LEAST_PACKET_BYTES) return false;
  const first = uint8(bytes, start);
  if ((first & LONG_BIT) === 0) return isPublicHeader(bytes, start, end);
  const version = uint32(bytes, start + 1);
  if (version === 0) return isNegotiation(bytes, start, end);
  if ((first & FIXED_BIT) === 0) return false;
  if (findVersion(version) === undefined && !isUnreadVersion(version)) return false;
  const header = readLongHeader(bytes, start, end);
  if (header instanceof Malformed) return false;
  if (findVersion(version) !== undefined)
    return header.type === "retry" || header.end > header.body;
  if (isGoogleVersion(version)) return true;
  return isUnreadVersion(version) && end - start >= LEAST_FIRST_BYTES;
}

/** Clients pad their first datagram to this, so that no other protocol's chance bytes pass (RFC 9000 §14.1). */
const LEAST_FIRST_BYTES = 1200;

/** First byte, version, two lengths. */
const LEAST_PACKET_BYTES = 7;

/** Google's public header with an 8-byte connection id and a version: Q043 and older, as sent by clients first. */
export function isPublicHeader(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 14 || (uint8(bytes, start) & 0xc9) !== 0x09) return false;
  return isGoogleVersion(uint32(bytes, start + 9));
}

/** A list of versions, of which one at least is known (RFC 9000 §17.2.1). */
function isNegotiation(bytes: Uint8Array, start: number, end: number): boolean {
  const header = readLongHeader(bytes, start, end);
  if (header instanceof Malformed || (end - header.body) % 4 !== 0) return false;
  for (let at = header.body; at + 4 <= end; at += 4) {
    if (findVersion(uint32(bytes, at)) !== undefined) return true;
  }
  return false;
}
