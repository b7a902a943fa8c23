/**
 * A read position in one message. Every reader of whole messages rests on it:
 * one bounds check, after which reading cannot fail.
 *
 * @module
 */

/** Input that breaks its grammar, `offset` bytes from the start of the buffer read. */
export class Malformed extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    // It is an outcome, told by its offset: walking the stack would cost more than reading the message.
    const depth = STACK.stackTraceLimit;
    STACK.stackTraceLimit = 0;
    super(reason);
    STACK.stackTraceLimit = depth;
    this.name = "Malformed";
    this.offset = offset;
  }
}

/** Depth of the stack that V8 notes in each error; other engines ignore it. */
const STACK = Error as ErrorConstructor & { stackTraceLimit?: number | undefined };

/** A read position that cannot leave its range of `bytes`. Nothing is copied. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.#at = start;
    this.end = Math.min(end, bytes.length);
  }

  /** Offset of the next byte, from the start of `bytes`. */
  get at(): number {
    return this.#at;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.end - this.#at;
  }

  /**
   * Steps over `count` bytes and returns the offset of the first: the only bounds check.
   *
   * @throws {Malformed} if fewer are left.
   */
  take(count: number): number {
    const from = this.#at;
    if (count > this.end - from) {
      throw new Malformed(from, `${count} bytes due, ${this.end - from} left`);
    }
    this.#at = from + count;
    return from;
  }

  /** Big-endian unsigned integer of `width` bytes, at most 6. */
  uint(width: number): number {
    let value = 0;
    for (let i = this.take(width); i < this.#at; i++) value = value * 256 + this.bytes[i]!;
    return value;
  }

  /** Little-endian unsigned integer of `width` bytes, at most 6. */
  uintLe(width: number): number {
    const from = this.take(width);
    let value = 0;
    for (let i = this.#at - 1; i >= from; i--) value = value * 256 + this.bytes[i]!;
    return value;
  }

  /** The next byte without stepping over it, or -1 at the end. */
  peek(): number {
    return this.#at < this.end ? this.bytes[this.#at]! : -1;
  }

  /** A view of the next `count` bytes. */
  view(count: number): Uint8Array {
    const from = this.take(count);
    return this.bytes.subarray(from, this.#at);
  }

  /** A cursor over the next `count` bytes. */
  sub(count: number): Cursor {
    const from = this.take(count);
    return new Cursor(this.bytes, from, this.#at);
  }

  /** TLS vector (RFC 8446 §3.4): a length of `width` bytes, at least `floor`, then the body. */
  vector(width: number, floor = 0): Cursor {
    const at = this.#at;
    const length = this.uint(width);
    if (length < floor) throw new Malformed(at, `length ${length}, at least ${floor} due`);
    return this.sub(length);
  }

  /** A view of all that is left. */
  rest(): Uint8Array {
    return this.view(this.left);
  }

  /**
   * All that is left, as visible ASCII.
   *
   * @throws {Malformed} at the first byte that is not.
   */
  ascii(): string {
    let text = "";
    while (this.left > 0) {
      const byte = this.uint(1);
      if (byte <= 0x20 || byte >= 0x7f) throw new Malformed(this.#at - 1, `${byte} is not visible`);
      text += String.fromCharCode(byte);
    }
    return text;
  }
}
