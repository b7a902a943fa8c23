import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Fed, Step } from "../../../test/feed-dissector.ts";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import type { TcpPayload } from "../../../test/tcp-payloads.ts";
import { capturePath, tcpPayloads } from "../../../test/tcp-payloads.ts";
import { fromHex, toHex } from "../../bytes/hex.ts";
import { toLatin1 } from "../../bytes/text.ts";
import { decodePart } from "../../content/decode.ts";
import type { DocumentNode } from "../../content/document.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { XiaomiPushMessage } from "../message.ts";
import { adler32 } from "./adler32.ts";
import { createXiaomiPushDissector } from "./index.ts";
import { rc4 } from "./rc4.ts";

const PUSH = createXiaomiPushDissector();

test("adler32() is that of RFC 1950", () => {
  assert.equal(adler32(toLatin1("Wikipedia")), 0x11e60398); // the well-known example
  assert.equal(adler32(new Uint8Array(0)), 1);
  assert.equal(adler32(new Uint8Array(100_000).fill(255)), adlerByDefinition(100_000, 255));
});
function adlerByDefinition(count: number, byte: number): number {
  let [a, b] = [1, 0];
  for (let i = 0; i < count; i++) [a, b] = [(a + byte) % 65521, (a + byte + b) % 65521];
  return b * 65536 + a;
}

test("rc4() gives the key streams of RFC 6229 §2", () => {
  const stream = toHex(rc4(fromHex("0102030405"), new Uint8Array(16)));
  assert.equal(stream, "b2396305f03dc027ccc3524a0a1118a8");
  const long = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
  assert.equal(toHex(rc4(fromHex(long), new Uint8Array(16))), "eaa6bd25880bf93d3f5d1e4ca2611d91");
});

/** A field of protobuf: text, or a number below 128. */
const field = (number: number, value: string | number): string =>
  typeof value === "number"
    ? String.fromCharCode(number * 8, value)
    : String.fromCharCode(number * 8 + 2, value.length) + value;
const uint = (value: number, width: number): string =>
  String.fromCharCode(
    ...Array.from({ length: width }, (_, i) => (value >>> (8 * (width - 1 - i))) & 255),
  );
const blob = (header: string, payload: string, type = 2): string =>
  uint(type, 2) + uint(header.length, 2) + uint(payload.length, 4) + header + payload;
const frame = (body: string): string => {
  const head = `\xc2\xfe\x00\x05${uint(body.length, 4)}${body}`;
  return head + uint(adler32(toLatin1(head)), 4);
};
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

const HEADER = field(1, 0) + field(3, "xiaomi.com") + field(5, "CONN") + field(9, 0);
const CONN = frame(blob(HEADER, field(1, 106) + field(2, "Redmi 1S") + field(4, "a-0123456789")));
const CHALLENGE = frame(blob(HEADER, field(1, "1234567890") + field(2, "abcd")));
const KEY = rc4(toLatin1("1234567890"), toLatin1("67890" + "456789"));
const sealed = (body: string): string => frame(latin1(rc4(KEY, toLatin1(body))));
const BIND = sealed(blob(field(5, "BIND"), field(1, "secret words")));
const SECMSG = sealed(blob(field(5, "SECMSG") + field(9, 1), "unreadable", 1));
const PING = frame("");
const STEPS: Step[] = [
  { side: 0, bytes: CONN },
  { side: 1, bytes: CHALLENGE },
  { side: 0, bytes: BIND + SECMSG + PING },
];

const push = (fed: Fed): XiaomiPushMessage[] =>
  fed.messages.map((message) => {
    assert.ok(message.kind === "xiaomi-push");
    return message;
  });
const outline = (fed: Fed): string[] =>
  push(fed).map((m) => `${m.side} ${m.command} ${m.bodyBytes} ${m.encrypted ? "sealed" : "clear"}`);
function assertAccounted(fed: Fed): void {
  for (const side of [0, 1] as const) {
    assert.equal(
      fed.counted[side].reduce((a, b) => a + b, 0),
      fed.pushed[side],
    );
  }
}

