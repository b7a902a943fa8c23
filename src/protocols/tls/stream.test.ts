import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { feed } from "../../../test/feed-dissector.ts";
import type { Fed, FeedOptions, Step } from "../../../test/feed-dissector.ts";
import {
  CERTIFICATE,
  certificateMessage,
  CLIENT_HELLO,
  concat,
  handshake,
  oldServerHello,
  record,
  SERVER_HELLO,
} from "../../../test/tls-bytes.ts";
import { fromHex } from "../../bytes/hex.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { nodePlatform } from "../../node/platform.ts";
import { createTlsDissector } from "./index.ts";

const TLS = createTlsDissector(nodePlatform);
const run = (steps: readonly Step[], options?: FeedOptions): Fed => feed(TLS, steps, options);
const { read, encrypted, malformed, incomplete, unsupported } = BYTE_CLASS;

const CCS = record(20, Uint8Array.of(1));
const SECRET = new Uint8Array(300).fill(0xa5);
const SEALED = record(23, SECRET);
const HELLO = record(22, CLIENT_HELLO, 0x0301);
const FINISHED = record(22, fromHex("0000000000000000" + "a5".repeat(32))); // TLS 1.2, AES-GCM

/** A handshake of TLS 1.3 with application data. */
const TLS13: readonly Step[] = [
  { side: 0, bytes: HELLO },
  { side: 1, bytes: concat(record(22, SERVER_HELLO), CCS, SEALED, SEALED) },
  { side: 0, bytes: concat(CCS, SEALED) },
  { side: 1, bytes: SEALED },
];

/** One of TLS 1.2: ServerHello, Certificate and ServerHelloDone in one record. */
const FLIGHT = concat(
  oldServerHello(0x0303, 0xc02f),
  certificateMessage(CERTIFICATE, CERTIFICATE),
  handshake(14, new Uint8Array(0)),
);
const TLS12: readonly Step[] = [
  { side: 0, bytes: HELLO },
  { side: 1, bytes: record(22, FLIGHT) },
  { side: 0, bytes: concat(record(22, handshake(16, new Uint8Array(66))), CCS, FINISHED) },
  { side: 1, bytes: concat(CCS, FINISHED, SEALED) },
  { side: 0, bytes: concat(SEALED, record(21, SECRET.subarray(0, 26))) },
];

const kinds = ({ messages }: Fed): string[] =>
  messages.map((message) => `${message.side} ${message.kind === "tls" ? message.type : "?"}`);

/** Every byte pushed is accounted for. */
function assertAccounts({ counted, pushed }: Fed): void {
  for (const side of [0, 1] as const) {
    assert.equal(
      counted[side].reduce((sum, bytes) => sum + bytes, 0),
      pushed[side],
    );
  }
}

/** What must not depend on how the bytes are cut. */
const essence = ({ messages, counted, anomalies }: Fed): unknown => ({
  messages: messages.map((message) => ({ ...message, flow: null })),
  counted,
  anomalies,
});

test("TLS 1.3: the hellos are read, all that follows is encrypted", () => {
  const fed = run(TLS13);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello", "1 server_hello"]);
  assert.deepEqual(fed.anomalies, []);
  assert.equal(fed.counted[0][read], HELLO.length + CCS.length);
  assert.equal(fed.counted[0][encrypted], SEALED.length);
  assert.equal(fed.counted[1][read], 5 + SERVER_HELLO.length + CCS.length);
  assert.equal(fed.counted[1][encrypted], 3 * SEALED.length);
  assert.equal(fed.encrypted, true);
  const [hello] = fed.messages;
  assert.ok(hello?.kind === "tls" && hello.type === "client_hello");
  assert.equal(hello.serverName, "server");
  assert.deepEqual([hello.start, hello.end, hello.frame], [5, 201, 1]);
  const [part] = hello.parts;
  assert.equal(part?.path, "server_name");
  // "server" stands at byte 62 of the record (RFC 8448 §3).
  assert.equal(Buffer.from(HELLO).indexOf("server"), part.offset);
});

test("TLS 1.2: certificates are read, and nothing after ChangeCipherSpec", () => {
  const fed = run(TLS12);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello", "1 server_hello", "1 certificate"]);
  assert.deepEqual(fed.anomalies, []);
  assert.equal(fed.counted[1][read], 5 + FLIGHT.length + CCS.length);
  assert.equal(fed.counted[1][encrypted], FINISHED.length + SEALED.length);
  assert.equal(fed.counted[0][encrypted], FINISHED.length + SEALED.length + 31);
  const chain = fed.messages[2];
  assert.ok(chain?.kind === "tls" && chain.type === "certificate");
  assert.equal(chain.certificates.length, 2);
  const part = chain.parts.find(({ path }) => path === "certificate[1].names[1]");
  assert.equal(Buffer.from(part?.bytes ?? []).toString(), "*.example.net");
  assert.equal(part?.offset, Buffer.from(record(22, FLIGHT)).lastIndexOf("*.example.net"));
});

