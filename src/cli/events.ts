/**
 * `telltale events`: what the dissectors read, as NDJSON.
 *
 * @module
 */
import { LineWriter } from "../node/output.ts";
import { nodePlatform } from "../node/platform.ts";
import { readCaptures } from "../node/read-captures.ts";
import { Pipeline } from "../pipeline.ts";
import { toAnomalyEvent, toEvent, toFlowEvent, type Event } from "../report/event.ts";

const STANDARD_OUTPUT = 1;

/** Reads the captures and writes one line an event, in the order of the capture. */
export async function eventsCommand(captures: readonly string[]): Promise<void> {
  const writer = new LineWriter(STANDARD_OUTPUT);
  const write = (event: Event): void => writer.line(JSON.stringify(event));
  const pipeline: Pipeline = new Pipeline(nodePlatform, {
    wantsParts: false,
    wantsRaw: false,
    message: (message) => write(toEvent(message)),
    raw: () => undefined,
    flowEnd: (flow) => write(toFlowEvent(flow, pipeline.now, pipeline.applicationOf(flow))),
    resolvedName: () => undefined,
    anomaly: (anomaly) => write(toAnomalyEvent(anomaly, pipeline.now)),
  });
  await readCaptures(captures, pipeline);
  pipeline.end();
  writer.flush();
}
