/**
 * Exact search for thousands of byte strings in one pass: the kernel.
 *
 * An occurrence of 15 bytes or more covers two aligned words of four bytes that begin at a
 * multiple of eight, wherever it begins itself. So for those needles one pair of words in eight
 * bytes is looked at, in a filter that holds the eight grams of each needle which can fall there;
 * what passes is looked up by its hash, and compared whole. Needles of 4 to 14 bytes have a filter
 * of their own over grams of four bytes, at every fourth, second or single offset, as the shortest
 * of them allows.
 *
 * This is sampling of the text in place of Wu and Manber's shifts ("A Fast Algorithm for
 * Multi-Pattern Searching", TR-94-17, 1994): their shifts shrink as needles are added, the
 * strides here stay.
 *
 * @module
 */
import { MIN_NEEDLE_BYTES } from "../limits.ts";
import { GramFilter, GramTable, hash4, hash8, wordAt } from "./gram-table.ts";

/** A byte string to look for. */
export interface Pattern {
  readonly bytes: Uint8Array;
  /** ASCII letters match in either case. */
  readonly anyCase: boolean;
}

/** Takes an occurrence: index of the pattern, offset of its first byte in the buffer searched. */
export type HitSink = (pattern: number, at: number) => void;

/** Finds all occurrences of all patterns, overlapping ones too. */
export class NeedleSearch {
  /** Length of the longest pattern, in bytes; 0 where there is none. */
  readonly longest: number;
  readonly #patterns: readonly Pattern[];
  /** Needles of 15 bytes and more; undefined where there are none. */
  readonly #longFilter: GramFilter | undefined;
  readonly #long: GramTable;
  /** Needles of 4 to 14 bytes, looked up by eight bytes where eight are sure to be there. */
  readonly #shortFilter: GramFilter | undefined;
  readonly #shortByEight: GramTable;
  readonly #shortByFour: GramTable;
  /** Distance of the offsets looked at for short needles: 1, 2 or 4. */
  readonly #stride: number;
  /** The buffer under search; what verification needs, kept out of the loops' arguments. */
  #bytes: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  #hit: HitSink = () => undefined;

