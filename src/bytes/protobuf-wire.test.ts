import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "./hex.ts";
import { readVarint64, WireReader } from "./protobuf-wire.ts";

function fields(hex: string): { fields: number[][]; broken: boolean; at: number } {
  const reader = new WireReader(fromHex(hex));
  const found: number[][] = [];
  while (reader.next()) found.push([reader.number, reader.type, reader.start, reader.end]);
  return { fields: found, broken: reader.broken, at: reader.at };
}

test("WireReader steps over the examples of protobuf.dev", () => {
  assert.deepEqual(fields("089601"), { fields: [[1, 0, 1, 3]], broken: false, at: 3 });
  assert.deepEqual(fields("120774657374696e67").fields, [[2, 2, 2, 9]]);
  assert.deepEqual(fields("1a03089601").fields, [[3, 2, 2, 5]]);
  assert.deepEqual(fields("0d0000803f110000000000000000").fields, [
    [1, 5, 1, 5],
    [2, 1, 6, 14],
  ]);
});

test("WireReader stops where a field breaks, and says where", () => {
  for (const [hex, at] of [
    ["00", 0], // field number 0
    ["08", 0], // no value
    ["0896", 0], // varint cut off
    ["089601120574", 3], // fewer bytes than announced
    ["0b0c", 0], // a group
    ["ffffffffff0f", 0], // a tag of more than 32 bits
    [`08${"ff".repeat(10)}01`, 0], // a varint of eleven bytes
    ["0d000000", 0],
  ] as const) {
    const { broken, at: stopped } = fields(hex);
    assert.deepEqual([broken, stopped], [true, at], hex);
  }
});

test("readVarint64() gives all 64 bits", () => {
  const value = (hex: string): bigint => readVarint64(fromHex(hex), 0, hex.length / 2);
  assert.equal(value("9601"), 150n);
  assert.equal(value("ffffffffffffffffff01"), 2n ** 64n - 1n);
  assert.equal(value("feffffffffffffffff01"), 2n ** 64n - 2n); // -2 of protobuf.dev
});

test("WireReader never leaves its range, and always ends", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(60), (bytes, a, b) => {
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      const reader = new WireReader(bytes, start, end);
      let at = start;
      while (reader.next()) {
        assert.ok(reader.tagStart === at && reader.start > at && reader.end <= end);
        assert.ok(reader.end >= reader.start);
        at = reader.end;
      }
      assert.equal(reader.at, at);
      assert.ok(reader.broken || at >= end);
    }),
  );
});
