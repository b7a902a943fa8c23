import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, hexDump, toMarked, type Marked } from "./hex-dump.ts";

function marked(text: string, start: number, end: number): Marked {
  const found = toMarked(Buffer.from(text).toString("hex"), start, end);
  assert.ok(found !== undefined);
  return found;
}

const PLAIN = (text: string): string => text.replace(/<[^>]+>/g, "");

test("sixteen bytes a row, digits and characters in their columns", () => {
  const text = PLAIN(hexDump(marked("0123456789abcdefXY", 0, 0)).toString());
  assert.equal(
    text,
    "0000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n" +
      `0010  58 59${"   ".repeat(14)}  XY\n`,
  );
});

test("the value is marked in both columns, across rows", () => {
  const dump = hexDump(marked("0123456789abcdefXYZ", 14, 17)).toString();
  const marks = [...dump.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, text]) => text);
  assert.deepEqual(marks, ["65 66", "ef", "58", "X"]);
});

test("characters of markup and bytes without a form are shown as text", () => {
  const dump = hexDump(marked("<b>\u0000\u00e9 ", 0, 3)).toString();
  assert.match(dump, /<mark>&lt;b&gt;<\/mark>··· /);
});

test("the text reads UTF-8, where the digits cannot", () => {
  const bytes = Buffer.byteLength("你好");
  assert.equal(asText(marked("a你好<", 1, 1 + bytes)).toString(), "a<mark>你好</mark>&lt;");
});

test("what is no hex is no dump, and a range beyond the bytes is cut", () => {
  assert.equal(toMarked("0", 0, 0), undefined);
  assert.equal(toMarked("zz", 0, 1), undefined);
  const found = toMarked("0102", 1, 99);
  assert.deepEqual([found?.start, found?.end], [1, 2]);
  assert.deepEqual(toMarked("", 5, 9)?.start, 0);
});
