import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Anomaly } from "../anomaly.ts";
import { Malformed } from "../bytes/cursor.ts";
import { fromUtf8 } from "../bytes/text.ts";
import type { HarCapture, HarEntry } from "./har.ts";
import { readHar } from "./har.ts";

const ROOT = join(process.cwd(), "../shared/captures");

interface Truth {
  readonly file: string;
  readonly version: string;
  readonly entries: number;
  readonly requests: [string, string, number, string | null][];
  readonly started: [string, string];
  readonly hosts: Record<string, number>;
  readonly with_post_data: number;
  readonly websocket_messages: number;
  readonly parse_error?: string;
}

interface Read extends HarCapture {
  readonly anomalies: readonly Anomaly[];
}

function read(text: string): Read {
  const anomalies: Anomaly[] = [];
  return { ...readHar(text, 3, (anomaly) => anomalies.push(anomaly)), anomalies };
}

/** A HAR of one entry: a whole one, with `changes` made to its request, response and self. */
function readOne(changes: {
  entry?: object;
  request?: object;
  response?: object;
}): [HarEntry, string[]] {
  const request = { method: "GET", url: "https://a.example/", headers: [], ...changes.request };
  const response = { status: 200, headers: [], content: {}, ...changes.response };
  const startedDateTime = "2026-11-22T10:00:00.5Z";
  const entry = { startedDateTime, request, response, timings: {}, ...changes.entry };
  const { entries, anomalies } = read(JSON.stringify({ log: { entries: [entry] } }));
  const [first] = entries;
  assert.ok(first !== undefined);
  return [first, anomalies.map((anomaly) => anomaly.name)];
}

test("the real HARs have the entries that their truth names", (t) => {
  if (!existsSync(ROOT)) {
    t.skip("../shared/captures is absent");
    return;
  }
  let count = 0;
  for (const source of ["mitmproxy", "perfcascade", "reporthar"]) {
    for (const name of readdirSync(join(ROOT, source)).filter((file) => file.endsWith(".har"))) {
      count++;
      const truth = JSON.parse(
        readFileSync(join(ROOT, "truth", source, `${name}.json`), "utf8"),
      ) as Truth;
      const text = readFileSync(join(ROOT, source, name), "utf8");
      if (truth.parse_error === undefined) compare(truth, text);
      else compareError(truth.parse_error, text);
    }
  }
  assert.equal(count, 7);
});

function compare(truth: Truth, text: string): void {
  const { entries, summary, version, anomalies } = read(text);
  assert.deepEqual(anomalies, [], truth.file);
  assert.equal(summary.frames, truth.entries, truth.file);
  assert.equal(version, truth.version, truth.file);
  assert.deepEqual(
    entries.map(({ method, url, status, responseMediaType }) => [
      ...[method, url, status ?? 0],
      responseMediaType ?? "",
    ]),
    truth.requests.map(([method, url, status, type]) => [method, url, status, type ?? ""]),
    truth.file,
  );
  const times = entries.map((entry) => entry.startedTs);
  const [first, last] = truth.started.map(toTs);
  assert.deepEqual([Math.min(...times), Math.max(...times)], [first, last], truth.file);
  const hosts: Record<string, number> = {};
  for (const { url } of entries) {
    const host = new URL(url).hostname;
    hosts[host] = (hosts[host] ?? 0) + 1;
  }
  assert.deepEqual(hosts, truth.hosts, truth.file);
  const posts = entries.filter((entry) => entry.requestBody !== undefined).length;
  assert.equal(posts, truth.with_post_data, truth.file);
  const messages = entries.flatMap((entry) => entry.webSocketMessages);
  assert.equal(messages.length, truth.websocket_messages, truth.file);
}

/** Of the truth's ISO times, by the platform's own parser and the digits beyond its milliseconds. */
function toTs(text: string): number {
  const digits = /\.(\d+)/.exec(text)?.[1] ?? "";
  return Math.floor(Date.parse(text) / 1000) * 1e6 + Number(digits.padEnd(6, "0").slice(0, 6));
}

/** Python names the same place: "Expecting ',' delimiter: line 5 column 1 (char 22)". */
function compareError(parseError: string, text: string): void {
  const [, line, column, offset] = /line (\d+) column (\d+) \(char (\d+)\)/.exec(parseError) ?? [];
  assert.throws(
    () => read(text),
    (error) => {
      assert.ok(error instanceof Malformed);
      assert.equal(error.offset, Number(offset));
      assert.match(
        error.message,
        new RegExp(`"," or .* at line ${line ?? ""}, column ${column ?? ""}$`),
      );
      return true;
    },
  );
}

