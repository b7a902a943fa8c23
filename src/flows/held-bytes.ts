/**
 * Pieces of a byte range that came out of order: segments ahead of a hole, fragments of
 * a datagram. Pieces never overlap: where bytes come twice, those that came first stay.
 *
 * @module
 */

/** Bytes at a place of the range, with the frame that brought them. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly input: number;
  readonly ts: number;
}

/** Where a piece comes from. */
export interface PieceSource {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly frame: number;
  readonly input: number;
  /** Time of the frame; NaN where unknown. */
  readonly ts: number;
}

/** What became of the bytes given to {@link HeldBytes.insert}; they sum to its length. */
export interface Inserted {
  readonly fresh: number;
  /** Bytes that were there already, and how many of those differ from what was there. */
  readonly duplicate: number;
  readonly differing: number;
}

/** Memory that a piece takes beside its bytes, in bytes; hostile pieces hold one byte each. */
const PIECE_OVERHEAD = 128;

/** Pieces in rising order, none overlapping another. */
export class HeldBytes {
  #pieces: Piece[] = [];
  /** Pieces before this one were taken; they are dropped now and then, not one by one. */
  #taken = 0;
  /** Memory held, in bytes, as far as limits are concerned. */
  cost = 0;

  get size(): number {
    return this.#pieces.length - this.#taken;
  }

  /** The piece with the lowest offset. */
  get first(): Piece | undefined {
    return this.#pieces[this.#taken];
  }

  /** The highest offset at which a piece begins. */
  get last(): number | undefined {
    return this.size > 0 ? this.#pieces[this.#pieces.length - 1]?.offset : undefined;
  }

  /** Takes away the piece with the lowest offset. */
  shift(): Piece | undefined {
    const piece = this.first;
    if (piece === undefined) return undefined;
    this.#taken++;
    this.cost -= piece.bytes.length + PIECE_OVERHEAD;
    if (this.#taken * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#taken);
      this.#taken = 0;
    }
    return piece;
  }

  /** Copies the bytes of `source` that are not there yet to `offset`. */
  insert(offset: number, source: PieceSource): Inserted {
    const end = offset + source.end - source.start;
    let duplicate = 0;
    let differing = 0;
    let at = offset;
    let index = this.#indexAt(offset);
    // Each turn steps over one piece or ends.
    while (at < end) {
      const next = this.#pieces[index];
      const nextStart = next?.offset ?? end;
      if (at < nextStart) {
        const stop = Math.min(nextStart, end);
        this.#put(index, at, { ...source, ...slice(source, offset, at, stop) });
        at = stop;
        index++;
        continue;
      }
      if (next === undefined) break;
      const stop = Math.min(next.offset + next.bytes.length, end);
      duplicate += stop - at;
      differing += countDiffering(next, source, offset, [at, stop]);
      at = stop;
      index++;
    }
    return { fresh: end - offset - duplicate, duplicate, differing };
  }

  #put(index: number, offset: number, source: PieceSource): void {
    // Not slice(): that of Node's Buffer does not copy.
    const bytes = new Uint8Array(source.bytes.subarray(source.start, source.end));
    this.#pieces.splice(index, 0, {
      offset,
      bytes,
      frame: source.frame,
      input: source.input,
      ts: source.ts,
    });
    this.cost += bytes.length + PIECE_OVERHEAD;
  }

  /** Index of the first piece that ends behind `offset`. */
  #indexAt(offset: number): number {
    let low = this.#taken;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.#pieces[middle];
      if (piece !== undefined && piece.offset + piece.bytes.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The part `[from, to)` of a source whose first byte has the place `offset`. */
function slice(
  source: PieceSource,
  offset: number,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  return { start: source.start + from - offset, end: source.start + to - offset };
}

function countDiffering(
  piece: Piece,
  source: PieceSource,
  offset: number,
  range: readonly [number, number],
): number {
  let differing = 0;
  for (let at = range[0]; at < range[1]; at++) {
    if (piece.bytes[at - piece.offset] !== source.bytes[source.start + at - offset]) differing++;
  }
  return differing;
}
