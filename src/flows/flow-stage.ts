/**
 * The flows stage: packets in, flows with their streams and datagrams out.
 *
 * @module
 */
import { BYTE_CLASS, BYTE_CLASS_COUNT } from "../ledger.ts";
import { MAX_IP_LAYERS } from "../limits.ts";
import { CARRIER, CARRIER_NAMES, IP_PROTOCOL, type Packet } from "../packets/packet.ts";
import type { Platform } from "../platform.ts";
import { Delivery } from "./delivery.ts";
import { EndMacs, EndTallies, FirstBytes } from "./end-bytes.ts";
import { FlowKey, parentOf } from "./flow-key.ts";
import { FlowTable } from "./flow-table.ts";
import type { Flow, FlowSink, Side } from "./flow.ts";
import { IpReassembler, layOutStart } from "./ip-reassembly.ts";
import type { PendingDatagram } from "./pending-datagram.ts";
import { TcpReassembler } from "./tcp-reassembly.ts";
import { TrackedFlow, type FlowHome } from "./tracked-flow.ts";

/** What the stage needs from outside. */
export interface FlowStageOptions {
  readonly platform: Platform;
  /** Whether to remember which frames hold which bytes ({@link Flow.framesOf}). */
  readonly keepFrames: boolean;
  /** Whether to keep the first bytes of payload ({@link Flow.ends}); kept if left out. */
  readonly keepFirstBytes?: boolean;
  /** Decodes a datagram put together from fragments, and shows it to {@link FlowStage.packet}. */
  readonly redecode: (packet: Packet) => void;
  /** Called for each packet that a flow counts, with its time; nobody is if left out. */
  readonly activity?: ((flow: Flow, ts: number) => void) | undefined;
  /** Secret of the hash table, two 32-bit numbers; random if left out. It changes no result. */
  readonly hashSecret?: readonly [number, number];
}

/** Follows flows. */
export class FlowStage implements FlowHome {
  readonly platform: Platform;
  readonly keepFrames: boolean;
  readonly keepFirstBytes: boolean;
  readonly tallies: EndTallies = new EndTallies();
  readonly firstBytes: FirstBytes = new FirstBytes();
  readonly macs: EndMacs = new EndMacs();
  readonly #redecode: (packet: Packet) => void;
  readonly #activity: ((flow: Flow, ts: number) => void) | undefined;
  readonly #sink: FlowSink;
  readonly #table: FlowTable;
  readonly #key: FlowKey = new FlowKey();
  readonly #flows: TrackedFlow[] = [];
  readonly #delivery: Delivery;
  readonly #tcp: TcpReassembler;
  readonly #fragments: IpReassembler;
  /** Index of the flow that carries the next deeper layer, and how, by depth. */
  readonly #carrierFlows: Int32Array = new Int32Array(MAX_IP_LAYERS + 1).fill(-1);
  readonly #carriers: Uint8Array = new Uint8Array(MAX_IP_LAYERS + 1);
  #ended = false;

