/**
 * TCP segments to streams: each byte once, in order (RFC 9293 §3.4, §3.10.7.4).
 *
 * A hole is waited for until the receiver is known to have its bytes, which means that
 * the capture lost them; then it is a gap. A reset closes nothing: bytes in flight
 * still arrive after a true one, and a forged one ends nothing.
 *
 * @module
 */
import { BYTE_CLASS } from "../ledger.ts";
import {
  GAP_PATIENCE_PACKETS,
  MAX_OUT_OF_ORDER_BYTES,
  MAX_OUT_OF_ORDER_SEGMENTS,
  MAX_OUT_OF_ORDER_TOTAL_BYTES,
  MAX_SEQUENCE_JUMP,
} from "../limits.ts";
import { TCP_FLAG, type Packet } from "../packets/packet.ts";
import type { Delivery } from "./delivery.ts";
import type { Arrival, Side } from "./flow.ts";
import { HeldBytes } from "./held-bytes.ts";
import { START, TcpConnection, type TcpDirection } from "./tcp-connection.ts";
import { isNewConnection, noteSyn } from "./tcp-handshake.ts";
import { TcpOverlap, type Range } from "./tcp-overlap.ts";
import { acknowledge, missingAtEnd, otherSide } from "./tcp-sequence.ts";
import type { TrackedFlow } from "./tracked-flow.ts";

