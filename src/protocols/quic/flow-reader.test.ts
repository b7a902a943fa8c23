import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import type { Fed, Step } from "../../../test/feed-dissector.ts";
import {
  cryptoFrame,
  longHeader,
  sealingKeys,
  sealInitial,
  sealPacket,
} from "../../../test/seal-quic.ts";
import { CLIENT_HELLO, concat, SERVER_HELLO } from "../../../test/tls-bytes.ts";
import { fromHex, toHex } from "../../bytes/hex.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { MAX_QUIC_CONNECTIONS } from "../../limits.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { QuicMessage } from "../message.ts";
import { createQuicDissector } from "./index.ts";

const QUIC = createQuicDissector(nodePlatform);
const run = (...steps: Step[]): Fed => feed(QUIC, steps);
const client = (bytes: Uint8Array): Step => ({ side: 0, bytes });
const server = (bytes: Uint8Array): Step => ({ side: 1, bytes });
const { read, encrypted, incomplete, unsupported, opaque, malformed } = BYTE_CLASS;

const DCID = fromHex("8394c8f03e515708");
const NONE = new Uint8Array(0);
const SERVER_ID = fromHex("f067a5502a4262b5");
/** The client's CRYPTO frame of RFC 9001 §A.2, filled up with PADDING to 1162 bytes. */
const CRYPTO = fromHex(
  "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c0000041301" +
    "1302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007" +
    "000504616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f5" +
    "0f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c00" +
    "02400100390032 0408ffffffffffffffff05048000ffff07048000ffff08011001048000753009011" +
    "00f088394c8f03e51570806048000ffff",
);
const PAYLOAD = concat(CRYPTO, new Uint8Array(1162 - CRYPTO.length));

/** The server's packets of RFC 9001 §A.3 and RFC 9369 §A.3, verbatim. */
const SERVER_1 = fromHex(
  "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780b" +
    "b38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19" +
    "fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee",
);
const SERVER_2 = fromHex(
  "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf8726" +
    "3017915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e427575076980" +
    "75b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140",
);

/** The client's packet of an appendix: sealed with its keys, checked by its first and last bytes as printed. */
function clientPacket(keys: readonly [string, string, string], header: string): Uint8Array {
  const [key, iv, hp] = keys;
  const sealing = { key: fromHex(key), iv: fromHex(iv), hp: fromHex(hp) };
  return sealPacket(sealing, fromHex(header), 2, PAYLOAD);
}
const CLIENT_1 = clientPacket(
  [
    "1f369613dd76d5467730efcbe3b1a22d",
    "fa044b2f42a3fd3b46fb255c",
    "9f50449e04a0e810283a1e9933adedd2",
  ],
  "c300000001088394c8f03e5157080000449e00000002",
);
const CLIENT_2 = clientPacket(
  [
    "8b1a0bc121284290a29e0971b5cd045d",
    "91f73e2351d8fa91660e909f",
    "45b95e15235d6f45a6b19cbcb0294ba9",
  ],
  "d36b3343cf088394c8f03e5157080000449e00000002",
);

const types = ({ messages }: Fed): string[] =>
  messages.map((message) => (message.kind === "tls" ? message.type : message.kind));
const quics = ({ messages }: Fed): QuicMessage[] =>
  messages.filter((message): message is QuicMessage => message.kind === "quic");
function assertAccounts({ counted, pushed }: Fed): void {
  for (const side of [0, 1] as const) {
    assert.equal(
      counted[side].reduce((sum, bytes) => sum + bytes, 0),
      pushed[side],
    );
  }
}

/** An Initial of version 1 from the client, or from the server with the same keys. */
function initial(
  role: "client" | "server",
  packetNumber: number,
  payload: Uint8Array,
  ids: { dcid?: Uint8Array; scid?: Uint8Array; keyId?: Uint8Array } = {},
): Uint8Array {
  const { keyId = DCID } = ids;
  const { dcid = role === "client" ? DCID : NONE, scid = role === "client" ? NONE : SERVER_ID } =
    ids;
  const padded = concat(payload, new Uint8Array(Math.max(0, 1000 - payload.length)));
  return sealInitial(sealingKeys(1, keyId, role), {
    version: 1,
    dcid,
    scid,
    packetNumber,
    payload: padded,
  });
}