  constructor(sink: FlowSink, options: FlowStageOptions) {
    this.#sink = sink;
    this.platform = options.platform;
    this.#activity = options.activity;
    this.keepFrames = options.keepFrames;
    this.keepFirstBytes = options.keepFirstBytes ?? true;
    this.#redecode = options.redecode;
    this.#table = new FlowTable(options.hashSecret ?? [randomWord(), randomWord()]);
    this.#delivery = new Delivery(sink);
    this.#tcp = new TcpReassembler(this.#delivery);
    this.#fragments = new IpReassembler({
      giveUp: (datagram) => {
        this.#giveUp(datagram);
      },
      fragmentAnomaly: (datagram, packet, name, reason) => {
        const { input, frame } = packet;
        const flow = datagram.flow?.id;
        const place = flow === undefined ? { input, frame } : { input, frame, flow };
        sink.anomaly({ stage: "flows", name, place, reason });
      },
    });
  }

  /** Flows so far, in order of first appearance. */
  get flows(): readonly Flow[] {
    return this.#flows;
  }

  /**
   * Captured payload bytes that were given to the sink or counted on a flow. Once the stage has
   * ended and the sink has accounted for what it got, all flows' tallies sum to this; what else
   * was captured is headers and padding.
   */
  get payloadBytesTaken(): number {
    return this.#delivery.taken;
  }

  /** Keys of the flows, for the flows themselves. */
  get keys(): Int32Array {
    return this.#table.keys;
  }

  /** Takes one IP layer of one frame, outermost first. */
  packet(packet: Packet): void {
    if (packet.isFragment) {
      this.#fragment(packet);
      return;
    }
    this.#key.read(packet, packet.protocol, this.#parentOf(packet));
    const flow = this.#flowOf(this.#table.find(this.#key), packet);
    const side: Side = this.#key.senderIsLow === flow.firstIsLow ? 0 : 1;
    if (!packet.reassembled) this.#count(flow, side, packet);
    // A fragment does not tell how long its TCP segment is.
    else if (packet.protocol === IP_PROTOCOL.tcp) flow.ends[side].payloadBytes += packet.dataLength;
    if (packet.carrier !== CARRIER.none) {
      flow.ends[side].carried++;
      this.#carrierFlows[packet.depth] = flow.index;
      this.#carriers[packet.depth] = packet.carrier;
    } else if (packet.protocol === IP_PROTOCOL.tcp) {
      if (packet.transportRead) this.#tcp.segment(flow, side, packet);
    } else {
      this.#delivery.datagram(flow, side, packet);
    }
  }

  /** No more packets: gives what is pending, closes and ends all flows. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#fragments.end();
    for (const flow of this.#flows) {
      if (flow.protocol === IP_PROTOCOL.tcp) this.#tcp.end(flow);
      this.#sink.end(flow);
    }
  }

  /** Lets go of which frames hold which bytes: {@link Flow.framesOf} gives none from now on. */
  forgetFrames(): void {
    for (const { ends } of this.#flows) ends[0].frames = ends[1].frames = undefined;
  }

  #count(flow: TrackedFlow, side: Side, packet: Packet): void {
    const end = flow.ends[side];
    if (end.packets === 0) this.#noteMac(flow, side, packet);
    end.packets++;
    end.frameBytes += packet.originalLength;
    if (
      packet.protocol === IP_PROTOCOL.udp ||
      (packet.protocol === IP_PROTOCOL.tcp && !packet.isFragment)
    ) {
      end.payloadBytes += packet.dataLength;
    }
    const ts = packet.ts;
    if (!(ts >= flow.firstTs && ts <= flow.lastTs)) flow.noteTime(ts);
    if (this.#activity !== undefined) this.#activity(flow, ts);
    if (packet.app !== undefined) flow.app ??= packet.app;
  }

  #noteMac(flow: TrackedFlow, side: Side, packet: Packet): void {
    // Inside a tunnel the addresses are those of the tunnel's ends.
    if (packet.macSourceAt < 0 || packet.depth > 0) return;
    flow.ends[side].noteMac(packet.bytes, packet.macSourceAt);
  }

  #parentOf(packet: Packet): number {
    return packet.depth === 0 ? -1 : (this.#carrierFlows[packet.depth - 1] ?? -1);
  }

  #flowOf(index: number, packet: Packet): TrackedFlow {
    return this.#flows[index] ?? this.#open(index, packet);
  }

  #open(index: number, packet: Packet): TrackedFlow {
    const parent = this.#flows[this.#parentOf(packet)];
    const carrier = this.#carriers[packet.depth - 1] ?? CARRIER.none;
    return this.#add(
      new TrackedFlow(this, {
        index,
        senderIsLow: this.#key.senderIsLow,
        input: packet.input,
        frame: packet.frame,
        ts: packet.ts,
        parent,
        carrier: parent === undefined ? undefined : CARRIER_NAMES[carrier],
        icmpType: packet.icmpType,
        icmpCode: packet.icmpCode,
      }),
    );
  }

  #add(flow: TrackedFlow): TrackedFlow {
    this.#flows.push(flow);
    return flow;
  }

  /** A fragment counts to the flow of its datagram's first fragment, which may come later. */
  #fragment(packet: Packet): void {
    const parent = this.#parentOf(packet);
    const datagram = this.#fragments.find(packet, parent);
    const before = datagram.counted;
    if (datagram.flow === undefined) this.#findFlow(datagram, packet, parent);
    const { flow, side } = datagram;
    if (flow === undefined) {
      datagram.packets++;
      datagram.frameBytes += packet.originalLength;
    } else {
      this.#count(flow, side, packet);
      flow.fragments++;
    }
    const whole = this.#fragments.add(datagram, packet);
    this.#delivery.taken += datagram.counted - before;
    if (whole !== undefined) this.#redecode(whole);
  }

  #findFlow(datagram: PendingDatagram, packet: Packet, parent: number): void {
    if (packet.fragmentOffset === 0) {
      this.#key.read(packet, packet.protocol, parent);
      this.#settle(datagram, this.#flowOf(this.#table.find(this.#key), packet));
    } else if (datagram.words === undefined) {
      // Only the first fragment may say what the datagram holds (RFC 8200 §4.5).
      this.#key.read(packet, packet.firstHeader, parent);
      datagram.words = this.#key.words.slice();
      datagram.senderIsLow = this.#key.senderIsLow;
      datagram.depth = packet.depth;
    }
  }

  /** Counts on `flow`, the one of the key that was just looked up, what waited for it. */
  #settle(datagram: PendingDatagram, flow: TrackedFlow): void {
    const side: Side = this.#key.senderIsLow === flow.firstIsLow ? 0 : 1;
    datagram.flow = flow;
    datagram.side = side;
    for (let byteClass = 0; byteClass < BYTE_CLASS_COUNT; byteClass++) {
      const bytes = datagram.tally[byteClass] ?? 0;
      if (bytes > 0) flow.count(side, byteClass, bytes);
    }
    if (datagram.packets === 0) return;
    const end = flow.ends[side];
    end.packets += datagram.packets;
    end.frameBytes += datagram.frameBytes;
    flow.fragments += datagram.packets;
    flow.noteTime(datagram.firstTs);
    flow.noteTime(datagram.lastTs);
    if (datagram.input === flow.input && datagram.frame < flow.firstFrame) {
      flow.firstFrame = datagram.frame;
    }
  }

  #giveUp(datagram: PendingDatagram): void {
    const flow = datagram.flow ?? this.#flowWithoutPorts(datagram);
    const bytes = datagram.pendingBytes;
    if (flow === undefined || bytes === 0) return;
    const start = datagram.protocol === IP_PROTOCOL.udp ? layOutStart(datagram) : undefined;
    const given =
      start === undefined ? 0 : start.payloadEnd - start.payloadStart - datagram.headerBytes;
    flow.count(datagram.side, BYTE_CLASS.incomplete, bytes - Math.max(0, given));
    this.#delivery.taken += bytes - Math.max(0, given);
    // What came of it can be read and searched, marked as cut off.
    if (start !== undefined && given > 0) this.#redecode(start);
    this.#sink.anomaly({
      stage: "flows",
      name: "datagram-incomplete",
      place: { input: datagram.input, frame: datagram.frame, flow: flow.id },
      reason: `fragments with ${String(bytes)} bytes of a datagram, of which the rest is missing`,
    });
  }

  /** The flow for fragments whose first one was not captured. */
  #flowWithoutPorts(datagram: PendingDatagram): TrackedFlow | undefined {
    const { words, input, frame, firstTs } = datagram;
    if (words === undefined) return undefined;
    this.#key.words.set(words);
    this.#key.senderIsLow = datagram.senderIsLow;
    const index = this.#table.find(this.#key);
    const parent = this.#flows[parentOf(words)];
    const carrier = this.#carriers[datagram.depth - 1] ?? CARRIER.none;
    const flow =
      this.#flows[index] ??
      this.#add(
        new TrackedFlow(this, {
          index,
          senderIsLow: datagram.senderIsLow,
          input,
          frame,
          ts: firstTs,
          parent,
          carrier: parent === undefined ? undefined : CARRIER_NAMES[carrier],
          icmpType: -1,
          icmpCode: -1,
        }),
      );
    this.#settle(datagram, flow);
    return flow;
  }
}

/** Guessing it would only serve to slow the table down, so it need not be good. */
function randomWord(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