test("frames are read, and what is sealed is opened by what went in clear before", () => {
  const fed = feed(PUSH, STEPS);
  assert.deepEqual(outline(fed), [
    "0 CONN 26 clear",
    "1 CONN 18 clear",
    "0 BIND 14 clear",
    "0 SECMSG 10 sealed",
    "0 PING 0 clear",
  ]);
  const [conn, , bind, secmsg] = push(fed);
  assert.ok(conn !== undefined);
  assert.equal(conn.server, "xiaomi.com");
  const payload = conn.parts[1];
  assert.ok(payload?.form === "protobuf" && payload.offset >= 0);
  assert.equal(
    CONN.slice(payload.offset, payload.offset + payload.bytes.length),
    latin1(payload.bytes),
  );
  assert.equal(latin1(bind?.parts[1]?.bytes ?? new Uint8Array(0)), field(1, "secret words"));
  assert.equal(bind?.parts[1]?.offset, -1);
  assert.deepEqual([conn.decrypted, bind.decrypted], [undefined, true]);
  assert.deepEqual(
    secmsg?.parts.map((part) => part.path),
    ["header"],
  );
  assert.equal(fed.counted[0][BYTE_CLASS.encrypted], 10);
  assert.equal(fed.encrypted, true);
  assert.deepEqual(fed.anomalies, []);
  assertAccounted(fed);
});

test("any cutting of the streams gives the same", () => {
  const whole = feed(PUSH, STEPS);
  for (let pieceBytes = 1; pieceBytes < 20; pieceBytes++) {
    const cut = feed(PUSH, STEPS, { pieceBytes });
    assert.deepEqual(
      cut.messages.map((m) => m.parts),
      whole.messages.map((m) => m.parts),
    );
    assert.deepEqual(cut.counted, whole.counted);
  }
});

test("without the first messages the rest stays sealed, and is counted so", () => {
  const fed = feed(PUSH, [{ side: 0, bytes: BIND }], { state: "midstream" });
  assert.deepEqual(outline(fed), [`0 null ${BIND.length - 12} sealed`]);
  assert.equal(fed.counted[0][BYTE_CLASS.encrypted], BIND.length - 12);
  assertAccounted(fed);
});

test("after a hole reading goes on at the next frame whose checksum fits", () => {
  const fed = feed(PUSH, [
    { side: 0, bytes: CONN.slice(0, 20) },
    { side: 0, gap: 30 },
    { side: 0, bytes: "x\xc2\xfe\x00\x05\x00\x00\x00\x01abcde" + PING },
  ]);
  assert.deepEqual(outline(fed), ["0 PING 0 clear"]);
  assertAccounted(fed);
});

test("a damaged frame is told, and the next one is read", () => {
  const broken = CONN.replace("Redmi", "redmi");
  const fed = feed(PUSH, [{ side: 0, bytes: `${broken}${PING}not a frame${PING}` }]);
  assert.deepEqual(outline(fed), ["0 PING 0 clear", "0 PING 0 clear"]);
  assert.deepEqual(
    fed.anomalies.map((a) => a.name),
    ["push-checksum-wrong", "push-frame-broken"],
  );
  assert.equal(fed.counted[0][BYTE_CLASS.malformed], CONN.length + "not a frame".length);
  assertAccounted(fed);
});

test("probe() wants magic, version and a length that can be", () => {
  const probe = (text: string): string => PUSH.probe(toLatin1(text), 0, text.length, fakeFlow(), 0);
  assert.equal(probe(CONN), "yes");
  assert.equal(probe(PING.slice(0, 8)), "yes");
  assert.equal(probe("\xc2\xfe"), "unsure");
  assert.equal(probe("\xc2\xfe\x00\x04\x00\x00\x00\x00"), "no");
  assert.equal(probe("\xc2\xfe\x00\x05\x7f\x00\x00\x00"), "no");
});