test("cut at every byte, the result is the same", () => {
  for (const steps of [TLS12, TLS13]) {
    const whole = essence(run(steps));
    for (const pieceBytes of [1, 2, 3, 5, 7, 64, 191]) {
      assert.deepEqual(essence(run(steps, { pieceBytes })), whole, `pieces of ${pieceBytes}`);
    }
  }
  const bytes = HELLO;
  for (let cut = 1; cut < bytes.length; cut++) {
    const fed = run([
      { side: 0, bytes: bytes.subarray(0, cut) },
      { side: 0, bytes: bytes.subarray(cut) },
    ]);
    assert.deepEqual(kinds(fed), ["0 client_hello"]);
    assert.equal(fed.messages[0]?.frame, 2);
  }
});

test("a ClientHello over records of one byte each", () => {
  const bytes = concat(...[...CLIENT_HELLO].map((byte) => record(22, Uint8Array.of(byte))));
  const fed = run([{ side: 0, bytes }]);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello"]);
  assert.equal(fed.messages[0]?.parts[0]?.offset, -1); // It stands nowhere in one piece.
  assert.equal(fed.counted[0][read], bytes.length);
});

test("ended at every byte: nothing throws, all is accounted for", () => {
  for (const steps of [TLS12, TLS13]) {
    for (const step of steps) {
      if (!("bytes" in step) || typeof step.bytes === "string") continue;
      for (let end = 0; end < step.bytes.length; end++) {
        const before = steps.slice(0, steps.indexOf(step));
        assertAccounts(run([...before, { side: step.side, bytes: step.bytes.subarray(0, end) }]));
      }
    }
  }
});

test("a message cut short is named, and counted as incomplete", () => {
  const fed = run([{ side: 0, bytes: HELLO.subarray(0, 100) }]);
  assert.deepEqual(fed.messages, []);
  assert.equal(fed.counted[0][incomplete], 100);
  assert.deepEqual(
    fed.anomalies.map(({ name }) => name),
    ["tls-message-cut-short"],
  );
});

test("a gap inside of application data loses nothing else", () => {
  const fed = run([
    ...TLS13,
    { side: 1, bytes: SEALED.subarray(0, 50) },
    { side: 1, gap: 200 },
    { side: 1, bytes: concat(SEALED.subarray(250), SEALED, record(21, Uint8Array.of(1, 0))) },
  ]);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello", "1 server_hello", "1 alert"]);
  assert.equal(fed.counted[1][incomplete], 0);
});

test("after a gap over a border of records reading goes on at the next record", () => {
  const fed = run([
    ...TLS13,
    { side: 1, bytes: SEALED.subarray(0, 50) },
    { side: 1, gap: 400 },
    { side: 1, bytes: concat(SECRET.subarray(0, 100), SEALED, SEALED) },
    { side: 1, bytes: record(21, Uint8Array.of(2, 40)) },
  ]);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed).slice(2), ["1 alert"]);
  assert.equal(fed.counted[1][encrypted], 3 * SEALED.length + 50 + 100 + 2 * SEALED.length);
});

test("a gap in the handshake: the certificate is lost, what follows is read", () => {
  const flight = record(22, FLIGHT);
  const fed = run([
    { side: 0, bytes: HELLO },
    { side: 1, bytes: flight.subarray(0, 200) },
    { side: 1, gap: 300 },
    { side: 1, bytes: concat(flight.subarray(500), record(22, handshake(14, new Uint8Array(0)))) },
    { side: 1, bytes: concat(CCS, FINISHED) },
  ]);
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello", "1 server_hello"]);
  assert.deepEqual(
    fed.anomalies.map(({ name }) => name),
    ["tls-message-cut-short"],
  );
  assert.equal(fed.counted[1][encrypted], FINISHED.length);
  assert.equal(fed.counted[1][incomplete], flight.length - 300 - (5 + 42));
});

test("one side alone: the client's Finished is not taken for a message", () => {
  const fed = run(TLS12.filter(({ side }) => side === 0));
  assertAccounts(fed);
  assert.deepEqual(kinds(fed), ["0 client_hello"]);
  assert.equal(fed.counted[0][encrypted], FINISHED.length + SEALED.length + 31);
  assert.deepEqual(fed.anomalies, []);
});

test("the second ClientHello after a HelloRetryRequest is read, also after ChangeCipherSpec", () => {
  const fed = run([
    { side: 0, bytes: HELLO },
    { side: 0, bytes: concat(CCS, record(22, CLIENT_HELLO)) }, // The server's side was not captured.
    { side: 0, bytes: SEALED },
  ]);
  assert.deepEqual(kinds(fed), ["0 client_hello", "0 client_hello"]);
  assertAccounts(fed);
});

