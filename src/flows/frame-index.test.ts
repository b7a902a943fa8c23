import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameIndex } from "./frame-index.ts";

test("FrameIndex.placesOf() gives the frames of a byte range, and none for a gap", () => {
  const index = new FrameIndex();
  index.add(0, 1, 0);
  index.add(100, 4, 0);
  index.addGap(150);
  index.add(180, 9, 1);
  index.add(190, 9, 1);
  const frames = (start: number, end: number): string =>
    index
      .placesOf(start, end)
      .map(({ input, frame }) => `${input}:${frame}`)
      .join(" ");
  assert.equal(frames(0, 1), "0:1");
  assert.equal(frames(99, 101), "0:1 0:4");
  assert.equal(frames(100, 100), "");
  assert.equal(frames(149, 181), "0:4 1:9");
  assert.equal(frames(150, 180), "");
  assert.equal(frames(0, 1000), "0:1 0:4 1:9");
  assert.equal(new FrameIndex().placesOf(0, 10).length, 0);
});

test("FrameIndex.placesOf() finds each of many", () => {
  const index = new FrameIndex();
  for (let i = 0; i < 1000; i++) index.add(i * 10, i + 1, 0);
  for (let i = 0; i < 1000; i++) {
    assert.deepEqual(index.placesOf(i * 10 + 9, i * 10 + 10), [{ input: 0, frame: i + 1 }]);
  }
});
