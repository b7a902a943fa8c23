/**
 * The record layer of TLS over a stream: finds where records begin and end, hands their bytes on
 * as they come and holds nothing but a header that two chunks share.
 *
 *     record: type 1, version 2, length 2, fragment
 *
 * After lost bytes it looks for the next plausible header: at once where the loss lies inside one
 * record, whose length is known, else in the chunks that follow.
 *
 * Source: RFC 8446 §5.1.
 *
 * @module
 */
import { uint8, uint16 } from "../../bytes/uint.ts";
import { MAX_TLS_RECORD_BYTES } from "../../limits.ts";
import { CONTENT } from "./codes.ts";

/** Bytes of a record's header. */
export const RECORD_HEADER_BYTES = 5;

/** Takes what {@link RecordReader} finds. Each byte pushed is handed on in exactly one call. */
export interface RecordHandler {
  /** A header is whole: `RECORD_HEADER_BYTES` bytes are accounted for by this call. */
  begin(type: number, length: number): void;
  /** The next bytes of the record's fragment; `offset` is that of `bytes[from]` in the stream. */
  body(bytes: Uint8Array, from: number, to: number, offset: number): void;
  /** The fragment is whole, but for what a gap took. */
  finish(): void;
  /** Bytes of the current fragment were lost. */
  spoil(): void;
  /** `count` bytes belong to no record that can be told: `lost` after a gap, `broken` after a bad header. */
  skip(count: number, why: "lost" | "broken"): void;
  /** A header at `offset` in the stream is none. */
  badHeader(offset: number, type: number, version: number, length: number): void;
}

/** Whether `bytes[at, end)`, 5 bytes at least, begins with a header that a TLS peer may send. */
export function isRecordHeader(bytes: Uint8Array, at: number): boolean {
  const type = uint8(bytes, at);
  return (
    type >= CONTENT.changeCipherSpec &&
    type <= CONTENT.heartbeat &&
    uint8(bytes, at + 1) === 3 && // SSL 3.0 to TLS 1.3 all have major version 3.
    uint8(bytes, at + 2) <= 4 &&
    uint16(bytes, at + 3) <= MAX_TLS_RECORD_BYTES
  );
}

/** Frames one side of a connection. */
export class RecordReader {
  readonly #handler: RecordHandler;
  /** A header that chunks share; most connections have none. */
  #header: Uint8Array | undefined = undefined;
  /** Bytes of the next header that are held. */
  #held = 0;
  /** Bytes of the current fragment that are due. */
  #due = 0;
  /** Why the reader is out of step, if it is. */
  #astray: "lost" | "broken" | undefined = undefined;

  constructor(handler: RecordHandler) {
    this.#handler = handler;
  }

  /** Bytes taken but not yet handed on. */
  get held(): number {
    return this.#held;
  }

  /** Bytes of the current fragment that are due. */
  get due(): number {
    return this.#due;
  }

  push(bytes: Uint8Array, start: number, end: number, offset: number): void {
    let at = start;
    while (at < end) {
      if (this.#astray !== undefined) at = this.#resume(bytes, at, end);
      else if (this.#due === 0) at = this.#readHeader(bytes, at, end, offset - start);
      else {
        const to = Math.min(end, at + this.#due);
        this.#handler.body(bytes, at, to, offset + (at - start));
        this.#due -= to - at;
        at = to;
        if (this.#due === 0) this.#handler.finish();
      }
    }
  }

  /** `length` bytes were sent but are not there. */
  gap(length: number): void {
    if (this.#astray !== undefined) return;
    const inside = this.#due > 0;
    if (inside) this.#handler.spoil();
    if (inside && length <= this.#due) {
      this.#due -= length;
      if (this.#due === 0) this.#handler.finish();
      return;
    }
    this.#due = 0;
    this.#astray = "lost";
    this.#dropHeader("lost");
  }

  /** Hands on what is held, as lost. */
  end(): void {
    this.#dropHeader("lost");
  }

  #dropHeader(why: "lost" | "broken"): void {
    if (this.#held > 0) this.#handler.skip(this.#held, why);
    this.#held = 0;
  }

  /** `base` is what to add to an index of `bytes` to have the offset in the stream. */
  #readHeader(bytes: Uint8Array, from: number, end: number, base: number): number {
    let header = bytes;
    let at = from;
    let next = from + RECORD_HEADER_BYTES;
    if (this.#held > 0 || next > end) {
      const count = Math.min(RECORD_HEADER_BYTES - this.#held, end - from);
      const shared = (this.#header ??= new Uint8Array(RECORD_HEADER_BYTES));
      shared.set(bytes.subarray(from, from + count), this.#held);
      this.#held += count;
      if (this.#held < RECORD_HEADER_BYTES) return end;
      header = shared;
      at = 0;
      next = from + count;
    }
    const length = uint16(header, at + 3);
    if (!isRecordHeader(header, at)) {
      const offset = base + next - RECORD_HEADER_BYTES;
      this.#handler.badHeader(offset, uint8(header, at), uint16(header, at + 1), length);
      this.#astray = "broken";
      // What an earlier chunk held cannot be searched again.
      if (this.#held === 0) return from;
      this.#held = RECORD_HEADER_BYTES;
      this.#dropHeader("broken");
      return next;
    }
    this.#held = 0;
    this.#due = length;
    this.#handler.begin(uint8(header, at), length);
    if (length === 0) this.#handler.finish();
    return next;
  }

  #resume(bytes: Uint8Array, from: number, end: number): number {
    const why = this.#astray ?? "lost";
    const at = findRecord(bytes, from, end, why === "lost");
    if (at > from) this.#handler.skip(at - from, why);
    if (at < end) this.#astray = undefined;
    return at;
  }
}

/**
 * Index of the next record in `bytes[from, end)`, or `end`. Segments mostly begin where records
 * do, so that at `from`, with `atStart`, one header is enough; elsewhere the record must end with
 * the chunk or another header must follow it.
 */
function findRecord(bytes: Uint8Array, from: number, end: number, atStart: boolean): number {
  for (let at = from; at + RECORD_HEADER_BYTES <= end; at++) {
    if (!isRecordHeader(bytes, at)) continue;
    const next = at + RECORD_HEADER_BYTES + uint16(bytes, at + 3);
    if (next === end || (atStart && at === from && next > end)) return at;
    if (next + RECORD_HEADER_BYTES <= end && isRecordHeader(bytes, next)) return at;
  }
  return end;
}
