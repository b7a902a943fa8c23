/**
 * Exchanges of a HAR as messages, so that everything after the dissectors sees one kind of traffic.
 * A HAR's entry takes the place of a frame; its bodies are decoded already and were, with `https`,
 * encrypted on the wire.
 *
 * @module
 */
import { toUtf8 } from "../../bytes/text.ts";
import type { HarEntry, HarHeader } from "../../capture/har-entry.ts";
import type { Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { HttpHeader, HttpRequest, HttpResponse, Message, Part } from "../message.ts";
import { HarEnd, HarFlow } from "./har-flow.ts";

export { HAR_CLIENT, type HarFlow } from "./har-flow.ts";

/** Takes what a HAR gives. */
export interface HarOutput {
  readonly wantsParts: boolean;
  message(message: Message): void;
  protocolKnown(flow: HarFlow, name: string): void;
  /** One entry was read: bytes that it holds, and that it had. */
  entry(capturedBytes: number, originalBytes: number): void;
}

/** Turns entries into flows and messages. */
export class HarReader {
  readonly flows: HarFlow[] = [];
  readonly #byConnection = new Map<string, HarFlow>();
  readonly #input: number;
  readonly #firstIndex: number;
  readonly #out: HarOutput;

  /** @param firstIndex Index that the first flow gets. */
  constructor(input: number, firstIndex: number, out: HarOutput) {
    this.#input = input;
    this.#firstIndex = firstIndex;
    this.#out = out;
  }

  read(entry: HarEntry): void {
    const target = readTarget(entry.url);
    const flow = this.#flowOf(entry, target);
    const { sent, received } = contentsOf(entry, target);
    this.#request(entry, target, { flow, content: sent });
    // A socket may have received messages although its response was not written down.
    if (entry.status !== undefined || received.size > 0) {
      this.#response(entry, { flow, content: received });
    }
    const captured = sent.size + received.size;
    this.#out.entry(captured, captured + sent.missing + received.missing);
  }

  #flowOf(entry: HarEntry, target: Target): HarFlow {
    const address = entry.serverAddress ?? target.host;
    const port = entry.serverPort ?? target.port;
    const key = JSON.stringify([
      address,
      port,
      entry.connection ?? "",
      entry.app ?? "",
      target.isEncrypted,
    ]);
    const known = this.#byConnection.get(key);
    if (known !== undefined) return known;
    const place = {
      index: this.#firstIndex + this.flows.length,
      input: this.#input,
      frame: entry.index + 1,
      app: entry.app,
      isEncrypted: target.isEncrypted,
    };
    const flow = new HarFlow(place, new HarEnd(address, port));
    this.#byConnection.set(key, flow);
    this.flows.push(flow);
    this.#out.protocolKnown(flow, target.isEncrypted ? "https" : "http");
    return flow;
  }

  #request(entry: HarEntry, target: Target, where: Where): void {
    const { method, requestHeaders, requestBody, requestMissing } = entry;
    this.#emit<HttpRequest>(entry, 0, where, {
      kind: "http",
      type: "request",
      method,
      path: target.path,
      authority: headerOf(requestHeaders, "host") ?? target.authority,
      version: entry.httpVersion,
      headers: toHeaders(requestHeaders),
      bodyBytes: requestBody?.length ?? 0,
      complete: requestMissing === 0,
    });
  }

  #response(entry: HarEntry, where: Where): void {
    const { responseHeaders, responseBody, responseMissing } = entry;
    this.#emit<HttpResponse>(entry, 1, where, {
      kind: "http",
      type: "response",
      status: entry.status ?? 0,
      version: entry.responseHttpVersion,
      headers: toHeaders(responseHeaders),
      bodyBytes: responseBody?.length ?? 0,
      complete: responseMissing === 0,
    });
  }

  #emit<M extends HttpRequest | HttpResponse>(
    entry: HarEntry,
    side: Side,
    { flow, content }: Where,
    fields: Omit<M, keyof Placed>,
  ): void {
    const frame = entry.index + 1;
    const ts = entry.startedTs;
    const { start, end } = flow.add(side, {
      bytes: content.size,
      missing: content.missing,
      frame,
      ts,
    });
    flow.count(side, BYTE_CLASS.read, content.size);
    const parts = this.#out.wantsParts ? content.parts : [];
    const decrypted = flow.isEncrypted ? { decrypted: true } : {};
    const place = { flow, side, input: this.#input, frame, ts, start, end };
    const placed: Placed = { ...place, parts, ...decrypted };
    this.#out.message({ ...fields, ...placed } as M);
  }
}

