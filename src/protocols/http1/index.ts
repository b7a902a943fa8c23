/**
 * HTTP/1.0 and HTTP/1.1 (RFC 9112; semantics RFC 9110).
 *
 * Requests and responses are read from both sides, each as it comes, and matched in order, so
 * that pipelining, HEAD and CONNECT are framed rightly. One side alone is read too, and reading
 * resumes at the next start line after a loss. After an upgrade (101) or a tunnel (2xx to
 * CONNECT) the connection is handed over. HTTP/0.9, RTSP, SIP and ICY are not HTTP/1.
 *
 * @module
 */
import type { Arrival, Chunk, Side } from "../../flows/flow.ts";
import type { Dissector, FlowDissector, Opening } from "../dissector.ts";
import { PendingRequests } from "./connection.ts";
import { MessageReader } from "./message-reader.ts";
import { isCutRequest, probeHttp1 } from "./start-line.ts";

/** A dissector of HTTP/1. */
export function createHttp1Dissector(): Dissector {
  return {
    name: "http",
    over: "stream",
    ports: [80, 8080, 8000, 8008, 8888, 3128, 5000, 7001],
    probe: (bytes, start, end) => probeHttp1(bytes, start, end),
    probeCut: (bytes, start, end) => isCutRequest(bytes, start, end),
    open: (opening) => new Http1Connection(opening),
  };
}

class Http1Connection implements FlowDissector {
  readonly encrypted = false;
  readonly #readers: readonly [MessageReader, MessageReader];

  constructor({ flow, out }: Opening) {
    const pending = new PendingRequests();
    const switched = (): void => {
      for (const reader of this.#readers) reader.leave();
    };
    const context = { flow, out, pending, switched };
    this.#readers = [new MessageReader(context, 0), new MessageReader(context, 1)];
  }

  push(side: Side, chunk: Chunk): void {
    this.#readers[side].push(chunk);
  }

  gap(side: Side, offset: number, length: number): void {
    this.#readers[side].gap(offset, length);
  }

  close(side: Side, by?: Arrival): void {
    this.#readers[side].close(by);
  }

  end(): void {
    for (const reader of this.#readers) reader.close();
  }
}
