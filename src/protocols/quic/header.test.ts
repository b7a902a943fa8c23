import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { longHeader } from "../../../test/seal-quic.ts";
import { concat } from "../../../test/tls-bytes.ts";
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { fromHex } from "../../bytes/hex.ts";
import { probeQuic, readLongHeader } from "./header.ts";
import { toPacketNumber } from "./packet-protection.ts";
import { readVarint } from "./varint.ts";
import { findVersion, isGoogleVersion, isUnreadVersion } from "./version.ts";

const varint = (hex: string): number => readVarint(new Cursor(fromHex(hex)));
const probe = (bytes: Uint8Array): boolean => probeQuic(bytes, 0, bytes.length);

test("integers (RFC 9000 §A.1)", () => {
  assert.equal(varint("9d7f3e7d"), 494_878_333);
  assert.equal(varint("7bbd"), 15_293);
  assert.equal(varint("25"), 37);
  assert.equal(varint("4025"), 37);
  assert.throws(() => varint("c2197c5eff14e88c"), Malformed); // 151288809941952652 is over 2^53
  assert.equal(varint("c0000000ffffffff"), 0xffffffff);
});

test("packet numbers (RFC 9000 §A.3)", () => {
  assert.equal(toPacketNumber(0x9b32, 2, 0xa82f30ea), 0xa82f9b32);
  assert.equal(toPacketNumber(2, 4, -1), 2);
  assert.equal(toPacketNumber(0x00, 1, 0xff), 0x100);
  assert.equal(toPacketNumber(0xff, 1, 0x100), 0xff);
});

test("the Retry of RFC 9001 §A.4", () => {
  const packet = fromHex(
    "ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba",
  );
  const header = readLongHeader(packet, 0, packet.length);
  assert.ok(!(header instanceof Malformed));
  assert.deepEqual(
    [header.type, header.version, header.dcid, header.scid, header.end],
    ["retry", 1, "", "f067a5502a4262b5", packet.length],
  );
  assert.equal(probe(packet), true);
});

test("packet types of version 2 (RFC 9369 §3.2)", () => {
  assert.deepEqual(findVersion(0x6b3343cf)?.types, ["retry", "initial", "0-rtt", "handshake"]);
});

test("versions that are recognised only", () => {
  assert.ok(isGoogleVersion(0x51303433) && isGoogleVersion(0x54303531)); // Q043, T051
  assert.ok(isUnreadVersion(0x1a2a3a4a) && !isUnreadVersion(1) && !isUnreadVersion(0xff00001d));
  const none = new Uint8Array(0);
  const long = (version: number, bytes: number): Uint8Array =>
    concat(longHeader(0xc0, version, new Uint8Array(8), none), new Uint8Array(bytes));
  assert.equal(probe(long(0x51303530, 30)), true);
  assert.equal(probe(long(0x1a2a3a4a, 1200)), true);
  assert.equal(probe(long(0x1a2a3a4a, 100)), false); // Clients pad to 1200 bytes.
  assert.equal(probe(long(0x12345678, 1200)), false);
  assert.equal(probe(fromHex("09 0102030405060708 51303433 01 00")), true); // Q043's public header
});

test("Version Negotiation needs a version that is known", () => {
  const ids = longHeader(0x80, 0, new Uint8Array(8), new Uint8Array(4));
  assert.equal(probe(concat(ids, [0, 0, 0, 1])), true);
  assert.equal(probe(concat(ids, [0, 0, 0, 9])), false);
  assert.equal(probe(concat(ids, [0, 0, 0, 1, 5])), false);
});

test("connection ids over 20 bytes are malformed in versions 1 and 2, not in others", () => {
  const header = (version: number): unknown => {
    const bytes = concat(longHeader(0xc0, version, new Uint8Array(21), new Uint8Array(0)), [0, 0]);
    return readLongHeader(bytes, 0, bytes.length);
  };
  assert.ok(header(1) instanceof Malformed);
  assert.ok(!(header(0x1a2a3a4a) instanceof Malformed));
});

test("random bytes never throw", () => {
  const bytes = fc.uint8Array({ maxLength: 80 });
  const version = fc.constantFrom(0, 1, 0x6b3343cf, 0xff00001d, 0x51303530, 0x51303433, 7);
  fc.assert(
    fc.property(bytes, version, (rest, number) => {
      const packet = concat([0xc3], fromHex(number.toString(16).padStart(8, "0")), rest);
      const header = readLongHeader(packet, 0, packet.length);
      assert.ok(header instanceof Malformed || header.end >= header.body);
      probe(packet);
      probe(rest);
    }),
  );
});
