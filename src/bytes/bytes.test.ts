import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBase64, toBase64, toBase64Url } from "./base64.ts";
import { Cursor, Malformed } from "./cursor.ts";
import { fromHex, toHex } from "./hex.ts";
import { editDistance, nearest } from "./nearest.ts";
import { fromLatin1, fromStrictUtf8, fromUtf8, toLatin1, toUtf8 } from "./text.ts";

test("toBase64() gives the vectors of RFC 4648 §10, and fromBase64() takes them back", () => {
  const vectors = {
    "": "",
    f: "Zg==",
    fo: "Zm8=",
    foo: "Zm9v",
    foob: "Zm9vYg==",
    fooba: "Zm9vYmE=",
  };
  for (const [text, coded] of Object.entries(vectors)) {
    assert.equal(toBase64(toUtf8(text)), coded);
    assert.deepEqual(fromBase64(coded), toUtf8(text));
  }
});

test("base64 goes there and back for any bytes, in both alphabets", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
      assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString("base64url"));
      assert.deepEqual(fromBase64(toBase64Url(bytes)), bytes);
    }),
  );
});

test("fromBase64() refuses what is not base64", () => {
  for (const text of ["a", "ab!c", "abcde", "äbcd"])
    assert.equal(fromBase64(text), undefined, text);
});

test("hex goes there and back, and refuses half a byte and other characters", () => {
  assert.equal(toHex(new Uint8Array([0, 15, 255])), "000fff");
  assert.deepEqual(fromHex("00 0F\nff"), new Uint8Array([0, 15, 255]));
  assert.throws(() => fromHex("0"), RangeError);
  assert.throws(() => fromHex("0g"), RangeError);
});

test("text goes there and back; bytes that are not UTF-8 are told", () => {
  assert.equal(fromUtf8(toUtf8("Grüße 中")), "Grüße 中");
  assert.equal(fromStrictUtf8(new Uint8Array([0xc3, 0x28])), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 10_000 }), (bytes) => {
      assert.deepEqual(toLatin1(fromLatin1(bytes)), bytes);
    }),
  );
});

test("a cursor reads both byte orders, vectors and the rest, and says where it stands", () => {
  const cursor = new Cursor(new Uint8Array([1, 2, 3, 4, 5, 2, 9, 8, 7]), 1);
  assert.equal(cursor.uint(2), 0x0203);
  assert.equal(cursor.uintLe(2), 0x0504);
  const inner = cursor.vector(1);
  assert.deepEqual([inner.uint(1), inner.uint(1), inner.left, inner.peek()], [9, 8, 0, -1]);
  assert.deepEqual([cursor.at, cursor.peek()], [8, 7]);
  assert.deepEqual(cursor.rest(), new Uint8Array([7]));
});

test("a cursor cannot leave its range", () => {
  const cursor = new Cursor(new Uint8Array([1, 2, 3]), 1, 2);
  assert.throws(
    () => cursor.uint(2),
    (error) =>
      error instanceof Malformed && error.offset === 1 && error.message === "2 bytes due, 1 left",
  );
  assert.throws(() => new Cursor(new Uint8Array([5, 0])).vector(1), Malformed);
  assert.throws(() => new Cursor(new Uint8Array([0])).vector(1, 1), Malformed);
  assert.throws(() => new Cursor(new Uint8Array([0x20])).ascii(), Malformed);
});

test("nearest() names the word that was meant, and none where nothing is near", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(nearest("canarys", ["device", "canaries", "consent"]), "canaries");
  assert.equal(nearest("zzz", ["device", "canaries"]), undefined);
});
