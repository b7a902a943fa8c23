/**
 * Where a value was found, in words.
 *
 * @module
 */
import type { DocumentNode } from "../content/document.ts";
import type { Message, Part } from "../protocols/message.ts";

/** `POST api.example/v1 body $.device.imei`: the message, its part, and the way down to the node. */
export function placeOf(message: Message, part: Part, node: DocumentNode): string {
  const ways: string[] = [];
  for (let at = node, up = at.parent; up !== undefined; at = up, up = at.parent) {
    if (at.step.at !== null && at.step.at !== "") ways.push(at.step.at);
  }
  const way = ways.reverse().join(" ");
  return shorten(
    [nameOf(message), part.path, way].filter((word) => word !== "").join(" "),
    MAX_PLACE,
  );
}

/** The message in a few words. Queries of request targets are left out: they are parts of their own. */
export function nameOf(message: Message): string {
  switch (message.kind) {
    case "http": {
      if (message.type === "response") return `response ${message.status}`;
      const path = message.path.replace(/[?#].*$/s, "");
      const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(path);
      return shorten(
        `${message.method} ${isAbsolute ? "" : (message.authority ?? "")}${path}`,
        MAX_NAME,
      );
    }
    case "dns": {
      const name = message.queries[0]?.name ?? message.answers[0]?.name ?? "";
      return shorten(
        `${message.protocol} ${message.response ? "response" : "query"} ${name}`,
        MAX_NAME,
      );
    }
    case "tls":
      return `tls ${message.type}`;
    case "ssdp":
      return `ssdp ${message.type}`;
    case "xiaomi-push":
      return `xiaomi-push ${message.command ?? "message"}`;
    default:
      return message.kind;
  }
}

/** `text` with each of `values` replaced by `…`, so that a place can be shown where values may not. */
export function maskValues(text: string, values: readonly string[]): string {
  let masked = text;
  for (const value of values)
    if (value.length >= MIN_MASKED) masked = masked.replaceAll(value, "…");
  return masked;
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Characters of a place and of a message's name: one line each. */
const MAX_PLACE = 240;
const MAX_NAME = 120;
/** Shorter values are words that may stand in any name. */
const MIN_MASKED = 4;
