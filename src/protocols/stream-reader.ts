/**
 * Brings the bytes of one TCP connection to the dissector that recognises them.
 *
 * Both sides are probed, the first yes decides, and the dissector gets all that was held in
 * the order in which it came. What nobody recognises is counted as opaque and given raw. A
 * side that all refused is passed on after `PROBE_BYTES`; if the other side is recognised
 * later, the dissector is told of a gap there. Where the beginning is missing (capture begun
 * mid-stream, or bytes lost), later segments are probed too, a limited number of them.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Arrival, Chunk, Flow, Side } from "../flows/flow.ts";
import { BYTE_CLASS, type ByteClass } from "../ledger.ts";
import { MAX_HAND_OVERS, MAX_LATE_PROBES } from "../limits.ts";
import { ByteAccount } from "./byte-account.ts";
import type { Dissector, DissectorSink, FlowDissector } from "./dissector.ts";
import { LentChunk, toKeptChunk } from "./lent-chunk.ts";
import type { Message } from "./message.ts";
import type { FlowReader, ProtocolOutput } from "./protocol-output.ts";
import type { Registry } from "./registry.ts";
import { type HeldSink, StreamProbe } from "./stream-probe.ts";

/** What the rest of a connection begins with, after a dissector handed it over. */
interface HandedOver {
  readonly side: Side;
  readonly rest: Chunk | undefined;
}

/** Reads one TCP flow. */
export class StreamReader implements FlowReader, DissectorSink, HeldSink {
  readonly wantsParts: boolean;
  readonly anomaly: AnomalySink;
  readonly #flow: Flow;
  readonly #out: ProtocolOutput;
  readonly #candidates: readonly Dissector[];
  readonly #account: ByteAccount;
  /** Both undefined: the connection is opaque. */
  #reader: FlowDissector | undefined;
  #probe: StreamProbe | undefined;
  /** Stream offsets by side: after the last byte that came, after the last one given raw. */
  readonly #next: [number, number] = [0, 0];
  readonly #rawTo: [number, number] = [0, 0];
  /** Where the bytes of this protocol begin, and where those begin that no dissector gets; -1: none. */
  readonly #begin: [number, number] = [0, 0];
  readonly #lostFrom: [number, number] = [-1, -1];
  readonly #lateProbes: [number, number] = [0, 0];
  readonly #isClosed: [boolean, boolean] = [false, false];
  readonly #closedBy: [Arrival | undefined, Arrival | undefined] = [undefined, undefined];
  #handed: HandedOver[] | undefined;
  #handOvers = 0;

  constructor(flow: Flow, registry: Registry, out: ProtocolOutput) {
    this.#flow = flow;
    this.#out = out;
    this.wantsParts = out.wantsParts;
    this.anomaly = out.anomaly;
    this.#account = new ByteAccount(flow, out.anomaly);
    this.#candidates = registry.candidates("stream", flow.ends[0].port, flow.ends[1].port);
    this.#probe = new StreamProbe(flow, this.#candidates);
  }

  push(side: Side, chunk: Chunk): void {
    const length = chunk.end - chunk.start;
    this.#account.add(side, length);
    this.#next[side] = chunk.offset + length;
    this.take(side, chunk);
  }

  gap(side: Side, offset: number, length: number): void {
    this.#next[side] = offset + length;
    this.takeGap(side, offset, length);
  }

