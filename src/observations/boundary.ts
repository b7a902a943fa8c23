/**
 * Whether a match stands alone, or is a part of something longer: fifteen digits inside
 * forty are no IMEI. Where the value was found in base64 or hexadecimal, its neighbours
 * are decoded first.
 *
 * @module
 */
import { fromBase64 } from "../bytes/base64.ts";
import { fromLatin1 } from "../bytes/text.ts";
import type { Boundary } from "./form.ts";

/** How the neighbours of a match are written. */
export type NeighbourCoding =
  | "plain" // as characters; a character may be escaped (%2F, \u002f)
  | "hex" // two digits a byte
  | "base64"; // see `shift`

/** What must hold around a match. */
export interface BoundaryRule {
  readonly boundary: Boundary;
  readonly coding: NeighbourCoding;
  /** base64: bytes before the value in its first group of three. */
  readonly shift: number;
  /** base64: the value itself; the match holds only the characters that no neighbour touches. */
  readonly value: Uint8Array;
}

/** Bytes on either side of a match that a rule may look at. */
export const NEIGHBOUR_BYTES = 8;

/** Whether `bytes[at, stop)`, a match in `bytes[start, end)`, stands as `rule` wants. */
export function standsAlone(
  rule: BoundaryRule,
  window: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  at: number,
  stop: number,
): boolean {
  const { bytes, start, end } = window;
  switch (rule.coding) {
    case "plain": {
      if (rule.boundary === "none") return true;
      const before = isEscapeEnd(bytes, start, at) ? NONE : byteAt(bytes, start, end, at - 1);
      if (rule.boundary === "digit-two-more") {
        return (
          !isDigit(before) &&
          isDigit(byteAt(bytes, start, end, stop)) &&
          isDigit(byteAt(bytes, start, end, stop + 1)) &&
          !isDigit(byteAt(bytes, start, end, stop + 2))
        );
      }
      return fits(rule.boundary, before, byteAt(bytes, start, end, stop));
    }
    case "hex":
      return fits(rule.boundary, pairAt(window, at - 2), pairAt(window, stop));
    case "base64":
      return fitsBase64(rule, window, at, stop);
  }
}

function fits(boundary: Boundary, before: number, after: number): boolean {
  switch (boundary) {
    case "none":
      return true;
    case "digit":
      return !isDigit(before) && !isDigit(after);
    case "digit-before":
    case "digit-two-more":
      return !isDigit(before);
    case "hex":
      return !isHexDigit(before) && !isHexDigit(after);
    case "word":
      return !isWord(before) && !isWord(after);
  }
}

/**
 * Decodes the groups that the match touches, and one more on each side, and looks for the value
 * where its shift says: so the characters that it shares with its neighbours are checked as well.
 */
function fitsBase64(
  rule: BoundaryRule,
  {
    bytes,
    start,
    end,
  }: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  at: number,
  stop: number,
): boolean {
  const group = at - (FIRST_CHARACTER[rule.shift] ?? 0);
  if (group < start) return false;
  let from = group;
  while (from > group - 4 && from > start && isBase64(bytes[from - 1])) from--;
  const hasGroupBefore = from === group - 4;
  if (!hasGroupBefore) from = group;
  let to = stop;
  const last = group + Math.ceil((stop - group) / 4) * 4 + 4;
  while (to < last && to < end && isBase64(bytes[to])) to++;
  if ((to - from) % 4 === 1) to--;
  const decoded = fromBase64(fromLatin1(bytes, from, to));
  if (decoded === undefined) return false;
  const valueAt = (hasGroupBefore ? 3 : 0) + rule.shift;
  for (let i = 0; i < rule.value.length; i++) {
    if (decoded[valueAt + i] !== rule.value[i]) return false;
  }
  const before = valueAt > 0 ? (decoded[valueAt - 1] ?? NONE) : NONE;
  return fits(rule.boundary, before, decoded[valueAt + rule.value.length] ?? NONE);
}

/** Characters of the first group that bytes before the value touch, by the number of those bytes. */
const FIRST_CHARACTER: readonly number[] = [0, 2, 3];
const NONE = -1;

function byteAt(bytes: Uint8Array, start: number, end: number, at: number): number {
  return at >= start && at < end ? (bytes[at] ?? NONE) : NONE;
}

function pairAt(
  window: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  at: number,
): number {
  const high = byteAt(window.bytes, window.start, window.end, at);
  const low = byteAt(window.bytes, window.start, window.end, at + 1);
  if (!isHexDigit(high) || !isHexDigit(low)) return NONE;
  return parseInt(String.fromCharCode(high, low), 16);
}

/** Whether the bytes before `at` are an escaped character: `%2F` (RFC 3986 §2.1) or `\u002f` (RFC 8259 §7). */
function isEscapeEnd(bytes: Uint8Array, start: number, at: number): boolean {
  if (at - 3 >= start && bytes[at - 3] === 0x25) {
    return isHexDigit(bytes[at - 2] ?? NONE) && isHexDigit(bytes[at - 1] ?? NONE);
  }
  if (at - 6 < start || bytes[at - 6] !== 0x5c || bytes[at - 5] !== 0x75) return false;
  for (let i = at - 4; i < at; i++) if (!isHexDigit(bytes[i] ?? NONE)) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function isWord(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}

function isBase64(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isWord(byte) || byte === 0x2b || byte === 0x2f || byte === 0x2d || byte === 0x5f;
}