type Placed = Pick<
  Message,
  "decrypted" | "flow" | "side" | "input" | "frame" | "ts" | "start" | "end" | "parts"
>;

interface Where {
  readonly flow: HarFlow;
  readonly content: Content;
}

/** Lays out what an entry holds, each way. */
function contentsOf(entry: HarEntry, target: Target): { sent: Content; received: Content } {
  const sent = new Content(`${entry.method} ${target.path} ${entry.httpVersion}\r\n`.length);
  sent.line("request-target", target.path, "request-target");
  sent.headers(entry.requestHeaders);
  sent.body(entry.requestBody, entry.requestMediaType, entry.requestMissing);
  const statusLine =
    entry.status === undefined ? "" : `${entry.responseHttpVersion} ${entry.status} \r\n`;
  const received = new Content(statusLine.length);
  received.headers(entry.responseHeaders);
  received.body(entry.responseBody, entry.responseMediaType, entry.responseMissing);
  for (const [i, message] of entry.webSocketMessages.entries()) {
    const content = message.direction === "send" ? sent : received;
    content.bytes(`websocket[${i}]`, message.data, message.opcode === 1 ? "text" : "binary");
  }
  return { sent, received };
}

/** The parts of a message and its size as HTTP/1.1. Nothing of it stands in a stream as it is: offsets are -1. */
class Content {
  readonly parts: Part[] = [];
  size: number;
  missing = 0;

  constructor(lineBytes: number) {
    this.size = lineBytes;
  }

  /** A part of the first line, which is counted already. */
  line(path: string, text: string, form: Part["form"]): void {
    this.parts.push({ path, bytes: toUtf8(text), form, offset: -1 });
  }

  bytes(path: string, bytes: Uint8Array, form: Part["form"]): void {
    this.parts.push({ path, bytes, form, offset: -1 });
    this.size += bytes.length;
  }

  headers(headers: readonly HarHeader[]): void {
    for (const { name, value } of headers) {
      const lower = name.toLowerCase();
      const form = lower === "cookie" || lower === "set-cookie" ? "cookie" : "text";
      this.bytes(`header:${lower}`, toUtf8(value), form);
      this.size += name.length + ": \r\n".length;
    }
  }

  body(body: Uint8Array | undefined, mediaType: string | undefined, missing: number): void {
    this.missing += missing;
    if (body === undefined) return;
    this.size += body.length;
    const media = mediaType === undefined ? {} : { mediaType };
    const lack = missing > 0 ? { missing } : {};
    this.parts.push({ path: "body", bytes: body, form: "body", offset: -1, ...media, ...lack });
  }
}

interface Target {
  readonly authority: string | null;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly isEncrypted: boolean;
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?([^#]*)/i;

/** Splits a URL (RFC 3986 §3) without touching a byte of its path and query. */
function readTarget(url: string): Target {
  const match = URL_PARTS.exec(url);
  if (match === null) return { authority: null, host: "", port: -1, path: url, isEncrypted: false };
  const [, scheme = "", host = "", port, path = ""] = match;
  const isEncrypted = /^(https|wss)$/i.test(scheme);
  return {
    authority: port === undefined ? host : `${host}:${port}`,
    host: host.replace(/^\[|\]$/g, ""),
    port: port === undefined ? (isEncrypted ? 443 : 80) : Number(port),
    path: path.startsWith("/") ? path : `/${path}`,
    isEncrypted,
  };
}

function headerOf(headers: readonly HarHeader[], lowerName: string): string | undefined {
  return headers.find(({ name }) => name.toLowerCase() === lowerName)?.value;
}

function toHeaders(headers: readonly HarHeader[]): readonly HttpHeader[] {
  return headers.map(({ name, value }) => ({ name, value }));
}
