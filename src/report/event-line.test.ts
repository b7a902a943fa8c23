import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { fromStrictUtf8 } from "../bytes/text.ts";
import { nodePlatform } from "../node/platform.ts";
import { readFrames } from "../node/read-captures.ts";
import { tcpFlow } from "../observations/test-messages.ts";
import { Pipeline } from "../pipeline.ts";
import type { Certificate, Message } from "../protocols/message.ts";
import {
  addAnomalyLine,
  addFlowLine,
  addMessageLine,
  toAnomalyEvent,
  toEvent,
  toFlowEvent,
  type Event,
} from "./event.ts";
import { EventLines } from "./event-sink.ts";

const CAPTURES = "../shared/captures";

/** Checks that the line written by `add` is the JSON of `event`, byte for byte. */
function assertLine(add: (lines: EventLines) => void, event: Event): void {
  const lines = new EventLines(1);
  add(lines);
  const { bytes, length } = lines.json;
  assert.equal(fromStrictUtf8(bytes.subarray(0, length)), `${JSON.stringify(event)}\n`);
}

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.domain());
const maybe = fc.option(text);
const texts = fc.array(text, { maxLength: 4 });
const code = fc.nat(0xffff);
const codes = fc.array(code, { maxLength: 6 });
const rcode: fc.Arbitrary<number | null> = fc.option(fc.nat(15));
const transmitTs: fc.Arbitrary<number | null> = fc.option(fc.maxSafeInteger());
const count = fc.maxSafeInteger().map(Math.abs);
const flag = fc.boolean();
const transport = fc.constantFrom("tcp" as const, "quic" as const, "dtls" as const);
const base = fc.record({
  flow: fc.constant(tcpFlow()),
  side: fc.constantFrom(0 as const, 1 as const),
  input: fc.nat(3),
  frame: fc.nat(),
  ts: fc.oneof(fc.constant(NaN), fc.constant(1_700_000_000_000_123), count),
  start: count,
  end: count,
  parts: fc.constant([]),
});
const header = fc.record({
  name: fc.oneof(text, fc.constantFrom("Cookie", "USER-AGENT", "content-type")),
  value: text,
});
const headers = fc.array(header, { maxLength: 4 });
const certificate: fc.Arbitrary<Certificate> = fc.record({
  subject: text,
  issuer: text,
  names: texts,
  organisation: maybe,
  country: maybe,
  serial: text,
  notBefore: text,
  notAfter: text,
  selfSigned: flag,
  sha256: text,
});

/** Messages with these fields. */
function message<Fields extends object>(fields: {
  [Name in keyof Fields]: fc.Arbitrary<Fields[Name]>;
}): fc.Arbitrary<Place & Fields> {
  return fc.tuple(base, fc.record(fields)).map(([place, own]) => ({ ...place, ...own }));
}
type Place = typeof base extends fc.Arbitrary<infer Fields> ? Fields : never;

/** Messages of every kind, with any texts. */
const kinds: Readonly<Record<string, fc.Arbitrary<Message>>> = {
  dns: message({
    kind: fc.constant("dns" as const),
    protocol: fc.constantFrom("dns" as const, "mdns" as const, "llmnr" as const),
    over: fc.constantFrom("udp" as const, "tcp" as const),
    id: code,
    response: flag,
    rcode,
    queries: fc.array(fc.record({ name: text, type: code }), { maxLength: 3 }),
    answers: fc.array(fc.record({ name: text, type: code, ttl: fc.nat(), value: maybe }), {
      maxLength: 3,
    }),
    authority: fc.nat(),
    additional: fc.nat(),
    malformed: flag,
  }),
  hello: message({
    kind: fc.constant("tls" as const),
    type: fc.constant("client_hello" as const),
    transport,
    serverName: maybe,
    alpn: texts,
    version: code,
    supportedVersions: codes,
    extensions: codes,
    ciphers: codes,
    ech: flag,
    esni: flag,
    earlyData: flag,
    ja3: maybe,
    ja4: text,
  }),
  answer: message({
    kind: fc.constant("tls" as const),
    type: fc.constant("server_hello" as const),
    transport,
    version: code,
    cipher: code,
    alpn: texts,
    helloRetry: flag,
  }),
  certificates: message({
    kind: fc.constant("tls" as const),
    type: fc.constant("certificate" as const),
    transport,
    certificates: fc.array(certificate, { maxLength: 3 }),
  }),
  alert: message({
    kind: fc.constant("tls" as const),
    type: fc.constant("alert" as const),
    transport,
    level: fc.nat(255),
    description: fc.nat(255),
  }),
  quic: message({
    kind: fc.constant("quic" as const),
    versions: fc.array(fc.nat(0xffffffff), { maxLength: 3 }),
    serverName: maybe,
    alpn: texts,
    ja4: maybe,
    clientHello: fc.constantFrom("read" as const, "not-captured" as const),
  }),
  request: message({
    kind: fc.constant("http" as const),
    type: fc.constant("request" as const),
    method: text,
    path: text,
    authority: maybe,
    version: text,
    headers,
    bodyBytes: count,
    complete: flag,
  }),
  response: message({
    kind: fc.constant("http" as const),
    type: fc.constant("response" as const),
    status: fc.nat(999),
    version: text,
    headers,
    bodyBytes: count,
    complete: flag,
  }),
  dhcp: message({
    kind: fc.constant("dhcp" as const),
    family: fc.constantFrom(4 as const, 6 as const),
    type: text,
    hostName: maybe,
    vendorClass: maybe,
    clientMac: maybe,
    requestedAddress: maybe,
    parameterRequest: codes,
  }),
  ssdp: message({
    kind: fc.constant("ssdp" as const),
    type: fc.constantFrom("search" as const, "notify" as const, "response" as const),
    headers,
  }),
  ntp: message({
    kind: fc.constant("ntp" as const),
    version: fc.nat(7),
    mode: fc.nat(7),
    stratum: fc.nat(255),
    transmitTs,
  }),
  push: message({
    kind: fc.constant("xiaomi-push" as const),
    command: maybe,
    server: maybe,
    bodyBytes: count,
    encrypted: flag,
  }),
};

