/**
 * A sink for the flows stage that keeps what it gets, checks the contract of the calls,
 * and accounts for every byte; and packets made by hand.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Anomaly } from "../src/anomaly.ts";
import { BYTE_CLASS } from "../src/ledger.ts";
import type { Arrival, Chunk, Flow, FlowSink, Side } from "../src/flows/flow.ts";
import { FlowStage } from "../src/flows/flow-stage.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { PacketDecoder } from "../src/packets/decode.ts";
import { IP_PROTOCOL, Packet, TCP_FLAG } from "../src/packets/packet.ts";

/** What one side of a flow gave. */
export class Heard {
  readonly pieces: Uint8Array[] = [];
  bytes = 0;
  offset = 0;
  gaps = 0;
  closed = 0;
}

/** Counts every byte given as read, and checks that offsets go on without a hole. */
export class FlowRecorder implements FlowSink {
  readonly heard: Map<Flow, readonly [Heard, Heard]> = new Map();
  /** The calls, one line each: `0 data 5 abc`, `1 gap 8 +4`, `0 close`, `reopened`, `end`. */
  readonly log: string[] = [];
  readonly anomalies: Anomaly[] = [];
  /** Side and frame of each `close`; -1 where the end was not seen. */
  readonly closings: (readonly [side: Side, frame: number])[] = [];
  /** Whether the stage keeps frames, so that each chunk must have one. */
  keepsFrames = true;
  keepsLog = true;

  of(flow: Flow): readonly [Heard, Heard] {
    let heard = this.heard.get(flow);
    if (heard === undefined) this.heard.set(flow, (heard = [new Heard(), new Heard()]));
    return heard;
  }

  stream(flow: Flow, side: Side, chunk: Chunk): void {
    assert.equal(this.of(flow)[side].closed, 0, "data after close");
    assert.equal(chunk.offset, this.of(flow)[side].offset);
    this.#take(flow, side, chunk);
  }

  datagram(flow: Flow, side: Side, chunk: Chunk): void {
    // A datagram of which nothing was captured is not shown, and is counted as sent.
    assert.ok(chunk.offset >= this.of(flow)[side].offset);
    this.#take(flow, side, chunk);
    this.of(flow)[side].offset += chunk.missing ?? 0;
  }

  gap(flow: Flow, side: Side, offset: number, length: number): void {
    const heard = this.of(flow)[side];
    assert.equal(heard.closed, 0, "gap after close");
    assert.equal(offset, heard.offset);
    assert.ok(length > 0);
    heard.offset += length;
    heard.gaps += length;
    this.#note(`${side} gap ${offset} +${length}`);
  }

  close(flow: Flow, side: Side, by?: Arrival): void {
    this.closings.push([side, by?.frame ?? -1]);
    assert.equal(++this.of(flow)[side].closed, 1, "closed twice");
    this.#note(`${side} close`);
  }

  reopened(flow: Flow): void {
    for (const heard of this.of(flow)) {
      assert.equal(heard.closed, 1, "reopened before it was closed");
      heard.closed = 0;
    }
    this.#note("reopened");
  }

  end(flow: Flow): void {
    for (const { closed, bytes } of this.of(flow)) {
      if (flow.protocol !== IP_PROTOCOL.tcp) assert.equal(closed, 0);
      else if (bytes > 0) assert.equal(closed, 1, "ended before it was closed");
    }
    this.#note("end");
  }

  readonly anomaly = (anomaly: Anomaly): void => {
    this.anomalies.push(anomaly);
  };

  /** All bytes that a side gave, one after the other. */
  bytesOf(flow: Flow, side: Side): Uint8Array {
    return Buffer.concat(this.of(flow)[side].pieces);
  }

  names(): string[] {
    return this.anomalies.map((anomaly) => anomaly.name);
  }

