import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import { readMessages } from "../../../test/read-messages.ts";
import { fromHex } from "../../bytes/hex.ts";
import { fromLatin1, toLatin1 } from "../../bytes/text.ts";
import type { Flow } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Dissector } from "../dissector.ts";
import type { DhcpMessage } from "../message.ts";
import { createDhcpDissector } from "./index.ts";

const dhcp = createDhcpDissector();

function flowOn(a: number, b: number): Flow {
  const flow = fakeFlow("none");
  const [first, second] = flow.ends;
  return {
    ...flow,
    protocol: 17,
    ends: [
      { ...first, port: a },
      { ...second, port: b },
    ],
  };
}
const on = (a: number, b: number): Dissector => ({
  ...dhcp,
  open: ({ out }) => dhcp.open({ flow: flowOn(a, b), out }),
});
const v4 = on(68, 67);
const v6 = on(546, 547);

function readOne(dissector: Dissector, bytes: Uint8Array): DhcpMessage {
  const [message] = feed(dissector, [{ side: 0, bytes }]).messages;
  assert.ok(message?.kind === "dhcp");
  return message;
}

/** A header of RFC 2131 §2 with the client 02:00:00:00:00:07, the cookie, and options. */
function v4Message(options: string, { sname = "", file = "" } = {}): Uint8Array {
  const bytes = new Uint8Array(240 + options.length);
  bytes.set([1, 1, 6, 0]);
  bytes.set([2, 0, 0, 0, 0, 7], 28);
  bytes.set(toLatin1(sname), 44);
  bytes.set(toLatin1(file), 108);
  bytes.set(fromHex("63825363"), 236);
  bytes.set(toLatin1(options), 240);
  return bytes;
}

const FIELDS = {
  family: 4,
  type: "discover",
  hostName: "redmi-1s",
  vendorClass: "dhcpcd-5.5.6",
  clientMac: "02:00:00:00:00:07",
  requestedAddress: "10.42.0.17",
  parameterRequest: [1, 33, 3, 6],
};
const OPTIONS =
  "\x35\x01\x01\0\x32\x04\x0a\x2a\0\x11\x0c\x08redmi-1s\x3c\x0cdhcpcd-5.5.6\x37\x04\x01\x21\x03\x06";

function fieldsOf(message: DhcpMessage): object {
  const { family, type, hostName, vendorClass, clientMac, requestedAddress } = message;
  const { parameterRequest } = message;
  return { family, type, hostName, vendorClass, clientMac, requestedAddress, parameterRequest };
}

test("a discover tells who the client is and what it asks for", () => {
  const message = readOne(v4, v4Message(`${OPTIONS}\xff\0\0`));
  assert.deepEqual(fieldsOf(message), FIELDS);
  const parts = message.parts.map(
    (one) => `${one.path}@${one.offset}:${one.form}=${fromLatin1(one.bytes)}`,
  );
  assert.deepEqual(parts.slice(3, 5), [
    "option[12]@252:text=redmi-1s",
    "option[60]@262:text=dhcpcd-5.5.6",
  ]);
});

test("options continue in file and sname where option 52 says so (RFC 2132 §9.3)", () => {
  const message = readOne(
    v4,
    v4Message("\x35\x01\x03\x34\x01\x03\xff", {
      file: "\x0c\x03abc\xff",
      sname: "\x3c\x02vc\xff",
    }),
  );
  assert.deepEqual([message.hostName, message.vendorClass, message.type], ["abc", "vc", "request"]);
});

test("an option that comes twice is one (RFC 3396 §5)", () => {
  const message = readOne(v4, v4Message("\x35\x01\x01\x0c\x03abc\x0c\x02de\xff"));
  assert.equal(message.hostName, "abcde");
  assert.equal(message.parts.find((one) => one.path === "option[12]")?.offset, -1);
});

test("the name of option 81 is the host's where option 12 is absent (RFC 4702 §2)", () => {
  const wire = "\x51\x0b\x04\0\0\x05phone\x01x\0";
  assert.equal(readOne(v4, v4Message(`\x35\x01\x01${wire}\xff`)).hostName, "phone.x");
  assert.equal(readOne(v4, v4Message("\x35\x01\x01\x51\x06\0\0\0abc\xff")).hostName, "abc");
});

test("what follows a broken option is malformed, and what came before is kept", () => {
  const bytes = v4Message("\x35\x01\x01\x0c\x03abc\x3c\x20short");
  const fed = feed(v4, [{ side: 0, bytes }]);
  const [message] = fed.messages;
  assert.ok(message?.kind === "dhcp");
  assert.deepEqual([message.hostName, message.vendorClass], ["abc", null]);
  assert.equal(fed.counted[0][BYTE_CLASS.read], 248);
  assert.equal(fed.counted[0][BYTE_CLASS.malformed], 7);
  assert.equal(fed.anomalies[0]?.name, "dhcp-malformed");
});

test("a BOOTP message, or one cut before its options, gives its header", () => {
  const message = readOne(v4, v4Message("").subarray(0, 60));
  assert.deepEqual([message.type, message.clientMac], ["bootp", "02:00:00:00:00:07"]);
});