test("random bytes never throw, whatever the cutting, and are accounted for", () => {
  const pieces = fc.constantFrom(
    CONN,
    CHALLENGE,
    BIND,
    PING,
    "\xc2\xfe\x00\x05",
    "\x00",
    "\xff\xff",
  );
  const step = fc.record({
    side: fc.constantFrom(0 as const, 1 as const),
    bytes: fc
      .array(fc.oneof(pieces, fc.string({ unit: "binary-ascii", maxLength: 9 })), { maxLength: 8 })
      .map((a) => a.join("")),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }),
      fc.integer({ min: 1, max: 50 }),
      (steps, pieceBytes) => {
        const whole = feed(PUSH, steps);
        const cut = feed(PUSH, steps, { pieceBytes });
        assertAccounted(whole);
        assertAccounted(cut);
        assert.deepEqual(outline(cut), outline(whole));
      },
    ),
  );
});

test("the real phones of ndpi/xiaomi.pcap tell their model, build, network, locale and hashed id", (t) => {
  const path = capturePath("ndpi/xiaomi.pcap");
  if (path === undefined) {
    t.skip("../shared/captures is absent");
    return;
  }
  const flows = new Map<string, TcpPayload[]>();
  for (const payload of tcpPayloads(path)) {
    if (!payload.flow.includes(":5222")) continue;
    flows.set(payload.flow, [...(flows.get(payload.flow) ?? []), payload]);
  }
  assert.equal(flows.size, 6);
  const told = new Map<string, Set<string>>();
  const commands: (string | null)[] = [];
  for (const payloads of flows.values()) {
    const fed = feed(
      PUSH,
      payloads.map(({ fromFirst, bytes }) => ({ side: fromFirst ? 0 : 1, bytes })),
    );
    assertAccounted(fed);
    assert.deepEqual(fed.anomalies, []);
    for (const message of push(fed)) {
      commands.push(message.command);
      for (const part of message.parts) {
        const sink = { anomaly: (name: string) => assert.fail(name) };
        const visit = (node: DocumentNode): void => {
          if (!node.leaf) return;
          const place = `${message.command} ${part.path} ${node.step.at}`;
          told.set(place, (told.get(place) ?? new Set()).add(latin1(node.bytes)));
        };
        decodePart(part, nodePlatform, visit, sink);
      }
    }
  }
  // What tshark's "follow,tcp,raw" shows in the CONN messages of the five clients.
  const conn = (field: string): string[] => [...(told.get(`CONN payload ${field}`) ?? [])];
  const includes = (field: string, values: readonly string[]): void => {
    for (const value of values) assert.ok(conn(field).includes(value), `${field} ${value}`);
  };
  includes("#2", ["Redmi Note 9S", "Redmi Note 9 Pro", "Redmi Note 8T", "M2010J19SG", "M2101K7BG"]);
  includes("#3", [
    "V12.5.2.0.RJWMIXM",
    "V12.0.3.0.QJZMIXM",
    "V12.5.1.0.RCXRUXM",
    "V12.0.9.0.QJQMIXM",
  ]);
  includes("#4", [
    "a-D7A5D8A9B537529F966E429D0588620324F6C5E2",
    "a-50583459C750E7E1C050CEC20269EDBB1F9E9782",
  ]);
  includes("#6", ["mobile-lte-taif", "wifi"]);
  includes("#7", ["47.241.35.73:5222"]);
  includes("#8", ["ar_EG_#u-nu-latn", "ar_EG", "en_US", "ru_RU"]);
  // 28 frames with data on port 5222. Nothing stays sealed but the payloads of SECMSG.
  assert.equal(commands.length, 28);
  assert.ok(!commands.includes(null));
  // Opened by the key that the connection gives away.
  const attributes = [...(told.get("BIND payload #4") ?? [])].join();
  const regions = Array.from(
    attributes.matchAll(/country_code:(\w+),region:(\w+)/g),
    ([, ...at]) => at,
  );
  assert.deepEqual(regions.sort(), [
    ["MY", "Global"],
    ["OM", "Global"],
    ["UA", "Europe"],
    ["UA", "Europe"],
    ["YE", "Global"],
  ]);
});
