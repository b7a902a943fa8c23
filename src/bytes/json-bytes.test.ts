import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonBytes, JsonKey, jsonKeys } from "./json-bytes.ts";
import { fromStrictUtf8 } from "./text.ts";

/** What `write` puts into a buffer that has to grow. */
function written(write: (json: JsonBytes) => void): string | undefined {
  const json = new JsonBytes(1);
  write(json);
  return fromStrictUtf8(json.bytes.subarray(0, json.length));
}

test("JsonBytes writes what JSON.stringify writes, for strings of any characters", () => {
  const characters = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.string(),
  );
  // Lone surrogates, too, which JSON.stringify escapes (ECMA-262, QuoteJSONString).
  const any = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(fc.oneof(characters, any), (text) => {
      assert.equal(
        written((json) => json.text(text)),
        JSON.stringify(text),
      );
    }),
  );
});

test("JsonBytes writes what JSON.stringify writes, for numbers", () => {
  const edges = [0, -0, 9, 10, 99, 100, 999_999_999, 1e9, 0x3fffffff, 0x40000000, 2 ** 31, 2 ** 32];
  const large = [
    1_700_000_000_000_000,
    1e15 + 1,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
    1e21,
    -1,
    0.5,
    NaN,
  ];
  for (const value of [...edges, ...large, Infinity, -Infinity]) {
    assert.equal(
      written((json) => json.number(value)),
      JSON.stringify(value),
      String(value),
    );
  }
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.maxSafeInteger(), fc.nat()), (value) => {
      assert.equal(
        written((json) => json.number(value)),
        JSON.stringify(value),
      );
    }),
  );
});

test("JsonBytes writes endpoints, hexadecimal numbers, words and raw bytes", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string());
  fc.assert(
    fc.property(address, fc.integer({ min: -1, max: 65_535 }), (text, port) => {
      const due = JSON.stringify(port < 0 ? text : `${text}:${port}`);
      assert.equal(
        written((json) => json.endpoint(text, port)),
        due,
      );
    }),
  );
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.integer({ min: 1, max: 8 }), (value, digits) => {
      const due = `"0x${value.toString(16).padStart(digits, "0")}"`;
      assert.equal(
        written((json) => json.hex(value, digits)),
        due,
      );
    }),
  );
  assert.equal(
    written((json) => [true, false, null].map((word) => json.word(word))),
    "truefalsenull",
  );
  const long = new JsonKey("x".repeat(100));
  assert.equal(
    written((json) => json.raw(long.bytes)),
    `"${"x".repeat(100)}":`,
  );
});

test("JsonBytes.truncate() forgets what came after", () => {
  const json = new JsonBytes(4);
  json.number(12);
  json.number(345);
  json.truncate(2);
  assert.equal(fromStrictUtf8(json.bytes.subarray(0, json.length)), "12");
});

test("jsonKeys() makes a key for each name", () => {
  assert.deepEqual(Object.keys(jsonKeys("a", "b_c")), ["a", "b_c"]);
  assert.equal(jsonKeys("a").a.name, "a");
});
