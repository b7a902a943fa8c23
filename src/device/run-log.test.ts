import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { nodePlatform } from "../node/platform.ts";
import { micros, phaseAt, readRunLog, RunLogError } from "./run-log.ts";

/** A chained log, linked by node:crypto. */
function chained(entries: readonly Record<string, unknown>[]): string {
  let prev = "";
  let text = "";
  for (const entry of entries) {
    const line = JSON.stringify({ ...entry, prev });
    prev = createHash("sha256").update(line).digest("hex");
    text += `${line}\n`;
  }
  return text;
}

const RUN = [
  { kind: "operator", name: "lab 1", at: "2026-11-22T08:00:00Z" },
  { kind: "phase-start", phase: "idle", title: "Idle, no SIM", at: "2026-11-22T08:00:01.000001Z" },
  { kind: "stimulus", stimulus: "sms", title: "Message sent", at: "2026-11-22T08:00:02.5Z" },
  { kind: "phase-end", phase: "idle", at: "2026-11-22T08:00:03Z" },
  { kind: "phase-start", phase: "sim", at: "2026-11-22T08:00:03Z" },
];

test("readRunLog() reads phases and stimuli of a chained log", () => {
  const log = readRunLog(chained(RUN), nodePlatform);
  assert.deepEqual(log.brokenLinks, []);
  const start = Date.UTC(2026, 10, 22, 8) * 1000;
  assert.deepEqual(log.phases, [
    { id: "idle", title: "Idle, no SIM", start: start + 1_000_001, end: start + 3_000_000 },
    { id: "sim", title: "sim", start: start + 3_000_000, end: Infinity },
  ]);
  assert.deepEqual(log.stimuli, [
    { id: "sms", title: "Message sent", at: start + 2_500_000, sham: false },
  ]);
  assert.equal(phaseAt(log.phases, start + 2_999_999), "idle");
  assert.equal(phaseAt(log.phases, start + 3_000_000), "sim");
  assert.equal(phaseAt(log.phases, start), null);
});

test("readRunLog() says which lines do not follow from the line before", () => {
  const lines = chained(RUN).split("\n");
  const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n");
  assert.deepEqual(readRunLog(swapped, nodePlatform).brokenLinks, [2, 3, 4]);
});

test("readRunLog() refuses broken lines and says which", () => {
  const lineOf = (text: string): number => {
    try {
      readRunLog(text, nodePlatform);
    } catch (error) {
      if (error instanceof RunLogError) return error.line;
    }
    return 0;
  };
  const good = chained(RUN.slice(0, 1));
  assert.equal(lineOf(`${good}{`), 2);
  assert.equal(
    lineOf(`${good}${JSON.stringify({ kind: "dance", at: "2026-11-22T08:00:00Z", prev: "" })}`),
    2,
  );
  assert.equal(lineOf(chained([{ kind: "phase-end", phase: "x", at: "2026-11-22T08:00:00Z" }])), 1);
});

test("micros() is exact to the microsecond and knows offsets from UTC", () => {
  assert.equal(micros("1970-01-01T00:00:00.000001Z"), 1);
  assert.equal(micros("1970-01-01T08:00:00.5+08:00"), 500_000);
});
