import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Step } from "../../../test/feed-dissector.ts";
import { fakeFlow, feed } from "../../../test/feed-dissector.ts";
import {
  assertAccounted,
  crlf,
  HTTP,
  http,
  outline,
  parts,
  request,
  response,
} from "../../../test/feed-http1.ts";

/** RFC 9112 §7.1.3-like exchange, with each way to frame a body, pipelined. */
const REQUESTS =
  crlf(`GET /hello.txt HTTP/1.1\nUser-Agent: curl/7.64.1\nHost: www.example.com\n\n`) +
  crlf(`HEAD /big HTTP/1.1\nHost: www.example.com\n\n`) +
  crlf(`POST /up?x=1 HTTP/1.1\nHost: www.example.com\nContent-Length: 11\n\n`) +
  "hello world" +
  crlf(`\nPUT /c HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n`) +
  crlf(`4;name=value\nWiki\n5\npedia\nE\n in\n\nchunks.\n0\nExpires: never\n\n`);
const RESPONSES =
  crlf(`HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 14\nVary: a,\n b\n\n`) +
  "Hello World!\r\n" +
  crlf(`HTTP/1.1 200 OK\nContent-Length: 5000\n\nHTTP/1.1 204 No Content\n\n`) +
  crlf(`HTTP/1.0 200\nContent-Type: text/plain\n\nuntil the end`);
const EXCHANGE: Step[] = [request(REQUESTS), response(RESPONSES), { side: 1, close: true }];

test("a body until the end is whole with the frame that ends the stream (RFC 9112 §8)", () => {
  const head = crlf("HTTP/1.1 200 OK\n\n");
  const steps = [response(head), response("a"), response("b")];
  const [closed] = feed(HTTP, [...steps, { side: 1, close: true }]).messages;
  assert.deepEqual([http(closed).complete, closed?.frame, closed?.ts], [true, 4, 4000]);
  // The capture ends first: whether more came is not known.
  const [open] = feed(HTTP, steps).messages;
  assert.deepEqual([http(open).complete, open?.frame], [false, 3]);
  const short = crlf("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc");
  const [cut] = feed(HTTP, [response(short), { side: 1, close: true }]).messages;
  assert.deepEqual([http(cut).complete, cut?.frame], [false, 2]);
});

test("requests and responses are read and matched, pipelined, by every framing of RFC 9112 §6.3", () => {
  const fed = feed(HTTP, EXCHANGE);
  assert.deepEqual(
    outline(fed).map((line) => line.replace(/ \d+-\d+$/, "")),
    [
      "0 GET /hello.txt 0 whole",
      "0 HEAD /big 0 whole",
      "0 POST /up?x=1 11 whole",
      "0 PUT /c 23 whole",
      "1 100 0 whole",
      "1 200 14 whole",
      "1 200 0 whole",
      "1 204 0 whole",
      "1 200 13 whole",
    ],
  );
  assert.deepEqual(fed.anomalies, []);
  assertAccounted(fed);
  const post = fed.messages[2];
  assert.deepEqual(parts(post), {
    "request-target": "/up?x=1",
    "header:host": "www.example.com",
    "header:content-length": "11",
    body: "hello world",
  });
  const put = http(fed.messages[3]);
  assert.equal(parts(put)["body"], "Wikipedia in\r\n\r\nchunks.");
  assert.equal(parts(put)["trailer:expires"], "never");
  assert.deepEqual(put.parts.find((part) => part.path === "body")?.codings, ["gzip"]);
  assert.equal(parts(fed.messages[5])["header:vary"], "a, b");
});

test("every part that claims a place in the stream stands there", () => {
  const fed = feed(HTTP, EXCHANGE);
  const streams = [REQUESTS, RESPONSES] as const;
  let checked = 0;
  for (const message of fed.messages) {
    for (const part of message.parts) {
      if (part.offset < 0) continue;
      const text = Buffer.from(part.bytes).toString("latin1");
      assert.equal(streams[message.side].slice(part.offset, part.offset + text.length), text);
      checked++;
    }
  }
  assert.ok(checked > 12);
});

