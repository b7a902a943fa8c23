import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../bytes/hex.ts";
import { nodePlatform } from "../../node/platform.ts";
import { hkdfExpandLabel, hkdfExtract } from "../tls/hkdf.ts";
import { deriveInitialKeys } from "./initial-keys.ts";
import type { PacketKeys } from "./initial-keys.ts";
import { findVersion } from "./version.ts";

const DCID = fromHex("8394c8f03e515708");

function hexOf({ key, iv, hp }: PacketKeys): string[] {
  return [toHex(key), toHex(iv), toHex(hp)];
}
function keysOf(version: number) {
  const read = findVersion(version);
  assert.ok(read);
  return deriveInitialKeys(nodePlatform, read, DCID);
}

test("the keys of RFC 9001 §A.1", () => {
  const { client, server } = keysOf(1);
  assert.deepEqual(hexOf(client), [
    "1f369613dd76d5467730efcbe3b1a22d",
    "fa044b2f42a3fd3b46fb255c",
    "9f50449e04a0e810283a1e9933adedd2",
  ]);
  assert.deepEqual(hexOf(server), [
    "cf3a5331653c364c88f0f379b6067e37",
    "0ac1493ca1905853b0bba03e",
    "c206b8d9b9f0f37644430b490eeaa314",
  ]);
});

test("the keys of RFC 9369 §A.1", () => {
  const { client, server } = keysOf(0x6b3343cf);
  assert.deepEqual(hexOf(client), [
    "8b1a0bc121284290a29e0971b5cd045d",
    "91f73e2351d8fa91660e909f",
    "45b95e15235d6f45a6b19cbcb0294ba9",
  ]);
  assert.deepEqual(hexOf(server), [
    "82db637861d55e1d011f19ea71d5d2a7",
    "dd13c276499c0249d3310652",
    "edf6d05c83121201b436e16877593c3a",
  ]);
});

test("the secrets of RFC 9001 §A.1", () => {
  const salt = findVersion(1)?.salt ?? new Uint8Array(0);
  const initial = hkdfExtract(nodePlatform, salt, DCID);
  assert.equal(toHex(initial), "7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44");
  assert.equal(
    toHex(hkdfExpandLabel(nodePlatform, initial, "client in", 32)),
    "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea",
  );
});

test("expanding over one block goes on where the block ends (RFC 5869 §2.3)", () => {
  const long = toHex(hkdfExpandLabel(nodePlatform, DCID, "x", 80));
  // The length is part of what is expanded, so that a shorter text is no prefix of it.
  assert.equal(long.length, 160);
  assert.notEqual(long.slice(0, 64), long.slice(64, 128));
});
