/**
 * The place of what is read from a stream: the current chunk's frame, and offsets in the stream.
 *
 * @module
 */
import type { Chunk, Side } from "../../flows/flow.ts";
import type { HandshakeAssembler } from "./handshake.ts";
import type { HandshakePlace } from "./messages.ts";

/** Place of the handshake message that `assembler` puts together. */
export class ChunkPlace implements HandshakePlace {
  readonly side: Side;
  readonly #assembler: HandshakeAssembler;
  input = 0;
  frame = 0;
  ts: number = Number.NaN;

  constructor(side: Side, assembler: HandshakeAssembler) {
    this.side = side;
    this.#assembler = assembler;
  }

  move(chunk: Chunk): void {
    this.input = chunk.input;
    this.frame = chunk.frame;
    this.ts = chunk.ts;
  }

  get start(): number {
    return this.#assembler.start;
  }

  get end(): number {
    return this.#assembler.end;
  }

  streamOffset(at: number, length: number): number {
    return this.#assembler.streamOffset(at, length);
  }

  /** The same for what is no handshake message. */
  at(start: number, end: number): HandshakePlace {
    const { side, input, frame, ts } = this;
    return { side, input, frame, ts, start, end, streamOffset: () => start };
  }
}
