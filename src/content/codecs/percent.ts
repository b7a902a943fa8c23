/**
 * Percent-encoding (RFC 3986 §2.1), with `+` for a blank in forms and queries
 * (https://url.spec.whatwg.org/#urlencoded-parsing).
 *
 * @module
 */
import { TRAIT } from "../byte-traits.ts";
import type { Recoder, Value } from "../codec.ts";
import { VALUE_HINT } from "../codec.ts";

export const PERCENT: Recoder = {
  kind: "recode",
  name: "percent",
  opaque: false,
  applies: (value) => {
    if (value.hint.form === "body" || value.hint.form === "binary") return false;
    return (value.traits & TRAIT.percent) !== 0 || isPlus(value);
  },
  recode: (value) => {
    const { bytes } = value;
    const plus = isPlus(value);
    const out = new Uint8Array(bytes.length);
    let to = 0;
    let changes = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const decoded = byte === PERCENT_SIGN ? pairAt(bytes, at + 1) : -1;
      if (decoded >= 0) {
        out[to++] = decoded;
        at += 2;
        changes++;
      } else {
        const isBlank = plus && byte === PLUS;
        out[to++] = isBlank ? 0x20 : byte;
        if (isBlank) changes++;
      }
    }
    if (changes === 0) return undefined;
    // A recipe says which of the two was done.
    const operation = plus ? "percent-plus" : "percent";
    return { operation, bytes: out.subarray(0, to), hint: VALUE_HINT };
  },
};

function isPlus({ bytes, traits, hint }: Value): boolean {
  const mayHave = hint.form === "form-value" && (traits & TRAIT.plusSlash) !== 0;
  return mayHave && bytes.includes(PLUS);
}

/** Value of the two hexadecimal digits at `at`, or -1. */
function pairAt(bytes: Uint8Array, at: number): number {
  const high = digitOf(bytes[at] ?? 0);
  const low = digitOf(bytes[at + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const PERCENT_SIGN = 0x25;
const PLUS = 0x2b;
