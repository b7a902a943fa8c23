/**
 * Reads a whole capture into plain values, for tests: what every reader must give
 * whatever the pieces it is fed.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import type { CaptureSummary } from "./frame-reader.ts";
import { READ_STEP } from "./frame-reader.ts";
import type { FrameFormat } from "./identify.ts";
import { openFrameReader } from "./identify.ts";

/** One frame, copied out of the reader. */
export interface ReadFrame {
  readonly ts: number;
  readonly linkType: number;
  readonly capturedLength: number;
  readonly originalLength: number;
  readonly fileOffset: number;
  readonly flags: number | undefined;
  readonly interfaceIndex: number | undefined;
  readonly comment: string | undefined;
  readonly data: Uint8Array;
}

/** All that a capture gave. */
export interface WholeRead {
  readonly frames: readonly ReadFrame[];
  readonly anomalies: readonly Anomaly[];
  readonly names: readonly string[];
  readonly secrets: readonly { readonly type: number; readonly data: Uint8Array }[];
  readonly summary: CaptureSummary;
}

/**
 * Feeds `file` in pieces and reads it to its end.
 *
 * @param toPieceBytes Gives the length of the next piece, at least 1; left out, the file is one piece.
 * @throws {Error} if the reader gives no end, more frames than the file has bytes, or a frame outside of its buffer.
 */
export function readWhole(
  kind: FrameFormat,
  file: Uint8Array,
  toPieceBytes: () => number = () => file.length,
): WholeRead {
  const anomalies: Anomaly[] = [];
  const names: string[] = [];
  const secrets: { type: number; data: Uint8Array }[] = [];
  const frames: ReadFrame[] = [];
  const reader = openFrameReader(kind, 0, {
    anomaly: (anomaly) => anomalies.push(anomaly),
    secrets: (type, data) => secrets.push({ type, data }),
    resolvedName: (address, name) => names.push(`${address} ${name}`),
  });
  let fed = 0;
  for (;;) {
    const step = reader.next();
    if (step === READ_STEP.end) break;
    if (step === READ_STEP.more) {
      if (fed === file.length) {
        reader.finish();
        if (reader.next() === READ_STEP.more) throw new Error("asks for more after the end");
        continue;
      }
      const piece = Uint8Array.from(file.subarray(fed, fed + toPieceBytes()));
      fed += piece.length;
      reader.feed(piece);
      piece.fill(0xee); // What the reader keeps must be its own copy.
      continue;
    }
    const { ts, linkType, capturedLength, originalLength, fileOffset, flags } = reader;
    const { interfaceIndex, comment, start } = reader;
    const data = reader.bytes.slice(start, start + capturedLength);
    if (data.length !== capturedLength) throw new Error("frame outside of the buffer");
    if (frames.length > file.length) throw new Error("more frames than bytes");
    frames.push({
      ...{ ts, linkType, capturedLength, originalLength, fileOffset },
      ...{ flags, interfaceIndex, comment, data },
    });
  }
  if (fed < file.length) reader.feed(file.subarray(fed));
  return { frames, anomalies, names, secrets, summary: reader.summary };
}

/** Names of the anomalies, in order. */
export function namesOf(read: WholeRead): string[] {
  return read.anomalies.map((anomaly) => anomaly.name);
}
