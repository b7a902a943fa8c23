/**
 * Names with values, as queries, forms and cookies have them.
 *
 * @module
 */
import { fromUtf8 } from "../../bytes/text.ts";
import type { Hint, Members } from "../codec.ts";

/** How pairs are written. */
export interface PairSyntax {
  readonly operation: string;
  /** Byte between two pairs. */
  readonly separator: number;
  /** Whether blanks around names and values do not belong to them. */
  readonly trims: boolean;
  readonly hint: Hint;
}

/**
 * Gives each pair in `bytes[start, end)` as a member named as sent. What has no `=` is a value
 * without a name.
 */
export function splitPairs(
  bytes: Uint8Array,
  range: { readonly start: number; readonly end: number },
  syntax: PairSyntax,
  members: Members,
): void {
  let at = range.start;
  let index = 0;
  while (at <= range.end) {
    const next = indexOf(bytes, syntax.separator, at, range.end);
    const equals = indexOf(bytes, EQUALS, at, next);
    const nameEnd = equals === next ? at : equals;
    const [start, end] = syntax.trims
      ? trim(bytes, equals === next ? at : equals + 1, next)
      : [equals === next ? at : equals + 1, next];
    if (end > start) {
      const [nameFrom, nameTo] = syntax.trims ? trim(bytes, at, nameEnd) : [at, nameEnd];
      const name = fromUtf8(bytes.subarray(nameFrom, nameTo));
      const isTaken = members.add({
        operation: syntax.operation,
        at: name === "" ? `[${index}]` : name,
        key: name,
        bytes: bytes.subarray(start, end),
        start,
        end,
        verbatim: true,
        hint: syntax.hint,
      });
      if (!isTaken) return;
    }
    index++;
    at = next + 1;
  }
}

/** Place of `byte` in `bytes[start, end)`, or `end`. */
export function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  // Not Uint8Array.indexOf: it would run on to the end of a long text for each short range.
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at;
  return end;
}

function trim(bytes: Uint8Array, start: number, end: number): [number, number] {
  let [from, to] = [start, end];
  while (from < to && bytes[from] === 0x20) from++;
  while (to > from && bytes[to - 1] === 0x20) to--;
  return [from, to];
}

const EQUALS = 0x3d;
