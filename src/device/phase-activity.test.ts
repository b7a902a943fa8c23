import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeFlow } from "../findings/test-world.ts";
import { PhaseActivity } from "./phase-activity.ts";

const PHASES = [
  { id: "idle", title: "Idle", start: 100, end: 200 },
  { id: "sim", title: "SIM", start: 200, end: 300 },
  { id: "later", title: "Later", start: 400, end: Infinity },
];

test("a flow is active in the phases of its packets, not in those between them", () => {
  const activity = new PhaseActivity(PHASES);
  const [beacon, quiet] = [fakeFlow(), fakeFlow()];
  for (const ts of [150, 199, 450, 160]) activity.note(beacon, ts);
  for (const ts of [50, 350, NaN]) activity.note(quiet, ts);
  assert.deepEqual(activity.of(beacon), ["idle", "later"]);
  assert.deepEqual(activity.of(quiet), []);
});

test("a border belongs to the phase that begins there", () => {
  const activity = new PhaseActivity(PHASES);
  const flow = fakeFlow();
  activity.note(flow, 200);
  assert.deepEqual(activity.of(flow), ["sim"]);
});