for (const [name, kind] of Object.entries(kinds)) {
  test(`the line of a message is the JSON of its event: ${name}`, () => {
    fc.assert(
      fc.property(kind, (one) => {
        assertLine((lines) => addMessageLine(lines, one), toEvent(one));
      }),
      { numRuns: 60 },
    );
  });
}

test("a certificate that is written again is the same, and none is taken for another", () => {
  fc.assert(
    fc.property(base, fc.array(certificate, { minLength: 2, maxLength: 3 }), (place, chain) => {
      const lines = new EventLines(1);
      let due = "";
      for (const certificates of [chain, [...chain].reverse(), chain.slice(1)]) {
        const message: Message = {
          ...place,
          kind: "tls",
          type: "certificate",
          transport: "tcp",
          certificates,
        };
        addMessageLine(lines, message);
        due += `${JSON.stringify(toEvent(message))}\n`;
      }
      assert.equal(fromStrictUtf8(lines.json.bytes.subarray(0, lines.json.length)), due);
    }),
    { numRuns: 60 },
  );
});

test("toEvent() has the fields of a DNS message in their order", () => {
  const event = toEvent({
    ...{ kind: "dns", protocol: "dns", over: "udp", id: 0x1a, response: true, rcode: 0 },
    ...{ flow: tcpFlow(), side: 1, input: 0, frame: 7, ts: NaN, start: 0, end: 0, parts: [] },
    queries: [{ name: "a.example", type: 1 }],
    answers: [{ name: "a.example", type: 1, ttl: 5, value: "192.0.2.1" }],
    ...{ authority: 0, additional: 1, malformed: false },
  });
  const place =
    '"ts":null,"flow":"flow-0","input":0,"frame":7,"src":"198.51.100.1:80","dst":"192.0.2.7:40000"';
  const fields = '"proto":"dns","over":"udp","id":"0x001a","response":true,"rcode":0';
  const records = '"queries":[["a.example",1]],"answers":[["a.example",1,"192.0.2.1"]]';
  assert.equal(
    JSON.stringify(event),
    `{"kind":"dns",${place},${fields},${records},"authority":0,"additional":1}`,
  );
});

test("all lines of the captures are the JSON of their events", async (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const folder = join(CAPTURES, "zeek");
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".pcap"))
    : [];
  const small = names
    .filter((name) => readFileSync(join(folder, name)).length < 200_000)
    .slice(0, 40);
  let events = 0;
  for (const name of small) {
    const check = (add: (lines: EventLines) => void, event: Event): void => {
      assertLine(add, event);
      events++;
    };
    const pipeline: Pipeline = new Pipeline(nodePlatform, {
      wantsParts: false,
      wantsRaw: false,
      message: (message) => check((lines) => addMessageLine(lines, message), toEvent(message)),
      raw: () => undefined,
      flowEnd: (flow) => {
        const { now } = pipeline;
        const application = pipeline.applicationOf(flow);
        check(
          (lines) => addFlowLine(lines, flow, now, application),
          toFlowEvent(flow, now, application),
        );
      },
      resolvedName: () => undefined,
      anomaly: (one) =>
        check(
          (lines) => addAnomalyLine(lines, one, pipeline.now),
          toAnomalyEvent(one, pipeline.now),
        ),
    });
    await readFrames([join(folder, name)], pipeline);
    pipeline.end();
  }
  assert.ok(events > small.length, `${events} events of ${small.length} captures`);
});
