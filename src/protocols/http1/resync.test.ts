import assert from "node:assert/strict";
import { test } from "node:test";
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
import { BYTE_CLASS } from "../../ledger.ts";

test("a hole in a body marks it, and the next message is still read", () => {
  const fed = feed(HTTP, [
    request(crlf("POST /a HTTP/1.1\nContent-Length: 20\n\n") + "01234"),
    { side: 0, gap: 10 },
    request("FGHIJ" + crlf("GET /b HTTP/1.1\n\n")),
  ]);
  assert.deepEqual(outline(fed), ["0 POST /a 10 part 0-60", "0 GET /b 0 whole 60-79"]);
  const { body, "body[15:]": tail } = parts(fed.messages[0]);
  assert.deepEqual([body, tail], ["01234", "FGHIJ"]);
  assert.equal(fed.counted[0][BYTE_CLASS.incomplete], 10);
  assertAccounted(fed);
});

test("a hole that ends a body exactly ends the message", () => {
  const fed = feed(HTTP, [
    request(crlf("POST /a HTTP/1.1\nContent-Length: 5\n\n") + "01"),
    { side: 0, gap: 3 },
    request(crlf("GET /b HTTP/1.1\n\n")),
  ]);
  assert.deepEqual(
    outline(fed).map((line) => line.slice(0, 16)),
    ["0 POST /a 2 part", "0 GET /b 0 whole"],
  );
});

test("after a hole in a head, reading goes on at the next start line", () => {
  const fed = feed(HTTP, [
    request(crlf("GET /a HTTP/1.1\nHost: h\nCookie: k")),
    { side: 0, gap: 100 },
    request(crlf("rest of a header: x\n\n") + crlf("GET is no start line\nGET /b HTTP/1.1\n\n")),
  ]);
  assert.deepEqual(
    fed.anomalies.map((a) => a.name),
    ["http-head-cut"],
  );
  assert.deepEqual(
    outline(fed).map((line) => line.slice(0, 16)),
    ["0 GET /a 0 part ", "0 GET /b 0 whole"],
  );
  // The cookie may be longer than what is there of it, so the message does not claim a value.
  assert.deepEqual(http(fed.messages[0]).headers, [{ name: "Host", value: "h" }]);
  assert.equal(parts(fed.messages[0])["header:cookie"], "k");
  assertAccounted(fed);
});

test("heads that a snapshot length cut off are given as far as they came, each of them", () => {
  const fed = feed(HTTP, [
    request("GET /first/of/all"),
    { side: 0, gap: 100 },
    response(crlf("HTTP/1.1 200 OK\nContent-Length: 10\nContent-Ty")),
    { side: 1, gap: 100 },
    request("POST /second?x=1 HTTP"),
    { side: 0, gap: 100 },
    response(crlf("HTTP/1.1 304 Not")),
    { side: 1, gap: 100 },
    request("GET or no start line at all"),
    { side: 0, gap: 100 },
    request("amid a body GET /third"),
    { side: 0, gap: 100 },
    request("HEAD /last HTTP/1.0"),
  ]);
  const versions = fed.messages.map((message) => http(message).version);
  assert.deepEqual(
    outline(fed).map((line) => line.replace(/ \d+-\d+$/, "")),
    [
      "0 GET /first/of/all 0 part",
      "1 200 0 part",
      "0 POST /second?x=1 0 part",
      "1 304 0 part",
      "0 HEAD /last 0 part",
    ],
  );
  assert.deepEqual(versions, [null, "HTTP/1.1", null, "HTTP/1.1", "HTTP/1.0"]);
  assertAccounted(fed);
});

test("a request that broke off is told from its first line alone", () => {
  const tells = (text: string): boolean => {
    const bytes = Buffer.from(text, "latin1");
    return HTTP.probeCut?.(bytes, 0, bytes.length, fakeFlow()) ?? false;
  };
  for (const text of ["GET /", "GET /a HT", "PUT http://example.com/a", "POST /a HTTP/1."]) {
    assert.equal(tells(text), true, text);
  }
  for (const text of [
    "GET ",
    "GETS /",
    "OPTIONS rtsp://a",
    "GET /a RTSP",
    "GET \u0000\u0001",
    "GET * x",
  ]) {
    assert.equal(tells(text), false, text);
  }
});

test("a hole in chunk data is passed over, one in the coding is not", () => {
  const head = crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
  const inside = feed(HTTP, [
    response(`${head}A\r\n01`),
    { side: 1, gap: 5 },
    response("789\r\n0\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
  ]);
  assert.deepEqual(
    outline(inside).map((l) => l.slice(0, 12)),
    ["1 200 5 part", "1 404 0 whol"],
  );
  const across = feed(HTTP, [
    response(`${head}A\r\n01`),
    { side: 1, gap: 50 },
    response("junk\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
  ]);
  assert.deepEqual(
    outline(across).map((l) => l.slice(0, 12)),
    ["1 200 2 part", "1 404 0 whol"],
  );
  assertAccounted(inside);
  assertAccounted(across);
});

test("a stream that begins in the middle of a message is read from the next one on", () => {
  const fed = feed(
    HTTP,
    [response("...end of a picture\xff\xd9HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
    { state: "midstream" },
  );
  assert.deepEqual(
    outline(fed).map((line) => line.slice(0, 13)),
    ["1 200 2 whole"],
  );
  assert.equal(fed.anomalies[0]?.name, "http-start-line-broken");
  assertAccounted(fed);
});

test("chunk sizes of 2^64 are refused, and what was read before stays", () => {
  const head = crlf("POST / HTTP/1.1\nHost: target\nTransfer-Encoding: chunked\n\n");
  const fed = feed(HTTP, [
    request(`${head}3\r\nabc\r\n10000000000000000\r\nGET /smuggled HTTP/1.1\r\n\r\n`),
  ]);
  assert.equal(fed.messages.length, 1);
  assert.equal(parts(fed.messages[0])["body"], "abc");
  assert.equal(http(fed.messages[0]).complete, false);
  assert.deepEqual(
    fed.anomalies.map((a) => a.name),
    ["http-chunk-broken"],
  );
  assert.ok((fed.counted[0][BYTE_CLASS.malformed] ?? 0) > 0);
  assertAccounted(fed);
});

test("what contradicts itself about the length of a body is told", () => {
  const both = feed(HTTP, [
    request("POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
  ]);
  assert.deepEqual(
    both.anomalies.map((a) => a.name),
    ["http-body-length-unclear"],
  );
  assert.equal(http(both.messages[0]).complete, true);
  const words = feed(HTTP, [request("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n")]);
  assert.match(words.anomalies[0]?.reason ?? "", /Content-Length is "many"/);
  const twice = feed(HTTP, [request("POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\nx")]);
  assert.deepEqual(twice.anomalies, []);
});
