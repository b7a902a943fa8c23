import assert from "node:assert/strict";
import { test } from "node:test";
import { readRunLog } from "../src/device/run-log.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { RunLogWriter } from "./run-log.ts";

function writeLog(): string {
  const log = new RunLogWriter();
  log.phase("one", "First");
  log.add("stimulus", { stimulus: "sms-sent", title: "Text message sent" });
  log.phase("two", "Second");
  log.endPhase();
  return log.toText();
}

test("the run log of the lab is one that the audit reads", () => {
  const { phases, stimuli, brokenLinks } = readRunLog(writeLog(), nodePlatform);
  assert.deepEqual(
    phases.map(({ id, title }) => [id, title]),
    [
      ["one", "First"],
      ["two", "Second"],
    ],
  );
  assert.ok(phases.every(({ start, end }) => start <= end && end < Infinity));
  assert.deepEqual(
    stimuli.map(({ id, sham }) => [id, sham]),
    [["sms-sent", false]],
  );
  assert.deepEqual(brokenLinks, []);
});

test("a line changed or taken out breaks the chain of the line after it", () => {
  const text = writeLog();
  const changed = text.replace("Text message sent", "Nothing was done");
  assert.deepEqual(readRunLog(changed, nodePlatform).brokenLinks, [3]);
  const lines = text.split("\n");
  lines.splice(1, 1);
  assert.deepEqual(readRunLog(lines.join("\n"), nodePlatform).brokenLinks, [2]);
});
