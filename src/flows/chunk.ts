/**
 * The one chunk that is shown to the next stage again and again.
 *
 * @module
 */
import type { Chunk } from "./flow.ts";

const EMPTY = new Uint8Array(0);

/** A {@link Chunk} whose fields are set before each call. */
export class MutableChunk implements Chunk {
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  offset = 0;
  frame = 0;
  input = 0;
  ts = NaN;
  missing = 0;
}
