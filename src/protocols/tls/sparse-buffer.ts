/**
 * Bytes that come in pieces, in any order and more than once: fragments of a DTLS message, CRYPTO
 * frames of QUIC. What came first stays; what comes again changes nothing.
 *
 * @module
 */
import { MAX_SPARSE_RANGES } from "../../limits.ts";

/** A stretch of bytes from offset 0 to at most `limit`, filled piece by piece. */
export class SparseBuffer {
  readonly #limit: number;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Filled ranges, start and end in turn, sorted, neither overlapping nor touching. */
  #ranges: number[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that are there from offset 0 on without a hole; `bytes[0, filled)` are valid. */
  get filled(): number {
    return this.#ranges[0] === 0 ? (this.#ranges[1] ?? 0) : 0;
  }

  /** Offset of the byte after the last one that is there. */
  get extent(): number {
    return this.#ranges[this.#ranges.length - 1] ?? 0;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Puts `bytes[from, to)` at `offset`.
   *
   * @returns Whether it was taken; not where it goes over the limits.
   */
  write(offset: number, bytes: Uint8Array, from: number, to: number): boolean {
    const end = offset + (to - from);
    if (to <= from) return true;
    if (end > this.#limit || this.#ranges.length >= MAX_SPARSE_RANGES * 2) return false;
    this.#grow(end);
    const ranges: number[] = [];
    let start = offset;
    let stop = end;
    let next = offset; // First byte of the piece that is not yet decided about.
    for (let i = 0; i < this.#ranges.length; i += 2) {
      const rangeStart = this.#ranges[i] ?? 0;
      const rangeEnd = this.#ranges[i + 1] ?? 0;
      if (rangeEnd < offset || rangeStart > end) {
        ranges.push(rangeStart, rangeEnd);
        continue;
      }
      if (rangeStart > next) {
        this.#bytes.set(bytes.subarray(from + (next - offset), from + (rangeStart - offset)), next);
      }
      next = Math.max(next, rangeEnd);
      start = Math.min(start, rangeStart);
      stop = Math.max(stop, rangeEnd);
    }
    if (next < end) this.#bytes.set(bytes.subarray(from + (next - offset), to), next);
    this.#ranges = insertRange(ranges, start, stop);
    return true;
  }

  #grow(size: number): void {
    if (size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(size, this.#bytes.length * 2)));
    larger.set(this.#bytes, 0);
    this.#bytes = larger;
  }
}

function insertRange(ranges: number[], start: number, end: number): number[] {
  let at = 0;
  while (at < ranges.length && (ranges[at] ?? 0) < start) at += 2;
  ranges.splice(at, 0, start, end);
  return ranges;
}
