/**
 * Feeds the HTTP/1 dissector, and shows what came out in short.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHttp1Dissector } from "../src/protocols/http1/index.ts";
import type { Dissector } from "../src/protocols/dissector.ts";
import type { HttpRequest, HttpResponse, Message } from "../src/protocols/message.ts";
import type { Fed, Step } from "./feed-dissector.ts";

export const HTTP: Dissector = createHttp1Dissector();

export const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
export const request = (text: string): Step => ({ side: 0, bytes: text });
export const response = (text: string): Step => ({ side: 1, bytes: text });

export function http(message: Message | undefined): HttpRequest | HttpResponse {
  assert.ok(message?.kind === "http");
  return message;
}
export const parts = (message: Message | undefined): Record<string, string> =>
  Object.fromEntries(
    http(message).parts.map((part) => [part.path, Buffer.from(part.bytes).toString("latin1")]),
  );
/** Messages in one line each, for comparing. */
export const outline = (fed: Fed): string[] =>
  fed.messages.map((message) => {
    const m = http(message);
    const head = m.type === "request" ? `${m.method} ${m.path}` : String(m.status);
    return `${m.side} ${head} ${m.bodyBytes} ${m.complete ? "whole" : "part"} ${m.start}-${m.end}`;
  });

export function assertAccounted(fed: Fed): void {
  for (const side of [0, 1] as const) {
    const sum = fed.counted[side].reduce((a, b) => a + b, 0);
    assert.equal(sum, fed.pushed[side], `bytes of side ${side}`);
  }
}
