import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesInWords, counted, grouped, shareInWords, timeInWords } from "./wording.ts";

test("numbers are grouped by thousands", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
});

test("bytes carry a decimal unit and never show 1000 of one", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [99_500, "99.5 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [7.5e15, "7500 TB"],
  ];
  for (const [n, words] of cases) assert.equal(bytesInWords(n), words);
});

test("times are UTC, and unknown or impossible ones are said to be so", () => {
  assert.equal(timeInWords(1_766_390_400_000_000), "2025-12-22 08:00:00");
  assert.equal(timeInWords(null), "time unknown");
  assert.equal(timeInWords(9e18), "time unknown");
});

test("a share never rounds to none or all when it is neither", () => {
  assert.equal(shareInWords(0, 10), "0 %");
  assert.equal(shareInWords(1, 1000), "<1 %");
  assert.equal(shareInWords(999, 1000), ">99 %");
  assert.equal(shareInWords(5, 10), "50 %");
  assert.equal(shareInWords(1, 0), "0 %");
});

test("one is singular", () => {
  assert.deepEqual([counted(1, "flow"), counted(2, "flow")], ["1 flow", "2 flows"]);
});
