import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import { readNames } from "./pcapng-names.ts";
import { OptionWalker } from "./pcapng-options.ts";
import { BlockBuilder } from "./test-blocks.ts";

const BUILDER = new BlockBuilder(true);

function read(records: Uint8Array): { names: string[]; fault: string | undefined } {
  const names: string[] = [];
  const walker = new OptionWalker();
  walker.reset(records, 0, records.length, true);
  const fault = readNames(walker, records, (address, name) => names.push(`${address} ${name}`));
  return { names, fault };
}

function readOne(code: number, address: string, names: string): string[] {
  const value = [...fromHex(address), ...toUtf8(names)];
  return read(Uint8Array.from(BUILDER.options([code, value]))).names;
}

test("addresses of each kind have their usual text", () => {
  // The forms of RFC 5952 §4: one run of zeros, the longest, the first; never a single group.
  const cases: [number, string, string][] = [
    [1, "c0000201", "192.0.2.1"],
    [2, "20010db8000000000000000000000001", "2001:db8::1"],
    [2, "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    [2, "20010000000000010000000000000001", "2001:0:0:1::1"],
    [2, "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    [2, "00000000000000000000000000000000", "::"],
    [2, "fe800000000000000000000000000000", "fe80::"],
    [3, "0a0b0c0d0e0f", "0a:0b:0c:0d:0e:0f"],
    [4, "0a0b0c0d0e0f1011", "0a:0b:0c:0d:0e:0f:10:11"],
  ];
  for (const [code, address, text] of cases) {
    assert.deepEqual(readOne(code, address, "n\0"), [`${text} n`]);
  }
});

test("a record has several names, its last perhaps without an end; other types are stepped over", () => {
  assert.deepEqual(readOne(1, "0a000001", "a\0\0b"), ["10.0.0.1 a", "10.0.0.1 b"]);
  assert.deepEqual(readOne(77, "0a000001", "a\0"), []);
});

test("a record shorter than its address is told; the names before it are kept", () => {
  const records = BUILDER.options([1, [...fromHex("0a000001"), 0x61, 0]], [2, [1, 2]]);
  const { names, fault } = read(Uint8Array.from(records));
  assert.deepEqual([names, fault], [["10.0.0.1 a"], "name record of 2 bytes, 16 due"]);
});

test("random records never throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
});
