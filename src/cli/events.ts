/**
 * `telltale events`: what the dissectors read, as NDJSON.
 *
 * @module
 */
import { LineWriter } from "../node/output.ts";
import { nodePlatform } from "../node/platform.ts";
import { readFrames } from "../node/read-captures.ts";
import { Pipeline } from "../pipeline.ts";
import { addAnomalyLine, addFlowLine, addMessageLine } from "../report/event.ts";
import { EventLines } from "../report/event-sink.ts";

const STANDARD_OUTPUT = 1;
/** Bytes of lines that are gathered before they are written, and those of the buffer, with room for one more. */
const GATHERED_BYTES: number = 128 * 1024;
const BUFFER_BYTES: number = 2 * GATHERED_BYTES;

/** Reads the captures and writes one line an event, in the order of the capture. */
export async function eventsCommand(captures: readonly string[]): Promise<void> {
  const writer = new LineWriter(STANDARD_OUTPUT);
  const lines = new EventLines(BUFFER_BYTES);
  const flush = (): void => {
    writer.bytes(lines.json.bytes.subarray(0, lines.json.length));
    lines.json.truncate();
  };
  const added = (): void => {
    if (lines.json.length >= GATHERED_BYTES) flush();
  };
  const pipeline: Pipeline = new Pipeline(nodePlatform, {
    wantsParts: false,
    wantsRaw: false,
    message: (message) => {
      addMessageLine(lines, message);
      added();
    },
    raw: () => undefined,
    flowEnd: (flow) => {
      addFlowLine(lines, flow, pipeline.now, pipeline.applicationOf(flow));
      added();
    },
    resolvedName: () => undefined,
    anomaly: (anomaly) => {
      addAnomalyLine(lines, anomaly, pipeline.now);
      added();
    },
  });
  await readFrames(captures, pipeline);
  pipeline.end();
  flush();
}
