/**
 * Bytes of names and strings as text that can be printed: as Wireshark shows them.
 *
 * @module
 */
import { fromLatin1, fromUtf8 } from "../../bytes/text.ts";

/**
 * UTF-8 text of `bytes[start, end)`. What is not UTF-8 becomes U+FFFD; control characters are
 * written as in C (`\n`, else three octal digits), other characters without a shape as `\uXXXX`.
 * Backslashes stay single, so the form is for reading and not for decoding.
 */
export function toDisplayText(bytes: Uint8Array, start: number, end: number): string {
  let isPlain = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e) isPlain = false;
  }
  if (isPlain) return fromLatin1(bytes, start, end);
  return fromUtf8(bytes.subarray(start, end)).replace(UNPRINTABLE, escapeOf);
}

/** Control, format, surrogate and unassigned characters; private ones have a shape to somebody. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}]/gu;

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const named = NAMED.get(code);
  if (named !== undefined) return named;
  if (code < 0x80) return `\\${code.toString(8).padStart(3, "0")}`;
  const digits = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}

const NAMED: ReadonlyMap<number, string> = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [9, "\\t"],
  [10, "\\n"],
  [11, "\\v"],
  [12, "\\f"],
  [13, "\\r"],
]);
