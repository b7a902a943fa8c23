import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import { toLatin1 } from "../../bytes/text.ts";
import type { Flow } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Dissector } from "../dissector.ts";
import type { DnsMessage } from "../message.ts";
import { createDnsDissector } from "./index.ts";
import { probeDnsDatagram, probeDnsStream } from "./probe.ts";

const dns = createDnsDissector();
const QUERY = "\xab\xcd\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
const FRAMED = `\0${String.fromCharCode(QUERY.length)}${QUERY}`;

function flowOn(protocol: number, port: number): Flow {
  const flow = fakeFlow();
  const [a, b] = flow.ends;
  return {
    ...flow,
    protocol,
    ends: [
      { ...a, port: 40_000 },
      { ...b, port },
    ],
  };
}
/** The dissector as it is opened for UDP; the feeder's own flow is one of TCP. */
const overUdp: Dissector = {
  ...dns,
  open: ({ out }) => dns.open({ flow: flowOn(17, 5353), out }),
};

const messagesOf = (fed: ReturnType<typeof feed>): DnsMessage[] =>
  fed.messages.filter((one): one is DnsMessage => one.kind === "dns");

function probeDatagram(text: string, port: number): string {
  const bytes = toLatin1(text);
  return probeDnsDatagram(bytes, 0, bytes.length, flowOn(17, port));
}
function probeStream(text: string): string {
  const bytes = toLatin1(text);
  return probeDnsStream(bytes, 0, bytes.length);
}

test("a datagram is one message, named after its port", () => {
  const [message, ...others] = messagesOf(feed(overUdp, [{ side: 1, bytes: QUERY }]));
  assert.deepEqual(others, []);
  assert.equal(message?.protocol, "mdns");
  assert.equal(message.over, "udp");
  assert.deepEqual([message.side, message.start, message.end], [1, 0, QUERY.length]);
  assert.equal(message.malformed, false);
});

test("bytes after a message are opaque, said, and content", () => {
  const fed = feed(overUdp, [{ side: 0, bytes: `${QUERY}smuggled` }]);
  assert.equal(fed.counted[0][BYTE_CLASS.read], QUERY.length);
  assert.equal(fed.counted[0][BYTE_CLASS.opaque], 8);
  assert.equal(fed.anomalies[0]?.name, "dns-trailing-bytes");
  const part = messagesOf(fed)[0]?.parts.at(-1);
  assert.deepEqual([part?.path, part?.offset], ["trailing", QUERY.length]);
});

test("a broken message is given as far as it goes, and its rest counted as malformed", () => {
  const fed = feed(overUdp, [{ side: 0, bytes: QUERY.slice(0, -2) }]);
  assert.equal(messagesOf(fed)[0]?.malformed, true);
  assert.equal(fed.counted[0][BYTE_CLASS.read], 12);
  assert.equal(fed.counted[0][BYTE_CLASS.malformed], QUERY.length - 14);
  assert.equal(fed.anomalies[0]?.name, "dns-malformed");
  const tiny = feed(overUdp, [{ side: 0, bytes: "abc" }]);
  assert.equal(tiny.counted[0][BYTE_CLASS.malformed], 3);
});

test("a stream gives the same however it is cut", () => {
  const steps = [
    { side: 0, bytes: FRAMED + FRAMED },
    { side: 1, bytes: FRAMED },
  ] as const;
  const whole = feed(dns, steps);
  assert.equal(whole.messages.length, 3);
  assert.deepEqual(
    messagesOf(whole).map(({ side, start, end }) => [side, start, end]),
    [
      [0, 0, FRAMED.length],
      [0, FRAMED.length, 2 * FRAMED.length],
      [1, 0, FRAMED.length],
    ],
  );
  for (let pieceBytes = 1; pieceBytes < FRAMED.length * 2; pieceBytes++) {
    const { messages, counted } = feed(dns, steps, { pieceBytes });
    const plain = (list: typeof messages): unknown => list.map((one) => ({ ...one, flow: null }));
    assert.deepEqual(plain(messages), plain(whole.messages), `pieces of ${pieceBytes}`);
    assert.deepEqual(counted, whole.counted);
  }
});

