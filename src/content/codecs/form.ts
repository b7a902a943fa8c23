/**
 * Forms: `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#application/x-www-form-urlencoded),
 * also where nothing but the look of a value says so. Values are given as sent; percent-encoding is
 * another layer.
 *
 * @module
 */
import { TRAIT } from "../byte-traits.ts";
import type { Splitter, Value } from "../codec.ts";
import { essenceOf, FORM_VALUE_HINT } from "../codec.ts";
import { indexOf, splitPairs } from "./pairs.ts";

export const FORM: Splitter = {
  kind: "split",
  name: "form",
  applies: (value) => isAnnounced(value) || looksLikeForm(value),
  split: ({ bytes }, members) => {
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
    const syntax = { operation: "form", separator: AMPERSAND, trims: false, hint: FORM_VALUE_HINT };
    splitPairs(bytes, { start: 0, end }, syntax, members);
  },
};

function isAnnounced({ hint, traits }: Value): boolean {
  // Some send binary content under this media type.
  const isText = (traits & (TRAIT.control | TRAIT.high)) === 0;
  return isText && essenceOf(hint.mediaType) === "application/x-www-form-urlencoded";
}

/** At least two pairs, each with a plain name. */
function looksLikeForm({ bytes, traits, hint }: Value): boolean {
  if ((traits & TRAIT.equals) === 0 || (traits & NEVER) !== 0 || hint.form === "binary")
    return false;
  const first = indexOf(bytes, AMPERSAND, 0, bytes.length);
  if (first === bytes.length) return false;
  let at = 0;
  while (at < bytes.length) {
    const next = indexOf(bytes, AMPERSAND, at, bytes.length);
    const equals = indexOf(bytes, EQUALS, at, next);
    if (equals === at || (equals === next && next !== bytes.length)) return false;
    for (let i = at; i < equals; i++) if (!isNameByte(bytes[i] ?? 0)) return false;
    at = next + 1;
  }
  return true;
}

function isNameByte(byte: number): boolean {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isLetter || (byte >= 0x30 && byte <= 0x39) || NAME_MARKS.includes(byte);
}

const NAME_MARKS: readonly number[] = Array.from("._-[]%$:+", (mark) => mark.charCodeAt(0));
const NEVER = TRAIT.control | TRAIT.high | TRAIT.lineEnd | TRAIT.blank;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
