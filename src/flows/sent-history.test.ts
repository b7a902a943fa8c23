import assert from "node:assert/strict";
import { test } from "node:test";
import { SENT_HISTORY_BYTES } from "../limits.ts";
import type { PieceSource } from "./held-bytes.ts";
import { SentHistory } from "./sent-history.ts";

const source = (bytes: Uint8Array): PieceSource => {
  return { bytes, start: 0, end: bytes.length, frame: 1, input: 0, ts: 1 };
};

test("SentHistory.countDiffering() compares with what a stream sent at that place", () => {
  const history = new SentHistory();
  const first = history.add(source(Buffer.from("abcd")), 0, -1);
  history.add(source(Buffer.from("other stream")), 0, -1);
  const last = history.add(source(Buffer.from("efgh")), 4, first);
  const differing = (text: string, offset: number): number =>
    history.countDiffering(source(Buffer.from(text)), offset, last);
  assert.equal(differing("abcdefgh", 0), 0);
  assert.equal(differing("cdef", 2), 0);
  assert.equal(differing("cXeY", 2), 2);
  // What was never sent differs from nothing.
  assert.equal(differing("ghij", 6), 0);
  assert.equal(history.countDiffering(source(Buffer.from("x")), 0, -1), 0);
});

test("SentHistory forgets the oldest bytes and never compares with others in their place", () => {
  const history = new SentHistory();
  const size = 60_000;
  const pieces: number[] = [];
  for (let i = 0; i * size < SENT_HISTORY_BYTES * 2; i++) {
    pieces.push(history.add(source(new Uint8Array(size).fill(i & 127)), 0, -1));
  }
  const wrong = source(new Uint8Array(size).fill(200));
  const kept = pieces.filter((piece) => {
    const differing = history.countDiffering(wrong, 0, piece);
    assert.ok(differing === 0 || differing === size);
    const same = source(new Uint8Array(size).fill(piece & 127));
    assert.equal(history.countDiffering(same, 0, piece), 0);
    return differing > 0;
  });
  assert.deepEqual(kept, pieces.slice(-kept.length));
  assert.ok(kept.length * size > SENT_HISTORY_BYTES - 2 * size);
});
