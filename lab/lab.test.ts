/**
 * The whole way, anew: the scenario is recorded in a network made for it, then audited. Needs Linux,
 * root and the lab's programs.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { auditRecording } from "./audit-recording.ts";
import { differences } from "./check-report.ts";
import { record, whyNotHere } from "./record.ts";
import { SCENARIO_2014 } from "./scenario-2014.ts";

test("an audit of a fresh recording says what was sent, and nothing else", async (t) => {
  const reason = whyNotHere();
  if (reason !== undefined) {
    t.skip(`the lab cannot run here: ${reason}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "telltale-lab-test-"));
  try {
    const truth = await record(SCENARIO_2014, folder);
    const report = await auditRecording(folder);
    assert.deepEqual(differences(report, truth), []);
    assert.ok(truth.transmissions.length > 20, "the scenario sends values");
    const spaces = execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
    assert.ok(!spaces.includes(`telltale-${process.pid}-`), "the network is taken down");
    assert.deepEqual(readdirSync(folder).sort(), FILES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const FILES = [
  "after.pcapng",
  "before.pcapng",
  "device.yaml",
  "keys.log",
  "run.ndjson",
  "truth.json",
];
