/**
 * A table of grams: which needles hold these four or eight bytes, and where.
 *
 * Grams are hashed with bit 5 of each byte set. That folds the case of ASCII letters, and joins a few
 * other bytes besides; the comparison of the whole needle, made by the caller, decides.
 *
 * @module
 */

/** One bit a gram hash: turns foreign grams away at the cost of one load. */
export class GramFilter {
  readonly words: Uint32Array;
  readonly shift: number;

  /** @param grams Number of grams that will be added. */
  constructor(grams: number) {
    // 64 bits a gram let one foreign gram in 64 pass; 2^21 bits (256 KiB) still lie in a second-level cache.
    const bits = Math.min(21, Math.max(10, Math.ceil(Math.log2(grams * 64 + 1))));
    this.words = new Uint32Array(2 ** (bits - 5));
    this.shift = 32 - bits;
  }

  add(hash: number): void {
    const bit = hash >>> this.shift;
    this.words[bit >>> 5] = (this.words[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
}

/** Needles by gram hash, in chains over typed arrays. */
export class GramTable {
  /** Per entry: number of the needle, offset of the gram in it. */
  readonly needleOf: Int32Array;
  readonly offsetOf: Int32Array;
  readonly #hashes: Int32Array;
  readonly #next: Int32Array;
  readonly #heads: Int32Array;
  readonly #shift: number;
  #size = 0;

  constructor(grams: number) {
    const bits = Math.min(20, Math.max(8, Math.ceil(Math.log2(grams * 2 + 1))));
    this.#heads = new Int32Array(2 ** bits).fill(-1);
    this.#shift = 32 - bits;
    this.#next = new Int32Array(grams);
    this.#hashes = new Int32Array(grams);
    this.needleOf = new Int32Array(grams);
    this.offsetOf = new Int32Array(grams);
  }

  add(hash: number, needle: number, offset: number): void {
    const entry = this.#size++;
    const slot = hash >>> this.#shift;
    this.#next[entry] = this.#heads[slot] ?? -1;
    this.#heads[slot] = entry;
    this.#hashes[entry] = hash;
    this.needleOf[entry] = needle;
    this.offsetOf[entry] = offset;
  }

  /** First entry with that hash, or -1. */
  first(hash: number): number {
    return this.#seek(this.#heads[hash >>> this.#shift] ?? -1, hash);
  }

  /** The next entry with the same hash, or -1. */
  after(entry: number, hash: number): number {
    return this.#seek(this.#next[entry] ?? -1, hash);
  }

  #seek(entry: number, hash: number): number {
    let at = entry;
    while (at >= 0 && this.#hashes[at] !== hash) at = this.#next[at] ?? -1;
    return at;
  }
}

/** Four bytes, first in the lowest bits. Callers make sure that they are there. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Hash of a gram of four bytes. */
export function hash4(word: number): number {
  return Math.imul(word | FOLD, 0x9e3779b1);
}

/** Hash of a gram of eight bytes. */
export function hash8(low: number, high: number): number {
  return Math.imul(Math.imul(low | FOLD, 0x9e3779b1) ^ (high | FOLD), 0x85ebca6b);
}

const FOLD = 0x20202020;
