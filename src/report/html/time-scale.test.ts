import assert from "node:assert/strict";
import { test } from "node:test";
import { durationInWords, mergeSpans, spanOf, ticksOf, toPercent } from "./time-scale.ts";

const HOUR = 3_600_000_000;
const DAY_START = Date.UTC(2026, 10, 22) * 1000;

test("a span runs from the first to the last time, and lasts a second at least", () => {
  assert.deepEqual(spanOf([5_000_000, null, 2_000_000]), { start: 2_000_000, end: 5_000_000 });
  assert.deepEqual(spanOf([7]), { start: 7, end: 1_000_007 });
  assert.equal(spanOf([null, Infinity]), undefined);
});

test("positions are shares of the span, and stay on it", () => {
  const span = { start: 1000, end: 3000 };
  assert.deepEqual(
    [1000, 1500, 3000, 0, 9000].map((time) => toPercent(time, span)),
    [0, 25, 100, 0, 100],
  );
});

test("bars nearer than the gap become one", () => {
  const spans = [
    { start: 50, end: 60 },
    { start: 0, end: 10 },
    { start: 5, end: 8 },
    { start: 12, end: 20 },
  ];
  assert.deepEqual(mergeSpans(spans, 2), [
    { start: 0, end: 20 },
    { start: 50, end: 60 },
  ]);
  assert.equal(mergeSpans(spans, 1).length, 3);
});

test("ticks stand at round times of UTC", () => {
  const span = { start: DAY_START + 8.25 * HOUR, end: DAY_START + 12 * HOUR };
  assert.deepEqual(ticksOf(span), [
    { at: DAY_START + 9 * HOUR, label: "09:00" },
    { at: DAY_START + 10 * HOUR, label: "10:00" },
    { at: DAY_START + 11 * HOUR, label: "11:00" },
    { at: DAY_START + 12 * HOUR, label: "12:00" },
  ]);
});

test("ticks say the day for days and the second for seconds, and are never many", () => {
  const days = ticksOf({ start: DAY_START, end: DAY_START + 4 * 24 * HOUR });
  assert.deepEqual(days[1], { at: DAY_START + 24 * HOUR, label: "2026-11-23" });
  assert.equal(ticksOf({ start: DAY_START, end: DAY_START + 4e6 })[1]?.label, "00:00:01");
  const ages = ticksOf({ start: 0, end: 8e15 });
  assert.ok(ages.length > 0 && ages.length <= 7);
});

test("durations in words", () => {
  assert.deepEqual([5e5, 90e6, 600e6, 4 * HOUR, 72 * HOUR].map(durationInWords), [
    "less than a second",
    "90 s",
    "10 min",
    "4.0 h",
    "3.0 days",
  ]);
});
