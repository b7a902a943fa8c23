/**
 * DER, the encoding of certificates: tag, length, content (ITU-T X.690 §8.1, §10.1).
 * Elements are read one after another by whoever knows their order, so that nothing here recurses.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { fromLatin1, fromUtf8 } from "../../bytes/text.ts";

/** Universal tags (X.680 §8.6), with the constructed bit where X.509 has it. */
export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  bmpString: 0x1e,
  universalString: 0x1c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element; `body` is its content. */
export interface DerElement {
  readonly tag: number;
  /** Offset of the tag, and of the byte after the content. */
  readonly start: number;
  readonly end: number;
  readonly body: Cursor;
}

/**
 * Reads the next element.
 *
 * @throws {Malformed} on tags of more than one byte and indefinite lengths, which X.509 has not.
 */
export function readDer(cursor: Cursor): DerElement {
  const start = cursor.at;
  const tag = cursor.uint(1);
  if ((tag & 0x1f) === 0x1f) throw new Malformed(start, "tag of more than one byte");
  const first = cursor.uint(1);
  let length = first;
  if (first >= 0x80) {
    const width = first & 0x7f;
    if (width === 0 || width > 4)
      throw new Malformed(start, `length of ${width} bytes, 1 to 4 due`);
    length = cursor.uint(width);
  }
  const body = cursor.sub(length);
  return { tag, start, end: body.end, body };
}

/** Reads the next element, which must have `tag`. */
export function expectDer(cursor: Cursor, tag: number): DerElement {
  const element = readDer(cursor);
  if (element.tag !== tag) {
    throw new Malformed(element.start, `tag ${element.tag}, ${tag} due`);
  }
  return element;
}

/** Dotted decimal form of an object identifier's content (X.690 §8.19). */
export function toOid(body: Cursor): string {
  const arcs: number[] = [];
  let value = 0;
  while (body.left > 0) {
    const byte = body.uint(1);
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) throw new Malformed(body.at, "arc over 2^46");
    if (byte >= 0x80) continue;
    // The first two arcs share one number: 40 * first + second.
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(value / 40)));
    if (arcs.length === 1) arcs.push(value - 40 * (arcs[0] ?? 0));
    else arcs.push(value);
    value = 0;
  }
  return arcs.join(".");
}

/** Text of a string element, by its tag; undefined where it is no string type. */
export function toDerText(element: DerElement): string | undefined {
  const bytes = element.body.bytes.subarray(element.body.at, element.end);
  switch (element.tag) {
    case TAG.utf8String:
      return fromUtf8(bytes);
    case TAG.bmpString: // UCS-2, big-endian
      return wideText(bytes, 2);
    case TAG.universalString: // UCS-4, big-endian
      return wideText(bytes, 4);
    default:
      // NumericString, PrintableString, TeletexString (read as Latin-1, as all do), IA5String, VisibleString.
      return BYTE_STRINGS.has(element.tag) ? fromLatin1(bytes) : undefined;
  }
}

const BYTE_STRINGS: ReadonlySet<number> = new Set([0x12, 0x13, 0x14, 0x16, 0x1a]);

function wideText(bytes: Uint8Array, width: number): string {
  const cursor = new Cursor(bytes);
  let text = "";
  while (cursor.left >= width) {
    const code = cursor.uint(width);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }
  return text;
}

/**
 * UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5) as RFC 3339, UTC.
 *
 * @throws {Malformed} where it is no such time.
 */
export function readDerTime(cursor: Cursor): string {
  const element = readDer(cursor);
  const text = fromLatin1(element.body.bytes, element.body.at, element.end);
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) {
    throw new Malformed(element.start, `tag ${element.tag}, a time due`);
  }
  const pattern = element.tag === TAG.utcTime ? UTC_TIME : GENERALIZED_TIME;
  const match = pattern.exec(text);
  if (match === null) throw new Malformed(element.start, `"${text}" is no time in UTC`);
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "00"] = match;
  // RFC 5280 §4.1.2.5.1: two digits from 50 on are of the 20th century.
  const century = element.tag === TAG.utcTime ? (Number(year) >= 50 ? "19" : "20") : "";
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

const DATE = "(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])([01]\\d|2[0-3])([0-5]\\d)([0-5]\\d|60)?";
const UTC_TIME = new RegExp(`^(\\d\\d)${DATE}Z$`);
const GENERALIZED_TIME = new RegExp(`^(\\d{4})${DATE}(?:\\.\\d+)?Z$`);
