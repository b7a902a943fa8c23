/**
 * Reports for tests: of some size, and full of text that wants to be markup.
 */
import { readFileSync } from "node:fs";
import { makeLargeReport } from "../tools/make-large-report.ts";
import type { Report } from "../src/report/report.ts";
import type { WorldMapData } from "../src/report/html/html.ts";

export function smallReport(): Report {
  return makeLargeReport({ destinations: 120, flows: 600, transmissions: 12 });
}

export function readMap(): WorldMapData {
  return JSON.parse(readFileSync("data/countries/countries.json", "utf8")) as WorldMapData;
}

export const HOSTILE: readonly string[] = [
  `<script>document.documentElement.dataset.hacked = "1"</script>`,
  `</script><script>document.documentElement.dataset.hacked = "2"</script>`,
  `"><img src="x" onerror="document.documentElement.dataset.hacked = 3">`,
  `' autofocus onfocus='document.documentElement.dataset.hacked = 4`,
  `<!--<script>`,
  `\${document.documentElement.dataset.hacked = 5}`,
  "\u202egnp.exe",
  `x${"y".repeat(65_535)}`,
];

/** Members whose text comes from the wire, from file names or from the device file. */
const FOREIGN = new Set([
  "label",
  "name",
  "file",
  "value",
  "place",
  "key",
  "title",
  "reason",
  "because",
  "place",
  "address",
  "holder",
  "partyReason",
  "make",
  "model",
  "build",
  "application",
  "protocol",
  "state",
  "app",
  "operation",
  "at",
  "what",
  "attribution",
  "source",
  "registrableDomain",
  "placeholder",
  "canary",
  "country",
]);
const ENUMS = new Set(["dns", "tls", "quic", "http", "certificate", "capture"]);

/** A report in which every text from elsewhere is hostile. */
export function hostileReport(): Report {
  let next = 0;
  const replace = (key: string, value: unknown): unknown => {
    if (typeof value !== "string" || !FOREIGN.has(key)) return value;
    if (key === "source" && ENUMS.has(value)) return value;
    next += 1;
    return HOSTILE[next % HOSTILE.length];
  };
  const text = JSON.stringify(
    makeLargeReport({ destinations: 64, flows: 128, transmissions: 16 }),
    replace,
  );
  const report = JSON.parse(text) as Report;
  for (const destination of report.destinations) destination.otherNames = [...HOSTILE];
  return report;
}
