/**
 * Bytes of TCP segments that continue no stream: sent again, too early, too late.
 *
 * @module
 */
import { BYTE_CLASS } from "../ledger.ts";
import type { Packet } from "../packets/packet.ts";
import type { Delivery } from "./delivery.ts";
import type { Side } from "./flow.ts";
import type { FramePlace } from "./frame-index.ts";
import { bytesInGaps } from "./tcp-sequence.ts";
import type { TrackedFlow } from "./tracked-flow.ts";

/** Bytes of the current packet and their place in the stream. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** Gives each of them its class, and says what is odd. */
export class TcpOverlap {
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** Bytes that were given before, or that lie before all that was seen. */
  again(flow: TrackedFlow, side: Side, packet: Packet, range: Range): void {
    const mine = flow.tcp?.directions[side];
    if (mine === undefined) return;
    const { start, end, offset } = range;
    flow.retransmissions++;
    // A keep-alive repeats one byte or none, and its value means nothing (RFC 9293 §3.8.4).
    if (end - start === 1 && offset === mine.offset - 1) {
      this.#delivery.count(flow, side, BYTE_CLASS.duplicate, 1);
      return;
    }
    const early = Math.min(end - start, Math.max(0, mine.base - offset));
    if (early > 0) {
      this.#delivery.count(flow, side, BYTE_CLASS.incomplete, early);
      this.#delivery.anomaly(flow, packet, {
        name: "data-before-start",
        reason: `${String(early)} bytes lie before the first byte that was captured of this stream`,
      });
    }
    const late = this.#late(flow, side, packet, {
      start: start + early,
      end,
      offset: offset + early,
    });
    this.#delivery.count(flow, side, BYTE_CLASS.duplicate, end - start - early - late);
    const source = {
      bytes: packet.bytes,
      start: start + early,
      end,
      frame: packet.frame,
      input: packet.input,
      ts: packet.ts,
    };
    const differing = this.#delivery.countDiffering(source, offset + early, mine);
    if (differing > 0) this.differs(flow, packet, differing);
  }

  /** Says that bytes came twice with different content. */
  differs(flow: TrackedFlow, packet: Packet, bytes: number): void {
    this.#delivery.anomaly(flow, packet, {
      name: "overlap-differs",
      reason: `${String(bytes)} bytes were sent again with another content; the first one counts`,
    });
  }

  /** Counts bytes that come after the end of the stream. */
  afterFin(flow: TrackedFlow, side: Side, packet: FramePlace, bytes: number): void {
    this.#delivery.count(flow, side, BYTE_CLASS.malformed, bytes);
    this.#delivery.anomaly(flow, packet, {
      name: "data-after-fin",
      reason: `${String(bytes)} bytes lie behind the end that the sender's FIN told`,
    });
  }

  /** Bytes of a hole that was given up: they are in the capture after all, but out of place. */
  #late(flow: TrackedFlow, side: Side, packet: Packet, range: Range): number {
    const end = range.offset + range.end - range.start;
    const mine = flow.tcp?.directions[side];
    const late = mine === undefined ? 0 : bytesInGaps(mine, range.offset, end);
    if (late === 0) return 0;
    flow.ends[side].missing -= late;
    this.#delivery.count(flow, side, BYTE_CLASS.incomplete, late);
    this.#delivery.anomaly(flow, packet, {
      name: "data-after-gap",
      reason: `${String(late)} bytes came after their receiver had acknowledged them and they were given up`,
    });
    return late;
  }
}
