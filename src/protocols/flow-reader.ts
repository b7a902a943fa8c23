/**
 * The protocols stage: bytes of flows in, messages out, and every byte in a class of the ledger.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Arrival, Chunk, Flow, FlowSink, Side } from "../flows/flow.ts";
import { DatagramReader } from "./datagram-reader.ts";
import type { FlowReader, ProtocolOutput } from "./protocol-output.ts";
import type { Registry } from "./registry.ts";
import { StreamReader } from "./stream-reader.ts";

export type { ProtocolOutput } from "./protocol-output.ts";

/** Reads all flows with the dissectors of one registry. */
export class ProtocolStage implements FlowSink {
  readonly anomaly: AnomalySink;
  readonly #registry: Registry;
  readonly #out: ProtocolOutput;
  /** By `flow.index`; a flow has none before its first payload and after its end. */
  readonly #readers: (FlowReader | undefined)[] = [];

  constructor(registry: Registry, out: ProtocolOutput) {
    this.#registry = registry;
    this.#out = out;
    this.anomaly = out.anomaly;
  }

  stream(flow: Flow, side: Side, chunk: Chunk): void {
    (this.#readers[flow.index] ?? this.#streamOf(flow)).push(side, chunk);
  }

  gap(flow: Flow, side: Side, offset: number, length: number): void {
    (this.#readers[flow.index] ?? this.#streamOf(flow)).gap(side, offset, length);
  }

  datagram(flow: Flow, side: Side, chunk: Chunk): void {
    (this.#readers[flow.index] ?? this.#datagramsOf(flow)).push(side, chunk);
  }

  close(flow: Flow, side: Side, by?: Arrival): void {
    this.#readers[flow.index]?.close(side, by);
  }

  reopened(flow: Flow): void {
    this.#readers[flow.index]?.reopened();
  }

  end(flow: Flow): void {
    const reader = this.#readers[flow.index];
    if (reader !== undefined) {
      this.#readers[flow.index] = undefined;
      reader.end();
    }
    this.#out.flowEnd(flow);
  }

  #streamOf(flow: Flow): FlowReader {
    return this.#keep(flow, new StreamReader(flow, this.#registry, this.#out));
  }

  #datagramsOf(flow: Flow): FlowReader {
    return this.#keep(flow, new DatagramReader(flow, this.#registry, this.#out));
  }

  #keep(flow: Flow, reader: FlowReader): FlowReader {
    // Flows without payload leave holes; filling them keeps the array fast.
    while (this.#readers.length < flow.index) this.#readers.push(undefined);
    this.#readers[flow.index] = reader;
    return reader;
  }
}
