import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../../node/platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { toFingerprints } from "./fingerprints.ts";
import { toJa3 } from "./ja3.ts";
import { toJa4 } from "./ja4.ts";

const code = fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 16, 0x0a0a, 0x1301));
const codes = fc.array(code, { maxLength: 40 });
const range = fc.record({ start: fc.nat(4), end: fc.nat(8) });
const hello: fc.Arbitrary<ClientHello> = fc.record({
  version: code,
  random: fc.constant({ start: 0, end: 32 }),
  ciphers: codes,
  extensions: codes,
  serverName: fc.constant(undefined),
  alpn: fc.array(range, { maxLength: 2 }),
  supportedVersions: codes,
  signatureAlgorithms: codes,
  groups: codes,
  pointFormats: fc.array(fc.nat(255), { maxLength: 3 }),
});

test("toFingerprints() gives JA3 and JA4 of each hello, whatever came before", () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
  const transport = fc.constantFrom("tcp" as const, "quic" as const, "dtls" as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(hello, bytes, transport), { maxLength: 8 }), (all) => {
      for (const [one, buffer, by] of [...all, ...all]) {
        const { ja3, ja4 } = toFingerprints(one, buffer, by, nodePlatform);
        assert.equal(ja3, toJa3(one, nodePlatform));
        assert.equal(ja4, toJa4(one, buffer, by, nodePlatform));
      }
    }),
  );
});

test("toFingerprints() tells hellos apart that differ in one place", () => {
  const plain: ClientHello = {
    version: 0x0303,
    random: { start: 0, end: 32 },
    ciphers: [0x1301, 0xc02b],
    extensions: [0, 16, 10, 13, 43],
    serverName: undefined,
    alpn: [{ start: 0, end: 2 }],
    supportedVersions: [0x0304],
    signatureAlgorithms: [0x0403],
    groups: [29, 23],
    pointFormats: [0],
  };
  const bytes = Uint8Array.from([0x68, 0x32, 0x33]);
  const of = (changes: Partial<ClientHello>) => {
    const { ja3, ja4 } = toFingerprints({ ...plain, ...changes }, bytes, "tcp", nodePlatform);
    return `${ja3} ${ja4}`;
  };
  const all = [
    of({}),
    of({ ciphers: [0x1301] }),
    of({ groups: [29] }),
    of({ groups: [29], pointFormats: [23, 0] }),
    of({ signatureAlgorithms: [0x0804] }),
    of({ supportedVersions: [] }),
    of({ alpn: [{ start: 0, end: 1 }] }),
    of({ alpn: [] }),
  ];
  assert.equal(new Set(all).size, all.length);
  assert.equal(of({}), all[0]);
});
