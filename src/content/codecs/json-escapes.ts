/**
 * Escapes in JSON strings (RFC 8259 §7).
 *
 * @module
 */
import { toUtf8 } from "../../bytes/text.ts";

/** UTF-8 bytes of the string in `bytes[start, end)`; an escape that is none stays as it is. */
export function unescapeJson(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let to = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const escaped = bytes[at + 1] ?? 0;
    if (byte !== BACKSLASH || at + 1 >= end) {
      out[to++] = byte;
    } else if (escaped === LETTER_U && hexAt(bytes, at + 2, end) >= 0) {
      const [text, length] = codeUnits(bytes, at, end);
      // Six bytes of escape give at most three of UTF-8, so that `out` has room.
      const encoded = toUtf8(text);
      out.set(encoded, to);
      to += encoded.length;
      at += length - 1;
    } else {
      const plain = SHORT_ESCAPES.get(escaped);
      if (plain === undefined) out[to++] = byte;
      else at++;
      if (plain !== undefined) out[to++] = plain;
    }
  }
  return out.subarray(0, to);
}

/** One escaped character: of one code unit, or of two (a surrogate pair); and its length in bytes. */
function codeUnits(bytes: Uint8Array, at: number, end: number): [string, number] {
  const first = hexAt(bytes, at + 2, end);
  const isHigh = first >= 0xd800 && first < 0xdc00;
  if (isHigh && bytes[at + 6] === BACKSLASH && bytes[at + 7] === LETTER_U) {
    const second = hexAt(bytes, at + 8, end);
    if (second >= 0xdc00 && second < 0xe000) return [String.fromCharCode(first, second), 12];
  }
  return [String.fromCharCode(first), 6];
}

/** Four hexadecimal digits at `at`; -1 where there are none. */
function hexAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1;
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return -1;
  }
  return value;
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);
