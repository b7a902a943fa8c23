import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import type { Fed, Step } from "../../../test/feed-dissector.ts";
import { CLIENT_HELLO, concat, oldServerHello, uint24 } from "../../../test/tls-bytes.ts";
import { fromHex } from "../../bytes/hex.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { nodePlatform } from "../../node/platform.ts";
import { createDtlsDissector } from "./index.ts";

const DTLS = createDtlsDissector(nodePlatform);
const run = (steps: readonly Step[]): Fed => feed(DTLS, steps);
const { read, encrypted, incomplete, duplicate, opaque, malformed } = BYTE_CLASS;

/** The ClientHello of RFC 8448 §3 as DTLS 1.2 has it: other version, and a cookie (RFC 6347 §4.2.1). */
const BODY = concat([0xfe, 0xfd], CLIENT_HELLO.subarray(6, 39), [0], CLIENT_HELLO.subarray(39));

function dtlsRecord(type: number, epoch: number, body: Uint8Array): Uint8Array {
  return concat(
    [type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 0, body.length >> 8, body.length & 255],
    body,
  );
}
function fragment(seq: number, from: number, to: number, body: Uint8Array = BODY, type = 1) {
  const head = [type, ...uint24(body.length), 0, seq, ...uint24(from), ...uint24(to - from)];
  return concat(head, body.subarray(from, to));
}
const hello = (seq: number, from = 0, to: number = BODY.length): Uint8Array =>
  dtlsRecord(22, 0, fragment(seq, from, to));
const sum = (fed: Fed, side: 0 | 1): number => fed.counted[side].reduce((a, b) => a + b, 0);
const types = (fed: Fed): string[] => fed.messages.map((m) => (m.kind === "tls" ? m.type : "?"));

test("a ClientHello in one record", () => {
  const fed = run([{ side: 0, bytes: hello(0) }]);
  const [message] = fed.messages;
  assert.ok(message?.kind === "tls" && message.type === "client_hello");
  assert.equal(message.transport, "dtls");
  assert.equal(message.serverName, "server");
  assert.equal(message.version, 0xfefd);
  assert.match(message.ja4, /^d13d03/); // It offers 0x0304 alone, which DTLS has not.
  assert.equal(message.parts.at(0)?.offset, Buffer.from(hello(0)).indexOf("server"));
  assert.equal(fed.counted[0][read], hello(0).length);
});

test("fragments in any order, overlapping, over datagrams, give the same message", () => {
  assert.equal(BODY.length, 193);
  const pieces = [hello(1, 100, 193), hello(1, 0, 60), hello(1, 50, 120)];
  const fed = run(pieces.map((bytes) => ({ side: 0, bytes })));
  assert.deepEqual(types(fed), ["client_hello"]);
  assert.deepEqual(
    fed.messages.map(({ frame, start }) => [frame, start]),
    [[3, 0]],
  );
  assert.equal(fed.counted[0][read], sum(fed, 0));
});

test("sent again it is a duplicate; a new one under the same number is not", () => {
  const other = BODY.map((byte, i) => (i === 10 ? byte ^ 255 : byte)); // another random
  const fed = run([
    { side: 0, bytes: hello(0) },
    { side: 0, bytes: hello(0) },
    { side: 0, bytes: dtlsRecord(22, 0, fragment(0, 0, other.length, other)) },
  ]);
  assert.deepEqual(types(fed), ["client_hello", "client_hello"]);
  assert.equal(fed.counted[0][duplicate], hello(0).length);
});

test("what is missing at the end makes the rest incomplete", () => {
  const fed = run([{ side: 0, bytes: hello(0, 0, 100) }]);
  assert.deepEqual(fed.messages, []);
  assert.equal(fed.counted[0][incomplete], hello(0, 0, 100).length);
});

test("several messages in a record, several records in a datagram", () => {
  const server = oldServerHello(0xfefd, 0xc02b).subarray(4);
  const both = concat(
    fragment(0, 0, server.length, server, 2),
    fragment(1, 0, 0, new Uint8Array(0), 14),
  );
  const datagram = concat(
    dtlsRecord(22, 0, both),
    dtlsRecord(20, 0, Uint8Array.of(1)),
    dtlsRecord(22, 1, new Uint8Array(40)),
    dtlsRecord(21, 0, Uint8Array.of(2, 40)),
  );
  const fed = run([
    { side: 0, bytes: hello(0) },
    { side: 1, bytes: datagram },
  ]);
  assert.deepEqual(types(fed), ["client_hello", "server_hello", "alert"]);
  assert.equal(fed.counted[1][encrypted], 53);
  assert.equal(fed.counted[1][read], datagram.length - 53);
});

test("ciphertext of DTLS 1.3 (RFC 9147 §4) and what is no DTLS (RFC 7983)", () => {
  const short = fromHex("2c 0001 0010" + "a5".repeat(16)); // sequence number and length of 16 bits
  const bare = fromHex("20 01" + "a5".repeat(30)); // to the end of the datagram
  const stun = fromHex("000100002112a442" + "00".repeat(12));
  const fed = run([
    { side: 0, bytes: hello(0) },
    { side: 1, bytes: concat(short, short, bare) },
    { side: 1, bytes: stun },
    { side: 1, bytes: concat(short, [0x99, 1, 2]) },
  ]);
  assert.equal(fed.counted[1][encrypted], 3 * short.length + bare.length);
  assert.equal(fed.counted[1][opaque], stun.length);
  assert.equal(fed.counted[1][malformed], 3);
  assert.equal(DTLS.probe(stun, 0, stun.length, fakeFlow(), 0), "no");
});

test("cut anywhere and at random: nothing throws, all is accounted for", () => {
  for (let end = 1; end < hello(0).length; end++) {
    const bytes = hello(0).subarray(0, end);
    assert.equal(sum(run([{ side: 0, bytes }]), 0), end);
  }
  const junk = fc.uint8Array({ minLength: 1, maxLength: 120 });
  const datagram = fc.oneof(
    junk,
    junk.map((body) => dtlsRecord(22, 0, body)),
    fc
      .tuple(fc.nat(3), fc.nat(193), fc.nat(193))
      .map(([seq, a, b]) => hello(seq, Math.min(a, b), Math.max(a, b))),
  );
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 40 }), (datagrams) => {
      const fed = run(datagrams.map((bytes) => ({ side: 0, bytes })));
      assert.equal(sum(fed, 0), fed.pushed[0]);
    }),
    { numRuns: 60 },
  );
});
