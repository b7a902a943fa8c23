/**
 * Records of DTLS, several to a datagram.
 *
 *     plaintext: type 1, version 2, epoch 2, sequence_number 6, length 2, fragment
 *     DTLS 1.3 ciphertext: 001CSLEE, connection id, sequence number 1 or 2, length 0 or 2
 *
 * Sources: RFC 6347 §4.1, RFC 9147 §4, RFC 9146 §4 (connection ids).
 *
 * @module
 */
import { uint8, uint16 } from "../../bytes/uint.ts";
import { MAX_TLS_RECORD_BYTES } from "../../limits.ts";
import { CONTENT } from "./codes.ts";

/** Bytes of a plaintext record's header. */
export const DTLS_HEADER_BYTES = 13;

/** A record's place in its datagram; one object is reused. */
export interface DtlsRecord {
  kind: "record" | "ciphertext" | "cut-short" | "none";
  type: number;
  epoch: number;
  /** Where the fragment begins, and where the record ends. */
  body: number;
  end: number;
}

/** Reads the header of the record at `at`, before `end`, into `record`. */
export function readDtlsRecord(
  bytes: Uint8Array,
  at: number,
  end: number,
  record: DtlsRecord,
): void {
  record.kind = "none";
  if (at >= end) return;
  const first = uint8(bytes, at);
  if ((first & 0xe0) === 0x20) readUnified(bytes, at, end, record);
  else if (first < CONTENT.changeCipherSpec || first > CONTENT.ack) return;
  else if (end - at < DTLS_HEADER_BYTES) record.kind = "cut-short";
  else readPlain(bytes, at, end, record);
}

function readPlain(bytes: Uint8Array, at: number, end: number, record: DtlsRecord): void {
  const length = uint16(bytes, at + 11);
  if (!isDtlsVersion(uint16(bytes, at + 1)) || length > MAX_TLS_RECORD_BYTES) return;
  record.type = uint8(bytes, at);
  record.epoch = uint16(bytes, at + 3);
  record.body = at + DTLS_HEADER_BYTES;
  record.end = record.body + length;
  if (record.type === CONTENT.cid) {
    // The connection id before the length has a length that only the peers know.
    record.kind = "ciphertext";
    record.end = end;
  } else record.kind = record.end > end ? "cut-short" : "record";
}

function readUnified(bytes: Uint8Array, at: number, end: number, record: DtlsRecord): void {
  const first = uint8(bytes, at);
  record.kind = "ciphertext";
  record.end = end;
  if ((first & CID_BIT) !== 0 || (first & LENGTH_BIT) === 0) return;
  const lengthAt = at + 1 + ((first & SEQUENCE_BIT) !== 0 ? 2 : 1);
  if (lengthAt + 2 > end) record.kind = "cut-short";
  else {
    record.end = lengthAt + 2 + uint16(bytes, lengthAt);
    if (record.end > end) record.kind = "cut-short";
  }
}

/** Bits of the unified header (RFC 9147 §4). */
const CID_BIT = 0x10;
const SEQUENCE_BIT = 0x08;
const LENGTH_BIT = 0x04;

/** DTLS 1.0, 1.2 (1.3 writes 1.2), and OpenSSL's 0.9.8 before the standard. */
function isDtlsVersion(version: number): boolean {
  return version === 0xfeff || version === 0xfefd || version === 0x0100;
}

/** Whether a datagram is DTLS: its first record is a plaintext one, and all are whole. */
export function probeDtls(bytes: Uint8Array, start: number, end: number): boolean {
  const record: DtlsRecord = { kind: "none", type: 0, epoch: 0, body: 0, end: 0 };
  let at = start;
  for (let i = 0; i < PROBED_RECORDS && at < end; i++) {
    readDtlsRecord(bytes, at, end, record);
    const opens = i > 0 || uint8(bytes, start) <= CONTENT.ack;
    if (!opens || record.kind === "none" || record.kind === "cut-short") return false;
    at = record.end;
  }
  return at > start;
}

/** Records looked at in a probe; what the first ones are decides. */
const PROBED_RECORDS = 4;
