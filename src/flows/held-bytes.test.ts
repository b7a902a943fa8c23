import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HeldBytes, type PieceSource } from "./held-bytes.ts";

const source = (text: string): PieceSource => {
  const bytes = Buffer.from(`..${text}..`);
  return { bytes, start: 2, end: bytes.length - 2, frame: 1, input: 0, ts: 1 };
};

test("HeldBytes.insert() keeps the first bytes at a place, and counts the others", () => {
  const held = new HeldBytes();
  assert.deepEqual(held.insert(10, source("abcd")), { fresh: 4, duplicate: 0, differing: 0 });
  assert.deepEqual(held.insert(20, source("xy")), { fresh: 2, duplicate: 0, differing: 0 });
  assert.deepEqual(held.insert(8, source("..abXd34567890yz.")), {
    fresh: 11,
    duplicate: 6,
    differing: 3,
  });
  let text = "";
  for (let piece = held.shift(); piece !== undefined; piece = held.shift()) {
    assert.equal(piece.offset, 8 + text.length);
    text += Buffer.from(piece.bytes).toString();
  }
  assert.equal(text, "..abcd345678xyyz.");
  assert.equal(held.cost, 0);
});

test("HeldBytes holds copies", () => {
  const held = new HeldBytes();
  const given = source("ab");
  held.insert(0, given);
  given.bytes.fill(0);
  assert.equal(Buffer.from(held.first?.bytes ?? []).toString(), "ab");
});

test("HeldBytes does what an array of bytes does, in any order", () => {
  const step = fc.oneof(
    fc.record({ offset: fc.nat({ max: 60 }), bytes: fc.uint8Array({ maxLength: 20 }) }),
    fc.constant("shift" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const held = new HeldBytes();
      const model = new Map<number, number>();
      for (const now of steps) {
        if (now === "shift") {
          const piece = held.shift();
          for (const [j, byte] of (piece?.bytes ?? []).entries()) {
            assert.equal(model.get((piece?.offset ?? 0) + j), byte);
            model.delete((piece?.offset ?? 0) + j);
          }
          assert.equal(held.size === 0, model.size === 0);
          continue;
        }
        const { offset, bytes } = now;
        const placed = { fresh: 0, duplicate: 0, differing: 0 };
        for (const [j, byte] of bytes.entries()) {
          const there = model.get(offset + j);
          if (there === undefined) model.set(offset + j, byte);
          placed[there === undefined ? "fresh" : "duplicate"]++;
          if (there !== undefined && there !== byte) placed.differing++;
        }
        const got = held.insert(offset, { ...source(""), bytes, start: 0, end: bytes.length });
        assert.deepEqual(got, placed);
        if (model.size > 0) assert.equal(held.first?.offset, Math.min(...model.keys()));
      }
    }),
  );
});
