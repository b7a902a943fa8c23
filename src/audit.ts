/**
 * The audit: from what the pipeline reads to the report.
 * content → observations → findings → report.
 *
 * @module
 */
import type { Anomaly } from "./anomaly.ts";
import { decodePart } from "./content/decode.ts";
import { toHex } from "./bytes/hex.ts";
import type { DeviceFile } from "./device/device-file.ts";
import { PhaseActivity } from "./device/phase-activity.ts";
import { phaseAt, type RunLog } from "./device/run-log.ts";
import { toDestinations } from "./findings/destinations.ts";
import { inferDevice } from "./findings/device.ts";
import type { DeviceUnderTest } from "./findings/finding.ts";
import { findFindings } from "./findings/find.ts";
import { NameCollector } from "./findings/names.ts";
import type { DataSet, World } from "./findings/world.ts";
import type { Chunk, Flow, Side } from "./flows/flow.ts";
import type { Observation } from "./observations/observation.ts";
import { BYTE_CLASS } from "./ledger.ts";
import { ObservationStage } from "./observations/observe.ts";
import { Pipeline, type PipelineListener } from "./pipeline.ts";
import type { Platform } from "./platform.ts";
import { classifyFirstBytes } from "./protocols/first-bytes.ts";
import { HAR_CLIENT } from "./protocols/har/index.ts";
import type { Message } from "./protocols/message.ts";
import { buildReport } from "./report/build.ts";
import type { Report, ReportFlow, ReportInput } from "./report/report.ts";

/** What an audit is told besides the captures. */
export interface AuditOptions {
  readonly platform: Platform;
  readonly toolVersion: string;
  readonly world: World;
  /** Plain words for the terms of the property vocabulary. */
  readonly labels: ReadonlyMap<string, string>;
  /** Data sets that the report names, besides those of the world. */
  readonly dataSets: readonly DataSet[];
  readonly deviceFile?: DeviceFile | undefined;
  readonly runLog?: RunLog | undefined;
  /** Leave values, and the bytes around them, out of the report. */
  readonly redact: boolean;
}

/** One audit: give `pipeline` the frames of all inputs, then ask for the report. */
export class Audit implements PipelineListener {
  readonly wantsParts = true;
  readonly wantsRaw: boolean;
  readonly activity: ((flow: Flow, ts: number) => void) | undefined;
  readonly pipeline: Pipeline;
  readonly #options: AuditOptions;
  readonly #names: NameCollector;
  readonly #observer: ObservationStage;
  readonly #observations: Observation[] = [];
  readonly #activity: PhaseActivity;

