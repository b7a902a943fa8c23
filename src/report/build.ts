/**
 * Builds the report from what the stages found. Pure: the same findings give the same report.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import type { AnomalyCount } from "../anomaly-log.ts";
import { addTally, emptyTally, payloadLedger, type LedgerSums } from "../coverage.ts";
import type { Phase, Stimulus } from "../device/run-log.ts";
import type { DestinationBook } from "../findings/destinations.ts";
import type { DeviceUnderTest, Destination, Finding } from "../findings/finding.ts";
import type { DataSet } from "../findings/world.ts";
import type { Flow, Side } from "../flows/flow.ts";
import type { CanarySearch, Observation } from "../observations/observation.ts";
import type { Platform } from "../platform.ts";
import { toPort, toTime } from "./event.ts";
import { canaryResults, notObservable } from "./absence.ts";
import { REPORT_SCHEMA, type Report, type ReportInput } from "./report.ts";

/** What the report is made of. */
export interface ReportMaterial {
  readonly platform: Platform;
  readonly toolVersion: string;
  readonly dataSets: readonly DataSet[];
  readonly inputs: readonly ReportInput[];
  readonly frames: LedgerSums;
  readonly bytes: LedgerSums;
  readonly device: DeviceUnderTest;
  readonly capturePoint: Report["device"]["capturePoint"];
  readonly phases: readonly Phase[];
  readonly stimuli: readonly Stimulus[];
  /** Id of the phase that holds a time; null outside all. */
  readonly phaseAt: (ts: number) => string | null;
  /** Ids of the phases in which a flow was active. */
  readonly phasesOf: (flow: Flow) => readonly string[];
  readonly flows: readonly Flow[];
  /** Application protocol of a flow by its bytes, or null. */
  readonly applicationOf: (flow: Flow) => string | null;
  /** What the first bytes of unread traffic look like. */
  readonly firstBytesOf: (flow: Flow) => Report["flows"][number]["firstBytes"];
  readonly book: DestinationBook;
  readonly observations: readonly Observation[];
  readonly findings: readonly Finding[];
  readonly canaries: readonly { readonly id: string; readonly property: string }[];
  readonly searches: readonly CanarySearch[];
  readonly bytesSearched: number;
  readonly anomalies: readonly AnomalyCount[];
  /** Leave values and the bytes around them out. */
  readonly redact: boolean;
}

/** Builds the report. */
export function buildReport(material: ReportMaterial): Report {
  const builder = new ReportBuilder(material);
  return builder.report();
}

class ReportBuilder {
  readonly #material: ReportMaterial;
  readonly #observationIds = new Map<Observation, string>();

  constructor(material: ReportMaterial) {
    this.#material = material;
    const taken = new Map<string, number>();
    for (const observation of material.observations) {
      const id = this.#hash(this.#basisOf(observation));
      const again = taken.get(id) ?? 0;
      taken.set(id, again + 1);
      this.#observationIds.set(observation, again === 0 ? id : `${id}-${again + 1}`);
    }
  }

