/**
 * Header and trailer fields of an HTTP/1 message.
 *
 *     field-line = field-name ":" OWS field-value OWS      (RFC 9112 §5)
 *     obs-fold   = OWS CRLF RWS                            (RFC 9112 §5.2)
 *
 * A bare LF ends a line as well (RFC 9112 §2.2).
 *
 * @module
 */
import { fromLatin1 } from "../../bytes/text.ts";
import { MAX_HTTP_HEADERS } from "../../limits.ts";
import type { HttpHeader } from "../message.ts";

/** A field and where its value stands. */
export interface Field extends HttpHeader {
  readonly lowerName: string;
  /** Range of the value in the bytes read; of a folded value, from its first to its last byte. */
  readonly start: number;
  readonly end: number;
  /** Whether the value was folded over lines, so that it does not stand in the bytes as it is. */
  readonly folded: boolean;
}

/** What a field section holds. */
export interface FieldSection {
  readonly fields: readonly Field[];
  /** Where the first line stands that is no field, and how many there are; -1 and 0 where all are. */
  readonly badAt: number;
  readonly badLines: number;
  /** Where the fields beyond the limit begin; -1 where there are none. */
  readonly restAt: number;
}

/** Reads the field lines in `bytes[start, end)`, up to an empty line or the end. */
export function readFields(bytes: Uint8Array, start: number, end: number): FieldSection {
  const fields: Field[] = [];
  let badAt = -1;
  let badLines = 0;
  let at = start;
  while (at < end) {
    const next = lineAfter(bytes, at, end);
    const stop = trimLineEnd(bytes, at, next);
    if (stop === at) break;
    if (fields.length === MAX_HTTP_HEADERS) return { fields, badAt, badLines, restAt: at };
    const last = fields.at(-1);
    const field = isBlank(bytes[at])
      ? last && unfold(last, bytes, at, stop)
      : readField(bytes, at, stop);
    if (field === undefined) {
      if (badAt < 0) badAt = at;
      badLines++;
    } else {
      if (isBlank(bytes[at])) fields.pop();
      fields.push(field);
    }
    at = next;
  }
  return { fields, badAt, badLines, restAt: -1 };
}

function readField(bytes: Uint8Array, start: number, end: number): Field | undefined {
  const colon = bytes.indexOf(COLON, start);
  if (colon <= start || colon >= end) return undefined;
  let nameEnd = colon;
  while (nameEnd > start && isBlank(bytes[nameEnd - 1])) nameEnd--;
  const name = fromLatin1(bytes, start, nameEnd);
  let from = colon + 1;
  let to = end;
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  return {
    name,
    lowerName: name.toLowerCase(),
    value: fromLatin1(bytes, from, to),
    start: from,
    end: to,
    folded: false,
  };
}

/** Joins a folded line with one blank, as RFC 9112 §5.2 has it. */
function unfold(field: Field, bytes: Uint8Array, start: number, end: number): Field {
  const more = fromLatin1(bytes, start, end).trim();
  const value = field.value === "" ? more : `${field.value} ${more}`;
  return { ...field, value, end, folded: true };
}

function lineAfter(bytes: Uint8Array, at: number, end: number): number {
  const lf = bytes.indexOf(LF, at);
  return lf < 0 || lf >= end ? end : lf + 1;
}

function trimLineEnd(bytes: Uint8Array, start: number, end: number): number {
  let stop = end;
  if (stop > start && bytes[stop - 1] === LF) stop--;
  if (stop > start && bytes[stop - 1] === CR) stop--;
  return stop;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