test("any cutting of the streams gives the same", () => {
  const whole = feed(HTTP, EXCHANGE);
  for (let pieceBytes = 1; pieceBytes < 40; pieceBytes++) {
    const cut = feed(HTTP, EXCHANGE, { pieceBytes });
    assert.deepEqual(cut.messages.map(parts), whole.messages.map(parts), `pieces of ${pieceBytes}`);
    assert.deepEqual(outline(cut), outline(whole));
    assert.deepEqual(cut.counted, whole.counted);
  }
});

test("a stream cut short at every byte gives the messages before, and accounts for all bytes", () => {
  const all = outline(feed(HTTP, [request(REQUESTS)]));
  for (let end = 0; end < REQUESTS.length; end++) {
    const fed = feed(HTTP, [request(REQUESTS.slice(0, end))], { wantsParts: end % 2 === 0 });
    assertAccounted(fed);
    const whole = outline(fed).filter((line) => line.includes(" whole "));
    assert.deepEqual(whole, all.slice(0, whole.length), `cut at ${end}`);
    assert.ok(outline(fed).length - whole.length <= 1);
  }
});

test("names are taken from where RFC 9112 §3.2 puts them", () => {
  const fed = feed(HTTP, [
    request(crlf("GET http://proxied.example:81/a HTTP/1.1\nHost: other\n\n")),
    request("GET / HTTP/1.0\nHost:  spaced.example \t\n\nOPTIONS * HTTP/1.1\r\n\r\n"),
    request(crlf("NEWVERB /x y HTTP/1.1\nHost: h\n\n")),
  ]);
  assert.deepEqual(
    fed.messages.map((m) => {
      const r = http(m);
      return r.type === "request" ? [r.method, r.path, r.authority, r.version, r.frame] : [];
    }),
    [
      ["GET", "http://proxied.example:81/a", "proxied.example:81", "HTTP/1.1", 1],
      ["GET", "/", "spaced.example", "HTTP/1.0", 2],
      ["OPTIONS", "*", null, "HTTP/1.1", 2],
      ["NEWVERB", "/x y", "h", "HTTP/1.1", 3],
    ],
  );
});

test("a message belongs to the frame that completes it", () => {
  const fed = feed(HTTP, [
    request(crlf("POST / HTTP/1.1\nContent-Le")),
    request(crlf("ngth: 10\n\n12345")),
    request("67890GET / HTTP/1.1\r\n\r\n"),
    response(crlf("HTTP/1.0 200 OK\n\nabc")),
    response("def"),
  ]);
  assert.deepEqual(
    fed.messages.map((m) => [m.frame, m.ts]),
    [
      [3, 3000],
      [3, 3000],
      [5, 5000],
    ],
  );
});

test("101 and CONNECT hand the connection over with the bytes that follow", () => {
  const upgraded = feed(HTTP, [
    request(crlf("GET /ws HTTP/1.1\nHost: h\nUpgrade: websocket\nConnection: Upgrade\n\n")),
    response(crlf("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n") + "\x81\x02hi"),
  ]);
  assert.deepEqual(upgraded.handedOver, [{ side: 1, rest: "\x81\x02hi", offset: 56 }]);
  assert.equal(upgraded.messages.length, 2);
  assertAccounted(upgraded);
  const tunnel = feed(HTTP, [
    request(crlf("CONNECT server.example:443 HTTP/1.1\nHost: server.example:443\n\n")),
    response(crlf("HTTP/1.1 200 Connection established\nContent-Length: 7\n\n")),
    request("\x16\x03\x01"),
  ]);
  assert.deepEqual(tunnel.handedOver, [{ side: 1, rest: "", offset: -1 }]);
  assert.equal(
    http(tunnel.messages[0]).type === "request" && http(tunnel.messages[0]).complete,
    true,
  );
});

