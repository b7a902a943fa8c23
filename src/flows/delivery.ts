/**
 * Hands bytes to the next stage, and keeps what the flow itself must know of them:
 * the first bytes, the frames that hold them, what is missing, what came twice.
 *
 * @module
 */
import type { Packet } from "../packets/packet.ts";
import { MutableChunk } from "./chunk.ts";
import type { Arrival, FlowSink, Side } from "./flow.ts";
import { NO_FRAME } from "./frame-index.ts";
import type { Piece, PieceSource } from "./held-bytes.ts";
import { SentHistory } from "./sent-history.ts";
import type { TcpDirection } from "./tcp-connection.ts";
import { noteGap } from "./tcp-sequence.ts";
import type { TrackedFlow } from "./tracked-flow.ts";

/** A run of bytes of the current packet. */
class Run implements PieceSource {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  frame = 0;
  input = 0;
  ts = NaN;

  /** The bytes `[start, end)` of the packet's buffer. */
  set(packet: Packet, start: number, end: number): this {
    this.bytes = packet.bytes;
    this.start = start;
    this.end = end;
    this.frame = packet.frame;
    this.input = packet.input;
    this.ts = packet.ts;
    return this;
  }
}

/** Gives streams and datagrams to a sink; one for all flows. */
export class Delivery {
  readonly sink: FlowSink;
  /** Captured payload bytes that were given, or counted as never to be given. */
  taken = 0;
  readonly #history: SentHistory = new SentHistory();
  readonly #chunk: MutableChunk = new MutableChunk();
  readonly #run: Run = new Run();

  constructor(sink: FlowSink) {
    this.sink = sink;
  }

  /** One datagram: the packet's data. */
  datagram(flow: TrackedFlow, side: Side, packet: Packet): void {
    const end = flow.ends[side];
    const { dataStart, dataEnd } = packet;
    const captured = dataEnd - dataStart;
    // A length field may claim more than the packet has.
    const onWire = packet.payloadStart + packet.payloadLength - dataStart;
    const missing = Math.max(0, Math.min(packet.dataLength, onWire) - captured);
    if (captured > 0) {
      this.taken += captured;
      if (end.firstWanted > 0) end.noteFirst(packet.bytes, dataStart, dataEnd);
      end.noteFrame(end.offset, packet.frame, packet.input);
      this.#show(packet, packet.bytes, dataStart, dataEnd);
      this.#chunk.offset = end.offset;
      this.#chunk.missing = missing;
    }
    end.offset += captured + missing;
    if (missing > 0) {
      end.missing += missing;
      end.noteFrame(end.offset - missing, NO_FRAME, 0);
    }
    if (captured > 0) this.sink.datagram(flow, side, this.#chunk);
  }

  /** The bytes `[start, dataEnd)` of the packet, which continue the stream; `cut` more were cut off. */
  segment(flow: TrackedFlow, side: Side, packet: Packet, start: number): void {
    const direction = flow.tcp?.directions[side];
    if (direction === undefined) return;
    const stop = packet.dataEnd;
    const cut = packet.dataLength - (stop - packet.dataStart);
    this.#show(packet, packet.bytes, start, stop);
    if (stop > start) {
      this.#chunk.missing = cut;
      this.#give(flow, side, direction, this.#run.set(packet, start, stop));
    }
    if (cut > 0) this.gap(flow, side, cut);
  }

  /** A held piece that continues the stream now, since what `arrival` tells of came. */
  piece(flow: TrackedFlow, side: Side, piece: Piece, arrival: Arrival): void {
    const direction = flow.tcp?.directions[side];
    if (direction === undefined) return;
    const { bytes, frame, input, ts } = piece;
    const chunk = this.#chunk;
    chunk.bytes = bytes;
    chunk.start = 0;
    chunk.end = bytes.length;
    chunk.frame = arrival.frame;
    chunk.input = arrival.input;
    chunk.ts = arrival.ts;
    chunk.missing = 0;
    this.#give(flow, side, direction, { bytes, start: 0, end: bytes.length, frame, input, ts });
  }

  /** `length` bytes of the stream that were sent but not captured. */
  gap(flow: TrackedFlow, side: Side, length: number): void {
    const direction = flow.tcp?.directions[side];
    if (direction === undefined) return;
    const offset = direction.offset;
    const end = flow.ends[side];
    end.missing += length;
    end.noteFrame(offset, NO_FRAME, 0);
    noteGap(direction, offset, offset + length);
    direction.offset += length;
    direction.next = (direction.next + length) | 0;
    this.sink.gap(flow, side, offset, length);
  }

  /** No more bytes of this side; `by` as for {@link FlowSink.close}. */
  close(flow: TrackedFlow, side: Side, by: Arrival | undefined): void {
    const direction = flow.tcp?.directions[side];
    if (direction === undefined || direction.closed) return;
    direction.closed = true;
    direction.smooth = false;
    this.sink.close(flow, side, by);
  }

  /** Bytes of what `side` gave already that differ now, as far as they are still known. */
  countDiffering(source: PieceSource, offset: number, direction: TcpDirection): number {
    return this.#history.countDiffering(source, offset, direction.history);
  }

  /** Takes bytes that are never given, in a class of the ledger. */
  count(flow: TrackedFlow, side: Side, byteClass: number, bytes: number): void {
    if (bytes > 0) flow.ends[side].count(byteClass, bytes);
  }

  /** Says what is odd. */
  anomaly(flow: TrackedFlow, place: { input: number; frame: number }, text: OddText): void {
    this.sink.anomaly({
      stage: "flows",
      name: text.name,
      place: { input: place.input, frame: place.frame, flow: flow.id },
      reason: text.reason,
    });
  }

  #show(packet: Packet, bytes: Uint8Array, start: number, end: number): void {
    const chunk = this.#chunk;
    chunk.bytes = bytes;
    chunk.start = start;
    chunk.end = end;
    chunk.frame = packet.frame;
    chunk.input = packet.input;
    chunk.ts = packet.ts;
  }

  #give(flow: TrackedFlow, side: Side, direction: TcpDirection, run: PieceSource): void {
    const end = flow.ends[side];
    const offset = direction.offset;
    const length = run.end - run.start;
    if (end.firstWanted > 0) end.noteFirst(run.bytes, run.start, run.end);
    end.noteFrame(offset, run.frame, run.input);
    direction.history = this.#history.add(run, offset, direction.history);
    direction.offset = offset + length;
    direction.next = (direction.next + length) | 0;
    this.#chunk.offset = offset;
    this.sink.stream(flow, side, this.#chunk);
  }
}

/** Name and reason of an anomaly. */
export interface OddText {
  readonly name: string;
  readonly reason: string;
}
