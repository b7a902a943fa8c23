import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { namesOf, readWhole } from "./test-reader.ts";

interface Fields {
  readonly original?: number;
  readonly recordBytes?: number;
  readonly drops?: number;
  readonly microseconds?: number;
}

const MAGIC = [...new TextEncoder().encode("snoop"), 0, 0, 0];

function words(...values: number[]): number[] {
  return values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
}

function buildRecord(data: number[], fields: Fields = {}): number[] {
  const padded = Math.ceil(data.length / 4) * 4;
  const { original = data.length, recordBytes = 24 + padded, drops = 0 } = fields;
  const header = words(original, data.length, recordBytes, drops, 10, fields.microseconds ?? 5);
  return [...header, ...data, ...Array<number>(padded - data.length).fill(0)];
}

function buildSnoop(datalink: number, records: number[][], version = 2): Uint8Array {
  return Uint8Array.from([...MAGIC, ...words(version, datalink), ...records.flat()]);
}

test("frames, their padding left out; the last count of drops stands", () => {
  const records = [
    buildRecord([1, 2, 3], { drops: 2 }),
    buildRecord([4], { original: 60, drops: 5 }),
  ];
  const read = readWhole("snoop", buildSnoop(4, records), () => 1);
  assert.deepEqual(
    read.frames.map((f) => [f.ts, [...f.data], f.originalLength, f.linkType, f.fileOffset]),
    [
      [10_000_005, [1, 2, 3], 3, 1, 16],
      [10_000_005, [4], 60, 1, 44],
    ],
  );
  assert.deepEqual([namesOf(read), read.summary.droppedFrames], [[], 5]);
});

test("datalink types of RFC 1761 become link types; others are told", () => {
  const linkTypes = [0, 2, 4, 8].map((datalink) => readWhole("snoop", buildSnoop(datalink, [])));
  assert.deepEqual(
    linkTypes.map((read) => read.summary.linkTypes),
    [[1], [6], [1], [10]],
  );
  const read = readWhole("snoop", buildSnoop(5, [buildRecord([1])]));
  assert.deepEqual([namesOf(read), read.frames[0]?.linkType], [["link-type-unknown"], -1]);
});

test("a record shorter than its data ends the capture", () => {
  const file = buildSnoop(4, [buildRecord([1]), buildRecord([2, 3], { recordBytes: 25 })]);
  const read = readWhole("snoop", file);
  assert.deepEqual(namesOf(read), ["record-length-implausible"]);
  assert.deepEqual([read.frames.length, read.summary.unreadBytes], [1, 28]);
});

test("another version, another magic and a fraction over a second are told", () => {
  assert.deepEqual(namesOf(readWhole("snoop", buildSnoop(4, [], 3))), ["version-unsupported"]);
  const other = buildSnoop(4, []).fill(0x78, 0, 1);
  assert.deepEqual(namesOf(readWhole("snoop", other)), ["magic-unknown"]);
  const late = buildSnoop(4, [buildRecord([1], { microseconds: 1e6 })]);
  assert.deepEqual(namesOf(readWhole("snoop", late)), ["timestamp-invalid"]);
});

test("cut anywhere, what is left of a record is named", () => {
  const file = buildSnoop(4, [buildRecord([1, 2, 3]), buildRecord([4, 5])]);
  for (let end = 0; end <= file.length; end++) {
    const read = readWhole("snoop", file.subarray(0, end));
    const due = [16, 44, 72].filter((recordEnd) => recordEnd <= end).at(-1) ?? 0;
    assert.equal(read.summary.unreadBytes, end - due, `cut at ${end}`);
    assert.deepEqual(namesOf(read), end > due ? ["record-cut-short"] : [], `cut at ${end}`);
  }
});

test("random records never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const file = Uint8Array.from([...MAGIC, ...words(2, 4), ...bytes]);
      assert.deepEqual(
        readWhole("snoop", file, () => 5),
        readWhole("snoop", file),
      );
    }),
  );
});