test("bodies: text in UTF-8, base64, and what is missing of them", () => {
  const [text] = readOne({
    request: { bodySize: 5, postData: { mimeType: "text/plain", text: "né" } },
    response: { content: { mimeType: "image/png", size: 3, encoding: "base64", text: "iVBO" } },
  });
  assert.deepEqual([...(text.requestBody ?? [])], [0x6e, 0xc3, 0xa9]);
  assert.equal(text.requestMissing, 2);
  assert.deepEqual([...(text.responseBody ?? [])], [0x89, 0x50, 0x4e]);
  assert.deepEqual([text.responseMissing, text.responseMediaType], [0, "image/png"]);
  const [absent] = readOne({ request: { bodySize: -1 }, response: { content: { size: 70 } } });
  assert.deepEqual([absent.requestBody, absent.requestMissing], [undefined, 0]);
  assert.deepEqual([absent.responseBody, absent.responseMissing], [undefined, 70]);
});

test("a byte that mitmproxy could not decode is that byte again", () => {
  const [entry] = readOne({ request: { postData: { text: "a\udc80\udcffé\u{1f310}\ud83c" } } });
  const [, ...tail] = [...(entry.requestBody ?? [])];
  // After the two bytes: é, U+1F310, and a lone surrogate that stands for no byte, as U+FFFD.
  const utf8 = [0xc3, 0xa9, 0xf0, 0x9f, 0x8c, 0x90, 0xef, 0xbf, 0xbd];
  assert.deepEqual(tail, [0x80, 0xff, ...utf8]);
});

test("a body that is not the base64 it should be is kept as text", () => {
  const [entry, names] = readOne({
    response: { content: { encoding: "base64", text: "no base64!" } },
  });
  assert.equal(fromUtf8(entry.responseBody ?? new Uint8Array(0)), "no base64!");
  assert.deepEqual(names, ["body-encoding-invalid"]);
  const [, others] = readOne({ response: { content: { encoding: "rot13", text: "abc" } } });
  assert.deepEqual(others, ["body-encoding-unknown"]);
});

test("a form without its text is put together in its own type", () => {
  const params = [
    { name: "a b", value: "1&2" },
    { name: "f", fileName: 'x".txt', contentType: "text/plain", value: "é" },
  ];
  const [form] = readOne({
    request: { postData: { params, mimeType: "application/x-www-form-urlencoded" } },
  });
  assert.equal(fromUtf8(form.requestBody ?? new Uint8Array(0)), "a%20b=1%262&f=%C3%A9");
  assert.deepEqual(form.rebuilt, ["body"]);
  const [parts] = readOne({
    request: { postData: { params, mimeType: "multipart/form-data; boundary=XX" } },
  });
  assert.equal(
    fromUtf8(parts.requestBody ?? new Uint8Array(0)),
    '--XX\r\nContent-Disposition: form-data; name="a b"\r\n\r\n1&2\r\n' +
      '--XX\r\nContent-Disposition: form-data; name="f"; filename="x%22.txt"\r\n' +
      "Content-Type: text/plain\r\n\r\né\r\n--XX--\r\n",
  );
});

test("cookies and a query that stand only in their lists are put where they were", () => {
  const cookies = [
    { name: "sid", value: "7" },
    { name: "t", value: "8" },
  ];
  const [entry] = readOne({
    request: { url: "https://a.example/p#top", cookies, queryString: [{ name: "q", value: "ä" }] },
  });
  assert.deepEqual(entry.requestHeaders, [{ name: "cookie", value: "sid=7; t=8" }]);
  assert.equal(entry.url, "https://a.example/p?q=%C3%A4#top");
  assert.deepEqual(entry.rebuilt, ["query", "cookie"]);
  const headers = [{ name: "Cookie", value: "sid=7" }];
  const [whole] = readOne({ request: { url: "https://a.example/?q=1", cookies, headers } });
  assert.deepEqual([whole.requestHeaders, whole.rebuilt], [headers, []]);
});

