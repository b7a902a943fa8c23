/**
 * The contract of a dissector: the reader of one protocol in one flow.
 *
 * A dissector is recognised by probing bytes; ports only order the probes. It frames
 * first and decodes second: "need more" is known from a length field, so that a
 * decoder sees whole messages only, and what is short inside one is malformed.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { ByteClass } from "../ledger.ts";
import type { Arrival, Chunk, Flow, Side } from "../flows/flow.ts";
import type { Message } from "./message.ts";

/** Answer of a probe. */
export type Probe = "yes" | "no" | "unsure";

/** What a dissector is told of the flow's place in the world. */
export interface Opening {
  readonly flow: Flow;
  readonly out: DissectorSink;
}

/** Recognises one protocol and opens readers for it. */
export interface Dissector {
  readonly name: string;
  /** What it reads: TCP streams, datagrams (UDP), or both. */
  readonly over: "stream" | "datagram" | "both";
  /** Ports on which it is asked first; never a reason by themselves. */
  readonly ports: readonly number[];
  /**
   * Whether `bytes[start, end)`, the first bytes that `side` sent, open this protocol.
   * Streams: `unsure` asks again with more bytes, up to `PROBE_BYTES`; then it counts as no.
   * Datagrams: `unsure` counts as no. Must be cheap and must not throw.
   */
  probe(bytes: Uint8Array, start: number, end: number, flow: Flow, side: Side): Probe;
  /**
   * Whether `bytes[start, end)`, of which `probe` was unsure, open this protocol, now that what follows
   * them in the stream is lost. No if left out.
   */
  probeCut?(bytes: Uint8Array, start: number, end: number, flow: Flow): boolean;
  open(opening: Opening): FlowDissector;
}

/** Reads one flow. Never throws on input. */
export interface FlowDissector {
  /**
   * Whether the bytes that now come are encrypted, so that searching them as raw
   * bytes finds nothing but chance; read after each `push`.
   */
  readonly encrypted: boolean;
  /** Takes the next bytes of one side: a piece of a stream, or one whole datagram. */
  push(side: Side, chunk: Chunk): void;
  /** `length` bytes from `offset` on were sent but not captured: resynchronise or give up, and say so. */
  gap(side: Side, offset: number, length: number): void;
  /** `side` sends no more; `by` is what completed it up to its end, undefined where the end was not seen. */
  close(side: Side, by?: Arrival): void;
  /** The flow is over: give what is pending, marked incomplete; account for what is buffered. */
  end(): void;
}

/** Where a dissector puts what it read. */
export interface DissectorSink {
  /** Whether anybody reads `parts` of messages; if not, leave them empty and keep no bodies. */
  readonly wantsParts: boolean;
  message(message: Message): void;
  /**
   * Accounts for `bytes` payload bytes of `side`. Each byte pushed is accounted exactly
   * once over the life of the flow; what is left at the end is counted as `incomplete`.
   */
  count(side: Side, byteClass: ByteClass, bytes: number): void;
  readonly anomaly: AnomalySink;
  /**
   * Hands the rest of the flow to another dissector (upgrade, CONNECT, STARTTLS): from now
   * on every byte, those in `rest` first, is probed afresh. Stream offsets go on.
   */
  handOver(side: Side, rest: Chunk | undefined): void;
}
