/**
 * Runs the real path over one capture and keeps its events.
 */
import { nodePlatform } from "../../src/node/platform.ts";
import { readCaptures } from "../../src/node/read-captures.ts";
import { Pipeline } from "../../src/pipeline.ts";
import { toEvent, toFlowEvent, type Event } from "../../src/report/event.ts";
import type { ReportInput } from "../../src/report/report.ts";

export interface Reading {
  readonly input: ReportInput | undefined;
  readonly error: string | undefined;
  readonly events: readonly Event[];
  readonly bytes: { total: number; classes: Readonly<Record<string, number>> };
  readonly frames: { total: number; classes: Readonly<Record<string, number>> };
}

/** Reads one capture; what cannot be read at all is an error, not an exception. */
export async function readEvents(path: string): Promise<Reading> {
  const events: Event[] = [];
  const pipeline: Pipeline = new Pipeline(nodePlatform, {
    wantsParts: false,
    wantsRaw: false,
    message: (message) => void events.push(toEvent(message)),
    raw: () => undefined,
    flowEnd: (flow) =>
      void events.push(toFlowEvent(flow, pipeline.now, pipeline.applicationOf(flow))),
    anomaly: () => undefined,
    resolvedName: () => undefined,
  });
  let input: ReportInput | undefined;
  let error: string | undefined;
  try {
    [input] = await readCaptures([path], pipeline);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  pipeline.end();
  return { input, error, events, bytes: pipeline.bytes(), frames: pipeline.frames() };
}
