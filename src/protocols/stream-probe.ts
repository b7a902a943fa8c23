/**
 * Finds out which protocol a TCP connection speaks, from the first bytes of both sides, and
 * holds what comes meanwhile. While the first segment decides, nothing is copied.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../flows/flow.ts";
import { PROBE_BYTES } from "../limits.ts";
import type { Dissector } from "./dissector.ts";
import { LentChunk } from "./lent-chunk.ts";

/** Takes what was held, in the order in which it came. */
export interface HeldSink {
  take(side: Side, chunk: Chunk): void;
  takeGap(side: Side, offset: number, length: number): void;
  takeClose(side: Side): void;
}

/** The undecided beginning of a connection. */
export class StreamProbe {
  readonly #flow: Flow;
  readonly #candidates: readonly Dissector[];
  readonly #sides: readonly [ProbedSide, ProbedSide];
  #held: Held[] = [];

  constructor(flow: Flow, candidates: readonly Dissector[]) {
    this.#flow = flow;
    this.#candidates = candidates;
    this.#sides = [new ProbedSide(candidates.length), new ProbedSide(candidates.length)];
  }

  /** Whether nobody can say yes any more. */
  get isOver(): boolean {
    return this.#sides[0].asked === 0 && this.#sides[1].asked === 0;
  }

  /** Whether all refused `side`, and more of it is held than is worth waiting for the other side. */
  isFull(side: Side): boolean {
    const { asked, length } = this.#sides[side];
    return asked === 0 && length > PROBE_BYTES;
  }

  /** Whether all refused `side`. */
  isRefused(side: Side): boolean {
    return this.#sides[side].asked === 0;
  }

  /**
   * Offers the next bytes of `side`.
   *
   * @returns The dissector that recognises them; the chunk is then not held. Else undefined.
   */
  offer(side: Side, chunk: Chunk): Dissector | undefined {
    const one = this.#sides[side];
    const start = one.length;
    if (one.prefixAt === start) {
      const found = this.#ask(side, chunk.bytes, chunk.start, chunk.end);
      if (found !== undefined) return found;
      one.append(chunk);
    } else {
      one.append(chunk);
      const found = this.#ask(side, one.bytes, one.prefixAt, one.length);
      if (found !== undefined) return found;
    }
    if (one.length - one.prefixAt >= PROBE_BYTES) one.asked = 0;
    const { offset, frame, input, ts, missing = 0 } = chunk;
    const end = one.length;
    this.#held.push({ kind: "bytes", side, start, end, offset, frame, input, ts, missing });
    return undefined;
  }

  /** The dissector that recognises what `side` sent up to a loss, by what can be known of it. */
  recogniseCut(side: Side): Dissector | undefined {
    const { asked, bytes, prefixAt, length } = this.#sides[side];
    if (prefixAt === length) return undefined;
    return this.#candidates.find(
      (candidate, i) =>
        (asked & (1 << i)) !== 0 &&
        candidate.probeCut?.(bytes, prefixAt, length, this.#flow) === true,
    );
  }

  /** Bytes are lost: what comes then may open a message again, so all are asked afresh. */
  gap(side: Side, offset: number, length: number): void {
    const one = this.#sides[side];
    one.prefixAt = one.length;
    one.asked = maskOf(this.#candidates.length);
    this.#held.push({ kind: "gap", side, offset, length });
  }

  /** `side` sends no more: who is still unsure of it will not be sure. */
  close(side: Side): void {
    this.#sides[side].asked = 0;
    this.#held.push({ kind: "close", side });
  }

  /** Gives all that is held, and forgets it. */
  release(sink: HeldSink): void {
    const held = this.#held;
    this.#held = [];
    for (const one of held) this.#give(one, sink);
  }

  /** Gives the bytes of `side`, and forgets all that was held of it. */
  releaseSide(side: Side, sink: HeldSink): void {
    const held = this.#held.filter((one) => one.side === side && one.kind === "bytes");
    this.#held = this.#held.filter((one) => one.side !== side);
    for (const one of held) this.#give(one, sink);
  }

  #give(held: Held, sink: HeldSink): void {
    if (held.kind === "gap") {
      sink.takeGap(held.side, held.offset, held.length);
      return;
    }
    if (held.kind === "close") {
      sink.takeClose(held.side);
      return;
    }
    const chunk = new LentChunk();
    chunk.bytes = this.#sides[held.side].bytes;
    chunk.start = held.start;
    chunk.end = held.end;
    chunk.offset = held.offset;
    chunk.frame = held.frame;
    chunk.input = held.input;
    chunk.ts = held.ts;
    chunk.missing = held.missing;
    sink.take(held.side, chunk);
  }

  #ask(side: Side, bytes: Uint8Array, start: number, end: number): Dissector | undefined {
    const one = this.#sides[side];
    for (let i = 0; i < this.#candidates.length; i++) {
      if ((one.asked & (1 << i)) === 0) continue;
      const candidate = this.#candidates[i];
      const answer = candidate?.probe(bytes, start, end, this.#flow, side) ?? "no";
      if (answer === "yes") return candidate;
      if (answer === "no") one.asked &= ~(1 << i);
    }
    return undefined;
  }
}

/** Held bytes are `[start, end)` of the side's buffer. */
type Held =
  | (Omit<Required<Chunk>, "bytes"> & { readonly kind: "bytes"; readonly side: Side })
  | {
      readonly kind: "gap";
      readonly side: Side;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: "close"; readonly side: Side };

class ProbedSide {
  /** Bit i: candidate i has not said no. */
  asked: number;
  /** All bytes held, `[0, length)`. */
  bytes: Uint8Array = EMPTY;
  length = 0;
  /** Where the bytes begin that are to be probed: 0, or after the last gap. */
  prefixAt = 0;

  constructor(candidates: number) {
    this.asked = maskOf(candidates);
  }

  append(chunk: Chunk): void {
    const length = this.length + chunk.end - chunk.start;
    if (length > this.bytes.length) {
      // Most beginnings are one segment: exactly its size first, then doubled.
      const grown = new Uint8Array(this.length === 0 ? length : length * 2);
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(chunk.bytes.subarray(chunk.start, chunk.end), this.length);
    this.length = length;
  }
}

/** A bit for each candidate; a registry has no more than a small integer has bits. */
function maskOf(candidates: number): number {
  return 2 ** candidates - 1;
}

const EMPTY = new Uint8Array(0);
