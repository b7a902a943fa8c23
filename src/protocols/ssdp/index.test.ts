import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import { readMessages } from "../../../test/read-messages.ts";
import { fromLatin1, toLatin1 } from "../../bytes/text.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { SsdpMessage } from "../message.ts";
import { createSsdpDissector } from "./index.ts";

const ssdp = createSsdpDissector();
/** UPnP Device Architecture 2.0 §1.3.2. */
const SEARCH =
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n';
const RESPONSE =
  "HTTP/1.1 200 OK\r\nSERVER: OS/1 UPnP/2.0 tv/1\r\nUSN:uuid:42::upnp:rootdevice \r\nEXT:\r\n\r\n";

function readOne(text: string): SsdpMessage {
  const [message] = feed(ssdp, [{ side: 0, bytes: text }]).messages;
  assert.ok(message?.kind === "ssdp");
  return message;
}

test("searches, announcements and answers are told apart", () => {
  assert.equal(readOne(SEARCH).type, "search");
  assert.equal(readOne("NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n").type, "notify");
  assert.equal(readOne(RESPONSE).type, "response");
});

test("header fields lose the blanks around them and keep their place", () => {
  const { headers, parts } = readOne(RESPONSE);
  assert.deepEqual(headers, [
    { name: "SERVER", value: "OS/1 UPnP/2.0 tv/1" },
    { name: "USN", value: "uuid:42::upnp:rootdevice" },
    { name: "EXT", value: "" },
  ]);
  assert.deepEqual(
    parts.map((part) => [part.path, part.offset, fromLatin1(part.bytes)]),
    [
      ["header:server", RESPONSE.indexOf("OS/1"), "OS/1 UPnP/2.0 tv/1"],
      ["header:usn", RESPONSE.indexOf("uuid"), "uuid:42::upnp:rootdevice"],
    ],
  );
});

test("bare line feeds, a missing end and a body are put up with", () => {
  assert.deepEqual(readOne("NOTIFY * HTTP/1.1\nA: 1\nB: 2").headers.length, 2);
  const { parts } = readOne("NOTIFY * HTTP/1.1\r\nA: 1\r\n\r\nbody");
  assert.deepEqual(
    parts.map((part) => part.path),
    ["header:a", "body"],
  );
});

test("a line that is no header field is malformed with all behind it", () => {
  const fed = feed(ssdp, [
    { side: 0, bytes: "NOTIFY * HTTP/1.1\r\nA: 1\r\nnonsense\r\nB: 2\r\n\r\n" },
  ]);
  assert.equal(fed.counted[0][BYTE_CLASS.read], 25);
  assert.equal(fed.counted[0][BYTE_CLASS.malformed], 18);
  assert.equal(fed.anomalies[0]?.name, "ssdp-malformed");
});

test("the probe knows the start lines, not those of SIP", () => {
  const probe = (text: string): string =>
    ssdp.probe(toLatin1(text), 0, text.length, fakeFlow("none"), 0);
  assert.equal(probe(SEARCH), "yes");
  assert.equal(probe(RESPONSE), "yes");
  assert.equal(probe("NOTIFY sip:a@b SIP/2.0\r\n\r\n"), "no");
  assert.equal(probe("M-SEARCH"), "no");
});

test("whatever follows the start line, all bytes are counted", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 130 }), (noise, cut) => {
      const bytes = Uint8Array.of(...toLatin1(SEARCH).subarray(0, cut), ...noise);
      if (bytes.length === 0) return;
      const fed = feed(ssdp, [{ side: 0, bytes }]);
      assert.equal(
        fed.counted[0].reduce((total, n) => total + n, 0),
        bytes.length,
      );
    }),
  );
});

test("real searches are found where tshark 4.0.17 finds them", (t) => {
  const path = join(process.cwd(), "../shared/captures/ndpi/telegram.pcap");
  if (!existsSync(path)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const { messages } = readMessages(path, [ssdp]);
  const firsts = messages.slice(0, 4).map((one) => [one.frame, one.kind === "ssdp" && one.type]);
  assert.deepEqual(firsts, [
    [2, "search"],
    [28, "search"],
    [139, "search"],
    [142, "search"],
  ]);
});
