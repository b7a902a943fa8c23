import assert from "node:assert/strict";
import { test } from "node:test";
import { fromUtf8, toUtf8 } from "../../bytes/text.ts";
import { readHar } from "../../capture/har.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Message } from "../message.ts";
import { HAR_CLIENT, HarReader, type HarFlow } from "./index.ts";

interface Taken {
  readonly messages: Message[];
  readonly known: string[];
  readonly entries: [number, number][];
  readonly flows: readonly HarFlow[];
}

function take(entries: readonly object[], wantsParts = true): Taken {
  const text = JSON.stringify({ log: { version: "1.2", entries } });
  const har = readHar(text, 3, (anomaly) => assert.fail(anomaly.reason));
  const messages: Message[] = [];
  const known: string[] = [];
  const counted: [number, number][] = [];
  const reader = new HarReader(3, 10, {
    wantsParts,
    message: (message) => void messages.push(message),
    protocolKnown: (_flow, name) => void known.push(name),
    entry: (captured, original) => void counted.push([captured, original]),
  });
  for (const entry of har.entries) reader.read(entry);
  return { messages, known, entries: counted, flows: reader.flows };
}

const ENTRY = {
  startedDateTime: "2026-11-22T08:00:00.000Z",
  request: {
    method: "POST",
    url: "https://api.example.com/v1/send?imei=1#top",
    httpVersion: "HTTP/2",
    headers: [{ name: "Cookie", value: "sid=7" }],
    postData: { mimeType: "application/json", text: '{"a":1}' },
    bodySize: 9,
  },
  response: {
    status: 200,
    httpVersion: "HTTP/2",
    headers: [],
    content: { mimeType: "image/png", text: "iVBORw==", encoding: "base64", size: 4 },
  },
  serverIPAddress: "192.0.2.1",
  connection: "55",
};

test("an entry becomes a request and a response with their parts", () => {
  const { messages, known } = take([ENTRY]);
  const [request, response] = messages;
  assert.ok(request?.kind === "http" && request.type === "request");
  assert.deepEqual(
    [request.method, request.path, request.authority, request.input, request.frame],
    ["POST", "/v1/send?imei=1", "api.example.com", 3, 1],
  );
  assert.deepEqual(
    request.parts.map(({ path, bytes }) => [path, fromUtf8(bytes)]),
    [
      ["request-target", "/v1/send?imei=1"],
      ["header:cookie", "sid=7"],
      ["body", '{"a":1}'],
    ],
  );
  assert.equal(request.complete, false, "two bytes of the body are missing");
  assert.ok(response?.kind === "http" && response.type === "response");
  assert.deepEqual(response.parts[0]?.bytes, new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
  assert.deepEqual(known, ["https"]);
});

test("everything that an entry holds is counted as read, what it lacks as missing", () => {
  const { flows, entries } = take([ENTRY]);
  const [client, server] = flows[0]?.ends ?? [];
  assert.ok(client !== undefined && server !== undefined);
  // "POST /v1/send?imei=1 HTTP/2\r\n" 29, "Cookie: sid=7\r\n" 15, body 7.
  assert.equal(client.payloadBytes, 29 + 15 + 7);
  // "HTTP/2 200 \r\n" 13, body 4.
  assert.equal(server.payloadBytes, 13 + 4);
  assert.equal(client.tally[BYTE_CLASS.read], client.payloadBytes);
  assert.deepEqual([client.missing, server.missing], [2, 0]);
  assert.deepEqual(entries, [[51 + 17, 51 + 17 + 2]]);
});

test("entries of one connection share a flow; the frame of a place is the entry's number", () => {
  const other = { ...ENTRY, connection: "56" };
  const { flows, messages } = take([ENTRY, other, ENTRY]);
  assert.deepEqual(
    flows.map(({ id, index }) => [id, index]),
    [
      ["har:3:10", 10],
      ["har:3:11", 11],
    ],
  );
  const third = messages[4];
  assert.ok(third !== undefined);
  assert.equal(third.frame, 3);
  assert.deepEqual(flows[0]?.framesOf(0, third.start, third.end), [3]);
  assert.equal(flows[0].ends[0].address, HAR_CLIENT);
});

test("messages of a WebSocket go with the request and the response by direction", () => {
  const { messages } = take([
    {
      ...ENTRY,
      _webSocketMessages: [
        { type: "send", time: 1.5, opcode: 1, data: "hello" },
        { type: "receive", time: 1.6, opcode: 2, data: "AAE=" },
      ],
    },
  ]);
  const partsOf = (i: number): unknown[] =>
    (messages[i]?.parts ?? [])
      .filter(({ path }) => path.startsWith("websocket"))
      .map(({ path, bytes }) => [path, bytes]);
  assert.deepEqual(partsOf(0), [["websocket[0]", toUtf8("hello")]]);
  assert.deepEqual(partsOf(1), [["websocket[1]", new Uint8Array([0, 1])]]);
});

test("without a reader of content, messages carry none", () => {
  const { messages } = take([ENTRY], false);
  assert.deepEqual(
    messages.map(({ parts }) => parts.length),
    [0, 0],
  );
});