  report(): Report {
    const m = this.#material;
    const coverage = {
      frames: copyOf(m.frames),
      bytes: copyOf(m.bytes),
      payload: this.#payloadOf(m.flows),
    };
    return {
      schema: REPORT_SCHEMA,
      tool: {
        name: "telltale",
        version: m.toolVersion,
        dataSets: m.dataSets.map((set) => ({ ...set })),
      },
      inputs: [...m.inputs],
      coverage,
      device: this.#device(),
      phases: m.phases.map((phase) => this.#phase(phase)),
      flows: m.flows.map((flow) => this.#flow(flow)),
      destinations: m.book.destinations.map((destination) => this.#destination(destination)),
      observations: m.observations.map((observation) => this.#observation(observation)),
      findings: m.findings.map((finding) => this.#finding(finding)),
      verdicts: [],
      canaries: canaryResults(m),
      notObservable: notObservable(coverage),
      anomalies: m.anomalies.map((anomaly) => ({
        name: anomaly.name,
        stage: anomaly.stage,
        count: anomaly.count,
        examples: anomaly.examples.map(({ place, reason }) => ({
          input: place.input,
          frame: place.frame,
          offset: place.offset ?? null,
          flow: place.flow ?? null,
          reason,
        })),
      })),
    };
  }

  #sideOf(flow: Flow): Side | null {
    return this.#material.book.deviceSideOf(flow) ?? null;
  }

  #device(): Report["device"] {
    const { device, capturePoint } = this.#material;
    const { make, model, build, addressesFrom, reason, ambiguous } = device;
    const addresses = [...device.addresses];
    return { make, model, build, addresses, addressesFrom, reason, ambiguous, capturePoint };
  }

  #phase(phase: Phase): Report["phases"][number] {
    const within = this.#material.stimuli.filter(({ at }) => at >= phase.start && at < phase.end);
    return {
      id: phase.id,
      title: phase.title,
      start: toTime(phase.start),
      end: toTime(phase.end),
      stimuli: within.map(({ id, title, at, sham }) => ({ id, title, at: toTime(at), sham })),
    };
  }

  #flow(flow: Flow): Report["flows"][number] {
    const side = this.#sideOf(flow);
    const end = (at: Side): Report["flows"][number]["a"] => {
      const { address, port, packets, frameBytes, payloadBytes } = flow.ends[at];
      return { address, port: toPort(port), packets, bytes: frameBytes, payload: payloadBytes };
    };
    return {
      id: flow.id,
      input: flow.input,
      protocol: flow.protocolName,
      application: this.#material.applicationOf(flow),
      a: end(0),
      b: end(1),
      originator: flow.originator === 0 ? "a" : "b",
      device: side === null ? null : side === 0 ? "a" : "b",
      state: flow.state,
      firstTs: toTime(flow.firstTs),
      lastTs: toTime(flow.lastTs),
      firstFrame: flow.firstFrame,
      destination: this.#material.book.ofFlow(flow)?.id ?? null,
      app: flow.app ?? null,
      firstBytes: this.#material.firstBytesOf(flow),
      carrier: flow.carrier ?? null,
    };
  }

  #destination(destination: Destination): Report["destinations"][number] {
    const { flows, networks, organisation, latency } = destination;
    let sent = 0;
    let received = 0;
    let firstTs = Infinity;
    let lastTs = -Infinity;
    const protocols = new Set<string>();
    const apps = new Set<string>();
    const phases = new Set<string>();
    for (const flow of flows) {
      const side = this.#sideOf(flow) ?? flow.originator;
      sent += flow.ends[side].frameBytes;
      received += flow.ends[side === 0 ? 1 : 0].frameBytes;
      if (flow.firstTs < firstTs) firstTs = flow.firstTs;
      if (flow.lastTs > lastTs) lastTs = flow.lastTs;
      protocols.add(this.#material.applicationOf(flow) ?? flow.protocolName);
      if (flow.app !== undefined) apps.add(flow.app);
      for (const phase of this.#material.phasesOf(flow)) phases.add(phase);
    }
    const { sent: sentLedger, received: receivedLedger } = this.#payloadOf(flows, true);
    return {
      id: destination.id,
      label: destination.label,
      kind: destination.kind,
      names: destination.names.map((name) => ({ ...name })),
      registrableDomain: destination.registrableDomain,
      addresses: [...destination.addresses],
      ports: [...destination.ports],
      organisation: organisation === null ? null : { ...organisation },
      network: networks.map((network) => ({ ...network })),
      locations: destination.locations.map((location) => ({ ...location })),
      locationsDisagree: destination.locationsDisagree,
      latency:
        latency === null
          ? null
          : {
              minRttMs: latency.minRttMs,
              maxDistanceKm: { ...latency.maxDistanceKm },
              address: latency.address ?? null,
              refuted: latency.refuted.map(({ country, distanceKm, by, address, rttMs }) => ({
                country,
                distanceKm,
                by,
                address: address ?? null,
                rttMs: rttMs ?? null,
              })),
            },
      party: destination.party,
      partyReason: destination.partyReason,
      neverLookedUp: destination.neverLookedUp,
      otherNames: [...(destination.otherNames ?? [])],
      protocols: [...protocols].sort(),
      apps: [...apps].sort(),
      flows: flows.length,
      bytes: { sent, received },
      payload: { sent: sentLedger, received: receivedLedger, other: { total: 0, classes: {} } },
      firstTs: toTime(firstTs),
      lastTs: toTime(lastTs),
      phases: [...phases],
    };
  }

  /** Payload by direction; with `assume`, the originator stands in where neither end is the device. */
  #payloadOf(flows: readonly Flow[], assume = false): Report["coverage"]["payload"] {
    const tallies = { sent: emptyTally(), received: emptyTally(), other: emptyTally() };
    const missing = { sent: 0, received: 0, other: 0 };
    for (const flow of flows) {
      const side = this.#sideOf(flow) ?? (assume ? flow.originator : null);
      for (const at of [0, 1] as const) {
        const direction = side === null ? "other" : at === side ? "sent" : "received";
        addTally(tallies[direction], flow.ends[at].tally);
        missing[direction] += flow.ends[at].missing;
      }
    }
    return {
      sent: copyOf(payloadLedger(tallies.sent, missing.sent)),
      received: copyOf(payloadLedger(tallies.received, missing.received)),
      other: copyOf(payloadLedger(tallies.other, missing.other)),
    };
  }

  #observation(observation: Observation): Report["observations"][number] {
    const { source, flow, excerpt } = observation;
    const side = this.#sideOf(flow);
    const { redact } = this.#material;
    return {
      id: this.#observationIds.get(observation) ?? "",
      property: observation.property,
      canary: source.kind === "canary" ? source.canary : null,
      recognizer:
        source.kind === "recognizer"
          ? { name: source.recognizer, reason: source.reason, confidence: source.confidence }
          : null,
      destination: this.#material.book.ofObservation(observation)?.id ?? null,
      flow: flow.id,
      ts: toTime(observation.ts),
      phase: this.#material.phaseAt(observation.ts),
      direction: side === null ? "unknown" : side === observation.side ? "sent" : "received",
      channel: observation.channel,
      form: observation.form,
      contextual: observation.contextual,
      placeholder: observation.placeholder,
      value: redact ? null : observation.value,
      protocol: observation.protocol,
      place: redact ? observation.protocol : observation.place,
      key: observation.key,
      recipe: recipeOf(observation),
      evidence: {
        input: observation.input,
        frames: [...observation.frames],
        start: observation.start,
        end: observation.end,
        hex: redact ? null : toHex(excerpt.bytes),
        valueStart: excerpt.valueStart,
        valueEnd: excerpt.valueEnd,
      },
    };
  }

