/**
 * Makes a report of any size for tests: destinations, flows and findings whose sums agree, the same
 * for the same numbers. Run: `npx tsx tools/make-large-report.ts OUT.json [DESTINATIONS] [FLOWS]`.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type {
  Report,
  ReportDestination,
  ReportFinding,
  ReportFlow,
  ReportObservation,
} from "../src/report/report.ts";
import {
  flowPhase,
  hash,
  inputOf,
  notObservable,
  observationOf,
  PHASE_US,
  PHASES,
  phaseOf,
  SETTING,
  START,
} from "./large-report-parts.ts";

/** How large. */
export interface ReportSize {
  readonly destinations: number;
  readonly flows: number;
  /** Findings that hold a value; channels and bare addresses add theirs. */
  readonly transmissions: number;
}

const ORGANISATIONS = [
  ["xiaomi", "Xiaomi", "CN", "first"],
  ["google", "Google", "US", "platform"],
  ["umeng", "Umeng", "CN", "third"],
  ["appsflyer", "AppsFlyer", "IL", "third"],
  ["akamai", "Akamai", "US", "third"],
] as const;
const HOSTS = ["api", "cdn", "data", "log", "push", "sdk", "track", "update"];
const COUNTRIES = ["CN", "US", "SG", "DE", "NL", "IE", "HK", "JP", "FR", "IN", "RU", "BR", "ZA"];
const PROPERTIES = [
  ["Imei", "the phone's IMEI", "861234028765431"],
  ["ContactNumber", "a contact's telephone number", "+886912345678"],
  ["AndroidId", "the Android identifier", "9774d56d682e549c"],
  ["WifiMac", "the device's Wi-Fi hardware address", "02:00:00:00:00:07"],
  ["SmsContent", "the text of a message", "你好，明天見 telltale-7f3a"],
] as const;
const SOURCE = { source: "ip-location-db geo-whois-asn-country", date: "2026-06-17" };
const OTHER_SOURCE = { source: "DB-IP Lite country", date: "2026-11" };

export function makeLargeReport(size: ReportSize): Report {
  const maker = new Maker(size);
  return maker.report();
}

class Maker {
  readonly #size: ReportSize;
  readonly #destinations: ReportDestination[] = [];
  readonly #flows: ReportFlow[] = [];
  readonly #observations: ReportObservation[] = [];
  readonly #findings: ReportFinding[] = [];

  constructor(size: ReportSize) {
    this.#size = size;
  }

