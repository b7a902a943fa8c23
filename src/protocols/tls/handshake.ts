/**
 * Puts handshake messages together from the fragments of records.
 *
 *     message: type 1, length 3, body; several to a record, or one over several records
 *
 * Source: RFC 8446 §4 and §5.1 (fragmentation).
 *
 * @module
 */
import { uint8, uint16 } from "../../bytes/uint.ts";
import { MAX_TLS_HANDSHAKE_BYTES, MAX_TLS_HANDSHAKE_PIECES } from "../../limits.ts";

/** Bytes of a handshake message's header in TLS. */
export const HANDSHAKE_HEADER_BYTES = 4;

/** What is to be done with a message of which the header is read. */
export type HandshakeUse =
  | "keep" // its body is read
  | "skip" // only its end matters
  | "refuse"; // it is no handshake message

/** Takes what {@link HandshakeAssembler} puts together. */
export interface HandshakeHandler {
  use(type: number, length: number): HandshakeUse;
  /** A kept message is whole: its body is `bytes[HANDSHAKE_HEADER_BYTES, end)`, a view valid during the call. */
  message(type: number, bytes: Uint8Array, end: number): void;
}

/** Reassembles the handshake messages of one side. */
export class HandshakeAssembler {
  readonly #handler: HandshakeHandler;
  /** Let go of with each message: flows are many, and live long after their handshakes. */
  #buffer: Uint8Array = NO_BYTES;
  /** Bytes of the message taken so far, and bytes that it has in all once its header is read. */
  #taken = 0;
  #size = HANDSHAKE_HEADER_BYTES;
  #keep = true;
  #refused = false;
  /** Where the pieces of the message lie: offset in the message, offset in the stream, in turn. */
  #pieces: number[] = [];
  #nextOffset = -1;

  constructor(handler: HandshakeHandler) {
    this.#handler = handler;
  }

  /** Bytes of the message that is not yet whole. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the last header was refused; till {@link reset} nothing more can be taken. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Offset in the stream of the current message's first byte, and of the byte after the last one taken. */
  get start(): number {
    return this.#pieces[1] ?? 0;
  }
  get end(): number {
    return this.#nextOffset;
  }

  /** Forgets the message that is not yet whole. */
  reset(): void {
    this.#buffer = NO_BYTES;
    this.#taken = 0;
    this.#size = HANDSHAKE_HEADER_BYTES;
    this.#keep = true;
    this.#refused = false;
    if (this.#pieces.length > 0) this.#pieces = [];
    this.#nextOffset = -1;
  }

  /**
   * Takes bytes that stand at `offset` in the stream.
   *
   * @returns How many of them were taken: all, or up to a header that was refused.
   */
  push(bytes: Uint8Array, from: number, to: number, offset: number): number {
    let at = from;
    while (at < to) {
      if (this.#taken === 0) {
        const next = this.#giveWhole(bytes, at, to, offset + (at - from));
        if (next > at) {
          at = next;
          continue;
        }
      }
      const count = Math.min(to - at, this.#size - this.#taken);
      this.#notePiece(offset + (at - from));
      if (this.#keep) this.#copy(bytes, at, count);
      this.#taken += count;
      at += count;
      this.#nextOffset = offset + (at - from);
      if (this.#taken < this.#size) break;
      if (this.#size === HANDSHAKE_HEADER_BYTES && !this.#openMessage()) return at - from;
      if (this.#taken === this.#size) this.#closeMessage();
    }
    return to - from;
  }

  /**
   * Gives the message at `at`, if all of it is there, without copying it.
   *
   * @returns Where it ends; `at` where it is not whole, or its header is refused.
   */
  #giveWhole(bytes: Uint8Array, at: number, to: number, offset: number): number {
    if (to - at < HANDSHAKE_HEADER_BYTES) return at;
    const length = uint8(bytes, at + 1) * 65536 + uint16(bytes, at + 2);
    const end = at + HANDSHAKE_HEADER_BYTES + length;
    if (end > to) return at;
    const type = uint8(bytes, at);
    const use = this.#handler.use(type, length);
    if (use === "refuse") return at;
    if (use === "keep" && length <= MAX_TLS_HANDSHAKE_BYTES) {
      this.#size = end - at;
      this.#taken = this.#size;
      this.#pieces = [0, offset];
      this.#nextOffset = offset + this.#size;
      this.#handler.message(type, bytes.subarray(at, end), this.#size);
    }
    this.reset();
    return end;
  }

  /** Offset in the stream of `length` bytes at `at` in the kept message, or -1 where they do not lie in one piece. */
  streamOffset(at: number, length: number): number {
    for (let i = this.#pieces.length - 2; i >= 0; i -= 2) {
      const from = this.#pieces[i] ?? 0;
      if (from > at) continue;
      const to = this.#pieces[i + 2] ?? this.#size;
      const full = i + 2 >= MAX_TLS_HANDSHAKE_PIECES * 2;
      return at + length <= to && !full ? (this.#pieces[i + 1] ?? 0) + (at - from) : -1;
    }
    return -1;
  }

  /** The header is whole: decides about the body. */
  #openMessage(): boolean {
    const [type = 0, high = 0, middle = 0, low = 0] = this.#buffer;
    const length = high * 65536 + middle * 256 + low;
    const use = this.#handler.use(type, length);
    if (use === "refuse") {
      this.#refused = true;
      return false;
    }
    this.#keep = use === "keep" && length <= MAX_TLS_HANDSHAKE_BYTES;
    this.#size = HANDSHAKE_HEADER_BYTES + length;
    if (this.#keep) this.#grow(Math.min(this.#size, LARGEST_FIRST_BUFFER));
    return true;
  }

  #closeMessage(): void {
    if (this.#keep) this.#handler.message(this.#buffer[0] ?? 0, this.#buffer, this.#size);
    this.reset();
  }

  #notePiece(offset: number): void {
    if (offset === this.#nextOffset && this.#taken > 0) return;
    if (this.#pieces.length < MAX_TLS_HANDSHAKE_PIECES * 2) this.#pieces.push(this.#taken, offset);
  }

  #copy(bytes: Uint8Array, at: number, count: number): void {
    // Grows with what came, never with what a length promises.
    const needed = this.#taken + count;
    if (needed > this.#buffer.length) this.#grow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.set(bytes.subarray(at, at + count), this.#taken);
  }

  #grow(size: number): void {
    const larger = new Uint8Array(size);
    larger.set(this.#buffer.subarray(0, this.#taken), 0);
    this.#buffer = larger;
  }
}

const NO_BYTES = new Uint8Array(0);
/** Nearly all hellos and most chains fit into this, and are copied once. */
const LARGEST_FIRST_BUFFER = 4096;