  #finding(finding: Finding): Report["findings"][number] {
    const observations = finding.observations.map((o) => this.#observationIds.get(o) ?? "");
    const times = finding.observations.map(({ ts }) => ts).filter((ts) => Number.isFinite(ts));
    const flows = finding.destination?.flows ?? [];
    const first = times.length > 0 ? min(times) : min(flows.map(({ firstTs }) => firstTs));
    const last = times.length > 0 ? max(times) : max(flows.map(({ lastTs }) => lastTs));
    const phases =
      times.length > 0
        ? [...new Set(times.map((ts) => this.#material.phaseAt(ts)).filter((id) => id !== null))]
        : [...new Set(flows.flatMap((flow) => this.#material.phasesOf(flow)))];
    const basis = [finding.kind, finding.title, finding.destination?.id ?? "", ...observations];
    return {
      id: this.#hash(basis),
      kind: finding.kind,
      severity: finding.severity,
      title: finding.title,
      claim: finding.claim,
      reason: finding.reason,
      destination: finding.destination?.id ?? null,
      observations,
      phases,
      firstTs: toTime(first),
      lastTs: toTime(last),
    };
  }

  #basisOf(observation: Observation): string[] {
    const { source, flow, side, start, end, input } = observation;
    const digest = this.#material.inputs[input]?.sha256 ?? "";
    const steps = recipeOf(observation).map((step) => `${step.operation} ${step.at ?? ""}`);
    const who = source.kind === "canary" ? source.canary : source.recognizer;
    const place = [flow.id, String(side), String(start), String(end)];
    return [digest, ...place, observation.property, who, observation.form, ...steps];
  }

  #hash(parts: readonly string[]): string {
    const text = toUtf8(parts.map((part) => `${part.length}:${part}`).join(""));
    return toHex(this.#material.platform.digest("sha256", text)).slice(0, 16);
  }
}

/** From the captured bytes to the value: decodings, then how the value derives from the canary. */
function recipeOf({ recipe, source }: Observation): Report["observations"][number]["recipe"] {
  const derivation = source.kind === "canary" ? source.derivation : [];
  return [...recipe, ...derivation].map(({ operation, at, start, end }) => ({
    operation,
    at,
    start,
    end,
  }));
}

function copyOf({ total, classes }: LedgerSums): {
  total: number;
  classes: Record<string, number>;
} {
  return { total, classes: { ...classes } };
}

function min(values: readonly number[]): number {
  return values.reduce((least, value) => (value < least ? value : least), Infinity);
}

function max(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), -Infinity);
}