  close(side: Side, by?: Arrival): void {
    this.#isClosed[side] = true;
    // It is lent, and may be wanted after a hand-over.
    this.#closedBy[side] = by && { frame: by.frame, input: by.input, ts: by.ts };
    this.takeClose(side);
    // Nothing more can come of this connection, and flows live on till the end of the input.
    if (this.#isClosed[0] && this.#isClosed[1]) this.#finish();
  }

  reopened(): void {
    this.#finish();
    this.#handOvers = 0;
    this.#isClosed[0] = false;
    this.#isClosed[1] = false;
    this.#begin[0] = this.#next[0];
    this.#begin[1] = this.#next[1];
    this.#startProbe();
  }

  end(): void {
    this.#finish();
  }

  // What a dissector calls.

  message(message: Message): void {
    this.#out.message(message);
  }

  count(side: Side, byteClass: ByteClass, bytes: number): void {
    this.#account.count(side, byteClass, bytes);
  }

  handOver(side: Side, rest: Chunk | undefined): void {
    const kept = rest && toKeptChunk(rest);
    (this.#handed ??= []).push({ side, rest: kept });
  }

  // New bytes, and those that a probe held.

  take(side: Side, chunk: Chunk): void {
    if (this.#reader !== undefined) this.#give(this.#reader, side, chunk);
    else if (this.#probe !== undefined && this.#lostFrom[side] < 0) this.#offer(side, chunk);
    else this.#pass(side, chunk);
  }

  takeGap(side: Side, offset: number, length: number): void {
    if (this.#reader !== undefined) {
      this.#reader.gap(side, offset, length);
      if (this.#handed !== undefined) this.#moveOn();
    } else if (this.#probe !== undefined && this.#lostFrom[side] < 0) {
      const found = this.#probe.recogniseCut(side);
      if (found === undefined) {
        this.#probe.gap(side, offset, length);
      } else {
        this.#open(found, side);
        this.takeGap(side, offset, length);
      }
    } else {
      this.#lateProbes[side] = MAX_LATE_PROBES;
    }
  }

  takeClose(side: Side): void {
    if (this.#reader !== undefined) {
      this.#reader.close(side, this.#closedBy[side]);
      if (this.#handed !== undefined) this.#moveOn();
    } else if (this.#probe !== undefined && this.#lostFrom[side] < 0) {
      this.#probe.close(side);
      if (this.#probe.isOver) this.#giveUp(this.#probe);
    }
  }

  #give(reader: FlowDissector, side: Side, chunk: Chunk): void {
    reader.push(side, chunk);
    if (this.#handed !== undefined) {
      let to = chunk.offset + (chunk.end - chunk.start);
      for (const one of this.#handed) {
        if (one.side === side && one.rest !== undefined) to = Math.min(to, one.rest.offset);
      }
      if (this.#out.wantsRaw && !reader.encrypted) this.#raw(side, chunk, to);
      this.#moveOn();
    } else if (this.#out.wantsRaw && !reader.encrypted) {
      this.#raw(side, chunk, chunk.offset + (chunk.end - chunk.start));
    }
  }

  #offer(side: Side, chunk: Chunk): void {
    const probe = this.#probe;
    if (probe === undefined) return;
    const found = probe.offer(side, chunk);
    if (found !== undefined) {
      this.#open(found, side);
      this.take(side, chunk);
    } else if (probe.isOver) {
      this.#giveUp(probe);
    } else if (probe.isFull(side) || (probe.isRefused(side) && this.#lacksBeginning())) {
      this.#lose(side);
      probe.releaseSide(side, this);
    }
  }

  /** Bytes that no dissector gets, unless they turn out to begin something after all. */
  #pass(side: Side, chunk: Chunk): void {
    if (this.#lateProbes[side] > 0) {
      this.#lateProbes[side]--;
      const { bytes, start, end } = chunk;
      for (const candidate of this.#candidates) {
        if (candidate.probe(bytes, start, end, this.#flow, side) !== "yes") continue;
        this.#open(candidate, side);
        this.take(side, chunk);
        return;
      }
    }
    const length = chunk.end - chunk.start;
    this.#account.count(side, BYTE_CLASS.opaque, length);
    if (this.#out.wantsRaw) this.#raw(side, chunk, chunk.offset + length);
  }

  #open(dissector: Dissector, knownBy: Side): void {
    const probe = this.#probe;
    this.#probe = undefined;
    this.#reader = dissector.open({ flow: this.#flow, out: this });
    this.#out.protocolKnown(this.#flow, dissector.name);
    this.#tellLost(0, knownBy);
    this.#tellLost(1, knownBy);
    probe?.release(this);
  }

  /** Tells the new dissector what `side` sent before it was known. */
  #tellLost(side: Side, knownBy: Side): void {
    const from = this.#lostFrom[side];
    this.#lostFrom[side] = -1;
    if (from < 0) return;
    const length = this.#next[side] - from;
    if (side !== knownBy && length > 0) this.takeGap(side, from, length);
    if (this.#isClosed[side]) this.takeClose(side);
  }

  /** Nobody recognises either side. */
  #giveUp(probe: StreamProbe): void {
    this.#probe = undefined;
    this.#lose(0);
    this.#lose(1);
    probe.release(this);
  }

  #lose(side: Side): void {
    if (this.#lostFrom[side] >= 0) return;
    this.#lostFrom[side] = this.#begin[side];
    if (this.#lacksBeginning()) this.#lateProbes[side] = MAX_LATE_PROBES;
  }

  #lacksBeginning(): boolean {
    return this.#flow.state === "midstream";
  }

  /** The dissector has handed over: all is probed afresh, the rests first. */
  #moveOn(): void {
    const handed = this.#handed ?? [];
    this.#handed = undefined;
    this.#reader = undefined;
    this.#begin[0] = this.#next[0];
    this.#begin[1] = this.#next[1];
    for (const { side, rest } of handed) if (rest) this.#begin[side] = rest.offset;
    this.#handOvers++;
    if (this.#handOvers <= MAX_HAND_OVERS) {
      this.#startProbe();
    } else {
      this.#lose(0);
      this.#lose(1);
    }
    for (const { side, rest } of handed) if (rest) this.take(side, rest);
    if (this.#isClosed[0]) this.takeClose(0);
    if (this.#isClosed[1]) this.takeClose(1);
  }

  #startProbe(): void {
    this.#reader = undefined;
    this.#probe = new StreamProbe(this.#flow, this.#candidates);
    this.#lostFrom[0] = -1;
    this.#lostFrom[1] = -1;
    this.#lateProbes[0] = 0;
    this.#lateProbes[1] = 0;
  }

  /** The connection is over. */
  #finish(): void {
    if (this.#probe !== undefined) this.#giveUp(this.#probe);
    this.#reader?.end();
    this.#reader = undefined;
    const handed = this.#handed ?? [];
    this.#handed = undefined;
    this.#lateProbes[0] = 0;
    this.#lateProbes[1] = 0;
    for (const { side, rest } of handed) if (rest) this.#pass(side, rest);
    this.#account.settle();
  }

  /** Gives the bytes of `chunk` before the stream offset `to` raw, those that were not yet. */
  #raw(side: Side, chunk: Chunk, to: number): void {
    const from = Math.max(chunk.offset, this.#rawTo[side]);
    if (from >= to) return;
    this.#rawTo[side] = to;
    const isWhole = from === chunk.offset && to - from === chunk.end - chunk.start;
    const shown = isWhole ? chunk : new LentChunk().showPart(chunk, from, to);
    this.#out.raw(this.#flow, side, shown);
  }
}
