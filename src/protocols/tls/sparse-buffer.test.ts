import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_SPARSE_RANGES } from "../../limits.ts";
import { SparseBuffer } from "./sparse-buffer.ts";

test("what came first stays, whatever overlaps", () => {
  const piece = fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 0, maxLength: 30 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const buffer = new SparseBuffer(100);
      const model = new Array<number | undefined>(100).fill(undefined);
      for (const [offset, bytes] of pieces) {
        assert.equal(buffer.write(offset, bytes, 0, bytes.length), true);
        bytes.forEach((byte, i) => (model[offset + i] ??= byte));
        const hole = model.indexOf(undefined);
        assert.equal(buffer.filled, hole < 0 ? 100 : hole);
        for (let i = 0; i < buffer.filled; i++) assert.equal(buffer.bytes[i], model[i]);
      }
    }),
  );
});

test("the limits hold", () => {
  const buffer = new SparseBuffer(10_000);
  const byte = Uint8Array.of(1);
  assert.equal(buffer.write(10_000, byte, 0, 1), false);
  for (let i = 0; i < MAX_SPARSE_RANGES; i++)
    assert.equal(buffer.write(2 * i + 2, byte, 0, 1), true);
  assert.equal(buffer.write(9000, byte, 0, 1), false);
  assert.equal(buffer.filled, 0);
});
