/**
 * The unread bytes of one side of a stream: what lets a dissector frame first and
 * decode second, whatever the segments. While every message lies whole in the segment
 * that brought it, nothing is copied; only what waits for more bytes is.
 *
 * @module
 */
import type { Chunk } from "../flows/flow.ts";

/**
 * Unread bytes, `bytes[start, end)`, of which the first is at `offset` in the stream.
 *
 * One push of a dissector: `append(chunk)`, then read and `skip` what is whole, then
 * `retain()`, since a chunk is lent for the call only. `bytes`, `start` and `end` change
 * with each of these calls.
 *
 * @example
 * buffer.append(chunk);
 * while (buffer.available >= 2) {
 *   const length = 2 + (((buffer.bytes[buffer.start] ?? 0) << 8) | (buffer.bytes[buffer.start + 1] ?? 0));
 *   if (buffer.available < length) break;
 *   read(buffer.view(length));
 *   buffer.skip(length);
 * }
 * buffer.retain();
 */
export class StreamBuffer {
  /** Buffer that holds the unread bytes: the chunk's own, or a copy. */
  bytes: Uint8Array = EMPTY;
  /** Offset of the first unread byte in `bytes`. */
  start = 0;
  /** Offset after the last unread byte in `bytes`. */
  end = 0;
  /** Place of the first unread byte in the stream. */
  offset = 0;
  #own: Uint8Array = EMPTY;
  #lent = false;

  /** Unread bytes. */
  get available(): number {
    return this.end - this.start;
  }

  /**
   * Takes the bytes that follow the unread ones. Without unread ones this is a view on the
   * chunk; else the bytes are copied behind them, at a cost in proportion to the chunk.
   */
  append(chunk: Chunk): void {
    this.appendRange(chunk, chunk.start);
  }

  /** {@link append} of `chunk.bytes[from, chunk.end)`; `from` is at least `chunk.start`. */
  appendRange(chunk: Chunk, from: number): void {
    const length = chunk.end - from;
    if (length <= 0) return;
    if (this.start === this.end) {
      this.bytes = chunk.bytes;
      this.start = from;
      this.end = chunk.end;
      this.offset = chunk.offset + (from - chunk.start);
      this.#lent = true;
      return;
    }
    this.#reserve(length);
    // A handful of bytes is copied faster here than by a view and `set`.
    if (length <= 16) {
      const { bytes } = chunk;
      for (let i = from, at = this.end; i < chunk.end; i++, at++) this.#own[at] = bytes[i] ?? 0;
    } else {
      this.#own.set(chunk.bytes.subarray(from, chunk.end), this.end);
    }
    this.end += length;
  }

  /** Makes the unread bytes this buffer's own. Must be called before the chunk's call returns. */
  retain(): void {
    if (this.start === this.end) this.#clear();
    else if (this.#lent) this.#reserve(0);
  }

  /**
   * Steps over `count` unread bytes.
   *
   * @throws {RangeError} if fewer are there: a defect of the caller, never of the input.
   */
  skip(count: number): void {
    if (count < 0 || count > this.available) {
      throw new RangeError(`Cannot skip ${count} bytes: ${this.available} are there`);
    }
    this.start += count;
    this.offset += count;
  }

  /**
   * A view of the first `count` unread bytes, valid until the next call.
   *
   * @throws {RangeError} if fewer are there.
   */
  view(count: number): Uint8Array {
    if (count < 0 || count > this.available) {
      throw new RangeError(`Cannot view ${count} bytes: ${this.available} are there`);
    }
    return this.bytes.subarray(this.start, this.start + count);
  }

  /** Drops the unread bytes; the next byte stands at `offset` in the stream (after a gap). */
  reset(offset: number): void {
    this.#clear();
    this.offset = offset;
  }

  /** Gives back what is large: a flow that once had a long message is not to hold it for hours. */
  #clear(): void {
    if (this.#own.length > KEPT_BYTES) this.#own = EMPTY;
    this.bytes = this.#own;
    this.start = 0;
    this.end = 0;
    this.#lent = false;
  }

  /**
   * Moves the unread bytes to a buffer of our own that has room for `more` behind them.
   * Doubling, and moving only when half is free, keep the cost for each byte constant.
   */
  #reserve(more: number): void {
    const length = this.end - this.start;
    const needed = length + more;
    if (!this.#lent && this.end + more <= this.#own.length) return;
    if (!this.#lent && needed * 2 <= this.#own.length) {
      this.#own.copyWithin(0, this.start, this.end);
    } else {
      let own = this.#own;
      const fits = this.#lent && needed <= own.length;
      if (!fits) own = new Uint8Array(Math.max(MIN_BYTES, needed, this.#lent ? 0 : needed * 2));
      own.set(this.bytes.subarray(this.start, this.end), 0);
      this.#own = own;
    }
    this.bytes = this.#own;
    this.start = 0;
    this.end = length;
    this.#lent = false;
  }
}

const EMPTY = new Uint8Array(0);
/** Bytes of the first buffer: room for the usual header that a segment border cuts. */
const MIN_BYTES = 64;
/** Bytes of buffer that an idle stream may keep. */
const KEPT_BYTES = 4096;
