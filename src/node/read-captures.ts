/**
 * Reads several captures as one run: each file fed in chunks, frames merged by time.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import { Malformed } from "../bytes/cursor.ts";
import type { HarCapture } from "../capture/har.ts";
import { READ_STEP, type FrameReader } from "../capture/frame-reader.ts";
import { describeUnknown, identifyCapture, openFrameReader } from "../capture/identify.ts";
import { toTime } from "../report/event.ts";
import type { ReportInput } from "../report/report.ts";
import { MAX_HAR_BYTES } from "../limits.ts";
import { InputError, openSource, type CaptureSource } from "./capture-source.ts";

/** Takes the frames, in order of time over all inputs. */
export interface FrameTaker {
  frame(reader: FrameReader, input: number, frame: number): void;
  anomaly(anomaly: Anomaly): void;
  resolvedName(address: string, name: string, input: number): void;
  /** The whole text of a HAR file. */
  har(text: string, input: number): HarCapture;
}

/** How far reading has come; `total` is unknown for standard input. */
export interface Progress {
  readonly bytes: number;
  readonly total: number | undefined;
  readonly frames: number;
}

/** An input that is being read. */
interface Lane {
  readonly index: number;
  readonly source: CaptureSource;
  readonly reader: FrameReader;
  frames: number;
  firstTs: number;
  lastTs: number;
}

/**
 * Reads all inputs to their end.
 *
 * @param paths Files, or `-` for standard input.
 * @returns What each input was, in the order of `paths`.
 * @throws {InputError} where an input cannot be opened or is no capture.
 */
export async function readCaptures(
  paths: readonly string[],
  taker: FrameTaker,
  onProgress?: (progress: Progress) => void,
): Promise<ReportInput[]> {
  return readAll(paths, taker, { onProgress, digest: true });
}

/** Reads all inputs to their end, and tells nothing of them: for who needs no digest of the files. */
export async function readFrames(paths: readonly string[], taker: FrameTaker): Promise<void> {
  await readAll(paths, taker, { onProgress: undefined, digest: false });
}

interface ReadOptions {
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly digest: boolean;
}

async function readAll(
  paths: readonly string[],
  taker: FrameTaker,
  { onProgress, digest }: ReadOptions,
): Promise<ReportInput[]> {
  const inputs = new Map<number, ReportInput>();
  const lanes: Lane[] = [];
  try {
    for (const [index, path] of paths.entries()) {
      const opened = await openInput(path, index, taker, digest);
      if ("reader" in opened) lanes.push(opened);
      else inputs.set(index, opened);
    }
    const report = onProgress === undefined ? undefined : () => onProgress(progressOf(lanes));
    await merge(lanes, taker, report);
    for (const lane of lanes) {
      await drain(lane.source);
      inputs.set(lane.index, inputOf(lane, taker));
    }
  } finally {
    for (const { source } of lanes) await source.close();
  }
  return [...inputs].sort(([a], [b]) => a - b).map(([, input]) => input);
}

async function openInput(
  path: string,
  index: number,
  taker: FrameTaker,
  digest: boolean,
): Promise<Lane | ReportInput> {
  const source = await openSource(path, digest);
  const head = (await source.read()) ?? new Uint8Array(0);
  const format = identifyCapture(head);
  if (format === "unknown" || format === "gzip") {
    await source.close();
    const reason = format === "gzip" ? "is gzipped twice" : describeUnknown(head);
    throw new InputError(
      `${path}: not a capture: ${reason}; pcap, pcapng, snoop or HAR is expected, gzipped or not`,
    );
  }
  if (format === "har") return readHarInput(source, head, { index, taker, path });
  const reader = openFrameReader(format, index, {
    anomaly: (anomaly) => taker.anomaly(anomaly),
    // Decryption is not part of the path yet; the blocks are counted in the reader's summary.
    secrets: () => undefined,
    resolvedName: (address, name) => taker.resolvedName(address, name, index),
  });
  reader.feed(head);
  return { index, source, reader, frames: 0, firstTs: NaN, lastTs: NaN };
}

