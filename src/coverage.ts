/**
 * Counts the coverage ledger while frames pass, and closes it at the end: every frame and
 * every byte in one class, the classes summing to the total.
 *
 * @module
 */
import {
  BYTE_CLASS,
  BYTE_CLASS_COUNT,
  BYTE_CLASS_NAMES,
  FRAME_CLASS,
  FRAME_CLASS_NAMES,
  type FrameClass,
} from "./ledger.ts";

/** A closed ledger. */
export interface LedgerSums {
  readonly total: number;
  readonly classes: Readonly<Record<string, number>>;
}

/** Bytes of frames that are headers, trailers and padding around the payload. */
export const HEADERS = "headers";
/** Bytes that were on the wire but not in the capture. */
export const NOT_CAPTURED = "not-captured";

/** Frame and byte counters of one audit. */
export class Coverage {
  readonly #frames = new Float64Array(FRAME_CLASS_NAMES.length);
  /** Captured bytes of frames, by class of the frame. */
  readonly #captured = new Float64Array(FRAME_CLASS_NAMES.length);
  #original = 0;
  #capturedTotal = 0;

  /** Counts one frame; lengths in bytes. */
  frame(frameClass: FrameClass, originalLength: number, capturedLength: number): void {
    this.#frames[frameClass]! += 1;
    this.#captured[frameClass]! += capturedLength;
    this.#original += originalLength;
    this.#capturedTotal += capturedLength;
  }

  /** Every frame by what became of it. */
  frames(): LedgerSums {
    const classes: Record<string, number> = {};
    let total = 0;
    for (const [i, name] of FRAME_CLASS_NAMES.entries()) {
      const n = this.#frames[i] ?? 0;
      if (n > 0) classes[name] = n;
      total += n;
    }
    return { total, classes };
  }

  /**
   * Every byte of every frame, by original length.
   *
   * @param tally Payload bytes of all flows by byte class.
   */
  bytes(tally: Float64Array): LedgerSums {
    const classes: Record<string, number> = {};
    let payload = 0;
    for (let i = 0; i < BYTE_CLASS_COUNT; i++) payload += tally[i] ?? 0;
    put(classes, HEADERS, (this.#captured[FRAME_CLASS.flow] ?? 0) - payload);
    for (let i = 0; i < BYTE_CLASS_COUNT; i++) put(classes, nameOf(i), tally[i] ?? 0);
    for (const [i, name] of FRAME_CLASS_NAMES.entries()) {
      if (i !== FRAME_CLASS.flow) put(classes, name, this.#captured[i] ?? 0);
    }
    put(classes, NOT_CAPTURED, this.#original - this.#capturedTotal);
    return { total: this.#original, classes };
  }
}

/** A ledger of payload: bytes by class, and those that were sent but not captured. */
export function payloadLedger(tally: Float64Array, missing: number): LedgerSums {
  const classes: Record<string, number> = {};
  let total = missing;
  for (let i = 0; i < BYTE_CLASS_COUNT; i++) {
    const n = tally[i] ?? 0;
    put(classes, nameOf(i), n);
    total += n;
  }
  put(classes, NOT_CAPTURED, missing);
  return { total, classes };
}

/** A fresh tally of payload bytes by class. */
export function emptyTally(): Float64Array {
  return new Float64Array(BYTE_CLASS_COUNT);
}

/** Adds one tally to another. */
export function addTally(sum: Float64Array, more: Float64Array | undefined): void {
  if (more === undefined) return;
  for (let i = 0; i < BYTE_CLASS_COUNT; i++) sum[i]! += more[i] ?? 0;
}

/** Bytes of a tally in which nothing can be searched: encrypted ones and forms that are not read. */
export function hiddenOf(tally: Float64Array): number {
  return (tally[BYTE_CLASS.encrypted] ?? 0) + (tally[BYTE_CLASS.unsupported] ?? 0);
}

function nameOf(byteClass: number): string {
  return BYTE_CLASS_NAMES[byteClass] ?? `class-${byteClass}`;
}

function put(classes: Record<string, number>, name: string, n: number): void {
  if (n !== 0) classes[name] = (classes[name] ?? 0) + n;
}
