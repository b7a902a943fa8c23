import assert from "node:assert/strict";
import { test } from "node:test";
import { nodePlatform } from "../../node/platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { toJa3, toJa3Text } from "./ja3.ts";

const EMPTY: ClientHello = {
  version: 769,
  random: { start: 0, end: 32 },
  ciphers: [],
  extensions: [],
  serverName: undefined,
  alpn: [],
  supportedVersions: [],
  signatureAlgorithms: [],
  groups: [],
  pointFormats: [],
};

test("the two examples of JA3's README", () => {
  const first: ClientHello = {
    ...EMPTY,
    ciphers: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
    extensions: [0, 10, 11],
    groups: [23, 24, 25],
    pointFormats: [0],
  };
  const text = "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0";
  assert.equal(toJa3Text(first), text);
  assert.equal(toJa3(first, nodePlatform), "ada70206e40642a3e4461f35503241d5");
  const second: ClientHello = { ...EMPTY, ciphers: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99] };
  assert.equal(toJa3(second, nodePlatform), "de350869b8c85de67a350c8d186f11e6");
});

test("GREASE is left out", () => {
  const hello: ClientHello = {
    ...EMPTY,
    ciphers: [0x1a1a, 5],
    extensions: [0xfafa],
    groups: [0x0a0a, 29],
  };
  assert.equal(toJa3Text(hello), "769,5,,29,");
});