  /** @throws {RangeError} if a pattern is shorter than {@link MIN_NEEDLE_BYTES}. */
  constructor(patterns: readonly Pattern[]) {
    this.#patterns = patterns.map(({ bytes, anyCase }) => ({
      bytes: anyCase ? bytes.map(lower) : bytes,
      anyCase,
    }));
    const lengths = patterns.map(({ bytes }) => bytes.length);
    const shortest = lengths.reduce((least, length) => Math.min(least, length), Infinity);
    if (shortest < MIN_NEEDLE_BYTES) {
      throw new RangeError(`needle of ${shortest} bytes, at least ${MIN_NEEDLE_BYTES} are due`);
    }
    this.longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    this.#stride = shortest >= 2 * WORD - 1 ? WORD : shortest > WORD ? 2 : 1;
    const long = lengths.filter((length) => length >= LONG).length * PAIR;
    const short = lengths.filter((length) => length < LONG).length * this.#stride;
    this.#longFilter = long > 0 ? new GramFilter(long) : undefined;
    this.#long = new GramTable(long);
    this.#shortFilter = short > 0 ? new GramFilter(short) : undefined;
    this.#shortByEight = new GramTable(short);
    this.#shortByFour = new GramTable(short);
    for (const [index, { bytes }] of this.#patterns.entries()) {
      if (bytes.length >= LONG) this.#addLong(index, bytes);
      else this.#addShort(index, bytes);
    }
  }

  #addLong(index: number, bytes: Uint8Array): void {
    for (let offset = 0; offset < PAIR; offset++) {
      const hash = hash8(wordAt(bytes, offset), wordAt(bytes, offset + WORD));
      this.#longFilter?.add(hash);
      this.#long.add(hash, index, offset);
    }
  }

  #addShort(index: number, bytes: Uint8Array): void {
    const hasEight = bytes.length >= PAIR + this.#stride - 1;
    for (let offset = 0; offset < this.#stride; offset++) {
      const word = wordAt(bytes, offset);
      const hash = hash4(word);
      this.#shortFilter?.add(hash);
      if (!hasEight) this.#shortByFour.add(hash, index, offset);
      else this.#shortByEight.add(hash8(word, wordAt(bytes, offset + WORD)), index, offset);
    }
  }

  /**
   * Searches `bytes[start, end)`. Each occurrence is given once, in no particular order. `hit` must
   * not search with the same object.
   */
  search(bytes: Uint8Array, start: number, end: number, hit: HitSink): void {
    this.#bytes = bytes;
    this.#start = Math.max(0, start);
    this.#end = Math.min(end, bytes.length);
    this.#hit = hit;
    // The first offset that is aligned to a word in the underlying buffer.
    const first = this.#start + ((WORD - ((bytes.byteOffset + this.#start) & 3)) & 3);
    if (this.#longFilter !== undefined) this.#searchLong(this.#longFilter, first);
    if (this.#shortFilter !== undefined) this.#searchShort(this.#shortFilter, first);
    this.#bytes = NOTHING;
  }

  /**
   * Samples are `first`, `first` + 8, …. Any 15 bytes from `start` on that begin at or after
   * `first` - 3 hold one whole; since `first` is at most `start` + 3, that is all of them.
   */
  #searchLong(filter: GramFilter, first: number): void {
    const bytes = this.#bytes;
    const bits = filter.words;
    const shift = filter.shift;
    const count = Math.floor((this.#end - first) / WORD) - 1;
    if (count <= 0) return;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, count + 1);
    for (let i = 0; i < count; i += 2) {
      const hash = hash8(words[i]!, words[i + 1]!); // i < count, and count + 1 words are there
      const bit = hash >>> shift;
      // The shift keeps `bit` below the filter's size.
      if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) !== 0)
        this.#verify(this.#long, first + i * WORD, hash);
    }
  }

  /** Words that stand on a sampled offset between two aligned words are put together from both. */
  #searchShort(filter: GramFilter, first: number): void {
    const bytes = this.#bytes;
    const bits = filter.words;
    const shift = filter.shift;
    const stride = this.#stride;
    const last = this.#end - WORD;
    let at = first;
    while (at - stride >= this.#start) at -= stride;
    for (; at < first && at <= last; at += stride) this.#lookShort(at, hash4(wordAt(bytes, at)));
    const pairs = Math.floor((this.#end - first) / WORD) - 1;
    if (pairs > 0) {
      const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, pairs + 1);
      let low = words[0]!; // pairs + 1 words are there
      for (let i = 0; i < pairs; i++) {
        const high = words[i + 1]!; // i < pairs
        const hash = hash4(low);
        const bit = hash >>> shift;
        // The shift keeps `bit` below the filter's size, here and below.
        if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) !== 0) this.#lookShort(first + i * WORD, hash);
        if (stride <= 2) {
          const two = hash4((low >>> 16) | (high << 16));
          const twoBit = two >>> shift;
          if (((bits[twoBit >>> 5]! >>> (twoBit & 31)) & 1) !== 0)
            this.#lookShort(first + i * WORD + 2, two);
        }
        if (stride === 1) {
          const one = hash4((low >>> 8) | (high << 24));
          const oneBit = one >>> shift;
          if (((bits[oneBit >>> 5]! >>> (oneBit & 31)) & 1) !== 0)
            this.#lookShort(first + i * WORD + 1, one);
          const three = hash4((low >>> 24) | (high << 8));
          const threeBit = three >>> shift;
          if (((bits[threeBit >>> 5]! >>> (threeBit & 31)) & 1) !== 0)
            this.#lookShort(first + i * WORD + 3, three);
        }
        low = high;
      }
      at = first + pairs * WORD;
    }
    for (; at <= last; at += stride) this.#lookShort(at, hash4(wordAt(bytes, at)));
  }

  #lookShort(at: number, hash: number): void {
    this.#verify(this.#shortByFour, at, hash);
    if (at + PAIR > this.#end) return;
    const eight = hash8(wordAt(this.#bytes, at), wordAt(this.#bytes, at + WORD));
    this.#verify(this.#shortByEight, at, eight);
  }

  #verify(table: GramTable, at: number, hash: number): void {
    for (let entry = table.first(hash); entry >= 0; entry = table.after(entry, hash)) {
      const index = table.needleOf[entry] ?? 0;
      const pattern = this.#patterns[index];
      const from = at - (table.offsetOf[entry] ?? 0);
      if (pattern !== undefined && this.#equals(pattern, from)) this.#hit(index, from);
    }
  }

  #equals(pattern: Pattern, from: number): boolean {
    const bytes = this.#bytes;
    const needle = pattern.bytes;
    if (from < this.#start || from + needle.length > this.#end) return false;
    for (let i = 0; i < needle.length; i++) {
      const byte = bytes[from + i] ?? 0;
      if ((pattern.anyCase ? lower(byte) : byte) !== needle[i]) return false;
    }
    return true;
  }
}

const WORD = 4;
const PAIR = 8;
/** From here on a needle covers a pair of words that begins at a multiple of eight. */
const LONG: number = 2 * PAIR - 1;
const NOTHING = new Uint8Array(0);

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
