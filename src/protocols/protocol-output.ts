/**
 * What the protocols stage gives, and what it asks of the readers of its flows.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Arrival, Chunk, Flow, Side } from "../flows/flow.ts";
import type { Message } from "./message.ts";

/** Takes what the dissectors read. */
export interface ProtocolOutput {
  /** Whether messages shall carry their content. */
  readonly wantsParts: boolean;
  /** Whether bytes that are not encrypted shall be given raw as well. */
  readonly wantsRaw: boolean;
  message(message: Message): void;
  /** Bytes that nobody hid behind encryption, each once and in order; lent for the call. */
  raw(flow: Flow, side: Side, chunk: Chunk): void;
  /** A dissector recognised the flow; again where it was handed over, the last one being innermost. */
  protocolKnown(flow: Flow, name: string): void;
  /** The flow is over and all of it accounted for. */
  flowEnd(flow: Flow): void;
  readonly anomaly: AnomalySink;
}

/** Reads one flow; streams and datagrams have one each. */
export interface FlowReader {
  push(side: Side, chunk: Chunk): void;
  gap(side: Side, offset: number, length: number): void;
  /** `by` as for `FlowSink.close`. */
  close(side: Side, by?: Arrival): void;
  /** A new connection on the same ports. */
  reopened(): void;
  /** The flow is over: everything pushed is accounted for afterwards. */
  end(): void;
}
