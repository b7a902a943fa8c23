/**
 * The wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/):
 * a message is a row of fields, each a tag (number and wire type) and a value.
 *
 * @module
 */

/** Wire types. Groups (3 and 4) are long out of use and not read. */
export const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Steps over the fields of one message; holds the field it stands at. */
export class WireReader {
  /** Number and wire type of the field. */
  number = 0;
  type = 0;
  /** Where its tag begins, and the range of its value (of a length-delimited one, without the length). */
  tagStart = 0;
  start = 0;
  end = 0;
  /** Whether stepping stopped at bytes that are no field. */
  broken = false;
  readonly #bytes: Uint8Array;
  readonly #limit: number;
  #at: number;
  #varint = 0;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#limit = Math.min(end, bytes.length);
  }

  /** Where the next field begins: after a stop, the end or the first byte of what is broken. */
  get at(): number {
    return this.#at;
  }

  /** Steps to the next field; false at the end, or where the bytes are no field. */
  next(): boolean {
    if (this.#at >= this.#limit || this.broken) return false;
    const tagEnd = this.#readVarint(this.#at, MAX_TAG_BYTES);
    const tag = this.#varint;
    const number = Math.floor(tag / 8);
    if (tagEnd < 0 || number < 1 || number > MAX_FIELD_NUMBER) return this.#break();
    const end = this.#valueEnd(tag % 8, tagEnd);
    if (end < 0 || end > this.#limit) return this.#break();
    this.number = number;
    this.type = tag % 8;
    this.tagStart = this.#at;
    this.end = end;
    this.#at = end;
    return true;
  }

  #valueEnd(type: number, at: number): number {
    this.start = at;
    switch (type) {
      case WIRE_TYPE.varint:
        return this.#readVarint(at, MAX_VARINT_BYTES);
      case WIRE_TYPE.fixed64:
        return at + 8;
      case WIRE_TYPE.fixed32:
        return at + 4;
      case WIRE_TYPE.bytes: {
        const from = this.#readVarint(at, MAX_TAG_BYTES);
        this.start = from;
        return from < 0 ? -1 : from + this.#varint;
      }
      default:
        return -1;
    }
  }

  /** Sets `#varint`, exact below 2^53; returns the varint's end, or -1 where it is cut off or too long. */
  #readVarint(at: number, maxBytes: number): number {
    const stop = Math.min(this.#limit, at + maxBytes);
    let value = 0;
    let scale = 1;
    for (let i = at; i < stop; i++) {
      const byte = this.#bytes[i]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.#varint = value;
        return i + 1;
      }
      scale *= 128;
    }
    return -1;
  }

  #break(): boolean {
    this.broken = true;
    return false;
  }
}

/** Value of the varint `bytes[start, end)`, as 64 bits without sign. */
export function readVarint64(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 7n) | BigInt(bytes[i]! & 0x7f);
  return BigInt.asUintN(64, value);
}

const MAX_TAG_BYTES = 5; // 32 bits
const MAX_VARINT_BYTES = 10; // 64 bits
const MAX_FIELD_NUMBER = 536_870_911; // 2^29 - 1
