/**
 * The path on one screen: capture → packets → flows → protocols, and what is read is handed to
 * whoever listens. `audit.ts` goes on from there: content → observations → findings → report.
 *
 * @module
 */
import type { Anomaly } from "./anomaly.ts";
import { AnomalyLog } from "./anomaly-log.ts";
import type { FrameReader } from "./capture/frame-reader.ts";
import { readHar, type HarCapture } from "./capture/har.ts";
import { addTally, Coverage, emptyTally, type LedgerSums } from "./coverage.ts";
import { FRAME_CLASS } from "./ledger.ts";
import type { Chunk, Flow, Side } from "./flows/flow.ts";
import { FlowStage } from "./flows/flow-stage.ts";
import { PacketDecoder } from "./packets/decode.ts";
import { Packet } from "./packets/packet.ts";
import type { Platform } from "./platform.ts";
import { createDhcpDissector } from "./protocols/dhcp/index.ts";
import type { Dissector } from "./protocols/dissector.ts";
import { createDnsDissector } from "./protocols/dns/index.ts";
import { ProtocolStage } from "./protocols/flow-reader.ts";
import { HarReader, type HarFlow } from "./protocols/har/index.ts";
import { createHttp1Dissector } from "./protocols/http1/index.ts";
import type { Message } from "./protocols/message.ts";
import { createNtpDissector } from "./protocols/ntp/index.ts";
import { createQuicDissector } from "./protocols/quic/index.ts";
import { createRegistry } from "./protocols/registry.ts";
import { createSsdpDissector } from "./protocols/ssdp/index.ts";
import { createDtlsDissector, createTlsDissector } from "./protocols/tls/index.ts";
import { createXiaomiPushDissector } from "./protocols/xiaomi-push/index.ts";

/** Who listens, and what they need: work that nobody asked for is not done. */
export interface PipelineListener {
  /** Whether messages shall carry their content. */
  readonly wantsParts: boolean;
  /** Whether bytes that are not encrypted shall be given raw as well. */
  readonly wantsRaw: boolean;
  /** Called for each packet of a flow, where somebody wants to know when it was active. */
  readonly activity?: ((flow: Flow, ts: number) => void) | undefined;
  message(message: Message): void;
  raw(flow: Flow, side: Side, chunk: Chunk): void;
  flowEnd(flow: Flow): void;
  anomaly(anomaly: Anomaly): void;
  /** A name that the capture file itself lists for an address (pcapng name resolution block). */
  resolvedName(address: string, name: string, input: number): void;
}

/** The dissectors that are read with, in the order in which they are asked. */
export function allDissectors(platform: Platform): readonly Dissector[] {
  return [
    createTlsDissector(platform),
    createHttp1Dissector(),
    createDnsDissector(),
    createQuicDissector(platform),
    createXiaomiPushDissector(),
    createDhcpDissector(),
    createSsdpDissector(),
    createNtpDissector(),
    createDtlsDissector(platform),
  ];
}

/** From frames to messages. */
export class Pipeline {
  readonly anomalies: AnomalyLog = new AnomalyLog();
  readonly #coverage = new Coverage();
  readonly #packet = new Packet();
  readonly #decoder: PacketDecoder;
  readonly #flows: FlowStage;
  /** By `flow.index`, of flows of packets; those of a HAR may have the same numbers. */
  readonly #applications: (string | undefined)[] = [];
  readonly #harApplications = new Map<Flow, string>();
  readonly #listener: PipelineListener;
  readonly #harFlows: HarFlow[] = [];
  /** Time of the latest frame, µs; NaN before the first. */
  now = NaN;

