/**
 * The flow that stands for a connection of a HAR. A HAR has no packets: what is counted are the
 * messages that it holds, and the client is whoever wrote it.
 *
 * @module
 */
import type { Flow, FlowEnd, FlowState, Side } from "../../flows/flow.ts";
import { BYTE_CLASS_COUNT } from "../../ledger.ts";

/** Address of the recording client: a HAR does not say it. */
export const HAR_CLIENT = "har-client";

const TCP = 6;

/** One end of a HAR's connection. */
export class HarEnd implements FlowEnd {
  readonly address: string;
  readonly port: number;
  readonly mac: undefined = undefined;
  readonly firstBytes: undefined = undefined;
  readonly tally: Float64Array = new Float64Array(BYTE_CLASS_COUNT);
  packets = 0;
  frameBytes = 0;
  payloadBytes = 0;
  missing = 0;

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
  }
}

/** A message's place in what its side sent. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly frame: number;
}

/** A connection of a HAR: all entries with the same server and connection name. */
export class HarFlow implements Flow {
  readonly index: number;
  readonly id: string;
  readonly input: number;
  readonly firstFrame: number;
  readonly app: string | undefined;
  /** Whether the connection was encrypted on the wire. */
  readonly isEncrypted: boolean;
  readonly ends: readonly [HarEnd, HarEnd];
  readonly protocol = TCP;
  readonly protocolName = "tcp";
  readonly originator = 0;
  readonly originatorKnownBy = "first-packet";
  readonly state: FlowState = "none";
  readonly parent: undefined = undefined;
  readonly carrier: undefined = undefined;
  readonly carried: readonly [number, number] = [0, 0];
  readonly handshakeRttUs: undefined = undefined;
  readonly fragments = 0;
  readonly retransmissions = 0;
  readonly outOfOrder = 0;
  firstTs = NaN;
  lastTs = NaN;
  readonly #spans: readonly [Span[], Span[]] = [[], []];

  constructor(place: HarPlace, server: HarEnd) {
    this.index = place.index;
    this.id = `har:${place.input}:${place.index}`;
    this.input = place.input;
    this.firstFrame = place.frame;
    this.app = place.app;
    this.isEncrypted = place.isEncrypted;
    this.ends = [new HarEnd(HAR_CLIENT, -1), server];
  }

  /** Adds a message of `side` with `bytes` bytes, of which `missing` more are not in the HAR; returns its place. */
  add(side: Side, message: { bytes: number; missing: number; frame: number; ts: number }): Span {
    const end = this.ends[side];
    const span = {
      start: end.payloadBytes,
      end: end.payloadBytes + message.bytes,
      frame: message.frame,
    };
    end.packets += 1;
    end.payloadBytes += message.bytes;
    end.frameBytes += message.bytes;
    end.missing += message.missing;
    this.#spans[side].push(span);
    const { ts } = message;
    if (!(ts >= this.firstTs) && !Number.isNaN(ts)) this.firstTs = ts;
    if (!(ts <= this.lastTs) && !Number.isNaN(ts)) this.lastTs = ts;
    return span;
  }

  framesOf(side: Side, start: number, end: number): readonly number[] {
    const frames = this.#spans[side].filter((span) => span.start < end && span.end > start);
    return frames.map(({ frame }) => frame);
  }

  count(side: Side, byteClass: number, bytes: number): void {
    const { tally } = this.ends[side];
    tally[byteClass] = (tally[byteClass] ?? 0) + bytes;
  }
}

/** Where a flow begins. */
export interface HarPlace {
  readonly index: number;
  readonly input: number;
  readonly frame: number;
  readonly app: string | undefined;
  readonly isEncrypted: boolean;
}
