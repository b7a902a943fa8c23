/**
 * The last bytes that all streams gave to the next stage: what a retransmission is
 * compared with. Bounded over all flows, so that an old retransmission finds nothing.
 *
 * @module
 */
import { SENT_HISTORY_BYTES, SENT_HISTORY_LOOKED_AT, SENT_HISTORY_PIECES } from "../limits.ts";
import type { PieceSource } from "./held-bytes.ts";

/** Bytes and pieces with which the history begins; it grows to its limits before it forgets anything. */
const FIRST_BYTES = 64 * 1024;
const FIRST_PIECES = 256;

/** Pieces are numbered on and on; piece n lies in row n modulo the number of rows. */
export class SentHistory {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Bytes ever written; the place in the ring is this modulo its length. */
  #written = 0;
  #count = 0;
  #starts: Float64Array = new Float64Array(0);
  #offsets: Float64Array = new Float64Array(0);
  #lengths: Float64Array = new Float64Array(0);
  #previous: Float64Array = new Float64Array(0);

  /**
   * Keeps bytes of a stream.
   *
   * @param previous Number of the piece before it in the same stream, or -1.
   * @returns Number of the new piece.
   */
  add(source: PieceSource, offset: number, previous: number): number {
    const length = Math.min(source.end - source.start, SENT_HISTORY_BYTES);
    this.#makeRoom(length);
    const ring = this.#bytes;
    const room = ring.length - (this.#written % ring.length);
    // A piece does not wrap: the rest of the ring is left out instead.
    if (length > room) this.#written += room;
    const at = this.#written % ring.length;
    ring.set(source.bytes.subarray(source.start, source.start + length), at);
    const row = this.#count % this.#starts.length;
    this.#starts[row] = this.#written;
    this.#offsets[row] = offset;
    this.#lengths[row] = length;
    this.#previous[row] = previous;
    this.#written += length;
    return this.#count++;
  }

  /**
   * Bytes that differ from what the stream had at their place, as far as that is still known.
   *
   * @param piece Number of the last piece of the stream.
   */
  countDiffering(source: PieceSource, offset: number, piece: number): number {
    const ring = this.#bytes;
    const end = offset + source.end - source.start;
    let differing = 0;
    let at = piece;
    for (let i = 0; i < SENT_HISTORY_LOOKED_AT && this.#isKept(at); i++) {
      const row = at % this.#starts.length;
      const pieceOffset = this.#offsets[row] ?? 0;
      const ringAt = (this.#starts[row] ?? 0) % ring.length;
      const from = Math.max(offset, pieceOffset);
      const to = Math.min(end, pieceOffset + (this.#lengths[row] ?? 0));
      for (let place = from; place < to; place++) {
        const sent = ring[ringAt + place - pieceOffset];
        if (sent !== source.bytes[source.start + place - offset]) differing++;
      }
      if (pieceOffset <= offset) break;
      at = this.#previous[row] ?? -1;
    }
    return differing;
  }

  #isKept(piece: number): boolean {
    const rows = this.#starts.length;
    if (piece < 0 || piece < this.#count - rows) return false;
    return (this.#starts[piece % rows] ?? 0) >= this.#written - this.#bytes.length;
  }

  /** Grows as long as nothing was overwritten yet, so that all stays at its place. */
  #makeRoom(length: number): void {
    const due = this.#written + length;
    if (due > this.#bytes.length && this.#bytes.length < SENT_HISTORY_BYTES) {
      const size = Math.max(FIRST_BYTES, this.#bytes.length * 2, due * 2);
      const bytes = new Uint8Array(Math.min(size, SENT_HISTORY_BYTES));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    if (this.#count < this.#starts.length || this.#starts.length >= SENT_HISTORY_PIECES) return;
    const rows = Math.min(Math.max(FIRST_PIECES, this.#count * 2), SENT_HISTORY_PIECES);
    this.#starts = grown(this.#starts, rows);
    this.#offsets = grown(this.#offsets, rows);
    this.#lengths = grown(this.#lengths, rows);
    this.#previous = grown(this.#previous, rows);
  }
}

function grown(values: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}