test("WebSocket messages, server, timings and app", () => {
  const [entry, names] = readOne({
    entry: {
      _webSocketMessages: [
        { type: "send", time: 1693314240.7948081, opcode: 1, data: "foo" },
        { type: "receive", time: 1693314241, opcode: 2, data: "AAH/" },
        { type: "other", data: "x" },
      ],
      serverIPAddress: "[2001:db8::1]",
      _serverPort: 8443,
      connection: "52",
      timings: { dns: -1, connect: 1.5, wait: 0 },
      _app: { id: "com.example", name: "Example" },
    },
  });
  const found = entry.webSocketMessages.map((m) => [m.direction, m.ts, m.opcode, [...m.data]]);
  assert.deepEqual(found, [
    ["send", 1693314240794808, 1, [0x66, 0x6f, 0x6f]],
    ["receive", 1693314241000000, 2, [0, 1, 255]],
  ]);
  assert.deepEqual(names, ["entry-incomplete"]);
  assert.deepEqual([entry.serverAddress, entry.serverPort], ["2001:db8::1", 8443]);
  assert.deepEqual([entry.connection, entry.app], ["52", "com.example"]);
  const { dns, connect, wait, ssl } = entry.timings;
  assert.deepEqual([dns, connect, wait, ssl], [undefined, 1.5, 0, undefined]);
});

test("times keep their microseconds and zone; without a zone they are none", () => {
  const started = (startedDateTime: unknown): [number, string[]] => {
    const [entry, names] = readOne({ entry: { startedDateTime } });
    return [entry.startedTs, names];
  };
  assert.deepEqual(started("1970-01-01T00:00:01.0000019Z"), [1_000_001, []]);
  assert.deepEqual(started("1970-01-01T02:00:00+01:30"), [1_800_000_000, []]);
  assert.deepEqual(started("1969-12-31T23:00:00-0100"), [0, []]);
  for (const text of ["2026-11-22T10:00:00", "2026-13-22T10:00:00Z", "22 Nov 2026", 7, ""]) {
    assert.deepEqual(started(text), [NaN, ["timestamp-invalid"]]);
  }
});

test("what an entry lacks is told with its number, and the rest is kept", () => {
  const whole = { startedDateTime: "2026-11-22T10:00:00Z", response: { status: 0 } };
  const list = [null, { ...whole, request: { url: "https://a.example/", headers: [7] } }, 5];
  const { entries, anomalies, summary } = read(JSON.stringify({ log: { entries: list } }));
  assert.deepEqual(
    entries.map((entry) => [entry.index, entry.status, entry.method]),
    [[1, undefined, ""]],
  );
  assert.deepEqual(
    anomalies.map(({ name, place }) => [name, place.input, place.frame]),
    [
      ["entry-invalid", 3, 1],
      ["entry-incomplete", 3, 2],
      ["entry-incomplete", 3, 2],
      ["entry-invalid", 3, 3],
    ],
  );
  assert.equal(summary.frames, 3);
});

test("JSON that is no HAR is malformed", () => {
  for (const text of ["[]", "7", "{}", '{"log":[]}', '{"log":{"entries":{}}}']) {
    assert.throws(() => read(text), {
      name: "Malformed",
      message: 'JSON without a list "entries" in "log"',
    });
  }
  assert.throws(() => read(""), { message: "a value expected, the text ends at line 1, column 1" });
});

test("of a HAR cut anywhere, the whole entries before the cut are kept", () => {
  const entry = (n: number): object => ({
    startedDateTime: "2026-11-22T10:00:00Z",
    request: { method: "GET", url: `https://a.example/${n}?"{[`, headers: [] },
    response: { status: 200, headers: [] },
  });
  const text = JSON.stringify(
    { log: { version: "1.2", entries: [entry(0), entry(1), entry(2)] } },
    null,
    1,
  );
  const parts = [0, 1, 2].map((n) => text.indexOf("\n   }", text.indexOf(`a.example/${n}`)) + 5);
  for (let end = 0; end < text.length; end++) {
    const due = parts.filter((at) => at <= end).length;
    const cut = text.slice(0, end);
    if (due === 0) {
      assert.throws(() => read(cut), { name: "Malformed" }, `cut at ${end}`);
      continue;
    }
    const { entries, anomalies } = read(cut);
    assert.equal(entries.length, due, `cut at ${end}`);
    assert.deepEqual(
      anomalies.map(({ name, place }) => [name, place.offset]),
      [["json-broken", end]],
    );
  }
});

test("any JSON in the place of entries gives entries or anomalies", () => {
  const key = fc.constantFrom(
    "request",
    "response",
    "url",
    "headers",
    "cookies",
    "postData",
    "params",
    "name",
    "x",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (list) => {
      const { summary, entries, anomalies } = read(JSON.stringify({ log: { entries: list } }));
      assert.equal(summary.frames, list.length);
      const lost = anomalies.filter((anomaly) => anomaly.name === "entry-invalid").length;
      assert.equal(entries.length + lost, list.length);
    }),
  );
});
