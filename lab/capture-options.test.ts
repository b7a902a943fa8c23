import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutMachine } from "./capture-options.ts";

/** An option: code, length, value filled to four bytes (pcapng §3.5). */
function option(code: number, text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(text.length, 2);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc((4 - (text.length % 4)) % 4)]);
}

function block(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length + 12);
  head.writeUInt32LE(type);
  length.copy(head, 4);
  return Buffer.concat([head, body, length]);
}

const SECTION = Buffer.from("4d3c2b1a01000000ffffffffffffffff", "hex");
const INTERFACE = Buffer.from("0100000000000400", "hex");
const END = option(0, "");
const PACKET = block(6, Buffer.alloc(32, 7));

test("withoutMachine() takes out hardware and system, and nothing else", () => {
  const [comment, program] = [option(1, "a comment"), option(4, "dumpcap")];
  const [name, precision] = [option(2, "br-lan"), option(9, "\t")];
  const capture = Buffer.concat([
    block(
      0x0a0d0d0a,
      Buffer.concat([SECTION, comment, option(2, "processor"), option(3, "Linux"), program, END]),
    ),
    block(1, Buffer.concat([INTERFACE, name, precision, option(12, "Linux"), END])),
    PACKET,
  ]);
  assert.deepEqual(
    withoutMachine(capture),
    Buffer.concat([
      block(0x0a0d0d0a, Buffer.concat([SECTION, comment, program, END])),
      block(1, Buffer.concat([INTERFACE, name, precision, END])),
      PACKET,
    ]),
  );
});

test("withoutMachine() refuses what is no little-endian section", () => {
  assert.throws(() => withoutMachine(Buffer.alloc(64)), /little-endian pcapng is expected/);
});
