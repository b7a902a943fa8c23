import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import { describeUnknown, identifyCapture } from "./identify.ts";

test("capture formats are told by their magic", () => {
  const kinds: [string, string][] = [
    ["d4c3b2a102000400", "pcap"],
    ["a1b2c3d400020004", "pcap"],
    ["4d3cb2a102000400", "pcap"],
    ["a1b23c4d00020004", "pcap"],
    ["34cdb2a102000400", "pcap"],
    ["a1b2cd3400020004", "pcap"],
    ["0a0d0d0a1c0000004d3c2b1a", "pcapng"],
    ["736e6f6f70000000000000020000", "snoop"],
    ["1f8b08000000", "gzip"],
    ["7b226c6f67223a", "har"],
    ["efbbbf0d0a20097b", "har"],
    ["5b7b7d5d", "unknown"],
    ["", "unknown"],
  ];
  for (const [hex, kind] of kinds) assert.equal(identifyCapture(fromHex(hex)), kind, hex);
});

test("what is no capture is described", () => {
  const utf8 = (text: string): string => describeUnknown(toUtf8(text));
  assert.equal(describeUnknown(new Uint8Array(0)), "is empty");
  assert.equal(describeUnknown(fromHex("89504e470d0a1a0a0000000d")), "looks like a PNG image");
  assert.equal(
    describeUnknown(fromHex("28b52ffd00")),
    "looks like zstd-compressed data: decompress it first",
  );
  assert.equal(describeUnknown(fromHex("d4c3")), "ends within the first bytes of a pcap file");
  assert.equal(utf8("10:23:54 IP a > b"), "is text, and not a HAR, which begins with {");
  // The last character cut after each of its four bytes.
  const cut = toUtf8("text \u{1f310}");
  for (let end = 1; end <= cut.length; end++) {
    assert.match(describeUnknown(cut.subarray(0, end)), /^is text/, `cut at ${end}`);
  }
  assert.match(
    describeUnknown(fromHex("0001020304050607ff")),
    /^begins with 00 01 02 03 04 05 06 07,/,
  );
  assert.match(describeUnknown(fromHex("fffe7b00")), /UTF-16/);
});

test("any bytes get an answer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (head) => {
      identifyCapture(head);
      assert.notEqual(describeUnknown(head), "");
    }),
  );
});
