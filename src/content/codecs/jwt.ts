/**
 * JSON Web Tokens in compact form: three (signed) or five (encrypted) segments of base64url, split
 * by dots (RFC 7515 §7.1, RFC 7516 §7.1). The first one is always a JSON object, whence `eyJ`.
 *
 * @module
 */
import { hasOnly, TRAIT } from "../byte-traits.ts";
import type { Splitter } from "../codec.ts";
import { VALUE_HINT } from "../codec.ts";
import { indexOf } from "./pairs.ts";

export const JWT: Splitter = {
  kind: "split",
  name: "jwt",
  applies: ({ bytes, traits }) => {
    const [e, y, j] = bytes;
    if (e !== 0x65 || y !== 0x79 || j !== 0x4a || !hasOnly(traits, ALPHABET)) return false;
    let dots = 0;
    for (const byte of bytes) if (byte === DOT) dots++;
    return dots === 2 || dots === 4;
  },
  split: ({ bytes }, members) => {
    let index = 0;
    for (let at = 0; at <= bytes.length; index++) {
      const end = indexOf(bytes, DOT, at, bytes.length);
      const segment = { bytes: bytes.subarray(at, end), start: at, end, verbatim: true };
      const member = { operation: "jwt", at: `[${index}]`, key: "", ...segment, hint: VALUE_HINT };
      if (end > at && !members.add(member)) return;
      at = end + 1;
    }
  },
};

const DOT = 0x2e;
/** The dot is among `other`; what else is there makes no base64, and then a segment stays as it is. */
const ALPHABET =
  TRAIT.digit |
  TRAIT.hexLower |
  TRAIT.hexUpper |
  TRAIT.lower |
  TRAIT.upper |
  TRAIT.dash |
  TRAIT.other;
