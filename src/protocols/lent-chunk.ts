/**
 * Chunks that this stage itself shows to dissectors: bytes that were held, and parts of a chunk.
 *
 * @module
 */
import type { Chunk } from "../flows/flow.ts";

/** A {@link Chunk} whose fields are set before each showing. */
export class LentChunk implements Chunk {
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  offset = 0;
  frame = 0;
  input = 0;
  ts = NaN;
  missing = 0;

  /** Shows the part of `chunk` that is `[from, to)` in the stream. */
  showPart(chunk: Chunk, from: number, to: number): this {
    this.bytes = chunk.bytes;
    this.start = chunk.start + (from - chunk.offset);
    this.end = chunk.start + (to - chunk.offset);
    this.offset = from;
    this.frame = chunk.frame;
    this.input = chunk.input;
    this.ts = chunk.ts;
    this.missing = this.end === chunk.end ? (chunk.missing ?? 0) : 0;
    return this;
  }
}

/** `chunk` with bytes of its own, for keeping. */
export function toKeptChunk(chunk: Chunk): Chunk {
  const bytes = chunk.bytes.slice(chunk.start, chunk.end);
  const { offset, frame, input, ts, missing = 0 } = chunk;
  return { bytes, start: 0, end: bytes.length, offset, frame, input, ts, missing };
}

const EMPTY = new Uint8Array(0);
