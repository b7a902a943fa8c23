/**
 * Request targets and URLs: path segments and query parameters (RFC 9112 §3.2, RFC 3986 §3).
 * A text that begins like a URL and has a query is taken for one: redirects and referrers carry
 * other requests within.
 *
 * @module
 */
import { fromLatin1 } from "../../bytes/text.ts";
import { TRAIT } from "../byte-traits.ts";
import type { Members, Splitter, Value } from "../codec.ts";
import { FORM_VALUE_HINT, VALUE_HINT } from "../codec.ts";
import { indexOf, splitPairs } from "./pairs.ts";

export const REQUEST_TARGET: Splitter = {
  kind: "split",
  name: "request-target",
  applies: (value) => value.hint.form === "request-target" || looksLikeUrl(value),
  split: ({ bytes }, members) => {
    const pathStart = afterAuthority(bytes);
    const fragment = indexOf(bytes, HASH, pathStart, bytes.length);
    const query = indexOf(bytes, QUESTION_MARK, pathStart, fragment);
    splitPath(bytes, pathStart, query, members);
    if (query < fragment) {
      const syntax = {
        operation: "query",
        separator: AMPERSAND,
        trims: false,
        hint: FORM_VALUE_HINT,
      };
      splitPairs(bytes, { start: query + 1, end: fragment }, syntax, members);
    }
    if (fragment + 1 < bytes.length) {
      const [start, end] = [fragment + 1, bytes.length];
      const place = { operation: "fragment", at: "#", key: "", start, end };
      members.add({
        ...place,
        bytes: bytes.subarray(start, end),
        verbatim: true,
        hint: VALUE_HINT,
      });
    }
  },
};

function splitPath(bytes: Uint8Array, start: number, end: number, members: Members): void {
  let index = 0;
  for (let at = start; at < end;) {
    const next = indexOf(bytes, SLASH, at, end);
    if (next > at) {
      const isTaken = members.add({
        operation: "path",
        at: `[${index}]`,
        key: "",
        bytes: bytes.subarray(at, next),
        start: at,
        end: next,
        verbatim: true,
        hint: VALUE_HINT,
      });
      if (!isTaken) return;
      index++;
    }
    at = next + 1;
  }
}

function looksLikeUrl({ bytes, traits, hint }: Value): boolean {
  if (bytes[0] !== 0x68 || (traits & NEVER) !== 0 || hint.form === "body") return false;
  if (!/^https?:\/\//.test(fromLatin1(bytes, 0, 8))) return false;
  const path = afterAuthority(bytes);
  return indexOf(bytes, QUESTION_MARK, path, bytes.length) < bytes.length;
}

/** Where the path begins: after `scheme://authority`, if there is one. */
function afterAuthority(bytes: Uint8Array): number {
  const colon = indexOf(bytes, COLON, 0, Math.min(bytes.length, MAX_SCHEME_BYTES));
  if (bytes[colon] !== COLON || bytes[colon + 1] !== SLASH || bytes[colon + 2] !== SLASH) return 0;
  let at = colon + 3;
  while (
    at < bytes.length &&
    bytes[at] !== SLASH &&
    bytes[at] !== QUESTION_MARK &&
    bytes[at] !== HASH
  )
    at++;
  return at;
}

const MAX_SCHEME_BYTES = 32;
const NEVER = TRAIT.control | TRAIT.lineEnd | TRAIT.blank;
const SLASH = 0x2f;
const COLON = 0x3a;
const QUESTION_MARK = 0x3f;
const HASH = 0x23;
const AMPERSAND = 0x26;
