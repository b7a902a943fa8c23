/**
 * Parts of a made-up report that do not depend on its size.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { REPORT_SCHEMA } from "../src/report/report.ts";
import type { Report, ReportFlow, ReportObservation } from "../src/report/report.ts";

/** First time of the run, µs. */
export const START = Date.UTC(2026, 10, 22, 8) * 1000;
export const PHASE_US = 1_800_000_000;
export const PHASES = ["No SIM card", "SIM card, idle", "SIM card, in use", "Locked, overnight"];
/** What is the same at any size. */
export const SETTING: Pick<Report, "schema" | "tool" | "device" | "verdicts" | "anomalies"> = {
  schema: REPORT_SCHEMA,
  tool: {
    name: "telltale",
    version: "0.1.0",
    dataSets: [
      {
        name: "DB-IP Lite country",
        version: "2026-11",
        date: "2026-11",
        licence: "CC-BY-4.0",
        source: "https://db-ip.com/db/download/ip-to-country-lite",
        attribution: "IP Geolocation by DB-IP (https://db-ip.com)",
      },
    ],
  },
  device: {
    make: "Xiaomi",
    model: "Redmi 1S",
    build: "JHCMIBF19.0",
    addresses: ["02:00:00:00:00:07", "10.42.0.17"],
    addressesFrom: "stated",
    reason: "stated in the device file",
    ambiguous: false,
    capturePoint: { latitude: 25.03, longitude: 121.56, place: "Taipei" },
  },
  verdicts: [],
  anomalies: [
    {
      name: "bad-length",
      stage: "packets",
      count: 12,
      examples: [
        {
          input: 0,
          frame: 4711,
          offset: 16,
          flow: null,
          reason: "IPv4 total length 18, less than its header of 20 bytes",
        },
      ],
    },
  ],
};

export function observationOf(
  what: { property: string; value: string; number: number; canary: boolean },
  flow: ReportFlow,
): ReportObservation {
  const before = Buffer.from(`{"device":{"model":"Redmi 1S","id":"`);
  const value = Buffer.from(what.value);
  const excerpt = Buffer.concat([
    before,
    value,
    Buffer.from(`","lang":"zh-TW"},"seq":${what.number}}`),
  ]);
  return {
    id: hash(`observation ${what.number}`, "hex").slice(0, 16),
    property: what.property,
    canary: what.canary ? what.property.toLowerCase() : null,
    recognizer: what.canary
      ? null
      : {
          name: what.property.toLowerCase(),
          reason: "the key beside it names it, and its form fits",
          confidence: "likely",
        },
    destination: flow.destination,
    flow: flow.id,
    ts: (flow.firstTs ?? START) + 40_000,
    phase: flowPhase(flow.firstTs ?? START),
    direction: "sent",
    channel: "clear",
    form: what.number % 3 === 0 ? "clear" : "encoded",
    contextual: false,
    placeholder: null,
    value: what.value,
    protocol: "http",
    place: `POST ${flow.destination ?? ""}/v1/report body $.device.id`,
    key: "id",
    recipe: [
      { operation: "http-body", at: null, start: null, end: null },
      { operation: "gzip", at: null, start: 0, end: 412 },
      { operation: "json", at: "$.device.id", start: 36, end: 36 + value.length },
    ],
    evidence: {
      input: 0,
      frames: [flow.firstFrame + 3, flow.firstFrame + 4, flow.firstFrame + 5, flow.firstFrame + 9],
      start: 210,
      end: 622,
      hex: excerpt.toString("hex"),
      valueStart: before.length,
      valueEnd: before.length + value.length,
    },
  };
}

export function phaseOf(title: string, i: number): Report["phases"][number] {
  const start = START + i * 2 * PHASE_US;
  const at = start + PHASE_US / 2;
  return {
    id: `phase-${i + 1}`,
    title,
    start,
    end: start + 2 * PHASE_US,
    stimuli: [
      { id: `send-${i}`, title: "Message sent", at, sham: false },
      { id: `sham-${i}`, title: "Message typed, not sent", at: at + PHASE_US, sham: true },
    ],
  };
}

export function flowPhase(ts: number): string {
  return `phase-${Math.min(PHASES.length, 1 + Math.floor((ts - START) / (2 * PHASE_US)))}`;
}

export function inputOf(frames: number, bytes: number): Report["inputs"][number] {
  return {
    file: "redmi-1s-first-run.pcapng",
    sha256: hash("input", "hex"),
    format: "pcapng",
    compression: "none",
    bytes: bytes + frames * 32,
    frames: frames + 312,
    linkTypes: [1],
    firstTs: START,
    lastTs: START + 8 * PHASE_US,
    application: "Dumpcap 4.4.0",
  };
}

export function notObservable(encrypted: number): Report["notObservable"] {
  return [
    {
      what: "Encrypted content that the device sent",
      bytes: encrypted,
      reason:
        "The bytes were sent, to known destinations; what they say cannot be read without the keys.",
    },
    {
      what: "Traffic that did not pass the capture point",
      bytes: null,
      reason:
        "What went by cellular network, SMS, Bluetooth or another access point is not in these captures.",
    },
  ];
}

export function hash(text: string, encoding: "hex" | "base64"): string {
  return createHash("sha256").update(text).digest(encoding);
}
