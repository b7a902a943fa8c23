import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { form, render, renderText, value, wrap } from "./content.ts";

const VALUES = new Map([
  ["abc", "abc"],
  ["number", "+447700900461"],
]);

test("render() hashes as the standards' examples do", () => {
  // RFC 1321 §A.5; FIPS 180-4's examples, "abc" in one block.
  assert.equal(renderText(value("abc", "md5"), VALUES), "900150983cd24fb0d6963f7d28e17f72");
  assert.equal(
    renderText(value("abc", "sha1"), VALUES),
    "a9993e364706816aba3e25717850c26c9cd0d89d",
  );
  assert.equal(
    renderText(value("abc", "sha256"), VALUES),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("render() says which values the bytes carry, and every coding around them", () => {
  const { bytes, carried } = render(
    wrap("gzip", form({ id: value("abc", "md5"), phone: value("number"), none: "x y" })),
    VALUES,
  );
  assert.equal(
    gunzipSync(bytes).toString(),
    "id=900150983cd24fb0d6963f7d28e17f72&phone=%2B447700900461&none=x%20y",
  );
  assert.deepEqual(carried, [
    { canary: "abc", codings: ["md5", "gzip"] },
    { canary: "number", codings: ["percent", "gzip"] },
  ]);
});

test("render() names no coding that changes nothing", () => {
  const { carried } = render(wrap("percent", value("abc", "percent")), VALUES);
  assert.deepEqual(carried, [{ canary: "abc", codings: [] }]);
});

test("render() gives the same noise each time", () => {
  const [one, two] = [render({ noise: 100 }, VALUES), render({ noise: 100 }, VALUES)];
  assert.equal(one.bytes.length, 100);
  assert.deepEqual(one, two);
});

test("render() refuses a value that is not planted", () => {
  assert.throws(() => render(value("imei"), VALUES), /no value is planted under "imei"/);
});
