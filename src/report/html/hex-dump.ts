/**
 * Bytes as rows of hexadecimal digits beside their characters, with the value marked in both.
 *
 * @module
 */
import { fromHex, toHex } from "../../bytes/hex.ts";
import { fromUtf8 } from "../../bytes/text.ts";
import { markup, trusted, visible, type Html } from "./escape.ts";

const ROW = 16;

/** Part of a row: marked or not. */
interface Run {
  readonly marked: boolean;
  readonly start: number;
  readonly end: number;
}

/** A stretch of bytes and the value within it, `[start, end)`. */
export interface Marked {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Bytes of an excerpt; undefined where the hex is none. */
export function toMarked(hex: string, start: number, end: number): Marked | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) return undefined;
  const bytes = fromHex(hex);
  const from = Math.min(start, bytes.length);
  return { bytes, start: from, end: Math.max(from, Math.min(end, bytes.length)) };
}

/** 16 bytes a row: offset, digits, characters of ASCII (`·` for others). */
export function hexDump(marked: Marked): Html {
  const rows: Html[] = [];
  for (let at = 0; at < marked.bytes.length; at += ROW) rows.push(dumpRow(marked, at));
  return markup`${rows}`;
}

function dumpRow(marked: Marked, at: number): Html {
  const { bytes } = marked;
  const end = Math.min(at + ROW, bytes.length);
  const runs = runsOf(marked, at, end);
  const digits = runs.map((run) => {
    const text = pairs(bytes, run.start, run.end);
    const gap = run.end < end ? " " : "";
    return run.marked ? markup`<mark>${text}</mark>${gap}` : `${text}${gap}`;
  });
  const characters = runs.map((run) => {
    const text = ascii(bytes, run.start, run.end);
    return run.marked ? markup`<mark>${text}</mark>` : text;
  });
  const padding = "   ".repeat(ROW - (end - at));
  return markup`<span class="offset">${at.toString(16).padStart(4, "0")}</span>  ${digits}${padding}  ${characters}${LINE_END}`;
}

/** `markup` shows a line feed in text by its code; this one is markup. */
const LINE_END = trusted("\n");

function runsOf({ start, end }: Marked, from: number, to: number): Run[] {
  const first = Math.min(Math.max(start, from), to);
  const last = Math.min(Math.max(end, first), to);
  return [
    { marked: false, start: from, end: first },
    { marked: true, start: first, end: last },
    { marked: false, start: last, end: to },
  ].filter((run) => run.end > run.start);
}

function pairs(bytes: Uint8Array, start: number, end: number): string {
  return toHex(bytes, start, end).replace(/..(?!$)/g, "$& ");
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (const byte of bytes.subarray(start, end)) {
    text += byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? " " : "·";
  }
  return text;
}

/** The same bytes read as UTF-8, the value marked. */
export function asText({ bytes, start, end }: Marked): Html {
  const part = (from: number, to: number): string => visible(fromUtf8(bytes.subarray(from, to)));
  return markup`${part(0, start)}<mark>${part(start, end)}</mark>${part(end, bytes.length)}`;
}