test("bytes of the other side that wait for more are handed over too", () => {
  const head = crlf("GET /ws HTTP/1.1\nUpgrade: x\n\n");
  const fed = feed(HTTP, [
    request(`${head}NEWS`),
    response(crlf("HTTP/1.1 101 Switching Protocols\n\n") + "hi"),
  ]);
  assert.deepEqual(fed.handedOver, [
    { side: 0, rest: "NEWS", offset: head.length },
    { side: 1, rest: "hi", offset: 36 },
  ]);
  assertAccounted(fed);
});

test("a tunnel seen one way is handed over at the first byte that is not HTTP", () => {
  const fed = feed(HTTP, [
    request(crlf("CONNECT a.example:443 HTTP/1.1\n\n")),
    request("\x16\x03\x01\x00"),
  ]);
  assert.deepEqual(fed.handedOver, [{ side: 0, rest: "\x16\x03\x01\x00", offset: 34 }]);
  assert.deepEqual(fed.anomalies, []);
});

test("a body nobody wants is counted and not kept", () => {
  const steps: Step[] = [request("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")];
  for (let i = 0; i < 10; i++) steps.push(request("x".repeat(100_000)));
  const fed = feed(HTTP, steps, { wantsParts: false });
  assert.deepEqual(outline(fed), ["0 POST / 1000000 whole 0-1000044"]);
  assert.equal(fed.messages[0]?.parts.length, 0);
  assertAccounted(fed);
});

test("probe() tells HTTP/1 from its lookalikes", () => {
  const probe = (text: string): string => {
    const bytes = Buffer.from(text, "latin1");
    const flow = fakeFlow();
    return HTTP.probe(bytes, 0, bytes.length, flow, 0);
  };
  for (const yes of [
    "GET / HTTP/1.1\r\n",
    "HTTP/1.1 200",
    "\r\nPOST /x HTTP/1.0\n",
    "MKCOL /a HTTP/1.1\r\n",
    "XYZZY /new HTTP/1.1\r\n",
    `GET /${"a".repeat(3000)}`,
  ])
    assert.equal(probe(yes), "yes", yes);
  for (const unsure of [
    "",
    "G",
    "GET",
    "GET /",
    "HTTP/",
    "\r\n",
    "GET /index.html HTT",
    "GET / HTTP/1.1\r",
  ]) {
    assert.equal(probe(unsure), "unsure", JSON.stringify(unsure));
  }
  for (const no of [
    "GET /\r\n",
    "OPTIONS * RTSP/1.0\r\n",
    "INVITE sip:a@b SIP/2.0\r\n",
    "ICY 200 OK\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x02\x00",
    "SSH-2.0-OpenSSH\r\n",
    "get / HTTP/1.1\r\n",
    "EHLO mail.example\r\n",
    "RTSP/1.0 200 OK\r\n",
    "GET \x00\x01",
  ]) {
    assert.equal(probe(no), "no", JSON.stringify(no));
  }
});

test("random and mutated streams never throw, and every byte is accounted for", () => {
  const alphabet = fc.constantFrom(
    "GET / HTTP/1.1\r\n",
    "HTTP/1.1 200 OK\r\n",
    "Content-Length: 5\r\n",
    "\r\n",
    "\n",
    "12345",
    "G",
    "Transfer-Encoding: chunked\r\n",
    "5\r\n",
    "0\r\n\r\n",
    ":",
    " x",
    "HTTP/1.",
    "\xff\x00",
    "CONNECT a HTTP/1.1\r\n",
    "HTTP/1.1 101 x\r\n",
    "Upgrade: y\r\n",
    "ffffffffffffffffff\r\n",
  );
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        side: fc.constantFrom(0 as const, 1 as const),
        bytes: fc.array(alphabet, { maxLength: 12 }).map((a) => a.join("")),
      }),
    },
    fc.record({
      side: fc.constantFrom(0 as const, 1 as const),
      gap: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({
      side: fc.constantFrom(0 as const, 1 as const),
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      (steps, pieceBytes) => {
        const whole = feed(HTTP, steps);
        assertAccounted(whole);
        const cut = feed(HTTP, steps, { pieceBytes });
        assertAccounted(cut);
        assert.deepEqual(outline(cut), outline(whole));
      },
    ),
    { numRuns: 400 },
  );
});
