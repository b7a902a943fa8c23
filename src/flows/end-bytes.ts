/**
 * What the ends of all flows keep in bytes and numbers, side by side in a few large arrays: ends are many
 * and live to the end of the input, and small arrays of their own would cost each of them more than the rest.
 *
 * @module
 */
import { uint16, uint32 } from "../bytes/uint.ts";
import { BYTE_CLASS_COUNT } from "../ledger.ts";
import { FIRST_BYTES_KEPT } from "../limits.ts";
import { toMacText } from "../bytes/address-text.ts";

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

  /** A copy of the counts of one end; undefined while all are zero. */
  of(end: number): Float64Array | undefined {
    const at = end * BYTE_CLASS_COUNT;
    let isCounted = false;
    for (let i = at; i < at + BYTE_CLASS_COUNT; i++) isCounted ||= (this.#counts[i] ?? 0) > 0;
    if (!isCounted) return undefined;
    const counts = new Float64Array(BYTE_CLASS_COUNT);
    for (let i = 0; i < BYTE_CLASS_COUNT; i++) counts[i] = this.#counts[at + i] ?? 0;
    return counts;
  }

  /** Adds the counts of all ends to `sum`, by class. */
  addTo(sum: Float64Array): void {
    for (let at = 0; at < this.#counts.length; at += BYTE_CLASS_COUNT) {
      for (let i = 0; i < BYTE_CLASS_COUNT; i++)
        sum[i] = (sum[i] ?? 0) + (this.#counts[at + i] ?? 0);
    }
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

const MAC_BYTES = 6;
/** Bytes of one end: whether there is an address, and the address. */
const MAC_ROOM: number = 1 + MAC_BYTES;

/** The MAC address of every end, and their texts, of which a capture has few. */
export class EndMacs {
  #bytes: Uint8Array = new Uint8Array(FIRST_ENDS * MAC_ROOM);
  readonly #texts: Map<number, string> = new Map();

  /** Takes the address at `at` in `bytes` for an end. */
  note(end: number, bytes: Uint8Array, at: number): void {
    const room = end * MAC_ROOM;
    if (room + MAC_ROOM > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(room + MAC_ROOM, this.#bytes.length * 2));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[room] = 1;
    for (let i = 0; i < MAC_BYTES; i++) this.#bytes[room + 1 + i] = bytes[at + i] ?? 0;
  }

  /** Text of an end's address; undefined where none was noted. */
  of(end: number): string | undefined {
    const room = end * MAC_ROOM;
    if (room >= this.#bytes.length || this.#bytes[room] === 0) return undefined;
    const number = uint16(this.#bytes, room + 1) * 2 ** 32 + uint32(this.#bytes, room + 3);
    let text = this.#texts.get(number);
    if (text === undefined) {
      text = toMacText(this.#bytes, room + 1);
      this.#texts.set(number, text);
    }
    return text;
  }
}