  constructor(platform: Platform, listener: PipelineListener) {
    this.#listener = listener;
    const anomaly = (found: Anomaly): void => this.anomaly(found);
    const protocols = new ProtocolStage(createRegistry(allDissectors(platform)), {
      wantsParts: listener.wantsParts,
      wantsRaw: listener.wantsRaw,
      message: (message) => listener.message(message),
      raw: (flow, side, chunk) => listener.raw(flow, side, chunk),
      protocolKnown: (flow, name) => {
        // Filling up keeps the array fast.
        while (this.#applications.length < flow.index) this.#applications.push(undefined);
        this.#applications[flow.index] = name;
      },
      flowEnd: (flow) => listener.flowEnd(flow),
      anomaly,
    });
    this.#flows = new FlowStage(protocols, {
      platform,
      keepFrames: listener.wantsParts || listener.wantsRaw,
      keepFirstBytes: listener.wantsParts || listener.wantsRaw,
      activity: listener.activity,
      redecode: (packet) => this.#decoder.decodeDatagram(packet),
    });
    this.#decoder = new PacketDecoder({
      packet: (packet) => this.#flows.packet(packet),
      anomaly,
    });
  }

  /** Takes the frame to which `reader` has stepped. */
  frame(reader: FrameReader, input: number, frame: number): void {
    const packet = this.#packet;
    packet.bytes = reader.bytes;
    packet.input = input;
    packet.frame = frame;
    packet.ts = reader.ts;
    packet.linkType = reader.linkType;
    packet.frameStart = reader.start;
    packet.frameEnd = reader.start + reader.capturedLength;
    packet.originalLength = reader.originalLength;
    if (reader.ts === reader.ts) this.now = reader.ts;
    this.#decoder.decode(packet);
    this.#coverage.frame(packet.frameClass, packet.originalLength, reader.capturedLength);
  }

  /**
   * Takes the text of a HAR file.
   *
   * @throws {Malformed} where it is no HAR.
   */
  har(text: string, input: number): HarCapture {
    const har = readHar(text, input, (found) => this.anomaly(found));
    const reader = new HarReader(input, this.flows.length, {
      wantsParts: this.#listener.wantsParts,
      message: (message) => {
        this.#listener.activity?.(message.flow, message.ts);
        this.#listener.message(message);
      },
      protocolKnown: (flow, name) => void this.#harApplications.set(flow, name),
      entry: (captured, original) => this.#coverage.frame(FRAME_CLASS.flow, original, captured),
    });
    for (const entry of har.entries) reader.read(entry);
    for (let left = har.summary.frames - har.entries.length; left > 0; left--) {
      this.#coverage.frame(FRAME_CLASS.malformed, 0, 0);
    }
    this.#harFlows.push(...reader.flows);
    return har;
  }

  /** No more frames. */
  end(): void {
    this.#flows.end();
    this.#flows.forgetFrames();
    for (const flow of this.#harFlows) this.#listener.flowEnd(flow);
  }

  anomaly(found: Anomaly): void {
    this.anomalies.add(found);
    this.#listener.anomaly(found);
  }

  resolvedName(address: string, name: string, input: number): void {
    this.#listener.resolvedName(address, name, input);
  }

  get flows(): readonly Flow[] {
    return this.#harFlows.length === 0
      ? this.#flows.flows
      : [...this.#flows.flows, ...this.#harFlows];
  }

  /** Whether any input was a HAR. */
  get hasHar(): boolean {
    return this.#harFlows.length > 0;
  }

  /** Application protocol of a flow, recognised by its bytes; null where none was. */
  applicationOf(flow: Flow): string | null {
    const name = this.#harApplications.get(flow);
    if (name !== undefined) return name;
    const isOfPackets = this.#harFlows.length === 0 || this.#flows.flows[flow.index] === flow;
    return isOfPackets ? (this.#applications[flow.index] ?? null) : null;
  }

  frames(): LedgerSums {
    return this.#coverage.frames();
  }

  /** Every byte of every frame by class; valid after `end`. */
  bytes(): LedgerSums {
    const tally = emptyTally();
    this.#flows.tallies.addTo(tally);
    for (const flow of this.#harFlows) for (const end of flow.ends) addTally(tally, end.tally);
    return this.#coverage.bytes(tally);
  }
}
