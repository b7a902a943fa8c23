import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Malformed } from "../../bytes/cursor.ts";
import { toLatin1 } from "../../bytes/text.ts";
import { NameReader, skipName } from "./name.ts";

/** The example of RFC 1035 §4.1.4, at its own offsets. */
const EXAMPLE = new Uint8Array(93);
EXAMPLE.set(toLatin1("\x01F\x03ISI\x04ARPA\x00"), 20);
EXAMPLE.set(toLatin1("\x03FOO\xc0\x14"), 40);
EXAMPLE.set(toLatin1("\xc0\x1a"), 64);
EXAMPLE.set(toLatin1("\x00"), 92);

function read(bytes: Uint8Array, at: number): [string, number] {
  const names = new NameReader(bytes, 0, bytes.length);
  return [names.read(at), names.next];
}
const readText = (text: string, at = 0): [string, number] => read(toLatin1(text), at);

test("read() follows the pointers of RFC 1035 §4.1.4", () => {
  assert.deepEqual(read(EXAMPLE, 20), ["F.ISI.ARPA", 32]);
  assert.deepEqual(read(EXAMPLE, 40), ["FOO.F.ISI.ARPA", 46]);
  assert.deepEqual(read(EXAMPLE, 64), ["ARPA", 66]);
  assert.deepEqual(read(EXAMPLE, 92), ["<Root>", 93]);
});

// The texts below are those that tshark 4.0.17 shows for the same bytes.

test("read() writes odd octets as tshark does", () => {
  const cases: readonly [string, string][] = [
    ["\x07\x07\x08\x09\x0a\x0b\x0c\x0d\x00", "\\a\\b\\t\\n\\v\\f\\r"],
    ["\x05\x00\x1a \x7f~\x00", "\\000\\032 \\177~"],
    ["\x03c\\d\x03a.b\x00", "c\\d.a.b"],
    ["\x06\xff\xfe\x80ab\xc3\x02\xe2\x80\x01x\x00", "\ufffd\ufffd\ufffdab\ufffd.\ufffd.x"],
    ["\x05\xe2\x80\x8b\xc2\x85\x00", "\\u200B\\u0085"],
    ["\x06\xe2\x80\x99\xc2\xa0x\x00", "\u2019\u00a0x"],
  ];
  for (const [wire, text] of cases) assert.deepEqual(readText(wire), [text, wire.length]);
});

test("read() stops names longer than 253 octets of text", () => {
  const label = `\x3f${"a".repeat(63)}`;
  const longest = `${label.repeat(3)}\x3d${"b".repeat(61)}\x00`;
  assert.equal(readText(longest)[0].length, 253);
  const longer = `${label.repeat(3)}\x3e${"b".repeat(62)}\x00`;
  assert.deepEqual(readText(longer), ["<Name too long>", longer.length]);
});

test("read() follows pointers forwards, and says when they loop", () => {
  assert.deepEqual(readText("\xc0\x02\x03fwd\x00"), ["fwd", 2]);
  assert.deepEqual(readText("\x03abc\xc0\x00"), ["<Name contains a pointer that loops>", 6]);
  assert.deepEqual(readText("\xc0\x00"), ["<Name contains a pointer that loops>", 2]);
});

test("read() stops at extended labels, which are of unknown length", () => {
  assert.deepEqual(readText("\x03abc\x42def\x00"), ["<Unknown extended label>", 5]);
  assert.throws(() => readText("\x42abc\x00"), Malformed);
});

test("read() refuses reserved labels and what runs out of the message", () => {
  for (const wire of ["\x81abc\x00", "\x03ab", "\x03abc", "\xc0", "\xc0\xff", ""]) {
    assert.throws(() => readText(wire), Malformed, JSON.stringify(wire));
  }
});

test("octets() gives the name as sent", () => {
  const names = new NameReader(toLatin1("\x02\xff\x00\x01b\x00"), 0, 6);
  names.read(0);
  assert.deepEqual([...names.octets()], [0xff, 0, 0x2e, 0x62]);
});

test("a message of pointers alone is read in time", () => {
  // Each name of 30 bytes leads into the same long run of one-byte labels.
  const bytes = new Uint8Array(65_535);
  for (let i = 0; i < 16_000; i += 2) bytes[i] = 1;
  const names = new NameReader(bytes, 0, bytes.length);
  for (let i = 20_000; i < 60_000; i += 2) {
    bytes[i] = 0xc0;
    assert.match(names.read(i), /^<Name/);
  }
});

test("whatever the bytes, reading ends, and skipName() agrees on where names end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 300 }), (bytes, at) => {
      const skipped = skipName(bytes, 0, at, bytes.length);
      try {
        const [, next] = read(bytes, at);
        assert.ok(next > at && next <= bytes.length);
        if (skipped >= 0) assert.equal(next, skipped);
      } catch (error) {
        assert.ok(error instanceof Malformed);
        const isPointer = skipped >= 2 && (bytes[skipped - 2] ?? 0) >= 0xc0;
        assert.ok(skipped < 0 || isPointer, "only what a pointer leads to may break");
      }
    }),
    { numRuns: 2000 },
  );
});
