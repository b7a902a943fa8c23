/**
 * Fuzzes the whole path: real captures with bytes overwritten or cut off go through an audit, whose ledger
 * must sum, whose accounts must close, and whose report must fit its schema.
 *
 *   npm run fuzz [-- SECONDS SEED FOLDER]
 *
 * Prints each failing case with its seed; ends with status 1 where there is one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { organisations, organisationsDataSet } from "../data/organisations/index.ts";
import { Audit } from "../src/audit.ts";
import { Malformed } from "../src/bytes/cursor.ts";
import { READ_STEP } from "../src/capture/frame-reader.ts";
import { identifyCapture, openFrameReader } from "../src/capture/identify.ts";
import { loadCountries, loadNetworks } from "../src/node/load-world.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { reportSchema } from "../src/report/report.ts";

const CORPUS = existsSync("../shared/captures") ? "../shared/captures" : "examples";
const [seconds = "60", firstSeed = "1", folder = CORPUS] = process.argv.slice(2);
/** Larger files take long for what a mutation of them shows. */
const MAX_FILE_BYTES = 200_000;
/** A case that takes longer is told: input of this size must not cost so much. */
const SLOW_MS = 3000;

const corpus = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((path) => /\.(pcap|pcapng|har|snoop)$/.test(path) && statSync(path).size < MAX_FILE_BYTES)
  .sort()
  .map((path) => ({ path, bytes: readFileSync(path) }));
const world = {
  organisations,
  organisationsDataSet,
  networks: loadNetworks(),
  atlas: loadCountries().atlas,
};
const canaries = [
  { id: "imei", property: "Imei", value: "861234028765439" },
  { id: "text", property: "SmsContent", value: "hello there friend" },
  { id: "locale", property: "Locale", value: "en_US" },
  { id: "mail", property: "EmailAddress", value: "a.b@example.com" },
];

let cases = 0;
let failures = 0;
const until = performance.now() + Number(seconds) * 1000;
for (let seed = Number(firstSeed); performance.now() < until; seed++) {
  const random = generator(seed);
  const file = corpus[Math.floor(random() * corpus.length)];
  if (file === undefined) break;
  const from = performance.now();
  try {
    check(mutate(file.bytes, random));
  } catch (error) {
    failures += 1;
    console.log(`seed ${seed}, ${file.path}: ${error instanceof Error ? (error.stack ?? "") : ""}`);
  }
  const ms = performance.now() - from;
  if (ms > SLOW_MS) console.log(`seed ${seed}, ${file.path}: took ${ms.toFixed(0)} ms`);
  cases += 1;
}
console.log(`${cases} cases, ${failures} failures`);
process.exit(failures > 0 ? 1 : 0);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Overwrites up to 30 bytes, half of the time sparing the file's header, and now and then cuts the end off. */
function mutate(original: Uint8Array, random: () => number): Uint8Array {
  const bytes = new Uint8Array(original);
  const spared = random() < 0.5 ? 0 : Math.min(24, bytes.length - 1);
  for (let left = 1 + Math.floor(random() * 30); left > 0; left--) {
    const at = spared + Math.floor(random() * (bytes.length - spared));
    const kind = random();
    bytes[at] = kind < 0.3 ? 0xff : kind < 0.5 ? 0 : Math.floor(random() * 256);
  }
  return random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

function check(bytes: Uint8Array): void {
  const kind = identifyCapture(bytes);
  if (kind === "unknown" || kind === "gzip") return;
  const audit = new Audit({
    platform: nodePlatform,
    toolVersion: "fuzz",
    world,
    labels: new Map(),
    dataSets: [],
    deviceFile: { canaries },
    redact: false,
  });
  if (kind === "har") readHar(audit, bytes);
  else readFrames(audit, kind, bytes);
  audit.pipeline.end();
  const report = audit.report([]);
  for (const { total, classes } of [report.coverage.frames, report.coverage.bytes]) {
    const numbers = Object.values(classes);
    const sum = numbers.reduce((all, n) => all + n, 0);
    if (sum !== total || numbers.some((n) => n < 0)) {
      throw new Error(`the ledger does not sum: ${JSON.stringify(classes)}, total ${total}`);
    }
  }
  const defect = report.anomalies.find(({ name }) => name === "accounting-defect");
  if (defect !== undefined) throw new Error(defect.examples[0]?.reason ?? defect.name);
  reportSchema.parse(JSON.parse(JSON.stringify(report)));
}

function readHar(audit: Audit, bytes: Uint8Array): void {
  try {
    audit.pipeline.har(new TextDecoder().decode(bytes), 0);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
}

function readFrames(audit: Audit, kind: "pcap" | "pcapng" | "snoop", bytes: Uint8Array): void {
  const reader = openFrameReader(kind, 0, {
    anomaly: (anomaly) => audit.pipeline.anomaly(anomaly),
    secrets: () => undefined,
    resolvedName: (address, name) => audit.resolvedName(address, name, 0),
  });
  reader.feed(bytes);
  reader.finish();
  for (let frame = 1; reader.next() === READ_STEP.frame; frame++) {
    audit.pipeline.frame(reader, 0, frame);
  }
}
