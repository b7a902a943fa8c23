import assert from "node:assert/strict";
import { test } from "node:test";
import { toAddressText, toMacText } from "./address.ts";

const groups = (...values: number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));

test("toAddressText() writes IPv4 in dotted decimal", () => {
  assert.equal(toAddressText(Uint8Array.of(9, 192, 0, 2, 255, 9), 1, 4), "192.0.2.255");
});

test("toAddressText() writes IPv6 as RFC 5952 has it", () => {
  const text = (...values: number[]): string => toAddressText(groups(...values), 0, 6);
  // §4.1: no leading zeros.
  assert.equal(text(0x2001, 0xdb8, 1, 2, 3, 4, 5, 0xa), "2001:db8:1:2:3:4:5:a");
  // §4.2.1: shortened as much as possible.
  assert.equal(text(0x2001, 0xdb8, 0, 0, 0, 0, 2, 1), "2001:db8::2:1");
  // §4.2.2: one zero group alone is not shortened.
  assert.equal(text(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), "2001:db8:0:1:1:1:1:1");
  // §4.2.3: the longest run; of equal ones the first.
  assert.equal(text(0x2001, 0, 0, 1, 0, 0, 0, 1), "2001:0:0:1::1");
  assert.equal(text(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), "2001:db8::1:0:0:1");
  // §4.3: lower case.
  assert.equal(text(0xabcd, 0, 0, 0, 0, 0, 0, 0), "abcd::");
  assert.equal(text(0, 0, 0, 0, 0, 0, 0, 1), "::1");
  assert.equal(text(0, 0, 0, 0, 0, 0, 0, 0), "::");
  // §5: IPv4-mapped addresses in mixed notation.
  assert.equal(text(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201), "::ffff:192.0.2.1");
});

test("toMacText() writes six pairs", () => {
  assert.equal(toMacText(Uint8Array.of(2, 0, 0xab, 0xc, 0xff, 7), 0), "02:00:ab:0c:ff:07");
});
