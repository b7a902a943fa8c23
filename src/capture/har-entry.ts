/**
 * One entry of a HAR: a request, its response, and what went over a WebSocket.
 *
 * Source: HTTP Archive 1.2 (Odvarko), "entries" to "timings"; `_webSocketMessages` of
 * Chromium, which mitmproxy writes as well; `_serverPort` of Playwright.
 * @module
 */
import { toBodyBytes, toEncodedBytes } from "./har-values.ts";
import type { HarParameter } from "./har-form.ts";
import { toFormBody, toPairs } from "./har-form.ts";
import type { JsonObject } from "./har-values.ts";
import { isObject, toAmount, toList, toObject, toText, toTimestamp } from "./har-values.ts";

/** A header field, as written down. */
export interface HarHeader {
  readonly name: string;
  readonly value: string;
}

/** A part of a request that the HAR holds only in parsed form, and that was put together again. */
export type HarRebuilt = "body" | "cookie" | "query";

/** One exchange. What a browser or proxy wrote down, not what went over the wire. */
export interface HarEntry {
  /** 0-based place in the HAR; places of anomalies count from 1. */
  readonly index: number;
  /** Start of the request in µs since the epoch; NaN where the HAR gives no time with a zone. */
  readonly startedTs: number;
  readonly method: string;
  readonly url: string;
  /** As written: `HTTP/1.1`, `h2`, `http/2.0`, `h3`; empty where unknown. */
  readonly httpVersion: string;
  readonly requestHeaders: readonly HarHeader[];
  /** Decoded body: content codings are already undone by whoever wrote the HAR. */
  readonly requestBody: Uint8Array | undefined;
  readonly requestMediaType: string | undefined;
  /** Bytes of the body that the HAR says there were, beyond those it holds. */
  readonly requestMissing: number;
  /** Undefined where there was no response. */
  readonly status: number | undefined;
  readonly responseHttpVersion: string;
  readonly responseHeaders: readonly HarHeader[];
  readonly responseBody: Uint8Array | undefined;
  readonly responseMediaType: string | undefined;
  readonly responseMissing: number;
  /** IP address without brackets; undefined where the HAR names none (cached, or never connected). */
  readonly serverAddress: string | undefined;
  readonly serverPort: number | undefined;
  /** The writer's own name of the connection. */
  readonly connection: string | undefined;
  readonly timings: HarTimings;
  readonly webSocketMessages: readonly HarWebSocketMessage[];
  /** App that made the request, where the writer knows. */
  readonly app: string | undefined;
  readonly rebuilt: readonly HarRebuilt[];
}

/** Milliseconds of each phase; undefined where it did not take place. */
export interface HarTimings {
  readonly blocked: number | undefined;
  readonly dns: number | undefined;
  readonly connect: number | undefined;
  readonly ssl: number | undefined;
  readonly send: number | undefined;
  readonly wait: number | undefined;
  readonly receive: number | undefined;
}

/** One message of a WebSocket (RFC 6455). */
export interface HarWebSocketMessage {
  readonly direction: "send" | "receive";
  /** µs since the epoch; NaN where unknown. */
  readonly ts: number;
  /** 1 text, 2 binary. */
  readonly opcode: number;
  readonly data: Uint8Array;
}

/** Takes what is wrong with an entry: a name and a reason. */
export type EntryFault = (name: string, reason: string) => void;

/** The entry of `value`; undefined, with a fault, where it has no request with an address. */
export function readEntry(value: unknown, index: number, fault: EntryFault): HarEntry | undefined {
  const entry = isObject(value) ? value : {};
  const request = toObject(entry, "request");
  const url = toText(request, "url");
  if (url === undefined) {
    fault("entry-invalid", "entry without request.url: not read");
    return undefined;
  }
  if (!isObject(entry["response"])) fault("entry-incomplete", "entry without a response");
  const rebuilt: HarRebuilt[] = [];
  const requestBody = readRequestBody(request, rebuilt, fault);
  const response = toObject(entry, "response");
  const content = toObject(response, "content");
  const responseBody = readContent(content, fault);
  const size = toAmount(content, "size") ?? toAmount(response, "bodySize") ?? 0;
  return {
    index,
    startedTs: readStart(entry, fault),
    method: readMethod(request, fault),
    url: withQuery(url, request, rebuilt),
    httpVersion: toText(request, "httpVersion") ?? "",
    requestHeaders: withCookies(readHeaders(request, fault), request, rebuilt),
    requestBody,
    requestMediaType: toText(toObject(request, "postData"), "mimeType"),
    requestMissing: missingOf(requestBody, toAmount(request, "bodySize") ?? 0),
    status: toAmount(response, "status") === 0 ? undefined : toAmount(response, "status"),
    responseHttpVersion: toText(response, "httpVersion") ?? "",
    responseHeaders: readHeaders(response, fault),
    responseBody,
    responseMediaType: toText(content, "mimeType"),
    responseMissing: missingOf(responseBody, size),
    serverAddress: toText(entry, "serverIPAddress")?.replace(/^\[|\]$/g, ""),
    serverPort: readPort(entry),
    connection: toText(entry, "connection"),
    timings: readTimings(toObject(entry, "timings")),
    webSocketMessages: readWebSocketMessages(entry, fault),
    app: readApp(entry),
    rebuilt,
  };
}

function readStart(entry: JsonObject, fault: EntryFault): number {
  const text = toText(entry, "startedDateTime") ?? "";
  const ts = toTimestamp(text);
  if (ts === undefined) {
    const found = JSON.stringify(text.slice(0, 40));
    fault("timestamp-invalid", `startedDateTime ${found}, a date, time and zone expected`);
  }
  return ts ?? NaN;
}

