/**
 * A flow: the packets between two endpoints, both directions (biflow, RFC 5103),
 * and what the flows stage gives to the next one.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { FramePlace } from "./frame-index.ts";

/** Side of a flow: 0 is `a`, the sender of its first frame; 1 is `b`. */
export type Side = 0 | 1;

/** How much of the connection set-up and end was seen (TCP only). */
export type FlowState =
  | "established" // SYN and SYN-ACK seen, no end
  | "closed" // both sides sent FIN
  | "reset" // RST seen
  | "attempt" // SYN without an answer
  | "rejected" // SYN answered by RST
  | "midstream" // no SYN seen
  | "none"; // not TCP

/** One endpoint of a flow and what it sent. */
export interface FlowEnd {
  /** Address in text form (RFC 5952 for IPv6). */
  readonly address: string;
  /** Port, or -1 where the protocol has none. */
  readonly port: number;
  /** Frames sent, and their original lengths summed, link headers included (the truth's `bytes`). */
  readonly packets: number;
  readonly frameBytes: number;
  /** TCP segment or UDP data as the headers state it, retransmissions counted each time. */
  readonly payloadBytes: number;
  /** Payload bytes by class ({@link ../ledger.ts BYTE_CLASS}); undefined while none was sent. */
  readonly tally: Float64Array | undefined;
  /** Payload bytes that were sent but are not in the capture: gaps and cut-off data. */
  readonly missing: number;
  /** First bytes of payload sent, at most `FIRST_BYTES_KEPT`; for classifying what nobody reads. */
  readonly firstBytes: Uint8Array | undefined;
  readonly mac: string | undefined;
}

/** A flow. Identity compares by reference. */
export interface Flow {
  /** 0-based, in order of first appearance over the whole audit. */
  readonly index: number;
  /** Community ID v1, seed 0 (https://github.com/corelight/community-id-spec). */
  readonly id: string;
  /** IP protocol number, and its lower-case name: `tcp`, `udp`, `icmp`, `ip-99`. */
  readonly protocol: number;
  readonly protocolName: string;
  readonly ends: readonly [FlowEnd, FlowEnd];
  /** Side that opened the flow: by handshake, else by port, else the first sender. */
  readonly originator: Side;
  readonly originatorKnownBy: "handshake" | "port" | "first-packet";
  readonly state: FlowState;
  /** µs since the epoch; NaN where no frame has a time. */
  readonly firstTs: number;
  readonly lastTs: number;
  /** Input and 1-based frame number of the first frame. */
  readonly input: number;
  readonly firstFrame: number;
  /** For a flow inside a tunnel: the flow that carries it, and how. */
  readonly parent: Flow | undefined;
  readonly carrier: string | undefined;
  /** Frames of this flow whose payload was itself decoded as an inner packet, by side. */
  readonly carried: readonly [number, number];
  /**
   * Least time from SYN to SYN-ACK in µs over the connections of this flow, as seen at the capture point: the
   * round trip from there to the responder. Undefined where not measurable, or where either was sent again.
   */
  readonly handshakeRttUs: number | undefined;
  /** App behind the flow, where the capture names it. */
  readonly app: string | undefined;
  /** Frames that are IP fragments. */
  readonly fragments: number;
  /** TCP: segments sent again, out of order; bytes that overlap with other content. */
  readonly retransmissions: number;
  readonly outOfOrder: number;
  /** Frame numbers that hold the bytes `[start, end)` of what `side` sent; empty where they are not kept. */
  framesOf(side: Side, start: number, end: number): readonly number[];
  /** The same with the input of each frame, for flows that go over several inputs. */
  placesOf?(side: Side, start: number, end: number): readonly FramePlace[];
  /** Counts payload bytes of `side` in a class of the ledger ({@link ../ledger.ts BYTE_CLASS}). */
  count(side: Side, byteClass: number, bytes: number): void;
}

/**
 * Bytes of a stream or a datagram. One object is reused for all: read it during the
 * call, keep nothing of it, copy what must last.
 */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Bytes that this side sent before these: the place in the stream, or in the row of datagrams. */
  readonly offset: number;
  /** Frame that made these bytes available (for a hole that was filled: the frame that filled it). */
  readonly frame: number;
  readonly input: number;
  readonly ts: number;
  /** Bytes after these that were sent in the same datagram or segment but cut off by the capture. */
  readonly missing?: number;
}

/** The frame with which something came; may be lent for the call only. */
export interface Arrival {
  readonly frame: number;
  readonly input: number;
  readonly ts: number;
}

/** What the flows stage gives. Calls for one flow come in the order of its bytes. */
export interface FlowSink {
  /** Bytes of a TCP stream, in order, each once. */
  stream(flow: Flow, side: Side, chunk: Chunk): void;
  /** `length` bytes of a TCP stream from `offset` on that were sent but not captured. */
  gap(flow: Flow, side: Side, offset: number, length: number): void;
  /** One UDP datagram's data, or one packet's payload of another protocol. */
  datagram(flow: Flow, side: Side, chunk: Chunk): void;
  /**
   * No more bytes from `side` of a TCP flow: its FIN, or the end of the input. At most once a side. An RST
   * closes nothing: bytes in flight still arrive after a true one, and a forged one ends nothing.
   *
   * @param by What completed the stream up to its FIN; undefined where the end was not seen.
   */
  close(flow: Flow, side: Side, by?: Arrival): void;
  /**
   * A new TCP connection on the same ports: both sides were closed, offsets go on, and what
   * comes now is to be read afresh. `close` may then come again, once a side and connection.
   */
  reopened?(flow: Flow): void;
  /** The flow is over; its counters are final. */
  end(flow: Flow): void;
  readonly anomaly: AnomalySink;
}
