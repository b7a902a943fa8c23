/**
 * Search over the bytes of a stream as they come: needles across the borders of chunks are
 * found, at the price of keeping the end of what came before.
 *
 * A match is given once what follows it is known as far as boundary rules look, or once
 * nothing follows: at a gap, or at the end.
 *
 * @module
 */
import { NEIGHBOUR_BYTES } from "./boundary.ts";
import type { NeedleSearch } from "./needle-search.ts";

/** A buffer in which a match lies, for looking at its neighbours; valid during the call. */
export interface Window {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Place of `bytes[start]` in the stream. */
  readonly offset: number;
}

/** Takes a match: index of the needle, and offset of its first byte in `window.bytes`. */
export type StreamHitSink = (needle: number, at: number, window: Window) => void;

/** What is remembered of one direction of one flow. */
export class StreamTail {
  bytes: Uint8Array = NOTHING;
  length = 0;
  /** Place in the stream that the next chunk should have. */
  next = 0;
  /** Matches that end up to here were given. */
  decided = -1;
}

/** Bytes of a stream to search: `bytes[start, end)`, which stand at `offset` in the stream. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** Searches streams and datagrams with one set of needles. */
export class StreamSearch {
  readonly #search: NeedleSearch;
  readonly #lengths: readonly number[];
  readonly #kept: number;
  readonly #joint: Uint8Array;

  /** @param lengths Length of each needle, in bytes. */
  constructor(search: NeedleSearch, lengths: readonly number[]) {
    this.#search = search;
    this.#lengths = lengths;
    // Enough for an undecided match, and for the neighbours on both sides of it.
    this.#kept = search.longest + 2 * NEIGHBOUR_BYTES;
    this.#joint = new Uint8Array(2 * this.#kept);
  }

  /** Searches a datagram: nothing before or after it belongs to it. */
  datagram({ bytes, start, end, offset }: Piece, hit: StreamHitSink): void {
    const window = { bytes, start, end, offset };
    this.#search.search(bytes, start, end, (needle, at) => {
      hit(needle, at, window);
    });
  }

  /** Searches the next piece of a stream; one that does not follow the last begins anew. */
  push(tail: StreamTail, piece: Piece, hit: StreamHitSink): void {
    if (tail.next !== piece.offset) {
      this.flush(tail, hit);
      tail.decided = -1;
    }
    const length = piece.end - piece.start;
    const taken = Math.min(length, this.#kept);
    const before = tail.length;
    const settled = piece.offset + length - NEIGHBOUR_BYTES;
    this.#joint.set(tail.bytes.subarray(0, before), 0);
    this.#joint.set(piece.bytes.subarray(piece.start, piece.start + taken), before);
    const isWhole = taken === length;
    if (isWhole || before > 0) {
      const window = {
        bytes: this.#joint,
        start: 0,
        end: before + taken,
        offset: piece.offset - before,
      };
      const below = isWhole ? Infinity : piece.offset + NEIGHBOUR_BYTES;
      this.#searchWindow(window, { from: -Infinity, below, after: tail.decided, settled }, hit);
    }
    if (!isWhole) {
      const from = before > 0 ? piece.offset + NEIGHBOUR_BYTES : piece.offset;
      this.#searchWindow(piece, { from, below: Infinity, after: -1, settled }, hit);
    }
    this.#keep(tail, piece, { before, taken });
    tail.next = piece.offset + length;
    tail.decided = Math.max(tail.decided, settled);
  }

  /** No more bytes follow those seen: gives the matches that waited for their neighbours. */
  flush(tail: StreamTail, hit: StreamHitSink): void {
    const window = {
      bytes: tail.bytes,
      start: 0,
      end: tail.length,
      offset: tail.next - tail.length,
    };
    this.#searchWindow(
      window,
      { from: -Infinity, below: Infinity, after: tail.decided, settled: Infinity },
      hit,
    );
    tail.length = 0;
    tail.decided = tail.next;
  }

  #searchWindow(window: Window, accept: Acceptance, hit: StreamHitSink): void {
    this.#search.search(window.bytes, window.start, window.end, (needle, at) => {
      const first = window.offset + at - window.start;
      const last = first + (this.#lengths[needle] ?? 0);
      if (first < accept.from || first >= accept.below) return;
      if (last > accept.after && last <= accept.settled) hit(needle, at, window);
    });
  }

  /** Keeps the last bytes of tail and piece; the joint buffer still holds the tail. */
  #keep(
    tail: StreamTail,
    piece: Piece,
    joint: { readonly before: number; readonly taken: number },
  ): void {
    const length = piece.end - piece.start;
    if (length >= this.#kept) {
      if (tail.bytes.length < this.#kept) tail.bytes = new Uint8Array(this.#kept);
      tail.bytes.set(piece.bytes.subarray(piece.end - this.#kept, piece.end), 0);
      tail.length = this.#kept;
      return;
    }
    const total = joint.before + joint.taken;
    const kept = Math.min(total, this.#kept);
    // Short streams are many: they get what they need.
    if (tail.bytes.length < kept) tail.bytes = new Uint8Array(Math.min(this.#kept, 2 * kept));
    tail.bytes.set(this.#joint.subarray(total - kept, total), 0);
    tail.length = kept;
  }
}

/** Which matches of a window are given now, by their place in the stream. */
interface Acceptance {
  /** First byte at or after `from`, before `below`. */
  readonly from: number;
  readonly below: number;
  /** Last byte after `after` (else it was given before), and not after `settled`. */
  readonly after: number;
  readonly settled: number;
}

const NOTHING = new Uint8Array(0);
