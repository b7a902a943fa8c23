/**
 * JSON (RFC 8259), also inside strings, several texts in one (NDJSON), and cut short. Members are
 * named by JSONPath (RFC 9535); of several texts the n-th is `$[n]`.
 *
 * @module
 */
import { TRAIT } from "../byte-traits.ts";
import type { Members, Splitter, Value } from "../codec.ts";
import { essenceOf, LITERAL_HINT, VALUE_HINT } from "../codec.ts";
import type { JsonValue } from "./json-reader.ts";
import { readJson } from "./json-reader.ts";

export const JSON_TEXT: Splitter = {
  kind: "split",
  name: "json",
  applies: (value) => {
    const at = jsonStart(value);
    return at >= 0 && opensJson(value, at);
  },
  split: (value, members) => {
    const { bytes } = value;
    readJson(bytes, jsonStart(value), {
      severalTexts: hasSeveralTexts(bytes),
      value: (found) => addValue(bytes, found, members),
      trouble: (at, reason) => members.trouble(`${reason}, ${at} bytes into the text`),
    });
  },
};

function addValue(bytes: Uint8Array, found: JsonValue, members: Members): boolean {
  const { path, key, start, end, unescaped } = found;
  return members.add({
    operation: "json",
    at: path,
    key,
    bytes: unescaped ?? bytes.subarray(start, end),
    start,
    end,
    verbatim: unescaped === undefined,
    hint: found.isString ? VALUE_HINT : LITERAL_HINT,
  });
}

/** Where the text begins: after blanks, and after what some servers put before it against misuse. */
function jsonStart({ bytes, hint }: Value): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // )]}' and a line end
  if (hint.form === "body" && bytes[at] === 0x29 && bytes[at + 1] === 0x5d)
    at = bytes.indexOf(LF, at) + 1;
  while (isBlank(bytes[at])) at++;
  return at < bytes.length ? at : -1;
}

/** Whether what begins at `at` is an array or object, and not prose that begins with a bracket. */
function opensJson({ bytes, traits, hint }: Value, at: number): boolean {
  const open = bytes[at];
  if (open !== BRACE && open !== BRACKET) return false;
  if (hint.form === "cookie") return false;
  if (isJsonType(hint.mediaType)) return true;
  if ((traits & TRAIT.control) !== 0) return false;
  let next = at + 1;
  while (isBlank(bytes[next])) next++;
  const byte = bytes[next] ?? 0;
  if (open === BRACE) return byte === QUOTE && opensMember(bytes, next);
  if (
    byte !== QUOTE &&
    byte !== BRACE &&
    byte !== BRACKET &&
    !/[-\d]/.test(String.fromCharCode(byte))
  ) {
    return false;
  }
  // "[2021-03-04 …] started" begins like an array: only one that is whole is believed.
  let isWhole = true;
  readJson(bytes, at, { severalTexts: false, value: () => true, trouble: () => (isWhole = false) });
  return isWhole;
}

/** Whether a name in quotation marks at `at` is followed by a colon, or cut off before it. */
function opensMember(bytes: Uint8Array, at: number): boolean {
  const end = Math.min(bytes.length, at + MAX_NAME_BYTES);
  let next = at + 1;
  while (next < end && bytes[next] !== QUOTE) next += bytes[next] === BACKSLASH ? 2 : 1;
  next++;
  while (isBlank(bytes[next])) next++;
  return next >= end || bytes[next] === COLON;
}

function isJsonType(mediaType: string): boolean {
  const essence = essenceOf(mediaType);
  return essence.endsWith("json") || essence.endsWith("javascript");
}

/** A closing brace at the end of one line and an opening one at the start of the next: NDJSON. */
function hasSeveralTexts(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(LF); at > 0; at = bytes.indexOf(LF, at + 1)) {
    const before = bytes[at - 1] === CR ? bytes[at - 2] : bytes[at - 1];
    if (before === BRACE_END && bytes[at + 1] === BRACE) return true;
  }
  return false;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === LF || byte === CR || byte === 0x09;
}

const LF = 0x0a;
const CR = 0x0d;
/** Bytes of a first name that are looked at; longer ones are believed. */
const MAX_NAME_BYTES = 256;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACE = 0x7b;
const BRACE_END = 0x7d;
