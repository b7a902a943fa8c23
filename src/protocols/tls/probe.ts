/**
 * Whether a stream is TLS, told by its first bytes: from a ClientHello or ServerHello, or, where
 * the capture began later, from any record.
 *
 * @module
 */
import { uint8, uint16 } from "../../bytes/uint.ts";
import type { Probe } from "../dissector.ts";
import { CONTENT, HANDSHAKE } from "./codes.ts";
import { isRecordHeader, RECORD_HEADER_BYTES } from "./record.ts";
import { isSsl2ClientHello, SSL2_PROBE_BYTES } from "./ssl2.ts";

/** Answer for the first bytes of one side, `bytes[start, end)`. */
export function probeTls(bytes: Uint8Array, start: number, end: number): Probe {
  if (end <= start) return "unsure";
  const first = uint8(bytes, start);
  if (first >= 0x80) return probeSsl2(bytes, start, end);
  if (first < CONTENT.changeCipherSpec || first > CONTENT.heartbeat) return "no";
  if (end - start < RECORD_HEADER_BYTES) return isOpening(bytes, start, end) ? "unsure" : "no";
  if (!isRecordHeader(bytes, start)) return "no";
  const length = uint16(bytes, start + 3);
  const next = nextRecord(bytes, start + RECORD_HEADER_BYTES + length, end);
  if (next === "none") return "no";
  switch (first) {
    case CONTENT.changeCipherSpec:
      return length === 1 ? "yes" : "no";
    case CONTENT.alert:
      return length >= 2 && length <= MAX_ALERT_BYTES ? "yes" : "no";
    case CONTENT.handshake:
      return probeHandshake(bytes, start, end, next);
    case CONTENT.applicationData:
      // Versions above TLS 1.2 are never written here (RFC 8446 §5.1).
      return length >= 1 && uint8(bytes, start + 2) <= 3 ? "yes" : "no";
    default:
      return next === "seen" ? "yes" : "no";
  }
}

/** Alerts are 2 bytes; with padding and tag of any suite they stay below this. */
const MAX_ALERT_BYTES = 128;

function probeSsl2(bytes: Uint8Array, start: number, end: number): Probe {
  if (end - start < SSL2_PROBE_BYTES) {
    return end - start < 3 || uint8(bytes, start + 2) === 1 ? "unsure" : "no";
  }
  return isSsl2ClientHello(bytes, start, end) ? "yes" : "no";
}

/** Whether so few bytes can still become a header. */
function isOpening(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 1 && uint8(bytes, start + 1) !== 3) return false;
  return end - start <= 2 || uint8(bytes, start + 2) <= 4;
}

/** Whether a record follows at `at`. */
function nextRecord(bytes: Uint8Array, at: number, end: number): "seen" | "none" | "later" {
  if (at + RECORD_HEADER_BYTES <= end) return isRecordHeader(bytes, at) ? "seen" : "none";
  return at >= end || isOpening(bytes, at, end) ? "later" : "none";
}

/** A hello opens a connection; anything else in a handshake record, encrypted perhaps, needs a record behind it. */
function probeHandshake(
  bytes: Uint8Array,
  start: number,
  end: number,
  next: "seen" | "later",
): Probe {
  if (uint16(bytes, start + 3) === 0) return "no";
  if (end - start < RECORD_HEADER_BYTES + 2) return "unsure";
  const type = uint8(bytes, start + 5);
  const isHello = type === HANDSHAKE.clientHello || type === HANDSHAKE.serverHello;
  // Records of one byte: the length of the message stands in the next ones.
  const small = uint16(bytes, start + 3) < 2;
  if (isHello && (small || uint8(bytes, start + 6) <= MAX_HELLO_HIGH)) return "yes";
  return next === "seen" ? "yes" : "no";
}

/** First of three length bytes: hellos stay below 1 MiB. */
const MAX_HELLO_HIGH = 0x0f;
