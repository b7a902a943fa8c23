import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import { readMessages } from "../../../test/read-messages.ts";
import { fromHex } from "../../bytes/hex.ts";
import type { Flow } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { NtpMessage } from "../message.ts";
import { createNtpDissector } from "./index.ts";

const ntp = createNtpDissector();

function flowOn(port: number): Flow {
  const flow = fakeFlow("none");
  const [a, b] = flow.ends;
  return {
    ...flow,
    protocol: 17,
    ends: [
      { ...a, port: 40_000 },
      { ...b, port },
    ],
  };
}
const probe = (bytes: Uint8Array, port: number): string =>
  ntp.probe(bytes, 0, bytes.length, flowOn(port), 0);

/** Version 4, mode 3, stratum 2, transmitted on 2020-01-01T00:00:00.5Z: 0xe1b65f80 seconds of era 0. */
function packet(first = 0x23, transmit = "e1b65f8080000000"): Uint8Array {
  const bytes = new Uint8Array(48);
  bytes.set([first, 2, 6]);
  bytes.set(fromHex(transmit), 40);
  return bytes;
}

function readOne(bytes: Uint8Array): NtpMessage {
  const [message] = feed(ntp, [{ side: 0, bytes }]).messages;
  assert.ok(message?.kind === "ntp");
  return message;
}

test("a request gives version, mode, stratum and its time", () => {
  const { version, mode, stratum, transmitTs } = readOne(packet());
  // 2020-01-01 is 1577836800 s after 1970, and 1970 is 2208988800 s after 1900: 0xe1b65f80 together.
  assert.equal(1_577_836_800 + 2_208_988_800, 0xe1b6_5f80);
  assert.deepEqual([version, mode, stratum, transmitTs], [4, 3, 2, 1_577_836_800_500_000]);
});

test("no time is null, and times of era 1 lie after 2036 (RFC 4330 §3)", () => {
  assert.equal(readOne(packet(0x23, "0000000000000000")).transmitTs, null);
  assert.equal(
    readOne(packet(0x23, "0000000000000001")).transmitTs,
    Date.UTC(2036, 1, 7, 6, 28, 16) * 1000,
  );
});

test("extensions are content", () => {
  const bytes = new Uint8Array(52);
  bytes.set(packet());
  bytes.set([1, 2, 3, 4], 48);
  const part = readOne(bytes).parts.at(-1);
  assert.deepEqual([part?.path, part?.offset, part?.bytes.length], ["extensions", 48, 4]);
});

test("control and private messages are unsupported, short packets malformed", () => {
  for (const first of [0x26, 0x27]) {
    const fed = feed(ntp, [{ side: 0, bytes: packet(first) }]);
    assert.deepEqual(fed.messages, []);
    assert.equal(fed.counted[0][BYTE_CLASS.unsupported], 48);
  }
  const fed = feed(ntp, [{ side: 0, bytes: packet().subarray(0, 40) }]);
  assert.equal(fed.counted[0][BYTE_CLASS.malformed], 40);
  assert.equal(fed.anomalies[0]?.name, "ntp-malformed");
});

test("the probe trusts the port a little, and else wants a packet that makes sense", () => {
  assert.equal(probe(packet(), 123), "yes");
  assert.equal(probe(packet(), 9999), "yes");
  assert.equal(probe(packet(0x26), 123), "yes");
  assert.equal(probe(packet(0x26), 9999), "no");
  assert.equal(probe(packet(0x23, "0000000100000000"), 9999), "no", "a time in 2036");
  assert.equal(probe(packet().subarray(0, 47), 123), "no");
  assert.equal(probe(new Uint8Array(48), 123), "no");
});

test("random datagrams are counted whole and hardly ever taken for NTP", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      if (probe(bytes, 9999) === "yes") taken++;
      const fed = feed(ntp, [{ side: 0, bytes }]);
      assert.equal(
        fed.counted[0].reduce((total, n) => total + n, 0),
        bytes.length,
      );
    }),
    { numRuns: 2000 },
  );
  assert.ok(taken < 10, `${taken} of 2000`);
});

test("real packets are read as tshark 4.0.17 reads them", (t) => {
  const path = join(process.cwd(), "../shared/captures/zeek/gre-sample.pcap");
  if (!existsSync(path)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const rows = readMessages(path, [ntp]).messages.map((one) => {
    assert.ok(one.kind === "ntp");
    return [one.frame, one.mode, one.version, one.stratum, one.transmitTs];
  });
  const at = (time: string, micros: number): number => Date.parse(`${time}Z`) * 1000 + micros;
  assert.deepEqual(rows, [
    [9, 3, 4, 11, at("2003-06-11T00:06:13", 849_817)],
    [10, 4, 4, 2, at("2003-06-11T00:06:33", 234_260)],
    [37, 3, 4, 11, at("2003-06-11T00:06:32", 849_175)],
    [38, 4, 4, 3, at("2003-06-11T00:06:53", 90_613)],
    [39, 3, 4, 11, at("2003-06-11T00:06:36", 849_043)],
    [40, 4, 4, 2, at("2003-06-11T00:06:57", 96_869)],
  ]);
});
