/**
 * Hexadecimal text (RFC 4648 §8), where what it stands for is text or another known form.
 *
 * @module
 */
import { hasOnly, TRAIT } from "../byte-traits.ts";
import type { Recoder } from "../codec.ts";
import { BINARY_HINT, VALUE_HINT } from "../codec.ts";
import { looksLikeText } from "../byte-traits.ts";
import { looksMeant } from "./evidence.ts";

export const HEX: Recoder = {
  kind: "recode",
  name: "hex",
  opaque: false,
  applies: ({ bytes, traits }) =>
    hasOnly(traits, DIGITS) && bytes.length >= MIN_DIGITS && bytes.length % 2 === 0,
  recode: ({ bytes }) => {
    const out = new Uint8Array(bytes.length / 2);
    for (let i = 0; i < out.length; i++) {
      out[i] = digitOf(bytes[2 * i] ?? 0) * 16 + digitOf(bytes[2 * i + 1] ?? 0);
    }
    if (!looksMeant(out)) return undefined;
    return { operation: "hex", bytes: out, hint: looksLikeText(out) ? VALUE_HINT : BINARY_HINT };
  },
};

function digitOf(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

const DIGITS = TRAIT.digit | TRAIT.hexLower | TRAIT.hexUpper;
const MIN_DIGITS = 16;
