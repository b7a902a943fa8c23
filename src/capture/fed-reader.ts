/**
 * What all frame readers share: a buffer that is fed and drained, the fields of the
 * current frame, the counts, and the way a capture ends.
 *
 * @module
 */
import type { CaptureSink, CaptureSummary, FrameReader, ReadStep } from "./frame-reader.ts";
import { READ_STEP } from "./frame-reader.ts";
import { MAX_FRAME_BYTES, MAX_ORIGINAL_BYTES } from "../limits.ts";

const FIRST_BUFFER_BYTES = 64 * 1024;

/** A frame reader without its format: subclasses add `next` and read at `at`, short of `end`. */
export abstract class FedReader implements FrameReader {
  bytes: Uint8Array = new Uint8Array(FIRST_BUFFER_BYTES);
  start = 0;
  capturedLength = 0;
  originalLength = 0;
  ts: number = NaN;
  linkType = -1;
  fileOffset = 0;
  flags = 0;
  interfaceIndex = -1;

  /** Offset in `bytes` of the first record not yet stepped over, and of the end of what was fed. */
  protected at = 0;
  protected end = 0;
  protected frames = 0;
  protected readonly sink: CaptureSink;

  readonly #input: number;
  #base = 0;
  #fed = 0;
  #finished = false;
  #ended = false;
  #originalBytes = 0;
  #capturedBytes = 0;

  /** @param input Index of the input, for the place of anomalies. */
  constructor(input: number, sink: CaptureSink) {
    this.#input = input;
    this.sink = sink;
  }

  abstract next(): ReadStep;
  abstract get summary(): CaptureSummary;

  get comment(): string | undefined {
    return undefined;
  }

  feed(chunk: Uint8Array): void {
    this.#fed += chunk.length;
    if (this.#ended) return;
    const left = this.end - this.at;
    if (left + chunk.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(left + chunk.length, this.bytes.length * 2));
      grown.set(this.bytes.subarray(this.at, this.end));
      this.bytes = grown;
    } else if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end);
    }
    this.#base += this.at;
    this.at = 0;
    this.bytes.set(chunk, left);
    this.end = left + chunk.length;
  }

  finish(): void {
    this.#finished = true;
  }

  /** Whether the capture is over; then `next` has only `end` to say. */
  protected get ended(): boolean {
    return this.#ended;
  }

  /** Offset in the file of the byte at `offset` of `bytes`. */
  protected toFileOffset(offset: number): number {
    return this.#base + offset;
  }

  /** Counts the frame that the fields describe, and gives it. */
  protected giveFrame(): ReadStep {
    this.frames++;
    if (this.originalLength < this.capturedLength || this.originalLength > MAX_FRAME_BYTES) {
      this.#checkOriginalLength();
    }
    this.#capturedBytes += this.capturedLength;
    this.#originalBytes += this.originalLength;
    return READ_STEP.frame;
  }

  #checkOriginalLength(): void {
    const found = this.originalLength;
    const captured = this.capturedLength;
    if (found < captured) {
      this.originalLength = captured;
      const reason = `${captured} bytes captured of a frame of ${found}; taken as a frame of ${captured}`;
      this.report("original-length-too-small", reason);
    } else {
      // The file's word stands, as in Wireshark; the cap keeps it a 32-bit integer.
      this.originalLength = Math.min(found, MAX_ORIGINAL_BYTES);
      const reason = `frame of ${found} bytes on the wire, at most ${MAX_FRAME_BYTES} expected`;
      this.report("original-length-implausible", reason);
    }
  }

  /** Fewer bytes are there than the record at `at` needs: asks for more, or ends the capture. */
  protected starve(what: string, needed: number): ReadStep {
    if (!this.#finished) return READ_STEP.more;
    const left = this.end - this.at;
    if (left > 0) {
      this.reportNext(
        "record-cut-short",
        `file ends in a ${what}: ${left} bytes left, ${needed} due`,
      );
    }
    this.#ended = true;
    return READ_STEP.end;
  }

  /** Ends the capture at a record that cannot be stepped over; the rest of the file counts as unread. */
  protected breakOff(name: string, reason: string): ReadStep {
    this.reportNext(name, reason);
    this.#ended = true;
    return READ_STEP.end;
  }

  /** Notes an oddity of the frame that was stepped to last. */
  protected report(name: string, reason: string): void {
    this.#emit(name, reason, this.frames);
  }

  /** Notes an oddity that is of no frame yet: in the record at `at`. */
  protected reportNext(name: string, reason: string): void {
    this.fileOffset = this.#base + this.at;
    this.#emit(name, reason, 0);
  }

  #emit(name: string, reason: string, frame: number): void {
    const place = { input: this.#input, frame, offset: this.fileOffset };
    this.sink.anomaly({ stage: "capture", name, place, reason });
  }

  /** The counts of the summary that every format has. */
  protected get counts(): Pick<
    Required<CaptureSummary>,
    "frames" | "originalBytes" | "capturedBytes" | "fileBytes" | "unreadBytes"
  > {
    return {
      frames: this.frames,
      originalBytes: this.#originalBytes,
      capturedBytes: this.#capturedBytes,
      fileBytes: this.#fed,
      unreadBytes: this.#fed - this.#base - this.at,
    };
  }
}
