import assert from "node:assert/strict";
import { test } from "node:test";
import { isLuhnValid, luhnDigit } from "./luhn.ts";

test("luhnDigit() gives the digit of 3GPP TS 23.003 annex B worked by hand", () => {
  // Annex B.2 for 26053179311383: doubled digits 6→12, 5→10, 1→2, 9→18, 1→2, 3→6 (from the right: every other one).
  // Undoubled 2+0+3+7+3+1+8 = 24; doubled 6→3, 5→1, 1→2, 9→9, 1→2, 3→6, 3→6 = 29; 24 + 29 = 53; 60 - 53 = 7.
  assert.equal(luhnDigit("26053179311383"), 7);
  // 7992739871 is ISO/IEC 7812-1's usual example: check digit 3.
  assert.equal(luhnDigit("7992739871"), 3);
  assert.equal(luhnDigit("00000000000000"), 0);
});

test("isLuhnValid() refuses each other last digit", () => {
  for (let digit = 0; digit < 10; digit++) {
    assert.equal(isLuhnValid(`26053179311383${digit}`), digit === 7);
  }
  assert.equal(isLuhnValid("0"), false);
});
