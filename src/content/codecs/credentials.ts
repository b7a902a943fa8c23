/**
 * Credentials of the `Authorization` kind: a scheme, a blank and a token (RFC 9110 §11.4). The token is
 * given for further decoding, since after the scheme nobody would take it for base64.
 *
 * @module
 */
import { fromLatin1 } from "../../bytes/text.ts";
import { TRAIT } from "../byte-traits.ts";
import type { Splitter } from "../codec.ts";
import { VALUE_HINT } from "../codec.ts";

export const CREDENTIALS: Splitter = {
  kind: "split",
  name: "credentials",
  applies: ({ bytes, traits, hint }) => {
    if ((traits & TRAIT.blank) === 0 || (traits & NEVER) !== 0 || hint.form === "body")
      return false;
    return tokenStart(bytes) > 0;
  },
  split: ({ bytes }, members) => {
    const start = tokenStart(bytes);
    const end = bytes.length;
    const scheme = fromLatin1(bytes, 0, start - 1);
    const token = { bytes: bytes.subarray(start, end), start, end, verbatim: true };
    members.add({ operation: "credentials", at: scheme, key: "", ...token, hint: VALUE_HINT });
  },
};

/** Where the token begins; 0 where this is not a known scheme with one token. */
function tokenStart(bytes: Uint8Array): number {
  const blank = bytes.indexOf(SPACE);
  if (blank < 0 || blank > MAX_SCHEME_BYTES || bytes.indexOf(SPACE, blank + 1) >= 0) return 0;
  return SCHEMES.has(fromLatin1(bytes, 0, blank).toLowerCase()) ? blank + 1 : 0;
}

const NEVER = TRAIT.control | TRAIT.high | TRAIT.lineEnd;
const SPACE = 0x20;
const MAX_SCHEME_BYTES = 12;
/** Of IANA's HTTP Authentication Schemes those with a single token, and two in common use. */
const SCHEMES: ReadonlySet<string> = new Set([
  "basic",
  "bearer",
  "negotiate",
  "dpop",
  "ntlm",
  "token",
]);