  constructor(options: AuditOptions) {
    const { platform, deviceFile } = options;
    this.#options = options;
    const phases = options.runLog?.phases ?? [];
    this.#activity = new PhaseActivity(phases);
    // Without phases there is nothing to tell apart.
    if (phases.length > 0) this.activity = (flow, ts) => this.#activity.note(flow, ts);
    const canaries = deviceFile?.canaries ?? [];
    this.wantsRaw = canaries.length > 0;
    const anomaly = (found: Anomaly): void => this.pipeline.anomaly(found);
    this.#names = new NameCollector(anomaly);
    this.#observer = new ObservationStage({
      canaries,
      platform,
      decode: decodePart,
      sink: { observation: (observation) => void this.#observations.push(observation), anomaly },
    });
    this.pipeline = new Pipeline(platform, this);
  }

  message(message: Message): void {
    countUnreadable(message);
    this.#names.message(message);
    this.#observer.message(message);
  }

  raw(flow: Flow, side: Side, chunk: Chunk): void {
    this.#observer.raw(flow, side, chunk);
  }

  flowEnd(flow: Flow): void {
    this.#observer.close(flow);
  }

  anomaly(): void {
    // The pipeline keeps them.
  }

  resolvedName(address: string, name: string, input: number): void {
    this.#names.listedName(address, name, { input, frame: 0 });
  }

  /** The report, once all frames were given and the pipeline has ended. */
  report(inputs: readonly ReportInput[]): Report {
    const { platform, toolVersion, world, labels, dataSets, deviceFile, runLog } = this.#options;
    const { pipeline } = this;
    this.#observer.end();
    const flows = pipeline.flows.filter((flow) => flow.carried[0] + flow.carried[1] === 0);
    const device = this.#device(flows);
    const point = deviceFile?.capturePoint;
    const names = this.#names;
    const book = toDestinations({ flows, device, names, world, capturePoint: point });
    const observations = inOrder(this.#observations);
    return buildReport({
      platform,
      toolVersion,
      dataSets: [
        ...world.networks.map(({ dataSet }) => dataSet),
        ...(world.atlas === undefined ? [] : [world.atlas.dataSet]),
        world.organisationsDataSet,
        ...dataSets,
      ],
      inputs,
      frames: pipeline.frames(),
      bytes: pipeline.bytes(),
      device,
      capturePoint:
        point === undefined
          ? null
          : { latitude: point.latitude, longitude: point.longitude, place: point.place ?? null },
      phases: runLog?.phases ?? [],
      stimuli: runLog?.stimuli ?? [],
      phaseAt: (ts) => phaseAt(runLog?.phases ?? [], ts),
      phasesOf: (flow) => this.#activity.of(flow),
      flows: pipeline.flows,
      book,
      applicationOf: (flow) => pipeline.applicationOf(flow),
      firstBytesOf: (flow) => firstBytesOf(flow, pipeline.applicationOf(flow)),
      observations,
      findings: findFindings({ book, observations, device, names, labels }),
      canaries: deviceFile?.canaries ?? [],
      searches: this.#observer.searches(),
      bytesSearched: this.#observer.bytesSearched,
      anomalies: pipeline.anomalies.counts(),
      redact: this.#options.redact,
    });
  }

  /** A HAR is what its own client wrote down: that client is the device, whatever its address was. */
  #device(flows: readonly Flow[]): DeviceUnderTest {
    const packets = flows.filter(({ ends }) => ends[0].address !== HAR_CLIENT);
    const { make, model, build, addresses } = this.#options.deviceFile?.device ?? {};
    const device = inferDevice(packets, {
      make: make ?? null,
      model: model ?? null,
      build: build ?? null,
      addresses: addresses ?? [],
    });
    if (packets.length === flows.length) return device;
    const reason = "a HAR holds what its own client sent";
    return {
      ...device,
      addresses: [...device.addresses, HAR_CLIENT],
      reason: packets.length === 0 ? reason : `${device.reason}; ${reason}`,
    };
  }
}

/** Bytes of a body from which its entropy is estimated: more change the estimate no longer. */
const ENTROPY_SAMPLE_BYTES = 4096;

/**
 * A body that no coding explains and that looks random was carried by a protocol that is read, but says
 * nothing to anybody: the ledger counts it with what is not recognised.
 */
function countUnreadable(message: Message): void {
  if (message.kind !== "http" || !message.complete) return;
  const body = message.parts.find(({ path }) => path === "body");
  if (body === undefined || (body.codings ?? []).length > 0) return;
  const { bytes } = body;
  if (classifyFirstBytes(bytes.subarray(0, ENTROPY_SAMPLE_BYTES)).class !== "high-entropy") return;
  message.flow.count(message.side, BYTE_CLASS.read, -bytes.length);
  message.flow.count(message.side, BYTE_CLASS.opaque, bytes.length);
}

/** By time, then by place: the order in which flows happen to end must not show. */
function inOrder(observations: readonly Observation[]): Observation[] {
  const timeOf = ({ ts }: Observation): number => (Number.isNaN(ts) ? Infinity : ts);
  return [...observations].sort(
    (a, b) =>
      (timeOf(a) === timeOf(b) ? 0 : timeOf(a) - timeOf(b)) ||
      a.input - b.input ||
      a.frame - b.frame ||
      a.flow.index - b.flow.index ||
      a.side - b.side ||
      a.start - b.start ||
      compare(a.property, b.property) ||
      compare(a.place, b.place),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What unread traffic begins with: the originator's bytes, else the responder's. */
function firstBytesOf(flow: Flow, application: string | null): ReportFlow["firstBytes"] {
  if (application !== null) return null;
  const own = flow.ends[flow.originator].firstBytes;
  const bytes = own ?? flow.ends[flow.originator === 0 ? 1 : 0].firstBytes;
  if (bytes === undefined) return null;
  const found = classifyFirstBytes(bytes);
  return { class: found.class, looksLike: found.magic ?? null, hex: toHex(bytes) };
}
