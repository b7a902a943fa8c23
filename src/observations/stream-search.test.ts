import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toLatin1 } from "../bytes/text.ts";
import { NEIGHBOUR_BYTES } from "./boundary.ts";
import { NeedleSearch } from "./needle-search.ts";
import { StreamSearch, StreamTail } from "./stream-search.ts";

const NEEDLES = [
  "861234028765439",
  "+886912345678",
  "abcdef",
  "abcdefghijklmnopqrstuvwxyz0123456789",
];
const patterns = NEEDLES.map((text) => ({ bytes: toLatin1(text), anyCase: false }));
const stream = new StreamSearch(
  new NeedleSearch(patterns),
  patterns.map(({ bytes }) => bytes.length),
);

/** Hits as `needle@place`, when the stream comes in the given pieces; the neighbours seen are checked. */
function search(bytes: Uint8Array, cuts: readonly number[]): string[] {
  const hits: string[] = [];
  const tail = new StreamTail();
  const hit = (
    needle: number,
    at: number,
    window: { bytes: Uint8Array; start: number; end: number; offset: number },
  ): void => {
    const place = window.offset + at - window.start;
    hits.push(`${needle}@${place}`);
    const length = NEEDLES[needle]?.length ?? 0;
    const before = Math.min(place, NEIGHBOUR_BYTES);
    const after = Math.min(bytes.length - place - length, NEIGHBOUR_BYTES);
    assert.ok(
      at - window.start >= before && window.end - at - length >= after,
      "neighbours are there",
    );
    assert.deepEqual(
      [...window.bytes.subarray(at - before, at + length + after)],
      [...bytes.subarray(place - before, place + length + after)],
    );
  };
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    stream.push(tail, { bytes, start: from, end: cut, offset: from }, hit);
    from = cut;
  }
  stream.flush(tail, hit);
  return hits.sort();
}

const TEXT = toLatin1(
  `--${NEEDLES[0]}${NEEDLES[1]}x${NEEDLES[3]}${"-".repeat(200)}${NEEDLES[2]}${NEEDLES[2]}${NEEDLES[0]}`,
);
const WHOLE = search(TEXT, []);

test("all needles of a stream in one piece are found", () => {
  assert.deepEqual(WHOLE, ["0@2", "0@279", "1@17", "2@267", "2@273", "2@31", "3@31"].sort());
});

test("a stream cut at every byte, and in pieces of every size, gives the same", () => {
  for (let cut = 0; cut <= TEXT.length; cut++)
    assert.deepEqual(search(TEXT, [cut]), WHOLE, `cut at ${cut}`);
  for (let size = 1; size < 100; size++) {
    const cuts = Array.from(
      { length: Math.floor((TEXT.length - 1) / size) },
      (_, i) => (i + 1) * size,
    );
    assert.deepEqual(search(TEXT, cuts), WHOLE, `pieces of ${size}`);
  }
});

test("a stream cut anywhere gives the same", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: TEXT.length }), { maxLength: 12 }), (cuts) => {
      assert.deepEqual(
        search(
          TEXT,
          cuts.sort((a, b) => a - b),
        ),
        WHOLE,
      );
    }),
  );
});

test("nothing is found across a gap, and what waited before it is given", () => {
  const hits: string[] = [];
  const tail = new StreamTail();
  const push = (text: string, offset: number): void => {
    const bytes = toLatin1(text);
    stream.push(tail, { bytes, start: 0, end: bytes.length, offset }, (needle, at, window) => {
      hits.push(`${needle}@${window.offset + at - window.start}`);
    });
  };
  push("..abcdef", 0);
  assert.deepEqual(hits, [], "what follows may yet be a letter");
  push("861234028", 100);
  assert.deepEqual(hits, ["2@2"]);
  push("765439", 200);
  push("0".repeat(20), 206);
  assert.deepEqual(hits, ["2@2"]);
});
