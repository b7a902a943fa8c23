/**
 * HAR: the exchanges that a browser or a proxy wrote down, as one JSON text. It has
 * no frames and no handshakes, and its bodies are already decoded.
 *
 * Source: HTTP Archive 1.2 (Odvarko), the draft of the W3C Web Performance group.
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import { Malformed } from "../bytes/cursor.ts";
import type { CaptureSummary } from "./frame-reader.ts";
import type { HarEntry } from "./har-entry.ts";
import { readEntry } from "./har-entry.ts";
import { findJsonFault } from "./har-json.ts";
import type { JsonObject } from "./har-values.ts";
import { isObject, toObject, toText } from "./har-values.ts";

export type {
  HarEntry,
  HarHeader,
  HarRebuilt,
  HarTimings,
  HarWebSocketMessage,
} from "./har-entry.ts";

/** A HAR as a whole. */
export interface HarCapture {
  /** Version of the format, as written. */
  readonly version: string | undefined;
  /** Entries that could be read, in the order of the file. */
  readonly entries: readonly HarEntry[];
  /**
   * Counts: `frames` are entries, those not readable included; `capturedBytes` the bytes of bodies and WebSocket
   * messages held, `originalBytes` the same with those that the HAR says are missing.
   */
  readonly summary: CaptureSummary;
}

/**
 * Reads a HAR. Entries that lack something are kept with an anomaly, whose place has the
 * entry's number (from 1) as its frame. Of a text that breaks off, the whole entries are kept.
 *
 * @param text The file as text; a byte order mark is ignored.
 * @param input Index of the input, for the place of anomalies.
 * @throws {Malformed} if the text is not JSON, or no HAR, and holds no whole entry: with the
 *   offset in characters and a reason with line and column.
 */
export function readHar(text: string, input: number, anomaly: AnomalySink): HarCapture {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const { log, values } = readLog(content, (offset, reason) => {
    const place = { input, frame: 0, offset };
    anomaly({ stage: "capture", name: "json-broken", place, reason });
  });
  const entries: HarEntry[] = [];
  for (const [index, value] of values.entries()) {
    const entry = readEntry(value, index, (name, reason) => {
      anomaly({ stage: "capture", name, place: { input, frame: index + 1 }, reason });
    });
    if (entry !== undefined) entries.push(entry);
  }
  return { version: toText(log, "version"), entries, summary: toSummary(log, values, entries) };
}

interface Log {
  readonly log: JsonObject;
  readonly values: readonly unknown[];
}

function readLog(text: string, broken: (offset: number, reason: string) => void): Log {
  const root = parse(text);
  if (root === undefined) return salvage(text, broken);
  const log = isObject(root) ? toObject(root, "log") : {};
  const values: unknown = log["entries"];
  if (!Array.isArray(values)) throw new Malformed(0, 'JSON without a list "entries" in "log"');
  return { log, values };
}

/** JSON has no undefined: that is what broken text gives. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The whole entries of a broken text: an export that was cut short still tells of what came before. */
function salvage(text: string, broken: (offset: number, reason: string) => void): Log {
  const fault = findJsonFault(text);
  if (fault === undefined) throw new Malformed(0, "JSON that cannot be held in memory");
  if (fault.entries.length === 0) throw new Malformed(fault.offset, fault.reason);
  const values = fault.entries.map(([start, end]) => parse(text.slice(start, end)));
  broken(fault.offset, `${fault.reason}; the ${values.length} whole entries before it are kept`);
  return { log: {}, values };
}

function toSummary(
  log: JsonObject,
  values: readonly unknown[],
  entries: readonly HarEntry[],
): CaptureSummary {
  let captured = 0;
  let missing = 0;
  for (const entry of entries) {
    captured += (entry.requestBody?.length ?? 0) + (entry.responseBody?.length ?? 0);
    for (const message of entry.webSocketMessages) captured += message.data.length;
    missing += entry.requestMissing + entry.responseMissing;
  }
  return {
    format: "har",
    linkTypes: [],
    frames: values.length,
    originalBytes: captured + missing,
    capturedBytes: captured,
    application: toApplication(log),
  };
}

function toApplication(log: JsonObject): string | undefined {
  const parts = [toObject(log, "creator"), toObject(log, "browser")].flatMap((program) => {
    const words = [toText(program, "name"), toText(program, "version")];
    const line = words.filter((word) => word !== undefined).join(" ");
    return line === "" ? [] : [line];
  });
  return parts.length > 0 ? parts.join("; ") : undefined;
}
