/**
 * First line of an HTTP/1 message, and how one is told from other protocols' bytes.
 *
 *     request-line = method SP request-target SP HTTP-version     (RFC 9112 §3)
 *     status-line  = HTTP-version SP status-code SP [reason]      (RFC 9112 §4)
 *
 * RTSP, SIP and ICY have lines of the same shape with another version; HTTP/0.9 has none.
 *
 * @module
 */
import type { Probe } from "../dissector.ts";
import { fromLatin1 } from "../../bytes/text.ts";

/** A start line, its fields as ranges of the bytes it was read from. */
export type StartLine =
  | {
      readonly type: "request";
      readonly method: string;
      /** Null where the line is cut off before its end. */
      readonly version: string | null;
      readonly targetStart: number;
      readonly targetEnd: number;
    }
  | { readonly type: "response"; readonly version: string; readonly status: number };

/**
 * Reads the line `bytes[start, end)`; its line end may be CRLF or a bare LF, or already be cut off.
 *
 * @returns undefined where this is no start line of HTTP/1.
 */
export function readStartLine(
  bytes: Uint8Array,
  start: number,
  end: number,
): StartLine | undefined {
  let stop = end;
  while (stop > start && (bytes[stop - 1] === LF || bytes[stop - 1] === CR)) stop--;
  return isVersionAt(bytes, start, stop)
    ? statusLine(bytes, start, stop)
    : requestLine(bytes, start, stop);
}

/**
 * Reads a request line of which the capture lacks the end: a method of {@link METHODS}, and what is
 * there of the target.
 *
 * @returns undefined where this does not begin a request line of HTTP/1.
 */
export function readCutRequestLine(
  bytes: Uint8Array,
  start: number,
  end: number,
): StartLine | undefined {
  const methodEnd = tokenEnd(bytes, start, end);
  if (bytes[methodEnd] !== SP || !METHODS.has(fromLatin1(bytes, start, methodEnd)))
    return undefined;
  const targetStart = methodEnd + 1;
  let targetEnd = targetStart;
  while (targetEnd < end && (bytes[targetEnd] ?? 0) > SP) targetEnd++;
  if (targetEnd === targetStart) return undefined;
  // All that may follow the target is a part of a version.
  for (let i = targetEnd; i < end; i++) {
    if (bytes[i] !== (i === targetEnd ? SP : STATUS_PREFIX[i - targetEnd - 1])) return undefined;
  }
  const method = fromLatin1(bytes, start, methodEnd);
  return { type: "request", method, version: null, targetStart, targetEnd };
}

function statusLine(bytes: Uint8Array, start: number, end: number): StartLine | undefined {
  const at = start + VERSION_BYTES;
  if (bytes[at] !== SP || at + 4 > end) return undefined;
  let status = 0;
  for (let i = at + 1; i < at + 4; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    status = status * 10 + digit;
  }
  // The blank before an empty reason phrase is often left out.
  if (at + 4 < end && bytes[at + 4] !== SP) return undefined;
  return { type: "response", version: fromLatin1(bytes, start, at), status };
}

function requestLine(bytes: Uint8Array, start: number, end: number): StartLine | undefined {
  const methodEnd = tokenEnd(bytes, start, end);
  if (methodEnd === start || bytes[methodEnd] !== SP) return undefined;
  let versionAt = end - VERSION_BYTES;
  while (versionAt > methodEnd && bytes[versionAt + VERSION_BYTES - 1] === SP) versionAt--;
  if (versionAt < methodEnd + 3 || bytes[versionAt - 1] !== SP) return undefined;
  if (!isVersionAt(bytes, versionAt, end)) return undefined;
  return {
    type: "request",
    method: fromLatin1(bytes, start, methodEnd),
    version: fromLatin1(bytes, versionAt, versionAt + VERSION_BYTES),
    targetStart: methodEnd + 1,
    targetEnd: versionAt - 1,
  };
}

/**
 * Whether a start line may begin at `start`, judged by at most {@link PREFIX_BYTES} bytes.
 *
 * @param known Only methods of {@link METHODS}: for finding a message amid other bytes.
 */
export function probePrefix(bytes: Uint8Array, start: number, end: number, known: boolean): Probe {
  const first = bytes[start] ?? 0;
  if (start >= end) return "unsure";
  if (first < 0x41 || first > 0x5a) return "no";
  if (first === 0x48) {
    const version = probeStatus(bytes, start, end);
    if (version !== "no") return version;
  }
  const limit = Math.min(end, start + MAX_METHOD_BYTES + 1);
  const methodEnd = tokenEnd(bytes, start, limit);
  if (methodEnd === limit)
    return limit === end && end - start <= MAX_METHOD_BYTES ? "unsure" : "no";
  if (bytes[methodEnd] !== SP) return "no";
  if (known && !METHODS.has(fromLatin1(bytes, start, methodEnd))) return "no";
  if (methodEnd + 1 >= end) return "unsure";
  return (bytes[methodEnd + 1] ?? 0) > SP ? "yes" : "no";
}

