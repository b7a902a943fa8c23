/**
 * State of one TCP connection: its two directions and what was seen of its handshake.
 *
 * @module
 */
import type { FlowState, Side } from "./flow.ts";
import type { HeldBytes, PieceSource } from "./held-bytes.ts";

/** How well the sequence number of a direction's first byte is known. */
export const START = {
  /** Nothing of this direction was seen, nor acknowledged. */
  unknown: 0,
  /** Only acknowledgements of the other side tell how far it has come. */
  acknowledged: 1,
  /** A segment without data was seen; the first one with data may still lie elsewhere. */
  tentative: 2,
  /** Known from a handshake or from data. */
  firm: 3,
} as const;
export type Start = (typeof START)[keyof typeof START];

/** A segment whose sequence number fits nothing, kept till another one agrees with it. */
export interface StraySegment {
  readonly seq: number;
  readonly source: PieceSource;
}

/** What one side sends in one connection. Sequence numbers are kept as signed 32-bit numbers. */
export class TcpDirection {
  start: Start = START.unknown;
  /** Whether bytes that continue the stream may be given at once: firm, open, no hole. */
  smooth = false;
  /** Sequence number of the next byte, and its offset in what the side sent. */
  next = 0;
  offset = 0;
  /** Offset with which the connection began: nothing before it belongs to it. */
  base: number;
  /** Highest sequence number that the other side has acknowledged. */
  acked = 0;
  ackedKnown = false;
  /** Bytes ahead of a hole. */
  held: HeldBytes | undefined = undefined;
  /** Highest sequence number that this side itself has shown in a segment without data. */
  sent = 0;
  /** Starts and ends of the last gaps, in pairs: what comes after all is no repetition. */
  gaps: number[] | undefined = undefined;
  /** Packets of the flow since the hole was acknowledged, and the number acknowledged then. */
  patience = 0;
  patienceAcked = 0;
  /** Sequence number of the SYN; undefined if it was not seen. */
  syn: number | undefined = undefined;
  /** Offset of the end that a FIN told; undefined before. */
  fin: number | undefined = undefined;
  closed = false;
  stray: StraySegment | undefined = undefined;
  /** Last piece in the history of what was sent; -1 without one. */
  history = -1;

  constructor(offset: number) {
    this.base = offset;
    this.offset = offset;
  }

  /** Whether anything of the stream was given to the next stage or is held for it. */
  get used(): boolean {
    return (
      this.closed || this.offset > this.base || (this.held !== undefined && this.held.size > 0)
    );
  }

  /** Lets the stream begin at a sequence number. */
  begin(seq: number, start: Start): void {
    this.next = seq | 0;
    this.sent = seq | 0;
    this.start = start;
    this.smooth = start === START.firm && !this.closed;
  }
}

/** One connection on the ports of a flow; a new SYN makes a new one. */
export class TcpConnection {
  readonly directions: readonly [TcpDirection, TcpDirection];
  /** Side that sent a SYN without ACK. */
  opener: Side | undefined = undefined;
  synAck = false;
  /** Side that sent an RST. */
  resetBy: Side | undefined = undefined;
  /** Whether the opener sent anything after its SYN. */
  openerWentOn = false;
  synTs = NaN;
  /**
   * µs from SYN to SYN-ACK; undefined where unknown or where either was sent again. Captured at the
   * opener it is the whole round trip; at the responder, the other part is that from SYN-ACK to ACK.
   */
  rttUs: number | undefined = undefined;

  constructor(offset0: number, offset1: number) {
    this.directions = [new TcpDirection(offset0), new TcpDirection(offset1)];
  }

  get state(): FlowState {
    if (this.resetBy !== undefined) {
      const refused = this.opener !== undefined && !this.synAck && !this.openerWentOn;
      return refused && this.resetBy !== this.opener ? "rejected" : "reset";
    }
    if (this.directions.every((direction) => direction.fin !== undefined)) return "closed";
    if (this.synAck) return "established";
    if (this.opener === undefined) return "midstream";
    return this.openerWentOn ? "established" : "attempt";
  }
}
