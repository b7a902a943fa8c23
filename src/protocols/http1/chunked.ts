/**
 * The chunked transfer coding, read as it comes.
 *
 *     chunked-body = *chunk last-chunk trailer-section CRLF       (RFC 9112 §7.1)
 *     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *
 * @module
 */
import { MAX_HTTP_HEAD_BYTES } from "../../limits.ts";

/** Takes the data of chunks, in order. */
export type ChunkData = (bytes: Uint8Array, start: number, end: number, offset: number) => void;

/** Reads one chunked body. Lines may end in a bare LF. */
export class ChunkedReader {
  /** What broke the coding; undefined while nothing did. Nothing is read after that. */
  trouble: string | undefined;
  /** Whether that was a size made to overflow: an attack, after which nothing can be trusted. */
  overflows = false;
  /** Whether the last chunk and the trailer section have been read. */
  done = false;
  readonly #data: ChunkData;
  #state: "size" | "extension" | "data" | "data-end" | "trailer" = "size";
  #size = 0;
  #digits = 0;
  #lineBytes = 0;
  #trailer: number[] = [];

  constructor(data: ChunkData) {
    this.#data = data;
  }

  /** Trailer section as read so far, line ends included. */
  get trailer(): Uint8Array {
    return Uint8Array.from(this.#trailer);
  }

  /**
   * Reads `bytes[start, end)`, which stand at `offset` of the stream, up to the body's end.
   *
   * @returns Where reading stopped: `end`, the end of the body, or the byte that breaks the coding.
   */
  push(bytes: Uint8Array, start: number, end: number, offset: number): number {
    let at = start;
    while (at < end && !this.done && this.trouble === undefined) {
      if (this.#state === "data") {
        const stop = Math.min(end, at + this.#size);
        this.#data(bytes, at, stop, offset + at - start);
        this.#size -= stop - at;
        at = stop;
        if (this.#size === 0) this.#state = "data-end";
      } else if (this.#take(bytes[at] ?? 0)) {
        at++;
      }
    }
    return at;
  }

  /** Steps over lost bytes; false where they are not all chunk data, so that the place is lost. */
  skip(length: number): boolean {
    if (this.#state !== "data" || length > this.#size) return false;
    this.#size -= length;
    if (this.#size === 0) this.#state = "data-end";
    return true;
  }

  /** Takes one byte of the coding itself; false where it breaks it. */
  #take(byte: number): boolean {
    switch (this.#state) {
      case "size":
        return this.#takeSize(byte);
      case "extension":
        return this.#takeExtension(byte);
      case "data-end":
        if (byte === LF) this.#startSize();
        else if (byte !== CR) return this.#fail(`byte ${byte} after chunk data, expected CRLF`);
        return true;
      default:
        return this.#takeTrailer(byte);
    }
  }

  #takeSize(byte: number): boolean {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#size = this.#size * 16 + digit;
      // A size that a double cannot count is a smuggling attempt, not data.
      if (this.#size > Number.MAX_SAFE_INTEGER || ++this.#digits > MAX_SIZE_DIGITS) {
        this.overflows = true;
        return this.#fail("chunk size overflows, expected less than 2^53");
      }
      return true;
    }
    if (this.#digits === 0) return this.#fail(`byte ${byte}, expected a chunk size in hexadecimal`);
    if (byte !== CR && byte !== LF && byte !== SEMICOLON && byte !== SP && byte !== TAB) {
      return this.#fail(`byte ${byte} in a chunk size, expected hexadecimal digits`);
    }
    this.#state = "extension";
    this.#lineBytes = 0;
    return this.#takeExtension(byte);
  }

  #takeExtension(byte: number): boolean {
    if (byte === LF) {
      this.#state = this.#size === 0 ? "trailer" : "data";
      this.#lineBytes = 0;
      return true;
    }
    if (++this.#lineBytes > MAX_HTTP_HEAD_BYTES) {
      return this.#fail(`chunk extension of more than ${MAX_HTTP_HEAD_BYTES} bytes`);
    }
    return true;
  }

  #takeTrailer(byte: number): boolean {
    if (this.#trailer.length >= MAX_HTTP_HEAD_BYTES) {
      return this.#fail(`trailer section of more than ${MAX_HTTP_HEAD_BYTES} bytes`);
    }
    this.#trailer.push(byte);
    if (byte === LF) {
      this.done = this.#lineBytes === 0;
      this.#lineBytes = 0;
    } else if (byte !== CR) {
      this.#lineBytes++;
    }
    return true;
  }

  #startSize(): void {
    this.#state = "size";
    this.#size = 0;
    this.#digits = 0;
  }

  #fail(trouble: string): boolean {
    this.trouble = trouble;
    return false;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

const MAX_SIZE_DIGITS = 32; // leading zeros are allowed, but not without end
const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const TAB = 0x09;
const SEMICOLON = 0x3b;