test("the client's packets made here are those of RFC 9001 §A.2 and RFC 9369 §A.2", () => {
  assert.equal(CLIENT_1.length, 1200);
  assert.equal(
    toHex(CLIENT_1, 0, 32),
    "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11",
  );
  assert.equal(toHex(CLIENT_1, 1184), "e221af44860018ab0856972e194cd934");
  assert.equal(
    toHex(CLIENT_2, 0, 32),
    "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485",
  );
  assert.equal(toHex(CLIENT_2, 1184), "a18b2faa745b6fe189cf772a9f84cbfc");
});

test("both versions: hellos and the connection are read", () => {
  for (const [version, first, second] of [
    [1, CLIENT_1, SERVER_1],
    [0x6b3343cf, CLIENT_2, SERVER_2],
  ] as const) {
    const fed = run(client(first), server(second));
    assertAccounts(fed);
    assert.deepEqual(types(fed), ["client_hello", "quic", "server_hello"]);
    assert.deepEqual(fed.anomalies, []);
    assert.equal(fed.counted[0][read], 1200);
    assert.equal(fed.counted[1][read], second.length);
    const [quic] = quics(fed);
    assert.ok(quic);
    assert.deepEqual(quic.versions, [version]);
    assert.equal(quic.serverName, "example.com");
    assert.deepEqual(quic.alpn, ["alpn"]);
    assert.equal(quic.clientHello, "read");
    assert.match(quic.ja4 ?? "", /^q13d0211an_/);
    const hello = fed.messages[2];
    assert.ok(hello?.kind === "tls" && hello.type === "server_hello");
    assert.deepEqual([hello.version, hello.cipher, hello.transport], [0x0304, 0x1301, "quic"]);
  }
});

test("a ClientHello over frames and packets in any order, some of them twice", () => {
  const cut = (from: number, to: number): Uint8Array =>
    cryptoFrame(from, CLIENT_HELLO.subarray(from, to));
  const ping = [0x01];
  const ack = fromHex("02 00 00 01 00 00 00"); // one range more
  const first = initial("client", 1, concat(cut(150, 196), ping, cut(40, 60)));
  const second = initial("client", 2, concat(ack, cut(50, 150), [0, 0, 0], cut(0, 20)));
  const third = initial("client", 3, concat(cut(10, 50)));
  const fed = run(client(first), client(second), client(second), client(third), client(first));
  assertAccounts(fed);
  assert.deepEqual(types(fed), ["client_hello", "quic"]);
  assert.deepEqual(fed.anomalies, []);
  const [hello] = fed.messages;
  assert.deepEqual([hello?.frame, hello?.start], [4, 0]);
  assert.equal(quics(fed)[0]?.serverName, "server");
});

test("a second ClientHello after a HelloRetryRequest follows in the same CRYPTO data", () => {
  const both = concat(CLIENT_HELLO, CLIENT_HELLO);
  const at = CLIENT_HELLO.length;
  const packets = [
    initial("client", 1, cryptoFrame(0, CLIENT_HELLO)),
    initial("client", 2, cryptoFrame(at, both.subarray(at, at + 50))),
    initial("client", 3, cryptoFrame(100, both.subarray(100))), // what was read is sent again
  ];
  const fed = run(...packets.map(client));
  assertAccounts(fed);
  assert.deepEqual(types(fed), ["client_hello", "quic", "client_hello"]);
  assert.equal(fed.messages[2]?.start, packets[0]?.length);
});

test("coalesced packets, zeros behind them, and short headers", () => {
  const handshake = concat(
    longHeader(0xe0, 1, NONE, SERVER_ID),
    [20],
    new Uint8Array(20).fill(0xa5),
  );
  const answer = initial("server", 0, cryptoFrame(0, SERVER_HELLO));
  const short = new Uint8Array(50).fill(0x4a);
  const fed = run(
    client(concat(CLIENT_1, new Uint8Array(40))),
    server(concat(answer, handshake, short)),
    server(short),
    client(short),
  );
  assertAccounts(fed);
  assert.deepEqual(types(fed), ["client_hello", "quic", "server_hello"]);
  assert.equal(fed.counted[0][read], 1240);
  assert.equal(fed.counted[0][encrypted], 50);
  assert.equal(fed.counted[1][encrypted], handshake.length + 100);
  assert.equal(fed.encrypted, true);
});

