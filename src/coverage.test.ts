import assert from "node:assert/strict";
import { test } from "node:test";
import { Coverage, emptyTally, hiddenOf, payloadLedger } from "./coverage.ts";
import { BYTE_CLASS, FRAME_CLASS } from "./ledger.ts";

const sumOf = (classes: Readonly<Record<string, number>>): number =>
  Object.values(classes).reduce((sum, n) => sum + n, 0);

test("frames and bytes fall in one class each and sum to the total", () => {
  const coverage = new Coverage();
  coverage.frame(FRAME_CLASS.flow, 100, 100);
  coverage.frame(FRAME_CLASS.flow, 1500, 96);
  coverage.frame(FRAME_CLASS.linkOnly, 60, 60);
  coverage.frame(FRAME_CLASS.unsupportedLink, 40, 40);
  const tally = emptyTally();
  tally[BYTE_CLASS.read] = 46;
  tally[BYTE_CLASS.duplicate] = 10;
  assert.deepEqual(coverage.frames(), {
    total: 4,
    classes: { flow: 2, "link-only": 1, "unsupported-link": 1 },
  });
  const bytes = coverage.bytes(tally);
  assert.deepEqual(bytes, {
    total: 1700,
    classes: {
      headers: 140,
      read: 46,
      duplicate: 10,
      "link-only": 60,
      "unsupported-link": 40,
      "not-captured": 1404,
    },
  });
  assert.equal(sumOf(bytes.classes), bytes.total);
});

test("a payload ledger counts what is missing beside what is there", () => {
  const tally = emptyTally();
  tally[BYTE_CLASS.encrypted] = 5;
  tally[BYTE_CLASS.opaque] = 2;
  assert.deepEqual(payloadLedger(tally, 3), {
    total: 10,
    classes: { encrypted: 5, opaque: 2, "not-captured": 3 },
  });
  assert.equal(hiddenOf(tally), 5);
});
