/**
 * Messages, parts, nodes and flows made by hand, for tests.
 *
 * @module
 */
import { toUtf8 } from "../bytes/text.ts";
import type { DocumentNode } from "../content/document.ts";
import type { Flow, FlowEnd, Side } from "../flows/flow.ts";
import type { HttpRequest, Part } from "../protocols/message.ts";

/** A TCP flow between documentation addresses (RFC 5737) that says in which frames bytes lie: 100 a frame. */
export function tcpFlow(index = 0): Flow {
  const ends: [FlowEnd, FlowEnd] = [flowEnd("192.0.2.7", 40000), flowEnd("198.51.100.1", 80)];
  return {
    index,
    id: `flow-${index}`,
    protocol: 6,
    protocolName: "tcp",
    ends,
    originator: 0,
    originatorKnownBy: "handshake",
    state: "established",
    firstTs: 0,
    lastTs: 0,
    input: 0,
    firstFrame: 1,
    parent: undefined,
    carrier: undefined,
    carried: [0, 0],
    handshakeRttUs: undefined,
    app: undefined,
    fragments: 0,
    retransmissions: 0,
    outOfOrder: 0,
    framesOf,
    count: () => undefined,
  };
}

/** A request with the given parts, which stands at the start of its stream. */
export function httpRequest(parts: readonly Part[], flow: Flow = tcpFlow()): HttpRequest {
  const end = parts.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes.length), 0);
  return {
    kind: "http",
    type: "request",
    flow,
    side: 0,
    input: 0,
    frame: 4,
    ts: 1_000_000,
    start: 0,
    end,
    parts,
    method: "POST",
    path: "/v1/report?x=1",
    authority: "api.example",
    version: "HTTP/1.1",
    headers: [],
    bodyBytes: 0,
    complete: true,
  };
}

/** A part that stands in the stream as it is. */
export function textPart(path: string, text: string, offset = 0): Part {
  return { path, bytes: toUtf8(text), offset, form: path === "body" ? "body" : "text" };
}

/** The root of a part's document. */
export function root(part: Part): DocumentNode {
  const { bytes, offset } = part;
  const step = { operation: "field", at: part.path, start: null, end: null };
  return {
    parent: undefined,
    step,
    key: "",
    bytes,
    offset,
    verbatim: offset >= 0,
    leaf: true,
    trouble: undefined,
  };
}

/** A value below `parent` that was decoded from all of it. */
export function leaf(parent: DocumentNode, key: string, bytes: Uint8Array): DocumentNode {
  const step = { operation: "json", at: `$.${key}`, start: null, end: null };
  return {
    parent,
    step,
    key,
    bytes,
    offset: parent.offset,
    verbatim: false,
    leaf: true,
    trouble: undefined,
  };
}

function framesOf(_side: Side, start: number, end: number): readonly number[] {
  const frames: number[] = [];
  for (let frame = Math.floor(start / 100); frame * 100 < end; frame++) frames.push(frame + 1);
  return frames;
}

function flowEnd(address: string, port: number): FlowEnd {
  return {
    address,
    port,
    packets: 0,
    frameBytes: 0,
    payloadBytes: 0,
    tally: undefined,
    missing: 0,
    firstBytes: undefined,
    mac: undefined,
  };
}
