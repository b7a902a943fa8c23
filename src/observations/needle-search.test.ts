import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toLatin1 } from "../bytes/text.ts";
import { naiveSearch } from "./naive-search.ts";
import { NeedleSearch, type Pattern } from "./needle-search.ts";

function pattern(text: string, anyCase = false): Pattern {
  return { bytes: toLatin1(text), anyCase };
}

function found(
  patterns: readonly Pattern[],
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): string[] {
  const hits: string[] = [];
  new NeedleSearch(patterns).search(bytes, start, end, (index, at) => hits.push(`${index}@${at}`));
  return hits.sort();
}

function expected(
  patterns: readonly Pattern[],
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): string[] {
  const hits: string[] = [];
  naiveSearch(patterns, bytes, { start, end }, (index, at) => hits.push(`${index}@${at}`));
  return hits.sort();
}

test("every length from 4 to 40 is found at every alignment of needle and buffer", () => {
  for (let length = 4; length <= 40; length++) {
    const needle = pattern(
      Array.from({ length }, (_, i) => String.fromCharCode(65 + ((i * 7) % 26))).join(""),
    );
    for (let skip = 0; skip < 8; skip++) {
      for (let at = 0; at < 17; at++) {
        const bytes = new Uint8Array(80).subarray(skip);
        bytes.set(needle.bytes, at);
        assert.deepEqual(
          found([needle], bytes),
          [`0@${at}`],
          `length ${length}, buffer at ${skip}, needle at ${at}`,
        );
        assert.deepEqual(found([needle], bytes, at, at + length), [`0@${at}`]);
        assert.deepEqual(found([needle], bytes, at + 1, 80), []);
        assert.deepEqual(found([needle], bytes, 0, at + length - 1), []);
      }
    }
  }
});

test("letters match in either case only where asked", () => {
  const bytes = toLatin1("xxHELLOworld HelloWorld helloworld");
  assert.deepEqual(found([pattern("helloworld")], bytes), ["0@24"]);
  assert.deepEqual(found([pattern("HelloWorld", true)], bytes), ["0@13", "0@2", "0@24"]);
  // `@` and backquote differ in the bit that tells upper from lower case, and are no letters.
  assert.deepEqual(found([pattern("ab@cd", true)], toLatin1("ab`cd AB@CD")), ["0@6"]);
});

test("overlapping needles are all found, each once", () => {
  assert.deepEqual(found([pattern("aaaa"), pattern("aaaaaaaa")], toLatin1("a".repeat(9))), [
    "0@0",
    "0@1",
    "0@2",
    "0@3",
    "0@4",
    "0@5",
    "1@0",
    "1@1",
  ]);
});

test("no needles, no hits; needles too short are refused", () => {
  assert.deepEqual(found([], toLatin1("anything at all")), []);
  assert.throws(() => new NeedleSearch([pattern("abc")]), RangeError);
});

/** Few letters, so that needles do occur. */
const letters = fc.string({
  unit: fc.constantFrom("a", "b", "A", "@", "`", "\x00"),
  minLength: 4,
  maxLength: 24,
});

test("the kernel finds just what the reference finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: letters, anyCase: fc.boolean() }), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.array(fc.oneof(letters, fc.nat({ max: 11 })), { maxLength: 20 }),
      fc.nat({ max: 7 }),
      fc.nat({ max: 10 }),
      (needles, pieces, skip, trim) => {
        const patterns = needles.map(({ text, anyCase }) => pattern(text, anyCase));
        const text = pieces
          .map((piece) =>
            typeof piece === "string" ? piece : (needles[piece % needles.length]?.text ?? ""),
          )
          .join("");
        const bytes = toLatin1(" ".repeat(skip) + text).subarray(skip);
        const end = Math.max(0, bytes.length - trim);
        assert.deepEqual(
          found(patterns, bytes, trim >> 1, end),
          expected(patterns, bytes, trim >> 1, end),
        );
      },
    ),
    { numRuns: 1000 },
  );
});
