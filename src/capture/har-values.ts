/**
 * Members of JSON values whose shape is not to be trusted, and the text forms of a
 * HAR: times and bodies.
 *
 * @module
 */
import { fromBase64 } from "../bytes/base64.ts";
import { toUtf8 } from "../bytes/text.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is an object; an empty object otherwise. */
export function toObject(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** A member that is a list; an empty list otherwise. */
export function toList(object: JsonObject, key: string): readonly unknown[] {
  const value: unknown = object[key];
  return Array.isArray(value) ? value : [];
}

/** A member that is a string and not empty. */
export function toText(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A member that is a finite number of at least 0; HAR writes -1 for "does not apply". */
export function toAmount(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/**
 * Microseconds since the epoch of an ISO 8601 time with its zone (RFC 3339 §5.6); finer digits are dropped.
 *
 * @returns undefined for any other text. One without a zone could be off by a day's half: it is no time.
 */
export function toTimestamp(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  const isDate = inRange(month, 1, 12) && inRange(day, 1, 31);
  const isClock = inRange(hour, 0, 23) && inRange(minute, 0, 59) && inRange(second, 0, 60);
  if (!isDate || !isClock) return undefined;
  const days = [Number(year), Number(month) - 1, Number(day)] as const;
  const ms = Date.UTC(...days, Number(hour), Number(minute), Number(second));
  return ms * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6)) - toZoneMinutes(zone) * 60e6;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?([Zz]|[+-]\d\d:?\d\d)$/;

function inRange(text: string | undefined, least: number, most: number): boolean {
  return Number(text) >= least && Number(text) <= most;
}

function toZoneMinutes(zone: string): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/**
 * Bytes of a body that a HAR holds as text, in UTF-8.
 *
 * mitmproxy writes a byte that is not UTF-8 as a lone surrogate (U+DC80 to U+DCFF,
 * Python's "surrogateescape", PEP 383): such a one becomes that byte again.
 */
export function toBodyBytes(text: string): Uint8Array {
  if (!ESCAPED_BYTE.test(text)) return toUtf8(text);
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  let from = 0;
  const append = (piece: Uint8Array): void => {
    bytes.set(piece, at);
    at += piece.length;
  };
  for (const { index } of text.matchAll(ESCAPED_BYTES)) {
    append(toUtf8(text.slice(from, index)));
    bytes[at++] = text.charCodeAt(index) & 0xff;
    from = index + 1;
  }
  append(toUtf8(text.slice(from)));
  return bytes.slice(0, at);
}

/** In Unicode mode a surrogate in a pattern matches only a lone one. */
const ESCAPED_BYTE = /[\udc80-\udcff]/u;
const ESCAPED_BYTES = /[\udc80-\udcff]/gu;

/** Bytes of text that is base64 if `isBase64`; undefined where it should be and is not. */
export function toEncodedBytes(text: string, isBase64: boolean): Uint8Array | undefined {
  return isBase64 ? fromBase64(text) : toBodyBytes(text);
}