test("begun in the middle", () => {
  const fed = run(
    [
      { side: 0, bytes: SEALED },
      { side: 1, bytes: concat(SEALED, FINISHED) },
    ],
    {
      state: "midstream",
    },
  );
  assertAccounts(fed);
  assert.equal(fed.counted[1][encrypted], SEALED.length + FINISHED.length);
  assert.deepEqual(fed.anomalies, []);
});

test("with a NULL cipher application data are readable", () => {
  const fed = run([
    { side: 0, bytes: HELLO },
    { side: 1, bytes: concat(record(22, oldServerHello(0x0303, 0x003b)), CCS) },
    { side: 0, bytes: concat(CCS, FINISHED, SEALED) },
  ]);
  assertAccounts(fed);
  assert.equal(fed.encrypted, false);
  assert.equal(fed.counted[0][read], HELLO.length + CCS.length + FINISHED.length + SEALED.length);
});

test("alerts in clear are read, encrypted ones counted", () => {
  const fed = run([
    { side: 0, bytes: HELLO },
    { side: 1, bytes: record(21, Uint8Array.of(2, 70)) },
  ]);
  const alert = fed.messages[1];
  assert.ok(alert?.kind === "tls" && alert.type === "alert");
  assert.deepEqual([alert.level, alert.description, alert.start, alert.end], [2, 70, 5, 7]);
});

test("a server name that is not ASCII is read, and named", () => {
  const at = Buffer.from(HELLO).indexOf("server");
  const fed = run([{ side: 0, bytes: HELLO.map((byte, i) => (i === at ? 0xff : byte)) }]);
  const [hello] = fed.messages;
  assert.ok(hello?.kind === "tls" && hello.type === "client_hello");
  assert.equal(hello.serverName, "\ufffderver");
  assert.deepEqual(
    fed.anomalies.map(({ name }) => name),
    ["server-name-not-ascii"],
  );
});

test("bytes that are no record are malformed till a record comes", () => {
  const junk = new Uint8Array(40).fill(0x41);
  const fed = run([
    { side: 0, bytes: HELLO },
    { side: 0, bytes: junk },
    { side: 0, bytes: SEALED },
  ]);
  assertAccounts(fed);
  assert.equal(fed.counted[0][malformed], junk.length);
  assert.equal(fed.counted[0][encrypted], SEALED.length);
  assert.deepEqual(
    fed.anomalies.map(({ name }) => name),
    ["tls-record-malformed"],
  );
});

test("a ClientHello in SSL 2.0 form (RFC 5246 §E.2)", () => {
  const ciphers = fromHex("00002f 000035 010080");
  const body = concat([1, 3, 1, 0, ciphers.length, 0, 0, 0, 16], ciphers, new Uint8Array(16));
  const bytes = concat([0x80, body.length], body);
  for (const pieceBytes of [1, 4, 500]) {
    const fed = run(
      [
        { side: 0, bytes },
        { side: 1, bytes: record(22, oldServerHello(0x0301, 0x2f)) },
        { side: 0, bytes: record(22, handshake(16, new Uint8Array(66))) },
      ],
      { pieceBytes },
    );
    assertAccounts(fed);
    const [hello] = fed.messages;
    assert.ok(hello?.kind === "tls" && hello.type === "client_hello");
    assert.equal(hello.version, 0x0301);
    assert.deepEqual(hello.ciphers, [0x2f, 0x35, 0x010080]);
    assert.deepEqual(kinds(fed), ["0 client_hello", "1 server_hello"]);
    assert.equal(TLS.probe(bytes, 0, bytes.length, hello.flow, 0), "yes");
  }
  const old = run([
    { side: 0, bytes },
    { side: 1, bytes: concat([0x80, 30, 4], new Uint8Array(29)) }, // SERVER-HELLO of SSL 2.0
    { side: 0, bytes: concat([0x80, 20], new Uint8Array(20)) },
  ]);
  assertAccounts(old);
  assert.equal(old.counted[1][unsupported], 32);
  assert.equal(old.counted[0][unsupported], 22);
});

test("random bytes, behind a hello or not, never throw and are accounted for", () => {
  const junk = fc.uint8Array({ maxLength: 200 });
  const step = fc.oneof(
    fc.record({ side: fc.constantFrom<0 | 1>(0, 1), bytes: junk }),
    fc.record({
      side: fc.constantFrom<0 | 1>(0, 1),
      bytes: fc
        .tuple(fc.integer({ min: 20, max: 24 }), junk)
        .map(([type, body]) => record(type, body)),
    }),
    fc.record({ side: fc.constantFrom<0 | 1>(0, 1), gap: fc.integer({ min: 1, max: 500 }) }),
  );
  const opening = fc.constantFrom<readonly Step[]>([], TLS12, TLS13);
  fc.assert(
    fc.property(opening, fc.array(step, { maxLength: 8 }), fc.nat(9), (first, steps, pieces) => {
      assertAccounts(run([...first, ...steps], { pieceBytes: pieces + 1 }));
    }),
    { numRuns: 60 },
  );
});