/** "HTTP/1.", a digit, a blank and a digit. */
function probeStatus(bytes: Uint8Array, start: number, end: number): Probe {
  const stop = Math.min(end, start + STATUS_PREFIX.length);
  for (let i = start; i < stop; i++) {
    const want = STATUS_PREFIX[i - start] ?? 0;
    const byte = bytes[i] ?? 0;
    if (want === DIGIT ? byte < 0x30 || byte > 0x39 : byte !== want) return "no";
  }
  return stop - start === STATUS_PREFIX.length ? "yes" : "unsure";
}

/**
 * Whether the bytes a side sent first open HTTP/1. The version stands at the end of a request
 * line, so the whole line is awaited, unless it is longer than anything else that looks so.
 */
export function probeHttp1(bytes: Uint8Array, start: number, end: number): Probe {
  let at = start;
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
  if (at === end) return at - start > MAX_BLANK_BYTES ? "no" : "unsure";
  const prefix = probePrefix(bytes, at, end, false);
  if (prefix !== "yes") return prefix;
  const lineEnd = bytes.indexOf(LF, at);
  if (lineEnd >= 0 && lineEnd < end) {
    return readStartLine(bytes, at, lineEnd) === undefined ? "no" : "yes";
  }
  if (probeStatus(bytes, at, end) === "yes") return "yes";
  const methodEnd = tokenEnd(bytes, at, end);
  if (bytes.subarray(methodEnd + 1, end).some((byte) => byte < SP)) {
    return bytes[end - 1] === CR ? "unsure" : "no";
  }
  const isPath = bytes[methodEnd + 1] === 0x2f || bytes[methodEnd + 1] === 0x68;
  const isLong = end - at >= LONG_LINE_BYTES;
  return isLong && isPath && METHODS.has(fromLatin1(bytes, at, methodEnd)) ? "yes" : "unsure";
}

/** Whether these bytes, of which the rest is lost, begin a request for a path or an absolute URI. */
export function isCutRequest(bytes: Uint8Array, start: number, end: number): boolean {
  const line = readCutRequestLine(bytes, start, end);
  if (line?.type !== "request") return false;
  const target = fromLatin1(bytes, line.targetStart, line.targetEnd);
  return target.startsWith("/") || target.startsWith("http");
}

/** End of a run of upper-case letters, digits, `-` and `_`: what methods in use are made of. */
function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    const isLetter = byte >= 0x41 && byte <= 0x5a;
    const isOther = byte === 0x2d || byte === 0x5f || (byte >= 0x30 && byte <= 0x39);
    if (!isLetter && !isOther) break;
    at++;
  }
  return at;
}

function isVersionAt(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < VERSION_BYTES) return false;
  for (let i = 0; i < VERSION_BYTES - 1; i++)
    if (bytes[start + i] !== STATUS_PREFIX[i]) return false;
  const minor = bytes[start + VERSION_BYTES - 1] ?? 0;
  return minor >= 0x30 && minor <= 0x39;
}

/** Bytes that {@link probePrefix} needs at most for a yes or no. */
export const PREFIX_BYTES = 26;

/**
 * Methods: IANA's registry (RFC 9110 §16.1, WebDAV, its extensions), UPnP, and those of common
 * servers and proxies.
 */
export const METHODS: ReadonlySet<string> = new Set(
  (
    "GET POST HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK " +
    "UNLOCK SEARCH REPORT CHECKOUT CHECKIN UNCHECKOUT VERSION-CONTROL MKWORKSPACE UPDATE LABEL " +
    "MERGE BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL MKCALENDAR BIND UNBIND REBIND LINK UNLINK " +
    "MKREDIRECTREF UPDATEREDIRECTREF QUERY PURGE SUBSCRIBE UNSUBSCRIBE NOTIFY M-SEARCH M-POST " +
    "POLL BMOVE BCOPY BDELETE BPROPFIND BPROPPATCH RPC_IN_DATA RPC_OUT_DATA CCM_POST SOURCE"
  ).split(" "),
);

const MAX_METHOD_BYTES = 24;
const VERSION_BYTES = 8; // HTTP/1.1
const MAX_BLANK_BYTES = 16; // line ends before a request line: RFC 9112 §2.2 expects at least one
const LONG_LINE_BYTES = 2048;
const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const DIGIT = 0xff;
const STATUS_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e, DIGIT, SP, DIGIT];