function readMethod(request: JsonObject, fault: EntryFault): string {
  const method = toText(request, "method");
  if (method === undefined) fault("entry-incomplete", "entry without request.method");
  return method ?? "";
}

/** A list of names and values; items of another shape are faults. */
function readPairs(list: readonly unknown[], what: string, fault: EntryFault): HarParameter[] {
  const pairs: HarParameter[] = [];
  for (const item of list) {
    const name = isObject(item) ? item["name"] : undefined;
    if (!isObject(item) || typeof name !== "string") {
      fault("entry-incomplete", `item of ${what} without a name`);
      continue;
    }
    const raw = item["value"];
    const isPlain = typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean";
    const fileName = toText(item, "fileName");
    pairs.push({
      name,
      value: isPlain ? String(raw) : "",
      fileName,
      contentType: toText(item, "contentType"),
    });
  }
  return pairs;
}

function readHeaders(message: JsonObject, fault: EntryFault): HarHeader[] {
  const pairs = readPairs(toList(message, "headers"), "headers", fault);
  return pairs.map(({ name, value }) => ({ name, value }));
}

/** Browsers leave the header out of sanitised HARs and keep the list, and the other way round. */
function withCookies(
  headers: readonly HarHeader[],
  request: JsonObject,
  rebuilt: HarRebuilt[],
): readonly HarHeader[] {
  const cookies = readPairs(toList(request, "cookies"), "cookies", ignore);
  if (cookies.length === 0 || headers.some(({ name }) => name.toLowerCase() === "cookie")) {
    return headers;
  }
  rebuilt.push("cookie");
  const value = cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  return [...headers, { name: "cookie", value }];
}

function withQuery(url: string, request: JsonObject, rebuilt: HarRebuilt[]): string {
  const pairs = readPairs(toList(request, "queryString"), "queryString", ignore);
  if (pairs.length === 0 || url.includes("?")) return url;
  rebuilt.push("query");
  const [base = "", ...fragment] = url.split("#");
  return [`${base}?${toPairs(pairs)}`, ...fragment].join("#");
}

/** The list repeats what stands elsewhere: its faults are not worth a word. */
function ignore(): void {
  return undefined;
}

function readRequestBody(
  request: JsonObject,
  rebuilt: HarRebuilt[],
  fault: EntryFault,
): Uint8Array | undefined {
  const posted = toObject(request, "postData");
  const text = toText(posted, "text");
  if (text !== undefined) {
    const isBase64 = posted["encoding"] === "base64" || posted["_encoding"] === "base64";
    return readBytes(text, isBase64, fault);
  }
  const parameters = readPairs(toList(posted, "params"), "postData.params", fault);
  if (parameters.length === 0) return undefined;
  rebuilt.push("body");
  return toFormBody(parameters, toText(posted, "mimeType") ?? "");
}

function readContent(content: JsonObject, fault: EntryFault): Uint8Array | undefined {
  const text = toText(content, "text");
  if (text === undefined) return undefined;
  const encoding = toText(content, "encoding");
  if (encoding !== undefined && encoding !== "base64") {
    fault("body-encoding-unknown", `content.encoding "${encoding}", "base64" or none expected`);
  }
  return readBytes(text, encoding === "base64", fault);
}

function readBytes(text: string, isBase64: boolean, fault: EntryFault): Uint8Array {
  const bytes = toEncodedBytes(text, isBase64);
  if (bytes === undefined) fault("body-encoding-invalid", "body is not base64; taken as text");
  return bytes ?? toBodyBytes(text);
}

function missingOf(body: Uint8Array | undefined, size: number): number {
  return Math.max(0, Math.round(size) - (body?.length ?? 0));
}

function readPort(entry: JsonObject): number | undefined {
  const port = toAmount(entry, "_serverPort") ?? toAmount(entry, "serverPort");
  return port !== undefined && Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : undefined;
}

function readTimings(timings: JsonObject): HarTimings {
  return {
    blocked: toAmount(timings, "blocked"),
    dns: toAmount(timings, "dns"),
    connect: toAmount(timings, "connect"),
    ssl: toAmount(timings, "ssl"),
    send: toAmount(timings, "send"),
    wait: toAmount(timings, "wait"),
    receive: toAmount(timings, "receive"),
  };
}

function readWebSocketMessages(entry: JsonObject, fault: EntryFault): HarWebSocketMessage[] {
  const messages: HarWebSocketMessage[] = [];
  for (const item of toList(entry, "_webSocketMessages")) {
    const message = isObject(item) ? item : {};
    const direction = message["type"];
    const data = message["data"];
    if ((direction !== "send" && direction !== "receive") || typeof data !== "string") {
      fault("entry-incomplete", "WebSocket message without type or data: not read");
      continue;
    }
    const seconds = toAmount(message, "time");
    const opcode = toAmount(message, "opcode") ?? OPCODE_TEXT;
    messages.push({
      direction,
      ts: seconds === undefined ? NaN : Math.round(seconds * 1e6),
      opcode,
      data: readBytes(data, opcode === OPCODE_BINARY, fault),
    });
  }
  return messages;
}

const OPCODE_TEXT = 1;
const OPCODE_BINARY = 2;

function readApp(entry: JsonObject): string | undefined {
  for (const key of ["_app", "app"]) {
    const text = toText(entry, key);
    if (text !== undefined) return text;
    const app = toObject(entry, key);
    const name = toText(app, "id") ?? toText(app, "name");
    if (name !== undefined) return name;
  }
  return undefined;
}
