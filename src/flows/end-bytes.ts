/**
 * What the ends of all flows keep in bytes and numbers, side by side in a few large arrays: ends are many
 * and live to the end of the input, and small arrays of their own would cost each of them more than the rest.
 *
 * @module
 */
import { BYTE_CLASS_COUNT } from "../ledger.ts";
import { FIRST_BYTES_KEPT } from "../limits.ts";

const FIRST_ENDS = 256;

/** Payload bytes by class of the ledger, of every end. Ends are numbered from 0 on. */
export class EndTallies {
  #counts: Float64Array = new Float64Array(FIRST_ENDS * BYTE_CLASS_COUNT);

  add(end: number, byteClass: number, bytes: number): void {
    const at = end * BYTE_CLASS_COUNT + byteClass;
    if (at >= this.#counts.length) {
      const longer = new Float64Array(Math.max(at + 1, this.#counts.length * 2));
      longer.set(this.#counts);
      this.#counts = longer;
    }
    this.#counts[at] = (this.#counts[at] ?? 0) + bytes;
  }

  /** A copy of the counts of one end. */
  of(end: number): Float64Array {
    const counts = new Float64Array(BYTE_CLASS_COUNT);
    const at = end * BYTE_CLASS_COUNT;
    counts.set(this.#counts.subarray(at, at + BYTE_CLASS_COUNT));
    return counts;
  }
}

/** The first bytes of payload of those ends that sent any: `FIRST_BYTES_KEPT` of room for each. */
export class FirstBytes {
  #bytes: Uint8Array = new Uint8Array(FIRST_ENDS * FIRST_BYTES_KEPT);
  #rooms = 0;

  /** Number of a new room. */
  open(): number {
    const room = this.#rooms++;
    if (this.#rooms * FIRST_BYTES_KEPT > this.#bytes.length) {
      const longer = new Uint8Array(this.#bytes.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    return room;
  }

  /** Puts `bytes[start, start + count)` behind the `known` bytes of a room. */
  put(
    room: number,
    known: number,
    bytes: Uint8Array,
    range: { start: number; count: number },
  ): void {
    const at = room * FIRST_BYTES_KEPT + known;
    for (let i = 0; i < range.count; i++) this.#bytes[at + i] = bytes[range.start + i] ?? 0;
  }

  /** A copy of the first `length` bytes of a room. */
  of(room: number, length: number): Uint8Array {
    const at = room * FIRST_BYTES_KEPT;
    return this.#bytes.slice(at, at + length);
  }
}
