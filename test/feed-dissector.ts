/**
 * Feeds a dissector with what two sides send, as the flows stage would, and notes what it gives.
 *
 * @module
 */
import type { Anomaly } from "../src/anomaly.ts";
import type { Chunk, Flow, FlowState, Side } from "../src/flows/flow.ts";
import type { Dissector } from "../src/protocols/dissector.ts";
import type { Message } from "../src/protocols/message.ts";

/** One call of the flows stage; text is taken as ISO 8859-1. */
export type Step =
  | {
      readonly side: Side;
      readonly bytes: string | Uint8Array;
      /** Bytes that the capture cut off the end of a datagram. */
      readonly missing?: number;
    }
  | { readonly side: Side; readonly gap: number }
  | { readonly side: Side; readonly close: true };

/** What a dissector gave. */
export interface Fed {
  readonly messages: readonly Message[];
  readonly anomalies: readonly Anomaly[];
  /** Bytes counted, by side and class. */
  readonly counted: readonly [number[], number[]];
  readonly handedOver: readonly {
    readonly side: Side;
    readonly rest: string;
    readonly offset: number;
  }[];
  /** Whether the dissector called the bytes encrypted at the end. */
  readonly encrypted: boolean;
  /** Bytes pushed to it, before it handed over. */
  readonly pushed: readonly [number, number];
}

/** How to feed. */
export interface FeedOptions {
  readonly wantsParts?: boolean;
  /** Cuts the bytes of each step into pieces of at most so many. */
  readonly pieceBytes?: number;
  readonly state?: FlowState;
}

/** A flow of which only the fields that dissectors use are true. */
export function fakeFlow(state: FlowState = "established"): Flow {
  const end = {
    address: "192.0.2.1",
    port: 1,
    packets: 0,
    frameBytes: 0,
    payloadBytes: 0,
    tally: undefined,
    missing: 0,
    firstBytes: undefined,
    mac: undefined,
  };
  return {
    index: 0,
    id: "1:fake",
    protocol: 6,
    protocolName: "tcp",
    ends: [end, end],
    originator: 0,
    originatorKnownBy: "handshake",
    state,
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
    framesOf: () => [],
    count: () => undefined,
  };
}

/** Feeds `steps`; each step is one frame, numbered from 1, also where it is cut into pieces. */
export function feed(dissector: Dissector, steps: readonly Step[], options: FeedOptions = {}): Fed {
  const messages: Message[] = [];
  const anomalies: Anomaly[] = [];
  const counted: [number[], number[]] = [
    new Array<number>(7).fill(0),
    new Array<number>(7).fill(0),
  ];
  const handedOver: { side: Side; rest: string; offset: number }[] = [];
  const pushed: [number, number] = [0, 0];
  const offsets: [number, number] = [0, 0];
  const flow = fakeFlow(options.state);
  const reader = dissector.open({
    flow,
    out: {
      wantsParts: options.wantsParts ?? true,
      message: (message) => void messages.push(frozen(message)),
      count: (side, byteClass, bytes) => {
        counted[side][byteClass] = (counted[side][byteClass] ?? 0) + bytes;
      },
      anomaly: (anomaly) => void anomalies.push(anomaly),
      handOver: (side, rest) => {
        const bytes = rest === undefined ? [] : rest.bytes.subarray(rest.start, rest.end);
        pushed[side] -= bytes.length;
        const offset = rest === undefined ? -1 : rest.offset;
        handedOver.push({ side, rest: String.fromCharCode(...bytes), offset });
      },
    },
  });
  let frame = 0;
  for (const step of steps) {
    frame++;
    if (handedOver.length > 0) break;
    if ("gap" in step) {
      reader.gap(step.side, offsets[step.side], step.gap);
      offsets[step.side] += step.gap;
    } else if ("close" in step) {
      reader.close(step.side, { frame, input: 0, ts: frame * 1000 });
    } else {
      const bytes = typeof step.bytes === "string" ? latin1(step.bytes) : step.bytes;
      const piece = options.pieceBytes ?? Math.max(bytes.length, 1);
      for (let at = 0; at < bytes.length && handedOver.length === 0; at += piece) {
        const end = Math.min(bytes.length, at + piece);
        pushed[step.side] += end - at;
        const chunk = chunkOf(bytes.subarray(at, end), offsets[step.side], frame);
        reader.push(step.side, { ...chunk, missing: step.missing ?? 0 });
        offsets[step.side] += end - at;
      }
    }
  }
  if (handedOver.length === 0) reader.end();
  return { messages, anomalies, counted, handedOver, encrypted: reader.encrypted, pushed };
}

/** Bytes at a place other than zero of a larger buffer that is overwritten afterwards, as in real use. */
const SHARED = new Uint8Array(1 << 21);
function chunkOf(bytes: Uint8Array, offset: number, frame: number): Chunk {
  SHARED.fill(0x55, 0, Math.min(bytes.length + 64, SHARED.length));
  SHARED.set(bytes, 7);
  return {
    bytes: SHARED,
    start: 7,
    end: 7 + bytes.length,
    offset,
    frame,
    input: 0,
    ts: frame * 1000,
  };
}

/** Parts are valid only while a message is handled. */
function frozen(message: Message): Message {
  return {
    ...message,
    parts: message.parts.map((part) => ({ ...part, bytes: part.bytes.slice() })),
  };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
