import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "./hex.ts";
import { toIpText, toIpv4Text, toIpv6Text, toMacText } from "./address-text.ts";

test("toIpv4Text() writes dotted decimal from anywhere in a buffer", () => {
  assert.equal(toIpv4Text(Uint8Array.of(9, 192, 0, 2, 255), 1), "192.0.2.255");
});

test("toIpv6Text() writes the canonical form of RFC 5952", () => {
  const cases: readonly [string, string][] = [
    ["20010db8000000000000000000000001", "2001:db8::1"], // §4.2.1
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"], // §4.2.2
    ["20010000000000010000000000000001", "2001:0:0:1::1"], // §4.2.3
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"], // §4.2.3, the first of equal runs
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["00000000000000000000ffffc0000201", "::ffff:192.0.2.1"], // §5
    ["000000000000000000000000c0000201", "::192.0.2.1"], // as inet_ntop writes it
    ["fe800000000000000000000000000000", "fe80::"],
  ];
  for (const [hex, text] of cases) assert.equal(toIpv6Text(fromHex(hex), 0), text);
});

test("toIpText() goes by the version", () => {
  const bytes = fromHex("c0000201000000000000000000000000");
  assert.equal(toIpText(bytes, 0, 4), "192.0.2.1");
  assert.equal(toIpText(bytes, 0, 6), "c000:201::");
});

test("toMacText() writes six pairs", () => {
  assert.equal(toMacText(Uint8Array.of(2, 0, 0xab, 0xc, 0xff, 7), 0), "02:00:ab:0c:ff:07");
});
