/**
 * The bundled example, end to end: the report against what the recorded programs sent, as their own
 * steps say (`lab/`).
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { auditRecording } from "../lab/audit-recording.ts";
import { differences } from "../lab/check-report.ts";
import { SCENARIO_2014 } from "../lab/scenario-2014.ts";
import type { Truth } from "../lab/truth.ts";
import type { Report } from "../src/report/report.ts";

const FOLDER = join("examples", "phone-2014");
const truth = JSON.parse(readFileSync(join(FOLDER, "truth.json"), "utf8")) as Truth;
const report: Report = await auditRecording(FOLDER);

test("the report names each planted value that left, when, to whom, in which form, and no other", () => {
  assert.deepEqual(differences(report, truth), []);
});

test("the example was recorded from the scenario as it stands", () => {
  const planted = new Map(SCENARIO_2014.planted.map(({ id, property }) => [id, property]));
  assert.deepEqual(new Map(report.canaries.map(({ id, property }) => [id, property])), planted);
  const phases = SCENARIO_2014.captures.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "phase" ? [step.id] : [])),
  );
  assert.deepEqual(
    report.phases.map(({ id }) => id),
    phases,
  );
});

test("what F-Secure saw in 2014 is what the report says", () => {
  const toAccount = (phase: string): readonly (string | null)[] => [
    ...new Set(
      report.observations
        .filter((one) => one.destination === "api.account.xiaomi.com" && one.phase === phase)
        .map(({ canary }) => canary)
        .filter((canary) => canary !== null),
    ),
  ];
  assert.deepEqual(toAccount("before-sim"), ["carrier", "imei", "own-number"]);
  assert.deepEqual(toAccount("before-contact"), ["contact-1"]);
  assert.deepEqual(toAccount("before-sms"), ["own-number", "sms-peer"]);
  assert.deepEqual(toAccount("before-cloud"), ["imsi", "imei", "own-number", "app"]);
  assert.deepEqual(toAccount("after-cloud-off"), []);
  assert.deepEqual(toAccount("after-cloud-on"), []);
});

test("after the update the account server is contacted only with the cloud on, and unreadably", () => {
  const account = report.destinations.find(({ id }) => id === "api.account.xiaomi.com");
  assert.deepEqual(
    account?.phases.filter((phase) => phase.startsWith("after-")),
    ["after-cloud-on"],
  );
  assert.ok((account.payload.sent.classes["encrypted"] ?? 0) > 0);
});

test("no place that is true is refuted by latency, and one that is not is", () => {
  const refuted = report.destinations.flatMap(({ id, latency }) =>
    (latency?.refuted ?? []).map(({ country }) => [id, country]),
  );
  // The address holder's country; the answer came from Taiwan's neighbourhood within milliseconds.
  assert.deepEqual(refuted, [["clients3.google.com", "AU"]]);
});

test("the ledger adds up, and nothing in the example breaks a grammar", () => {
  for (const ledger of [report.coverage.frames, report.coverage.bytes]) {
    const sum = Object.values(ledger.classes).reduce((all, one) => all + one, 0);
    assert.equal(sum, ledger.total);
  }
  assert.equal(
    report.coverage.frames.total,
    report.inputs.reduce((all, { frames }) => all + frames, 0),
  );
  assert.deepEqual(report.anomalies, []);
});

test("differences() notices what a report leaves out, adds, or says otherwise", () => {
  const [first] = report.observations.filter(({ canary }) => canary === "contact-1");
  assert.ok(first !== undefined);
  const others = report.observations.filter((one) => one !== first);
  const count = (observations: Report["observations"]): number =>
    differences({ ...report, observations }, truth).length;
  assert.equal(count(others), 1, "left out");
  assert.equal(count([...report.observations, { ...first, canary: "contact-kept" }]), 1, "added");
  for (const change of [
    { destination: "update.miui.com" },
    { phase: "after-cloud-off" },
    { form: "hashed" },
    { ts: (first.ts ?? 0) + 60_000_000 },
    { recipe: first.recipe.filter(({ operation }) => operation !== "percent") },
  ] as const) {
    assert.equal(count([...others, { ...first, ...change }]), 2, JSON.stringify(change));
  }
});
