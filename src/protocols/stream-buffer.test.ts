import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Chunk } from "../flows/flow.ts";
import { StreamBuffer } from "./stream-buffer.ts";

function chunkOf(bytes: Uint8Array, offset: number, lead = 3): Chunk {
  const shared = new Uint8Array(lead + bytes.length + 2).fill(0xee);
  shared.set(bytes, lead);
  const end = lead + bytes.length;
  return { bytes: shared, start: lead, end, offset, frame: 1, input: 0, ts: 0 };
}

const of = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes);

test("an empty buffer is a view on the chunk that comes", () => {
  const buffer = new StreamBuffer();
  const chunk = chunkOf(of(1, 2, 3), 100);
  buffer.append(chunk);
  assert.equal(buffer.bytes, chunk.bytes);
  assert.deepEqual([buffer.start, buffer.end, buffer.offset], [3, 6, 100]);
  assert.deepEqual([...buffer.view(2)], [1, 2]);
});

test("what is left after retain() survives the chunk", () => {
  const buffer = new StreamBuffer();
  const chunk = chunkOf(of(1, 2, 3), 100);
  buffer.append(chunk);
  buffer.skip(1);
  buffer.retain();
  chunk.bytes.fill(0);
  buffer.append(chunkOf(of(4, 5), 103));
  assert.deepEqual([...buffer.view(buffer.available)], [2, 3, 4, 5]);
  assert.equal(buffer.offset, 101);
});

test("appendRange() takes the tail of a chunk at its own place", () => {
  const buffer = new StreamBuffer();
  buffer.appendRange(chunkOf(of(1, 2, 3, 4), 50), 5);
  assert.equal(buffer.offset, 52);
  assert.deepEqual([...buffer.view(2)], [3, 4]);
});

test("reset() drops what is unread and goes on elsewhere", () => {
  const buffer = new StreamBuffer();
  buffer.append(chunkOf(of(1, 2), 0));
  buffer.retain();
  buffer.reset(500);
  assert.deepEqual([buffer.available, buffer.offset], [0, 500]);
  buffer.append(chunkOf(of(7), 500));
  assert.deepEqual([...buffer.view(1)], [7]);
});

test("skip() and view() refuse more than is there", () => {
  const buffer = new StreamBuffer();
  buffer.append(chunkOf(of(1), 0));
  assert.throws(() => buffer.skip(2), RangeError);
  assert.throws(() => buffer.view(2), RangeError);
  assert.throws(() => buffer.skip(-1), RangeError);
});

test("any appends and skips give the bytes of the stream in order", () => {
  const steps = fc.array(
    fc.record({ bytes: fc.uint8Array({ maxLength: 300 }), skip: fc.nat({ max: 400 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const buffer = new StreamBuffer();
      let expected: number[] = [];
      let sent = 0;
      let taken = 0;
      for (const { bytes, skip } of list) {
        const chunk = chunkOf(bytes, sent);
        buffer.append(chunk);
        sent += bytes.length;
        expected.push(...bytes);
        const count = Math.min(skip, expected.length);
        assert.deepEqual([...buffer.view(count)], expected.slice(0, count));
        buffer.skip(count);
        expected = expected.slice(count);
        taken += count;
        buffer.retain();
        chunk.bytes.fill(0xaa);
        assert.equal(buffer.available, expected.length);
        if (expected.length > 0) assert.equal(buffer.offset, taken);
      }
      assert.deepEqual([...buffer.view(buffer.available)], expected);
    }),
  );
});

test("many small segments cost no more than a few copies of each byte", () => {
  const buffer = new StreamBuffer();
  let copied = 0;
  let seen = buffer.bytes;
  for (let sent = 0; sent < 100_000; sent++) {
    buffer.append(chunkOf(of(sent & 255), sent));
    buffer.retain();
    if (buffer.bytes !== seen) copied += buffer.available;
    seen = buffer.bytes;
    if (buffer.available === 50_000) buffer.skip(25_000);
  }
  assert.ok(copied < 400_000, `${copied} bytes moved to new buffers`);
});
