import assert from "node:assert/strict";
import { test } from "node:test";
import { toFrameFilter } from "./frame-filter.ts";

test("frames become a display filter", () => {
  assert.equal(toFrameFilter([12]), "frame.number == 12");
  assert.equal(toFrameFilter([12, 13]), "frame.number in {12, 13}");
  assert.equal(toFrameFilter([12, 14, 15, 16, 20]), "frame.number in {12, 14..16, 20}");
});