/** Puts the segments of all flows in order. */
export class TcpReassembler {
  readonly #delivery: Delivery;
  readonly #overlap: TcpOverlap;
  /** Memory of held segments of all flows, in bytes. */
  #heldCost = 0;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
    this.#overlap = new TcpOverlap(delivery);
  }

  /** One segment that `side` sent. */
  segment(flow: TrackedFlow, side: Side, packet: Packet): void {
    const flags = packet.flags;
    let connection = (flow.tcp ??= new TcpConnection(0, 0));
    if ((flags & (TCP_FLAG.syn | TCP_FLAG.rst)) !== 0) {
      if ((flags & TCP_FLAG.rst) !== 0) {
        this.#reset(flow, side, packet);
        return;
      }
      if (isNewConnection(connection, side, packet)) connection = this.#reopen(flow, packet);
      noteSyn(connection, side, packet);
      flow.opener ??= (flags & TCP_FLAG.ack) === 0 ? side : otherSide(side);
    } else if (connection.opener === side) {
      connection.openerWentOn = true;
    }
    const mine = connection.directions[side];
    const theirs = connection.directions[otherSide(side)];
    if ((flags & TCP_FLAG.ack) !== 0) acknowledge(theirs, packet);
    if (packet.dataLength > 0) this.#data(flow, side, packet);
    else if ((flags & TCP_FLAG.syn) === 0) this.#empty(flow, side, packet);
    if ((flags & TCP_FLAG.fin) !== 0) this.#fin(flow, side, packet);
    if (mine.held !== undefined && mine.held.size > 0) this.#awaitHole(flow, side);
    if (theirs.held !== undefined && theirs.held.size > 0) this.#awaitHole(flow, otherSide(side));
  }

  /** No more segments: gives what is held, with gaps, and closes both sides. */
  end(flow: TrackedFlow): void {
    if (flow.tcp === undefined) return;
    this.#finish(flow, 0, undefined);
    this.#finish(flow, 1, undefined);
  }

  #data(flow: TrackedFlow, side: Side, packet: Packet): void {
    const mine = directionOf(flow, side);
    // The SYN takes the sequence number before the first byte (RFC 9293 §3.4).
    const seq = (packet.flags & TCP_FLAG.syn) === 0 ? packet.seq | 0 : (packet.seq + 1) | 0;
    this.#delivery.taken += packet.dataEnd - packet.dataStart;
    if (mine.start !== START.firm && !mine.closed) this.#settle(flow, side, packet);
    if (mine.smooth && mine.next === seq) {
      this.#delivery.segment(flow, side, packet, packet.dataStart);
      return;
    }
    const ahead = (seq - mine.next) | 0;
    if (Math.abs(ahead) > MAX_SEQUENCE_JUMP) this.#stray(flow, side, packet);
    else this.#place(flow, side, packet, ahead);
  }

  /** Bytes that do not simply continue the stream: seen before, ahead of a hole, or in one. */
  #place(flow: TrackedFlow, side: Side, packet: Packet, ahead: number): void {
    const mine = directionOf(flow, side);
    const offset = mine.offset + ahead;
    const stop = Math.min(
      packet.dataEnd,
      packet.dataStart + Math.max(0, (mine.fin ?? Infinity) - offset),
    );
    if (stop < packet.dataEnd) this.#overlap.afterFin(flow, side, packet, packet.dataEnd - stop);
    let start = packet.dataStart;
    if (ahead < 0) {
      start = Math.min(stop, start - ahead);
      this.#overlap.again(flow, side, packet, { start: packet.dataStart, end: start, offset });
    }
    if (start >= stop) return;
    if (mine.smooth && stop === packet.dataEnd && start - packet.dataStart === -ahead) {
      this.#delivery.segment(flow, side, packet, start);
      return;
    }
    this.#hold(flow, side, packet, {
      start,
      end: stop,
      offset: offset + start - packet.dataStart,
    });
  }

  #hold(flow: TrackedFlow, side: Side, packet: Packet, range: Range): void {
    const mine = directionOf(flow, side);
    const held = (mine.held ??= new HeldBytes());
    const { bytes, frame, input, ts } = packet;
    const isLate = (held.last ?? -1) > range.offset;
    const before = held.cost;
    const { fresh, duplicate, differing } = held.insert(range.offset, {
      bytes,
      start: range.start,
      end: range.end,
      frame,
      input,
      ts,
    });
    this.#heldCost += held.cost - before;
    mine.smooth = false;
    if (fresh === 0) flow.retransmissions++;
    else if (isLate) flow.outOfOrder++;
    this.#delivery.count(flow, side, BYTE_CLASS.duplicate, duplicate);
    if (differing > 0) this.#overlap.differs(flow, packet, differing);
    this.#drain(flow, side, packet);
    const isTooMuch =
      held.size > MAX_OUT_OF_ORDER_SEGMENTS ||
      held.cost > MAX_OUT_OF_ORDER_BYTES ||
      this.#heldCost > MAX_OUT_OF_ORDER_TOTAL_BYTES;
    if (!isTooMuch || held.size === 0) return;
    this.#delivery.anomaly(flow, packet, {
      name: "out-of-order-limit",
      reason: `${String(held.size)} segments wait for a hole to be filled; it is given up`,
    });
    this.#skipHole(flow, side);
  }

  /**
   * Gives the held pieces that continue the stream, since `filler` came. Without one nothing came: a
   * hole was given up, and then bytes count from the frame in which the last of them was there.
   */
  #drain(flow: TrackedFlow, side: Side, filler: Packet | undefined): void {
    const mine = directionOf(flow, side);
    const held = mine.held;
    if (held === undefined) return;
    const before = held.cost;
    let arrival: Arrival | undefined = filler;
    while (!mine.closed && held.first?.offset === mine.offset) {
      const piece = held.shift();
      if (piece === undefined) break;
      if (filler === undefined) arrival = laterOf(arrival, piece);
      this.#delivery.piece(flow, side, piece, arrival ?? piece);
    }
    this.#heldCost += held.cost - before;
    if (held.size === 0) {
      mine.smooth = mine.start === START.firm && !mine.closed && mine.fin === undefined;
      mine.patience = 0;
    }
    if (mine.fin !== undefined && mine.offset >= mine.fin) this.#close(flow, side, arrival);
  }

  /** Gives the hole before the held pieces up. */
  #skipHole(flow: TrackedFlow, side: Side): void {
    const mine = directionOf(flow, side);
    const first = mine.held?.first;
    if (first === undefined) return;
    // What is held behind the end that a FIN told is no part of the stream.
    const missing = Math.min(first.offset, mine.fin ?? Infinity) - mine.offset;
    if (missing > 0) this.#delivery.gap(flow, side, missing);
    this.#drain(flow, side, undefined);
  }

  /** Whether the hole of `side` is one of the capture: its bytes were acknowledged some packets ago. */
  #awaitHole(flow: TrackedFlow, side: Side): void {
    const mine = directionOf(flow, side);
    if (!mine.ackedKnown || !this.#isAcknowledged(mine, mine.acked)) return;
    if (mine.patience === 0) mine.patienceAcked = mine.acked;
    mine.patience++;
    if (mine.patience <= GAP_PATIENCE_PACKETS) return;
    while (this.#isAcknowledged(mine, mine.patienceAcked)) this.#skipHole(flow, side);
    mine.patience = 0;
  }

  /** Whether the first held piece begins at or before the byte numbered `acked`. */
  #isAcknowledged(mine: TcpDirection, acked: number): boolean {
    const first = mine.held?.first;
    return first !== undefined && ((acked - mine.next) | 0) >= first.offset - mine.offset;
  }

  /** A segment without data: where its sender is, though nothing of it was captured. */
  #empty(flow: TrackedFlow, side: Side, packet: Packet): void {
    const mine = directionOf(flow, side);
    if (mine.start <= START.acknowledged) this.#settle(flow, side, packet);
    const ahead = (packet.seq - mine.sent) | 0;
    if (ahead > 0 && ahead <= MAX_SEQUENCE_JUMP) mine.sent = packet.seq | 0;
  }

  /** Fixes where the stream begins, at the first segment of a side whose SYN was not seen. */
  #settle(flow: TrackedFlow, side: Side, packet: Packet): void {
    const mine = directionOf(flow, side);
    const seq = packet.seq | 0;
    const ahead = (seq - mine.next) | 0;
    if (mine.start === START.acknowledged) {
      // What was acknowledged while nothing of this side was captured is known to have been sent.
      const lost = Math.min(ahead, (mine.acked - mine.next) | 0);
      if (lost > 0) this.#delivery.gap(flow, side, lost);
    }
    const start = packet.dataLength > 0 ? START.firm : START.tentative;
    // One byte behind: what came before was a keep-alive (RFC 9293 §3.8.4).
    const isHole = mine.start === START.tentative && ahead > 1 && ahead <= MAX_SEQUENCE_JUMP;
    mine.begin(isHole ? mine.next : seq, start);
    mine.sent = seq;
  }

  /** A sequence number that no segment of this connection can have, or that of another one. */
  #stray(flow: TrackedFlow, side: Side, packet: Packet): void {
    const mine = directionOf(flow, side);
    const stray = mine.stray;
    const seq = packet.seq | 0;
    const { bytes, dataStart, dataEnd, frame, input, ts } = packet;
    if (stray !== undefined) {
      const ahead = (seq - stray.seq) | 0;
      if (ahead > 0 && ahead <= MAX_SEQUENCE_JUMP) {
        this.#followStray(flow, side, packet);
        return;
      }
      this.#dropStray(flow, side);
    }
    mine.stray = {
      seq,
      source: {
        bytes: new Uint8Array(bytes.subarray(dataStart, dataEnd)),
        start: 0,
        end: dataEnd - dataStart,
        frame,
        input,
        ts,
      },
    };
    this.#delivery.anomaly(flow, packet, {
      name: "sequence-jump",
      reason: `sequence number ${String(packet.seq)}, ${String(mine.next >>> 0)} or one near it due`,
    });
  }

  /** Two segments agree: it is another connection, whose beginning was not captured. */
  #followStray(flow: TrackedFlow, side: Side, packet: Packet): void {
    const stray = directionOf(flow, side).stray;
    if (stray === undefined) return;
    directionOf(flow, side).stray = undefined;
    // If nothing of the side was given yet, only its beginning was wrong.
    if (directionOf(flow, side).used) this.#reopen(flow, packet);
    const mine = directionOf(flow, side);
    mine.begin(stray.seq, START.firm);
    mine.held = new HeldBytes();
    mine.held.insert(mine.offset, stray.source);
    this.#heldCost += mine.held.cost;
    this.#drain(flow, side, undefined);
    this.#place(flow, side, packet, (packet.seq - mine.next) | 0);
  }

  #dropStray(flow: TrackedFlow, side: Side): void {
    const mine = directionOf(flow, side);
    const bytes = mine.stray?.source.end ?? 0;
    this.#delivery.count(flow, side, BYTE_CLASS.incomplete, bytes);
    mine.stray = undefined;
  }

  #fin(flow: TrackedFlow, side: Side, packet: Packet): void {
    const mine = directionOf(flow, side);
    if (mine.fin !== undefined || mine.start === START.unknown) return;
    const syn = (packet.flags & TCP_FLAG.syn) === 0 ? 0 : 1;
    const distance = (packet.seq + syn + packet.dataLength - mine.next) | 0;
    if (distance < 0 || distance > MAX_SEQUENCE_JUMP) return;
    mine.fin = mine.offset + distance;
    // What comes before the FIN is still due, and must close the stream when it comes.
    mine.smooth = false;
    if (distance === 0) this.#close(flow, side, packet);
  }

  #reset(flow: TrackedFlow, side: Side, packet: Packet): void {
    const connection = flow.tcp;
    if (connection === undefined) return;
    connection.resetBy ??= side;
    const bytes = packet.dataEnd - packet.dataStart;
    if (bytes <= 0) return;
    // RFC 9293 §3.5.2: a reason in words, no part of the stream.
    this.#delivery.taken += bytes;
    this.#delivery.count(flow, side, BYTE_CLASS.unsupported, bytes);
    this.#delivery.anomaly(flow, packet, {
      name: "reset-with-data",
      reason: `an RST carries ${String(bytes)} bytes, which belong to no stream`,
    });
  }

  /** Ends the connection and begins another one on the same ports. */
  #reopen(flow: TrackedFlow, packet: Packet): TcpConnection {
    const before = flow.tcp;
    const isUsed = before?.directions.some((direction) => direction.used) ?? false;
    if (isUsed) {
      this.#finish(flow, 0, packet);
      this.#finish(flow, 1, packet);
    } else if (before !== undefined) {
      this.#dropStray(flow, 0);
      this.#dropStray(flow, 1);
    }
    const [a, b] = before?.directions ?? [];
    flow.pastRttUs = flow.handshakeRttUs;
    const connection = new TcpConnection(a?.offset ?? 0, b?.offset ?? 0);
    flow.tcp = connection;
    if (isUsed) this.#delivery.sink.reopened?.(flow);
    return connection;
  }

  /** Gives all that is held, tells what is known to be missing, and closes. */
  #finish(flow: TrackedFlow, side: Side, packet: Packet | undefined): void {
    const mine = directionOf(flow, side);
    while (!mine.closed && mine.held !== undefined && mine.held.size > 0) {
      this.#skipHole(flow, side);
    }
    if (!mine.closed) {
      const missing = missingAtEnd(mine);
      if (missing > 0) this.#delivery.gap(flow, side, missing);
    }
    this.#close(flow, side, packet);
    this.#dropStray(flow, side);
  }

  #close(flow: TrackedFlow, side: Side, packet: Arrival | undefined): void {
    const mine = directionOf(flow, side);
    this.#delivery.close(flow, side, mine.fin === undefined ? undefined : packet);
    const held = mine.held;
    if (held === undefined) return;
    this.#heldCost -= held.cost;
    mine.held = undefined;
    for (let piece = held.shift(); piece !== undefined; piece = held.shift()) {
      this.#overlap.afterFin(flow, side, packet ?? piece, piece.bytes.length);
    }
  }
}

/** Whichever came later; frames of one input rise. */
function laterOf(one: Arrival | undefined, other: Arrival): Arrival {
  if (one === undefined || one.input !== other.input) return other;
  return one.frame > other.frame ? one : other;
}

function directionOf(flow: TrackedFlow, side: Side): TcpDirection {
  return (flow.tcp ??= new TcpConnection(0, 0)).directions[side];
}
