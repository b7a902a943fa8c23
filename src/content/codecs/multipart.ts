/**
 * Multipart content, in the first place forms with files.
 *
 *     --boundary CRLF  *( field CRLF )  CRLF  content  CRLF--boundary …  CRLF--boundary--
 *
 * (RFC 2046 §5.1.1; RFC 7578 for `multipart/form-data`). Line ends may be bare LF.
 *
 * @module
 */
import { fromUtf8, toUtf8 } from "../../bytes/text.ts";
import type { Hint, Members, Splitter, Value } from "../codec.ts";
import { essenceOf, VALUE_HINT } from "../codec.ts";
import { indexOf } from "./pairs.ts";

export const MULTIPART: Splitter = {
  kind: "split",
  name: "multipart",
  applies: (value) => boundaryOf(value) !== undefined,
  split: (value, members) => {
    const boundary = boundaryOf(value);
    if (boundary === undefined) return;
    const { bytes } = value;
    let delimiter = findDelimiter(bytes, boundary, 0);
    for (let index = 0; delimiter !== undefined && !delimiter.isLast; index++) {
      const next = findDelimiter(bytes, boundary, delimiter.end);
      if (next === undefined)
        members.trouble("the last delimiter of the multipart content is missing");
      const range = { start: delimiter.end, end: next?.start ?? bytes.length };
      if (!splitPart(bytes, range, index, members)) return;
      delimiter = next;
    }
  },
};

/** The boundary that was announced, with its two dashes; or, where none was, that of the first line. */
function boundaryOf({ bytes, hint }: Value): Uint8Array | undefined {
  if (!essenceOf(hint.mediaType).startsWith("multipart/")) return undefined;
  const announced = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(hint.mediaType);
  if (announced !== null) return toUtf8(`--${announced[1] ?? announced[2] ?? ""}`);
  const end = trimCr(bytes, 0, indexOf(bytes, LF, 0, Math.min(bytes.length, MAX_BOUNDARY_BYTES)));
  const hasDashes = bytes[0] === DASH && bytes[1] === DASH;
  return hasDashes && end > 2 ? bytes.subarray(0, end) : undefined;
}

/** A delimiter line, with the line end before it, which belongs to it. */
interface Delimiter {
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
}

function findDelimiter(
  bytes: Uint8Array,
  boundary: Uint8Array,
  from: number,
): Delimiter | undefined {
  for (let at = bytes.indexOf(DASH, from); at >= 0; at = bytes.indexOf(DASH, at + 1)) {
    if ((at > 0 && bytes[at - 1] !== LF) || !startsWith(bytes, boundary, at)) continue;
    const after = at + boundary.length;
    const isLast = bytes[after] === DASH && bytes[after + 1] === DASH;
    const lineEnd = indexOf(bytes, LF, after, bytes.length);
    const isWhole = isLast || isBlank(bytes, after, lineEnd);
    if (!isWhole) continue;
    const start = at > from ? trimCr(bytes, from, at - 1) : at;
    return { start, end: Math.min(lineEnd + 1, bytes.length), isLast };
  }
  return undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** One part: its name, its file name and its content. */
function splitPart(bytes: Uint8Array, range: Range, index: number, members: Members): boolean {
  const { fields, bodyStart } = readPartHead(bytes, range);
  const disposition = fields.get("content-disposition");
  const mediaType = fields.get("content-type")?.text ?? "";
  const name = disposition && parameter(bytes, disposition, "name");
  const fileName = disposition && parameter(bytes, disposition, "filename");
  const key = name === undefined ? "" : fromUtf8(bytes.subarray(name.start, name.end));
  const at = key === "" ? `[${index}]` : key;
  if (fileName !== undefined && fileName.end > fileName.start) {
    const member = { operation: "multipart", at: `${at};filename`, key: "filename", ...fileName };
    const value = bytes.subarray(fileName.start, fileName.end);
    if (!members.add({ ...member, bytes: value, verbatim: true, hint: VALUE_HINT })) return false;
  }
  if (bodyStart >= range.end) return true;
  const hint: Hint = mediaType === "" ? VALUE_HINT : { ...VALUE_HINT, form: "body", mediaType };
  const place = { operation: "multipart", at, key, start: bodyStart, end: range.end };
  const value = bytes.subarray(bodyStart, range.end);
  return members.add({ ...place, bytes: value, verbatim: true, hint });
}

interface PartField extends Range {
  readonly text: string;
}

function readPartHead(
  bytes: Uint8Array,
  { start, end }: Range,
): { readonly fields: ReadonlyMap<string, PartField>; readonly bodyStart: number } {
  const fields = new Map<string, PartField>();
  for (let at = start; at < end;) {
    const lineEnd = indexOf(bytes, LF, at, end);
    const stop = trimCr(bytes, at, lineEnd);
    if (stop === at) return { fields, bodyStart: Math.min(lineEnd + 1, end) };
    const colon = indexOf(bytes, COLON, at, stop);
    const name = fromUtf8(bytes.subarray(at, colon)).trim().toLowerCase();
    const text = fromUtf8(bytes.subarray(colon + 1, stop)).trim();
    fields.set(name, { start: colon + 1, end: stop, text });
    at = lineEnd + 1;
  }
  return { fields, bodyStart: end };
}

/** Place of the value of a parameter, `name="…"`, in a field's bytes. */
function parameter(bytes: Uint8Array, field: PartField, name: string): Range | undefined {
  const wanted = toUtf8(`${name}=`);
  for (let at = field.start; at < field.end; at++) {
    const before = bytes[at - 1];
    if (before !== SEMICOLON && before !== SPACE) continue;
    if (!startsWith(bytes, wanted, at)) continue;
    const from = at + wanted.length;
    if (bytes[from] !== QUOTE)
      return { start: from, end: indexOf(bytes, SEMICOLON, from, field.end) };
    return { start: from + 1, end: indexOf(bytes, QUOTE, from + 1, field.end) };
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, what: Uint8Array, at: number): boolean {
  if (at + what.length > bytes.length) return false;
  for (let i = 0; i < what.length; i++) if (bytes[at + i] !== what[i]) return false;
  return true;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (![SPACE, 0x09, CR].includes(bytes[at] ?? 0)) return false;
  return true;
}

function trimCr(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}

/** RFC 2046 §5.1.1 allows 70 characters. */
const MAX_BOUNDARY_BYTES = 256;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const SPACE = 0x20;
const QUOTE = 0x22;
