/**
 * Says what is odd in a packet. Texts are made only where something is odd.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Packet } from "./packet.ts";

/** Reports oddities of the packet in hand. */
export class Reporter {
  readonly #anomaly: AnomalySink;
  /** Whether `packet.bytes` is the frame, so that an offset into it is a place in the capture. */
  inFrame = true;

  constructor(anomaly: AnomalySink) {
    this.#anomaly = anomaly;
  }

  /** One oddity; `at` is an offset into `packet.bytes`. */
  report(packet: Packet, at: number, name: string, reason: string): void {
    const { input, frame } = packet;
    const place = this.inFrame
      ? { input, frame, offset: at - packet.frameStart }
      : { input, frame };
    this.#anomaly({ stage: "packets", name, place, reason });
  }

  /** Fewer than `due` bytes of `what` at `at`: cut off by the snapshot length if `wireLeft` reaches, else broken. */
  short(packet: Packet, at: number, what: string, due: Due): void {
    const cut = due.wireLeft >= due.bytes;
    const name = cut ? "header-not-captured" : "header-cut-short";
    const left = cut ? `${due.left} captured` : `${due.wireLeft} left`;
    this.report(packet, at, name, `${what}: ${due.bytes} bytes due, ${left}`);
  }
}

/** Bytes that a header needs, those captured, and those on the wire. */
export interface Due {
  readonly bytes: number;
  readonly left: number;
  readonly wireLeft: number;
}