  #take(flow: Flow, side: Side, chunk: Chunk): void {
    const heard = this.of(flow)[side];
    const { bytes, start, end, offset } = chunk;
    assert.ok(end > start);
    heard.offset = offset + end - start;
    heard.bytes += end - start;
    heard.pieces.push(new Uint8Array(bytes.subarray(start, end)));
    flow.count(side, BYTE_CLASS.read, end - start);
    if (this.keepsFrames) assert.ok(flow.framesOf(side, offset, heard.offset).length > 0);
    this.#note(
      `${side} data ${offset} ${Buffer.from(bytes.subarray(start, end)).toString("latin1")}`,
    );
  }

  #note(line: string): void {
    if (this.keepsLog) this.log.push(line);
  }
}

/** A flows stage behind a packet decoder, with a recorder behind it. */
export function recordFlows(keepFrames = true): {
  readonly stage: FlowStage;
  readonly decoder: PacketDecoder;
  readonly recorder: FlowRecorder;
} {
  const recorder = new FlowRecorder();
  recorder.keepsFrames = keepFrames;
  const stage = new FlowStage(recorder, {
    platform: nodePlatform,
    keepFrames,
    redecode: (packet) => {
      decoder.decodeDatagram(packet);
    },
  });
  const decoder = new PacketDecoder({
    packet: (packet) => {
      stage.packet(packet);
    },
    anomaly: () => undefined,
  });
  return { stage, decoder, recorder };
}

/** Sum of all payload bytes that the flows have in some class. */
export function tallied(stage: FlowStage): number {
  let sum = 0;
  for (const flow of stage.flows) {
    for (const end of flow.ends) for (const bytes of end.tally ?? []) sum += bytes;
  }
  return sum;
}

/** One segment or datagram between 10.0.0.1:40000, side 0, and 192.0.2.1:443, side 1. */
export interface PacketWish {
  readonly from?: Side;
  readonly data?: Uint8Array | string;
  /** Bytes of the data that the capture cut off, beside `data`. */
  readonly cut?: number;
  readonly seq?: number;
  readonly ack?: number;
  /** Letters of the flags: `S`, `A`, `F`, `R`. */
  readonly flags?: string;
  readonly protocol?: number;
  readonly ports?: readonly [number, number];
  readonly frame?: number;
  readonly ts?: number;
}

/** A TCP packet, or one of another protocol, as the packet decoder would fill it. */
export function packetOf(wish: PacketWish): Packet {
  const data = typeof wish.data === "string" ? Buffer.from(wish.data) : (wish.data ?? Buffer.of());
  const hosts = [Buffer.of(10, 0, 0, 1), Buffer.of(192, 0, 2, 1)] as const;
  const ports = wish.ports ?? [40000, 443];
  const from = wish.from ?? 0;
  const packet = new Packet();
  packet.bytes = Buffer.concat([hosts[from], hosts[from === 0 ? 1 : 0], Buffer.alloc(20), data]);
  packet.version = 4;
  packet.sourceAt = 0;
  packet.destinationAt = 4;
  packet.protocol = wish.protocol ?? IP_PROTOCOL.tcp;
  packet.firstHeader = packet.protocol;
  packet.sourcePort = ports[from];
  packet.destinationPort = ports[from === 0 ? 1 : 0];
  packet.payloadStart = 8;
  packet.payloadEnd = packet.bytes.length;
  packet.payloadLength = packet.payloadEnd - 8 + (wish.cut ?? 0);
  packet.dataStart = 28;
  packet.dataEnd = packet.bytes.length;
  packet.dataLength = data.length + (wish.cut ?? 0);
  packet.frameEnd = packet.bytes.length;
  packet.originalLength = packet.bytes.length + (wish.cut ?? 0);
  packet.seq = (wish.seq ?? 0) >>> 0;
  packet.ack = (wish.ack ?? 0) >>> 0;
  packet.flags = flagsOf(wish.flags ?? "");
  packet.frame = wish.frame ?? 1;
  packet.ts = wish.ts ?? 0;
  packet.transportRead = true;
  return packet;
}

function flagsOf(letters: string): number {
  const bits: Readonly<Record<string, number>> = {
    S: TCP_FLAG.syn,
    A: TCP_FLAG.ack,
    F: TCP_FLAG.fin,
    R: TCP_FLAG.rst,
  };
  return Array.from(letters).reduce((sum, letter) => sum | (bits[letter] ?? 0), 0);
}
