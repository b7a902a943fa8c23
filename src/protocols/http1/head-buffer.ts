/**
 * Gathers the head of a message over the pieces in which it comes, and knows where it ends.
 *
 * @module
 */

/** Bytes of a head, from its first to the empty line that ends it. */
export class HeadBuffer {
  /** Place of the first byte in the stream. */
  offset = 0;
  length = 0;
  /** End of the first line, its line end included; 0 while it has not come. */
  firstLineEnd = 0;
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #lineBytes = 0;

  /** Starts anew. A flow that once had a long head is not to hold its buffer for hours. */
  reset(offset: number): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    this.offset = offset;
    this.length = 0;
    this.firstLineEnd = 0;
    this.#lineBytes = 0;
  }

  /** Where the last line begins that is not whole; the length where all are. */
  get wholeEnd(): number {
    return this.length - this.#lineBytes;
  }

  /** The bytes so far; a view, valid until the next `add`. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /**
   * Adds bytes up to the end of the first line, or, once that has come, up to the end of the head.
   *
   * @returns Where it stopped, and whether the line or the head ended there.
   */
  add(bytes: Uint8Array, start: number, end: number): { at: number; ended: boolean } {
    let at = start;
    while (at < end) {
      const lf = bytes.indexOf(LF, at);
      const stop = lf < 0 || lf >= end ? end : lf + 1;
      this.#append(bytes, at, stop);
      this.#lineBytes += stop - at;
      at = stop;
      if (lf < 0 || lf >= end) break;
      const isFirst = this.firstLineEnd === 0;
      if (isFirst) this.firstLineEnd = this.length;
      const isEmpty = this.#isLineEmpty();
      this.#lineBytes = 0;
      if (isFirst || isEmpty) return { at, ended: true };
    }
    return { at, ended: false };
  }

  #isLineEmpty(): boolean {
    if (this.#lineBytes === 1) return true;
    return this.#lineBytes === 2 && this.#bytes[this.length - 2] === CR;
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.view());
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), this.length);
    this.length = needed;
  }
}

const FIRST_BYTES = 512;
const KEPT_BYTES = 8192;
const CR = 0x0d;
const LF = 0x0a;
