/**
 * The body of one HTTP message while it comes in: counted always, kept where somebody
 * wants its content.
 *
 * @module
 */
import { MAX_BODY_BYTES, MAX_BODY_RUNS } from "../../limits.ts";

/** A run of body bytes without a hole. */
export interface BodyRun {
  /** Place of its first byte in the body. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Place of its first byte in the stream, where it stands there as it is; else -1. */
  readonly offset: number;
}

interface OpenRun {
  at: number;
  offset: number;
  /** Whether the bytes so far stand in the stream without other bytes between them. */
  verbatim: boolean;
  buffer: Uint8Array;
  length: number;
}

/** Counts body bytes, and keeps at most `MAX_BODY_BYTES` of them. */
export class BodyKeeper {
  /** Bytes of the body that came. */
  bytes = 0;
  /** Bytes of the body that were sent but not captured. */
  missing = 0;
  readonly #keeps: boolean;
  #kept = 0;
  #runs: OpenRun[] = [];
  #broken = false;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** Bytes that came but were not kept. */
  get beyond(): number {
    return this.#keeps ? this.bytes - this.#kept : 0;
  }

  /** Takes `bytes[start, end)`, which stand at `offset` of the stream. */
  push(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const length = Math.min(end - start, this.#keeps ? MAX_BODY_BYTES - this.#kept : 0);
    if (length > 0) this.#keep(bytes, start, start + length, offset);
    this.bytes += end - start;
  }

  /** Notes bytes of the body that were lost. */
  gap(length: number): void {
    this.missing += length;
    this.#broken = true;
  }

  /** What was kept, in order; views, valid while this keeper is. */
  runs(): readonly BodyRun[] {
    return this.#runs.map((run) => ({
      at: run.at,
      bytes: run.buffer.subarray(0, run.length),
      offset: run.verbatim ? run.offset : -1,
    }));
  }

  #keep(bytes: Uint8Array, start: number, end: number, offset: number): void {
    let run = this.#runs.at(-1);
    const canOpen = this.#runs.length < MAX_BODY_RUNS;
    if (run === undefined || (this.#broken && canOpen)) {
      const buffer = new Uint8Array(Math.max(end - start, MIN_BUFFER_BYTES));
      run = { at: this.bytes + this.missing, offset, verbatim: true, buffer, length: 0 };
      this.#runs.push(run);
    } else if (this.#broken) {
      return;
    }
    this.#broken = false;
    if (offset !== run.offset + run.length) run.verbatim = false;
    const needed = run.length + end - start;
    if (needed > run.buffer.length) {
      const larger = new Uint8Array(
        Math.min(Math.max(needed, run.buffer.length * 2), MAX_BODY_BYTES),
      );
      larger.set(run.buffer.subarray(0, run.length));
      run.buffer = larger;
    }
    run.buffer.set(bytes.subarray(start, end), run.length);
    run.length = needed;
    this.#kept += end - start;
  }
}

const MIN_BUFFER_BYTES = 1024;