test("a coalesced short header may have its fixed bit cleared (RFC 9287), if the id is the same", () => {
  const greased = concat([0x0e], DCID, new Uint8Array(46).fill(0xa5));
  const other = concat([0x0e], SERVER_ID, new Uint8Array(46).fill(0xa5));
  const fed = run(client(concat(CLIENT_1, greased)), client(concat(CLIENT_1, other)));
  assertAccounts(fed);
  assert.equal(fed.counted[0][encrypted], greased.length);
  assert.equal(fed.counted[0][opaque], other.length);
});

test("after a Retry the keys follow from the server's id", () => {
  const retry = concat(longHeader(0xf0, 1, NONE, SERVER_ID), new Uint8Array(40).fill(7));
  const half = initial("client", 0, cryptoFrame(0, CLIENT_HELLO.subarray(0, 100)));
  const again = initial("client", 1, cryptoFrame(0, CLIENT_HELLO), {
    dcid: SERVER_ID,
    keyId: SERVER_ID,
  });
  const answer = initial("server", 0, cryptoFrame(0, SERVER_HELLO), {
    keyId: SERVER_ID,
    scid: fromHex("0102030405"),
  });
  const fed = run(client(half), server(retry), client(again), server(answer));
  assertAccounts(fed);
  assert.deepEqual(types(fed), ["client_hello", "quic", "server_hello"]);
  assert.equal(quics(fed).length, 1);
  assert.equal(fed.counted[1][read], retry.length + answer.length);
});

test("the client goes on under an id that was not seen: its first keys still open", () => {
  const first = initial("client", 0, cryptoFrame(0, CLIENT_HELLO.subarray(0, 100)));
  const rest = initial("client", 1, cryptoFrame(100, CLIENT_HELLO.subarray(100)), {
    dcid: SERVER_ID,
  });
  const fed = run(client(first), client(rest));
  assert.deepEqual(types(fed), ["client_hello", "quic"]);
});

test("several connections on one pair of ports", () => {
  const steps = [1, 2, 3].flatMap((n) => {
    const dcid = new Uint8Array(8).fill(n);
    const hello = initial("client", 0, cryptoFrame(0, CLIENT_HELLO), { dcid, keyId: dcid });
    return [
      client(hello),
      server(initial("server", 0, cryptoFrame(0, SERVER_HELLO), { keyId: dcid })),
    ];
  });
  const fed = run(...steps);
  assertAccounts(fed);
  assert.equal(quics(fed).length, 3);
  assert.equal(types(fed).filter((type) => type === "server_hello").length, 3);
});

test("more connections than are remembered: each is told of once", () => {
  const count = MAX_QUIC_CONNECTIONS + 10;
  const steps = Array.from({ length: count }, (_, n) => {
    const id = concat([n, 1], new Uint8Array(6));
    return client(concat(longHeader(0xc0, 1, id, id), [0, 20], new Uint8Array(20)));
  });
  const fed = run(...steps);
  assertAccounts(fed);
  assert.equal(quics(fed).length, count);
});

test("a Handshake packet under an id that was agreed on in secret begins no connection", () => {
  const id = fromHex("5b7bc400");
  const handshake = concat(longHeader(0xe0, 1, id, NONE), [20], new Uint8Array(20).fill(0xa5));
  assert.equal(quics(run(client(CLIENT_1), client(handshake))).length, 1);
  const alone = run(client(handshake));
  assert.equal(quics(alone)[0]?.clientHello, "not-captured");
});

test("only the server's side: named as not captured; only sealed Initials: undecryptable", () => {
  const alone = run(server(initial("server", 0, cryptoFrame(0, SERVER_HELLO))));
  assert.equal(quics(alone)[0]?.clientHello, "not-captured");
  assert.ok((alone.counted[1][encrypted] ?? 0) > 1000);
  const wrong = run(
    client(initial("client", 0, cryptoFrame(0, CLIENT_HELLO), { keyId: SERVER_ID })),
  );
  assert.equal(quics(wrong)[0]?.clientHello, "undecryptable");
  assertAccounts(alone);
  assertAccounts(wrong);
});

test("versions that are not read", () => {
  const unread = concat(longHeader(0xc0, 0x51303530, DCID, NONE), new Uint8Array(1200));
  const fed = run(client(unread), server(new Uint8Array(60).fill(0x4a)));
  assertAccounts(fed);
  assert.equal(quics(fed)[0]?.clientHello, "unsupported-version");
  assert.deepEqual(quics(fed)[0]?.versions, [0x51303530]);
  assert.equal(fed.counted[0][unsupported], unread.length);
  assert.equal(fed.counted[1][unsupported], 60);
});