  report(): Report {
    for (let i = 0; i < this.#size.destinations; i++) this.#destinations.push(destinationOf(i));
    for (let i = 0; i < this.#size.flows; i++) this.#addFlow(i);
    for (const destination of this.#destinations) finish(destination);
    for (let i = 0; i < this.#size.transmissions; i++) this.#addTransmission(i);
    for (const [i, destination] of this.#destinations.entries()) {
      if (i % 3 === 0) this.#addChannel(destination);
    }
    const sent = sum(this.#destinations.map(({ payload }) => payload.sent));
    const received = sum(this.#destinations.map(({ payload }) => payload.received));
    const frames = this.#flows.reduce((n, { a, b }) => n + a.packets + b.packets, 0);
    const headers = frames * 66;
    return {
      ...SETTING,
      inputs: [inputOf(frames, sent.total + received.total + headers)],
      coverage: {
        frames: {
          total: frames + 312,
          classes: { flow: frames, "link-only": 300, malformed: 12 },
        },
        bytes: sum([
          sent,
          received,
          { total: headers, classes: { headers } },
          { total: 14_040, classes: { "link-only": 14_040 } },
        ]),
        payload: { sent, received, other: { total: 0, classes: {} } },
      },
      phases: PHASES.map((title, i) => phaseOf(title, i)),
      flows: this.#flows,
      destinations: this.#destinations,
      observations: this.#observations,
      findings: this.#findings,
      canaries: PROPERTIES.map(([property], i) => this.#canary(property, i)),
      notObservable: notObservable(sent.classes["encrypted"] ?? 0),
    };
  }

  #addFlow(i: number): void {
    const position = i < this.#size.destinations ? i : spread(i * i, this.#size.destinations);
    const destination = this.#destinations[position];
    if (destination === undefined) return;
    const firstTs = START + spread(i * 7919, 4 * 3600) * 1_000_000 + i;
    const lastTs = firstTs + 20_000 + spread(i * 104_729, 240) * 1_000_000;
    const [sent, received] = [400 + spread(i * 31, 9000), 900 + spread(i * 17, 60_000)];
    const isClear = position % 7 === 3;
    const end = (address: string, port: number, payload: number): ReportFlow["a"] => {
      const packets = 4 + Math.ceil(payload / 1400);
      return { address, port, packets, bytes: payload + 66 * packets, payload };
    };
    const port = isClear ? 80 : 443;
    this.#flows.push({
      id: `1:${hash(`flow ${i}`, "base64").slice(0, 27)}=`,
      input: 0,
      protocol: isClear ? "http" : "tls",
      application: isClear ? "http" : "tls",
      a: end("10.42.0.17", 32_768 + (i % 28_000), sent),
      b: end(destination.addresses[0] ?? "", port, received),
      originator: "a",
      device: "a",
      state: "closed",
      firstTs,
      lastTs,
      firstFrame: i * 12 + 1,
      destination: destination.id,
      app: null,
      firstBytes: null,
      carrier: null,
    });
    const ledger = isClear ? "read" : "encrypted";
    add(destination.payload.sent, ledger, sent);
    add(destination.payload.received, ledger, received);
    destination.flows += 1;
    destination.bytes.sent += sent + 264;
    destination.bytes.received += received + 264;
    destination.firstTs = Math.min(destination.firstTs ?? Infinity, firstTs);
    destination.lastTs = Math.max(destination.lastTs ?? -Infinity, lastTs);
    destination.protocols = [isClear ? "http" : "tls"];
  }

  #addTransmission(i: number): void {
    const [property, words, value] = PROPERTIES[i % PROPERTIES.length] ?? PROPERTIES[0];
    const destination = this.#destinations[(i * 7 + 3) % this.#destinations.length];
    const flow = this.#flows.find((one) => one.destination === destination?.id);
    if (destination === undefined || flow === undefined) return;
    const ids: string[] = [];
    for (let n = 0; n < 1 + (i % 3); n++) {
      const observation = observationOf(
        { property, value, number: i * 10 + n, canary: i % 2 === 0 },
        flow,
      );
      this.#observations.push(observation);
      ids.push(observation.id);
    }
    const who = nameOf(destination);
    this.#findings.push({
      id: hash(`transmission ${i}`, "hex").slice(0, 16),
      kind: "transmission",
      severity: i % 4 === 3 ? "medium" : "high",
      title: `The device sent ${words} in clear to ${who}`,
      claim: "sent-value",
      reason: `the known value "${property.toLowerCase()}" stands in POST ${destination.label}/v1/report body $.device.id, frame ${flow.firstFrame + 3}; organisation: ${destination.organisation?.name ?? "not known"}`,
      destination: destination.id,
      observations: ids,
      phases: [flowPhase(flow.firstTs ?? START)],
      firstTs: flow.firstTs,
      lastTs: flow.lastTs,
    });
  }

  #addChannel(destination: ReportDestination): void {
    const encrypted = destination.payload.sent.classes["encrypted"] ?? 0;
    if (encrypted === 0) return;
    this.#findings.push({
      id: hash(`channel ${destination.id}`, "hex").slice(0, 16),
      kind: "opaque-channel",
      severity: destination.neverLookedUp ? "low" : "info",
      title: `The device sent ${encrypted} encrypted bytes to ${nameOf(destination)}; what they say cannot be told`,
      claim: "sent-unreadable",
      reason:
        "the encryption hides the content; nothing follows from finding nothing in it; organisation: not known",
      destination: destination.id,
      observations: [],
      phases: destination.phases,
      firstTs: destination.firstTs,
      lastTs: destination.lastTs,
    });
  }

  #canary(property: string, i: number): Report["canaries"][number] {
    const hits = this.#observations.filter((one) => one.canary === property.toLowerCase());
    return {
      id: property.toLowerCase(),
      property,
      forms: ["canonical", "canonical|md5|hex", "canonical|sha256|hex", "canonical|base64"],
      bytesSearched: 18_204_551,
      bytesNotSearchable: 40_118_201,
      hits: i === 4 ? 0 : hits.length,
      decoys: 40,
      decoyHits: i === 1 ? 1 : 0,
      destinations:
        i === 4 ? [] : [...new Set(hits.flatMap((one) => one.destination ?? []))].sort(),
    };
  }
}