async function readHarInput(
  source: CaptureSource,
  head: Uint8Array,
  { index, taker, path }: { index: number; taker: FrameTaker; path: string },
): Promise<ReportInput> {
  const decoder = new TextDecoder("utf-8");
  let text = decoder.decode(head, { stream: true });
  for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) {
    if (text.length + chunk.length > MAX_HAR_BYTES) {
      await source.close();
      throw new InputError(
        `${path}: larger than ${MAX_HAR_BYTES} bytes, the most that a HAR may have`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  await source.close();
  let har: HarCapture;
  try {
    har = taker.har(text + decoder.decode(), index);
  } catch (error) {
    if (error instanceof Malformed) throw new InputError(`${path}: not a HAR: ${error.message}`);
    throw error;
  }
  const facts = source.facts();
  const times = har.entries.map(({ startedTs }) => startedTs).filter((ts) => Number.isFinite(ts));
  return {
    file: facts.file,
    sha256: facts.sha256 ?? "",
    format: "har",
    compression: facts.compression,
    bytes: facts.bytes,
    frames: har.summary.frames,
    linkTypes: [],
    firstTs: times.length === 0 ? null : times.reduce((least, ts) => Math.min(least, ts)),
    lastTs: times.length === 0 ? null : times.reduce((most, ts) => Math.max(most, ts)),
    application: har.summary.application ?? null,
  };
}

/** Gives the frames of all lanes in order of time; frames without a time keep their place. */
async function merge(
  lanes: readonly Lane[],
  taker: FrameTaker,
  report?: () => void,
): Promise<void> {
  const ready: Lane[] = [];
  for (const lane of lanes) if (await fill(lane)) ready.push(lane);
  for (let lane = earliest(ready); lane !== undefined; lane = earliest(ready)) {
    const alone = ready.length === 1;
    do {
      give(lane, taker);
      let step = lane.reader.next();
      if (step === READ_STEP.more) {
        report?.();
        step = (await fill(lane)) ? READ_STEP.frame : READ_STEP.end;
      }
      if (step === READ_STEP.end) {
        ready.splice(ready.indexOf(lane), 1);
        break;
      }
    } while (alone);
  }
}

function earliest(ready: readonly Lane[]): Lane | undefined {
  let best = ready[0];
  for (const lane of ready) if (best !== undefined && lane.reader.ts < best.reader.ts) best = lane;
  return best;
}

function give(lane: Lane, taker: FrameTaker): void {
  const { reader } = lane;
  lane.frames += 1;
  // Comparisons with NaN are false: the first time sets both, frames without a time set none.
  if (!(reader.ts >= lane.firstTs))
    lane.firstTs = Number.isNaN(reader.ts) ? lane.firstTs : reader.ts;
  if (!(reader.ts <= lane.lastTs)) lane.lastTs = Number.isNaN(reader.ts) ? lane.lastTs : reader.ts;
  taker.frame(reader, lane.index, lane.frames);
}

/** Feeds the reader until it has a frame; false at the end of the capture. */
async function fill(lane: Lane): Promise<boolean> {
  for (;;) {
    const step = lane.reader.next();
    if (step !== READ_STEP.more) return step === READ_STEP.frame;
    const chunk = await lane.source.read();
    if (chunk === undefined) lane.reader.finish();
    else lane.reader.feed(chunk);
  }
}

/** Reads on to the end of a file whose frames broke off, so that its hash is that of the whole file. */
async function drain(source: CaptureSource): Promise<void> {
  while ((await source.read()) !== undefined);
}

function inputOf(lane: Lane, taker: FrameTaker): ReportInput {
  const facts = lane.source.facts();
  const { summary } = lane.reader;
  if (facts.trouble !== undefined) {
    taker.anomaly({
      stage: "capture",
      name: "compression-broken",
      place: { input: lane.index, frame: lane.frames },
      reason: facts.trouble,
    });
  }
  return {
    file: facts.file,
    sha256: facts.sha256 ?? "",
    format: summary.format,
    compression: facts.compression,
    bytes: facts.bytes,
    frames: summary.frames,
    linkTypes: [...summary.linkTypes],
    firstTs: toTime(lane.firstTs),
    lastTs: toTime(lane.lastTs),
    application: summary.application ?? null,
  };
}

function progressOf(lanes: readonly Lane[]): Progress {
  let bytes = 0;
  let total: number | undefined = 0;
  let frames = 0;
  for (const lane of lanes) {
    const { done, total: all } = lane.source.progress();
    bytes += done;
    total = total === undefined || all === undefined ? undefined : total + all;
    frames += lane.frames;
  }
  return { bytes, total, frames };
}