test("Version Negotiation, then a version that is read", () => {
  const offer = concat(longHeader(0xc0, 0x1a2a3a4a, SERVER_ID, DCID), new Uint8Array(1200));
  const negotiation = concat(longHeader(0x80, 0, DCID, SERVER_ID), [0, 0, 0, 1]);
  const fed = run(client(offer), server(negotiation), client(CLIENT_1));
  assertAccounts(fed);
  assert.equal(fed.counted[1][read], negotiation.length);
  assert.deepEqual(types(fed), ["client_hello", "quic", "quic"].sort());
  assert.deepEqual(
    quics(fed).map((quic) => quic.clientHello),
    ["read", "unsupported-version"],
  );
});

test("a client's Initial that the capture cut off still gives the keys of the answer", () => {
  const cut: Step = { side: 0, bytes: CLIENT_1.subarray(0, 200), missing: 1000 };
  const fed = run(cut, server(SERVER_1));
  assertAccounts(fed);
  assert.deepEqual(types(fed), ["server_hello", "quic"]);
  assert.equal(quics(fed)[0]?.clientHello, "not-captured");
  assert.equal(fed.counted[0][incomplete], 200);
  // Sent by a server, or to an id that no client would choose, it says nothing of keys.
  const others: Step[] = [
    { side: 1, bytes: CLIENT_1.subarray(0, 200), missing: 1000 },
    {
      side: 0,
      bytes: initial("client", 0, PAYLOAD, { dcid: DCID.subarray(0, 7) }).subarray(0, 200),
      missing: 1000,
    },
  ];
  for (const other of others) {
    assert.deepEqual(
      types(run(other, server(SERVER_1))).filter((type) => type !== "quic"),
      [],
    );
  }
});

test("STUN and RTP on the same ports are left to others (RFC 9443)", () => {
  const stun = fromHex("000100002112a442" + "00".repeat(12));
  const rtp = concat(fromHex("80600001"), new Uint8Array(30).fill(3));
  const fed = run(client(CLIENT_1), client(stun), client(rtp));
  assertAccounts(fed);
  assert.equal(fed.counted[0][opaque], stun.length + rtp.length);
});

test("a frame that no Initial holds is named, what came before it is kept", () => {
  const fed = run(client(initial("client", 0, concat(cryptoFrame(0, CLIENT_HELLO), [0x1e]))));
  assert.deepEqual(types(fed), ["client_hello", "quic"]);
  assert.deepEqual(
    fed.anomalies.map(({ name }) => name),
    ["quic-frame-malformed"],
  );
});

test("cut at every byte: nothing throws, all is accounted for", () => {
  const datagram = concat(CLIENT_1, CLIENT_1.subarray(0, 60));
  for (let end = 1; end < datagram.length; end++) {
    const fed = run(client(datagram.subarray(0, end)));
    assertAccounts(fed);
    assert.equal(fed.counted[0][read], end < 1200 ? 0 : 1200);
  }
  assert.equal(run(client(CLIENT_1.subarray(0, 600))).counted[0][incomplete], 600);
  assert.equal(run(client(CLIENT_1.subarray(0, 10))).counted[0][malformed], 10);
});

test("random datagrams and random frames never throw and are accounted for", () => {
  const side = fc.constantFrom<0 | 1>(0, 1);
  const junk = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const bytes = fc.oneof(
    junk,
    junk.map((rest) => concat(CLIENT_1.subarray(0, 6), rest)),
    junk.map((frames) => initial("client", 5, frames)),
    fc
      .tuple(fc.nat(1199), fc.nat(255))
      .map(([at, value]) => CLIENT_1.map((b, i) => (i === at ? value : b))),
  );
  const steps = fc.array(fc.record({ side, bytes }), { maxLength: 10 });
  fc.assert(
    fc.property(steps, (list) => assertAccounts(run(...list))),
    { numRuns: 60 },
  );
});

test("short headers are recognised in a flow that is known", () => {
  const short = new Uint8Array(40).fill(0x4a);
  const flow = fakeFlow();
  assert.equal(QUIC.probe(short, 0, short.length, flow, 0), "no");
  const ignore = (): void => undefined;
  QUIC.open({
    flow,
    out: { wantsParts: false, message: ignore, count: ignore, anomaly: ignore, handOver: ignore },
  });
  assert.equal(QUIC.probe(short, 0, short.length, flow, 0), "yes");
});
