import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64 } from "../bytes/base64.ts";
import { toHex } from "../bytes/hex.ts";
import { toLatin1 } from "../bytes/text.ts";
import { standsAlone } from "./boundary.ts";
import { innerBase64 } from "./derive.ts";
import type { Boundary } from "./form.ts";

const NONE = new Uint8Array(0);

function plain(boundary: Boundary, text: string, value: string): boolean {
  const bytes = toLatin1(text);
  const at = text.indexOf(value);
  const rule = { boundary, coding: "plain", shift: 0, value: NONE } as const;
  return standsAlone(rule, { bytes, start: 0, end: bytes.length }, at, at + value.length);
}

test("digits stand alone where no digit is beside them", () => {
  assert.equal(plain("digit", "imei=260531793113837&", "260531793113837"), true);
  assert.equal(plain("digit", "260531793113837", "260531793113837"), true);
  assert.equal(plain("digit", "1260531793113837", "260531793113837"), false);
  assert.equal(plain("digit", "2605317931138370", "260531793113837"), false);
  assert.equal(plain("digit-before", "25.0339", "25.033"), true);
  assert.equal(plain("digit-before", "125.0339", "25.033"), false);
  assert.equal(plain("digit-two-more", "x2605317931138301x", "26053179311383"), true);
  assert.equal(plain("digit-two-more", "x260531793113837x", "26053179311383"), false);
});

test("an escaped character before a value is not a digit of it", () => {
  assert.equal(plain("digit", "%20260531793113837", "260531793113837"), true);
  assert.equal(plain("digit", "\\u0020260531793113837", "260531793113837"), true);
  assert.equal(plain("hex", "%3Aaabbccddeeff", "aabbccddeeff"), true);
  assert.equal(plain("hex", "3Aaabbccddeeff", "aabbccddeeff"), false);
  assert.equal(plain("word", "the home is", "home"), true);
  assert.equal(plain("word", "homepage", "home"), false);
});

test("neighbours in hexadecimal are decoded", () => {
  const value = toHex(toLatin1("260531793113837"));
  const at = (text: string): boolean => {
    const bytes = toLatin1(text);
    const from = text.indexOf(value);
    const rule = { boundary: "digit", coding: "hex", shift: 0, value: NONE } as const;
    return standsAlone(rule, { bytes, start: 0, end: bytes.length }, from, from + value.length);
  };
  assert.equal(at(`22${value}22`), true);
  assert.equal(at(`${value}39`), false);
  assert.equal(at(`31${value}`), false);
});

test("neighbours in base64 are decoded at every shift and length", () => {
  const value = "260531793113837";
  for (let before = 0; before < 9; before++) {
    for (let after = 0; after < 5; after++) {
      for (const [around, isAlone] of [
        [".", true],
        ["7", false],
      ] as const) {
        const content = around.repeat(before) + value + around.repeat(after);
        const text = `"${toBase64(toLatin1(content))}"`;
        const shift = before % 3;
        const needle = innerBase64(toLatin1(value), shift).standard;
        const bytes = toLatin1(text);
        const from = text.indexOf(needle);
        assert.ok(from > 0);
        const rule = {
          boundary: "digit",
          coding: "base64",
          shift,
          value: toLatin1(value),
        } as const;
        const alone = standsAlone(
          rule,
          { bytes, start: 0, end: bytes.length },
          from,
          from + needle.length,
        );
        assert.equal(alone, isAlone || (before === 0 && after === 0), `${content} in ${text}`);
      }
    }
  }
});