/** Client id with DUID-LLT, an association with an address, requested options, vendor class, name. */
const SOLICIT = fromHex(
  "01abcdef" +
    "0001000e" +
    "000100012a2b2c2d020000000007" +
    "00030028" +
    "0000000100000000000000000005001820010db8000000000000000000000011" +
    "0000000000000000" +
    "00060004" +
    "00170018" +
    "0010000a" +
    "00000137" +
    "0004" +
    "61626364" +
    "00270007" +
    "00" +
    "0570686f6e65",
);

test("a solicit of IPv6 tells the same (RFC 8415)", () => {
  assert.deepEqual(fieldsOf(readOne(v6, SOLICIT)), {
    family: 6,
    type: "solicit",
    hostName: "phone",
    vendorClass: "abcd",
    clientMac: "02:00:00:00:00:07",
    requestedAddress: "2001:db8::11",
    parameterRequest: [23, 24],
  });
});

test("a relayed message gives what is inside (RFC 8415 §9)", () => {
  const relay = new Uint8Array(34 + 4 + SOLICIT.length);
  relay[0] = 12;
  relay.set([0, 9, 0, SOLICIT.length], 34);
  relay.set(SOLICIT, 38);
  const message = readOne(v6, relay);
  assert.deepEqual([message.type, message.clientMac], ["solicit", "02:00:00:00:00:07"]);
  assert.equal(message.parts[0]?.offset, 38 + 8);
});

test("relays without end are stopped", () => {
  let bytes = SOLICIT;
  for (let i = 0; i < 20; i++) {
    const relay = new Uint8Array(38 + bytes.length);
    relay[0] = 12;
    relay.set([0, 9, bytes.length >> 8, bytes.length & 255], 34);
    relay.set(bytes, 38);
    bytes = relay;
  }
  const fed = feed(v6, [{ side: 0, bytes }]);
  assert.equal(fed.anomalies[0]?.reason, "more than 8 relays");
});

test("the probe wants the cookie off the ports, and whole options in IPv6", () => {
  const bytes = v4Message("\xff");
  const probe = (b: Uint8Array, flow: Flow): string => dhcp.probe(b, 0, b.length, flow, 0);
  assert.equal(probe(bytes, flowOn(9999, 8888)), "yes");
  assert.equal(probe(bytes.subarray(0, 236), flowOn(9999, 8888)), "no");
  assert.equal(probe(bytes.subarray(0, 236), flowOn(68, 67)), "yes");
  assert.equal(probe(SOLICIT, flowOn(546, 547)), "yes");
  assert.equal(probe(SOLICIT.subarray(0, -1), flowOn(546, 547)), "no");
  assert.equal(probe(SOLICIT, flowOn(9999, 8888)), "no");
});

test("cut anywhere or filled with anything, all bytes are counted and nothing throws", () => {
  const messages = [v4Message(`${OPTIONS}\xff`), SOLICIT];
  const any = fc.record({
    which: fc.constantFrom(0, 1),
    end: fc.nat({ max: 300 }),
    noise: fc.array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 255 })), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(any, ({ which, end, noise }) => {
      const bytes = (messages[which] ?? SOLICIT).slice(0, end);
      for (const [at, value] of noise) if (at < bytes.length) bytes[at] = value;
      if (bytes.length === 0) return;
      const fed = feed(which === 0 ? v4 : v6, [{ side: 0, bytes }]);
      const sum = fed.counted[0].reduce((total, n) => total + n, 0);
      assert.equal(sum, bytes.length);
    }),
    { numRuns: 2000 },
  );
});

test("real clients are read as tshark 4.0.17 reads them", (t) => {
  const root = join(process.cwd(), "../shared/captures");
  if (!existsSync(root)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const read = (path: string): unknown[] =>
    readMessages(join(root, path), [dhcp]).messages.map((one) => {
      assert.ok(one.kind === "dhcp");
      const { frame, type, hostName, vendorClass, clientMac } = one;
      const asked = one.parameterRequest.join();
      return [frame, type, hostName, vendorClass, clientMac, one.requestedAddress, asked];
    });
  const phone = ["android-1c1335ec95a27318", "dhcpcd-5.5.6", "78:f8:82:d3:fb:c2", "172.16.42.216"];
  assert.deepEqual(read("ndpi/alexa-app.pcapng"), [
    [7, "request", ...phone, "1,33,3,6,15,26,28,51,58,59"],
    [8, "request", ...phone, "1,33,3,6,15,26,28,51,58,59"],
    [9, "ack", null, null, "78:f8:82:d3:fb:c2", null, ""],
  ]);
  assert.deepEqual(
    read("ndpi/whatsapp_login_chat.pcap"),
    [79, 80, 83, 84, 89, 91].map((frame) => [
      ...[frame, "discover", "Lucas-iMac", null, "d8:30:62:56:00:1c", null],
      "1,3,6,15,119,95,252,44,46",
    ]),
  );
});