function destinationOf(i: number): ReportDestination {
  const organisation =
    i % 4 === 3 ? undefined : ORGANISATIONS[spread(i * 13, ORGANISATIONS.length)];
  const domain = organisation === undefined ? `host-${i}.example` : `${organisation[0]}.example`;
  const isBare = i % 11 === 5;
  const address = `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
  const label = isBare ? address : `${HOSTS[i % HOSTS.length] ?? ""}${i}.${domain}`;
  const country = COUNTRIES[spread(i * i + 3 * i, COUNTRIES.length)] ?? "US";
  const other = i % 6 === 4 ? (COUNTRIES[(i * 5 + 1) % COUNTRIES.length] ?? "US") : country;
  const rtt = 8 + spread(i * 37, 240);
  const reach = Math.ceil((rtt / 2) * 199.86);
  return {
    id: label,
    label,
    kind: i % 50 === 49 ? "local" : "internet",
    names: isBare ? [] : [{ name: label, source: "tls", input: 0, frame: i * 12 + 4 }],
    registrableDomain: isBare ? null : domain,
    addresses: [address],
    ports: [i % 7 === 3 ? 80 : 443],
    organisation:
      organisation === undefined || isBare
        ? null
        : {
            id: organisation[0],
            name: organisation[1],
            parent: null,
            jurisdiction: organisation[2],
            reason: `${label} lies below ${domain}: made up for a test`,
          },
    network: [{ asn: 64_512 + (i % 900), holder: `Example Networks ${i % 90}`, ...SOURCE }],
    locations: [
      { country, ...SOURCE, address },
      { country: other, ...OTHER_SOURCE, address },
    ],
    locationsDisagree: other !== country,
    latency: {
      minRttMs: rtt,
      address,
      maxDistanceKm: { light: Math.ceil((rtt / 2) * 299.8), fibre: reach },
      refuted:
        reach < 2500 && country === "US"
          ? [{ country, distanceKm: 10_400, by: "light", address, rttMs: rtt }]
          : [],
    },
    party: organisation === undefined || isBare ? "unknown" : organisation[3],
    partyReason: "made up for a test",
    neverLookedUp: isBare,
    otherNames: [],
    protocols: [],
    apps: [],
    flows: 0,
    bytes: { sent: 0, received: 0 },
    payload: {
      sent: { total: 0, classes: {} },
      received: { total: 0, classes: {} },
      other: { total: 0, classes: {} },
    },
    firstTs: null,
    lastTs: null,
    phases: [],
  };
}

function finish(destination: ReportDestination): void {
  const { firstTs, lastTs } = destination;
  if (firstTs === null || lastTs === null) return;
  for (const i of PHASES.keys()) {
    const start = START + i * 2 * PHASE_US;
    if (lastTs >= start && firstTs < start + 2 * PHASE_US)
      destination.phases.push(`phase-${i + 1}`);
  }
}

function nameOf({ label, organisation }: ReportDestination): string {
  return organisation === null ? label : `${label} (${organisation.name})`;
}

type Ledger = Report["coverage"]["frames"];

function add(ledger: Ledger, name: string, amount: number): void {
  ledger.total += amount;
  ledger.classes[name] = (ledger.classes[name] ?? 0) + amount;
}

function sum(ledgers: readonly Ledger[]): Ledger {
  const all: Ledger = { total: 0, classes: {} };
  for (const { classes } of ledgers) {
    for (const [name, amount] of Object.entries(classes)) add(all, name, amount);
  }
  return all;
}

/** A number below `below`, scattered but the same every time (multiplicative hashing, Knuth vol. 3 §6.4). */
function spread(n: number, below: number): number {
  return Math.floor(((Math.imul(n + 1, 0x9e3779b1) >>> 0) / 2 ** 32) * below);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [out = "large-report.json", destinations = "2000", flows = "20000"] = process.argv.slice(2);
  const size = { destinations: Number(destinations), flows: Number(flows), transmissions: 400 };
  writeFileSync(out, JSON.stringify(makeLargeReport(size)));
}
