import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_HELLO, concat, record, SERVER_HELLO } from "../../../test/tls-bytes.ts";
import { fromHex } from "../../bytes/hex.ts";
import { probeTls } from "./probe.ts";

const probe = (bytes: Uint8Array): string => probeTls(bytes, 0, bytes.length);
const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, "latin1"));

test("hellos are recognised by seven bytes, and never refused before", () => {
  for (const hello of [record(22, CLIENT_HELLO, 0x0301), record(22, SERVER_HELLO)]) {
    for (let end = 0; end < 7; end++) assert.equal(probe(hello.subarray(0, end)), "unsure");
    for (let end = 7; end <= hello.length; end++)
      assert.equal(probe(hello.subarray(0, end)), "yes");
  }
});

test("a capture begun in the middle", () => {
  const sealed = record(23, new Uint8Array(50));
  assert.equal(probe(sealed), "yes");
  assert.equal(probe(sealed.subarray(0, 20)), "yes");
  assert.equal(probe(concat(sealed, sealed)), "yes");
  assert.equal(probe(concat(sealed, text("GET /"))), "no");
  assert.equal(probe(record(20, Uint8Array.of(1))), "yes");
  assert.equal(probe(record(21, Uint8Array.of(1, 0))), "yes");
  assert.equal(probe(concat(record(22, new Uint8Array(40).fill(9)), sealed)), "yes");
});

test("other protocols are refused", () => {
  for (const other of ["GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\x13BitTorrent protocol"]) {
    assert.equal(probe(text(other)), "no", other);
  }
  assert.equal(probe(fromHex("160001")), "no");
  assert.equal(probe(fromHex("16030148")), "unsure");
  assert.equal(probe(fromHex("1603017001010000")), "no"); // too long
  assert.equal(probe(fromHex("800102030405060708090a0b")), "no");
});
