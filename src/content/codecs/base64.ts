/**
 * Base64, standard and URL-safe (RFC 4648 §4 and §5), padded or not, also broken over lines. Many
 * words are base64 by their letters: what comes out must look meant, or the text must have
 * what words have not.
 *
 * @module
 */
import { hasOnly, looksLikeText, TRAIT } from "../byte-traits.ts";
import type { Recoder, Value } from "../codec.ts";
import { BINARY_HINT, VALUE_HINT } from "../codec.ts";
import { looksMeant } from "./evidence.ts";

export const BASE64: Recoder = {
  kind: "recode",
  name: "base64",
  opaque: false,
  applies: ({ bytes, traits, hint }) => {
    if (bytes.length < MIN_CHARACTERS || !hasOnly(traits, ALPHABET)) return false;
    // Both alphabets at once is neither; all digits is a number.
    if ((traits & TRAIT.plusSlash) !== 0 && (traits & TRAIT.dash) !== 0) return false;
    return hint.form !== "request-target" && !hasOnly(traits, TRAIT.digit);
  },
  recode: (value) => {
    const bytes = decode(value.bytes);
    if (bytes === undefined) return undefined;
    const isText = looksLikeText(bytes);
    if (!isText && !isMixed(value) && !looksMeant(bytes)) return undefined;
    return { operation: "base64", bytes, hint: isText ? VALUE_HINT : BINARY_HINT };
  },
};

/** Letters of both cases and digits, at a length that only padded base64 must have. */
function isMixed({ bytes, traits }: Value): boolean {
  const hasUpper = (traits & (TRAIT.upper | TRAIT.hexUpper)) !== 0;
  const hasLower = (traits & (TRAIT.lower | TRAIT.hexLower)) !== 0;
  const hasDigit = (traits & TRAIT.digit) !== 0;
  const isPadded = (traits & (TRAIT.equals | TRAIT.plusSlash)) !== 0;
  const isLong = bytes.length >= MIN_MIXED_CHARACTERS && bytes.length % 4 === 0;
  return isLong && hasUpper && hasLower && hasDigit && isPadded;
}

/** undefined where padding or length are wrong, or bits beyond the last byte are set. */
function decode(text: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let to = 0;
  let value = 0;
  let bits = 0;
  let digits = 0;
  let pads = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGIT[text[i] ?? 0] ?? -1;
    if (digit < 0) {
      if (text[i] === PAD) pads++;
      continue; // a line end
    }
    if (pads > 0) return undefined;
    digits++;
    value = ((value << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[to++] = (value >> bits) & 0xff;
    }
  }
  if (digits % 4 === 1 || pads > 2 || (pads > 0 && (digits + pads) % 4 !== 0)) return undefined;
  return (value & ((1 << bits) - 1)) === 0 ? out.subarray(0, to) : undefined;
}

const PAD = 0x3d;
const MIN_CHARACTERS = 8;
const MIN_MIXED_CHARACTERS = 20;
const ALPHABET =
  TRAIT.digit |
  TRAIT.hexLower |
  TRAIT.hexUpper |
  TRAIT.lower |
  TRAIT.upper |
  TRAIT.plusSlash |
  TRAIT.dash |
  TRAIT.equals |
  TRAIT.lineEnd;

const DIGIT: Int8Array = new Int8Array(256).fill(-1);
for (const alphabet of ["+/", "-_"]) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + alphabet;
  for (let i = 0; i < letters.length; i++) DIGIT[letters.charCodeAt(i)] = i;
}