test("after a gap the stream is read again from the next message that begins a segment", () => {
  const fed = feed(dns, [
    { side: 0, bytes: FRAMED.slice(0, 20) },
    { side: 0, gap: 15 },
    { side: 0, bytes: "the tail of a message that was lost" },
    { side: 0, bytes: FRAMED },
  ]);
  // Of the first message there is the header, 12 bytes behind the length of two, and a part of its question.
  assert.deepEqual(
    messagesOf(fed).map(({ queries }) => queries.length),
    [0, 1],
  );
  assert.equal(fed.counted[0][BYTE_CLASS.read], 2 + 12 + FRAMED.length);
  assert.equal(fed.counted[0][BYTE_CLASS.incomplete], 6 + 35);
});

test("a message of which the capture cut off all but the header is told on the port of DNS alone", () => {
  const bytes = toLatin1(FRAMED.slice(0, 16));
  assert.equal(dns.probeCut?.(bytes, 0, bytes.length, flowOn(6, 53)), true);
  assert.equal(dns.probeCut(bytes, 0, bytes.length, flowOn(6, 443)), false);
  assert.equal(dns.probeCut(bytes, 0, 13, flowOn(6, 53)), false);
  const [message, ...others] = messagesOf(
    feed(dns, [
      { side: 0, bytes: FRAMED.slice(0, 16) },
      { side: 0, gap: FRAMED.length - 16 },
    ]),
  );
  assert.deepEqual(others, []);
  assert.equal(message?.id, 0xabcd);
  assert.deepEqual([message.queries, message.malformed], [[], false]);
  const shorter = feed(dns, [
    { side: 0, bytes: FRAMED.slice(0, 13) },
    { side: 0, gap: 30 },
  ]);
  assert.deepEqual(shorter.messages, []);
  assert.equal(shorter.counted[0][BYTE_CLASS.incomplete], 13);
});

test("a message that does not become whole is incomplete", () => {
  const fed = feed(dns, [{ side: 0, bytes: FRAMED.slice(0, -1) }]);
  assert.deepEqual(fed.messages, []);
  assert.equal(fed.counted[0][BYTE_CLASS.incomplete], FRAMED.length - 1);
});

test("probes know whole messages on any port and broken ones on their own", () => {
  assert.equal(probeDatagram(QUERY, 9999), "yes");
  assert.equal(probeDatagram(`${QUERY}x`, 9999), "no");
  assert.equal(probeDatagram(QUERY.slice(0, -1), 9999), "no");
  assert.equal(probeDatagram(QUERY.slice(0, -1), 53), "yes");
  assert.equal(probeDatagram(QUERY, 137), "no", "NetBIOS");
  assert.equal(probeDatagram("not DNS at all: a tunnel", 53), "no");
  assert.equal(probeDatagram("short", 53), "no");
});

test("the stream probe waits for the first question and no longer", () => {
  assert.equal(probeStream(FRAMED), "yes");
  assert.equal(probeStream(FRAMED.slice(0, -1)), "unsure");
  assert.equal(probeStream(`\0\x80${QUERY}`), "yes", "more is due, but the question is whole");
  for (const end of [0, 1, 2, 13, 20]) assert.equal(probeStream(FRAMED.slice(0, end)), "unsure");
  assert.equal(probeStream("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "no");
  assert.equal(probeStream("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03abcdefghijklmnopqrs"), "no");
});

test("random datagrams are hardly ever taken for DNS, and never break anything", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 120 }), (bytes) => {
      if (probeDnsDatagram(bytes, 0, bytes.length, flowOn(17, 9999)) === "yes") taken++;
      probeDnsStream(bytes, 0, bytes.length);
    }),
    { numRuns: 5000 },
  );
  assert.equal(taken, 0);
});

test("whatever a stream holds, each byte is counted once", () => {
  const piece = fc.oneof(
    fc.record({ side: fc.constantFrom<0 | 1>(0, 1), bytes: fc.uint8Array({ maxLength: 80 }) }),
    fc.constant({ side: 0 as const, bytes: toLatin1(FRAMED) }),
    fc.constant({ side: 0 as const, gap: 7 }),
    fc.constant({ side: 1 as const, close: true as const }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (steps) => {
      const { counted, pushed } = feed(dns, steps);
      for (const side of [0, 1] as const) {
        const sum = counted[side].reduce((total, n) => total + n, 0);
        assert.equal(sum, pushed[side]);
      }
    }),
  );
});
