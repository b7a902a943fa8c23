/**
 * Whether bytes are a DNS message. On any port they must be one from the first byte to the
 * last; on the ports of DNS, mDNS and LLMNR broken ones count too, since they are evidence.
 *
 * @module
 */
import type { Flow } from "../../flows/flow.ts";
import type { Probe } from "../dissector.ts";
import { DNS_HEADER_BYTES } from "./message.ts";
import { skipName } from "./name.ts";

export const DNS_PORT = 53;
export const MDNS_PORT = 5353;
export const LLMNR_PORT = 5355;

/** Whether one end of the flow has a port of the DNS family. */
export function isOnDnsPort(flow: Flow): boolean {
  const [a, b] = flow.ends;
  return isDnsPort(a.port) || isDnsPort(b.port);
}

function isDnsPort(port: number): boolean {
  return port === DNS_PORT || port === MDNS_PORT || port === LLMNR_PORT;
}

/** NetBIOS names travel in the same message format (RFC 1002 §4.2) but are no domain names. */
const NETBIOS_PORT = 137;

/** Whether the datagram `bytes[start, end)` is a DNS message. */
export function probeDnsDatagram(bytes: Uint8Array, start: number, end: number, flow: Flow): Probe {
  if (end - start < DNS_HEADER_BYTES) return "no";
  if (isOnDnsPort(flow)) return hasLikelyHeader(bytes, start) ? "yes" : "no";
  if (flow.ends[0].port === NETBIOS_PORT || flow.ends[1].port === NETBIOS_PORT) return "no";
  return isPlausibleHeader(bytes, start, end) && isWhole(bytes, start, end) ? "yes" : "no";
}

/** Whether a stream begins with a message behind its length (RFC 1035 §4.2.2). */
export function probeDnsStream(bytes: Uint8Array, start: number, end: number): Probe {
  const available = end - start;
  const length = uint16(bytes, start);
  if (available >= 2 && length < MIN_MESSAGE_BYTES) return "no";
  if (available < 2 + DNS_HEADER_BYTES) return "unsure";
  const from = start + 2;
  const to = from + length;
  if (!isPlausibleHeader(bytes, from, to)) return "no";
  if (to <= end) return isWhole(bytes, from, to) ? "yes" : "no";
  // Of a message cut by a segment border the first question must fit, and then it is enough.
  return firstQuestion(bytes, from, end);
}

/**
 * Whether bytes of which the rest is lost begin a message behind its length: a header on the port of
 * DNS, since of what follows nothing need be there.
 */
export function isCutDnsStream(bytes: Uint8Array, start: number, end: number, flow: Flow): boolean {
  if (!isOnDnsPort(flow) || end - start < 2 + DNS_HEADER_BYTES) return false;
  return isPlausibleHeader(bytes, start + 2, start + 2 + uint16(bytes, start));
}

/** Smallest message: a header and a question for the root. */
const MIN_MESSAGE_BYTES = 17;
/** Bytes in which the first question ends if it is one: 255 of the name, type, class. */
const QUESTION_BYTES: number = DNS_HEADER_BYTES + 259;

function firstQuestion(bytes: Uint8Array, from: number, end: number): Probe {
  if (uint16(bytes, from + 4) === 0) return "yes"; // further messages of a zone transfer (RFC 5936 §2.2)
  const next = skipName(bytes, from, from + DNS_HEADER_BYTES, end);
  if (next < 0) return end - from < QUESTION_BYTES ? "unsure" : "no";
  return next + 4 <= end ? questionFits(bytes, next) : "unsure";
}

function questionFits(bytes: Uint8Array, at: number): Probe {
  return isClass(uint16(bytes, at + 2)) ? "yes" : "no";
}

/**
 * Two of the four counts are small. Bytes of something else on port 53 (a tunnel, say) pass
 * this six times in a million; messages with a few broken bits nearly all do.
 */
function hasLikelyHeader(bytes: Uint8Array, start: number): boolean {
  let small = 0;
  for (let at = start + 4; at < start + DNS_HEADER_BYTES; at += 2) {
    if (uint16(bytes, at) <= 64) small++;
  }
  return small >= 2;
}

/** Opcode in use, reserved bit unset, counts that can fit in the bytes (RFC 1035 §4.1.1). */
function isPlausibleHeader(bytes: Uint8Array, start: number, end: number): boolean {
  const flags = uint16(bytes, start + 2);
  const isResponse = (flags & 0x8000) !== 0;
  const opcode = (flags >> 11) & 15;
  if (opcode > 6 || opcode === 3 || (flags & 0x0040) !== 0) return false;
  if (!isResponse && (flags & 15) !== 0) return false;
  const questions = uint16(bytes, start + 4);
  const records = uint16(bytes, start + 6) + uint16(bytes, start + 8) + uint16(bytes, start + 10);
  if (questions + records === 0) return false;
  return questions * 5 + records * 11 <= end - start - DNS_HEADER_BYTES;
}

/** Whether all that the header counts is there and ends where the bytes end. */
function isWhole(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start + DNS_HEADER_BYTES;
  const questions = uint16(bytes, start + 4);
  for (let i = 0; i < questions; i++) {
    at = skipName(bytes, start, at, end);
    if (at < 0 || at + 4 > end || !isClass(uint16(bytes, at + 2))) return false;
    at += 4;
  }
  const records = uint16(bytes, start + 6) + uint16(bytes, start + 8) + uint16(bytes, start + 10);
  for (let i = 0; i < records; i++) {
    at = skipName(bytes, start, at, end);
    if (at < 0 || at + 10 > end) return false;
    const isOption = uint16(bytes, at) === OPT; // its class is a size
    if (!isOption && !isClass(uint16(bytes, at + 2))) return false;
    at += 10 + uint16(bytes, at + 8);
  }
  return at === end;
}

/** Internet, Chaos, Hesiod, none, any (RFC 6895 §3.2); mDNS uses the top bit. */
function isClass(value: number): boolean {
  const kind = value & 0x7fff;
  return kind === 1 || kind === 3 || kind === 4 || kind === 254 || kind === 255;
}

const OPT = 41;

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
