/**
 * Watches that each payload byte of a flow is accounted for exactly once, whoever reads it.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Flow, Side } from "../flows/flow.ts";
import { BYTE_CLASS, type ByteClass } from "../ledger.ts";

/** Bytes of one flow that were given out and are not yet in a class of the ledger, by side. */
export class ByteAccount {
  readonly #flow: Flow;
  readonly #anomaly: AnomalySink;
  #due0 = 0;
  #due1 = 0;

  constructor(flow: Flow, anomaly: AnomalySink) {
    this.#flow = flow;
    this.#anomaly = anomaly;
  }

  /** `bytes` more of `side` are to be accounted for. */
  add(side: Side, bytes: number): void {
    if (side === 0) this.#due0 += bytes;
    else this.#due1 += bytes;
  }

  /**
   * Counts `bytes` of `side`. More than are due would break the sums of the ledger: what is
   * too much is left out, and the defect is said.
   */
  count(side: Side, byteClass: ByteClass, bytes: number): void {
    const due = side === 0 ? this.#due0 : this.#due1;
    const isSound = bytes >= 0 && bytes <= due;
    if (!isSound) this.#defect(side, bytes, due);
    const counted = isSound ? bytes : Math.max(0, Math.min(bytes || 0, due));
    if (counted === 0) return;
    if (side === 0) this.#due0 = due - counted;
    else this.#due1 = due - counted;
    this.#flow.count(side, byteClass, counted);
  }

  /** Counts what is still due as part of something whose rest is missing. */
  settle(): void {
    this.count(0, BYTE_CLASS.incomplete, this.#due0);
    this.count(1, BYTE_CLASS.incomplete, this.#due1);
  }

  #defect(side: Side, bytes: number, due: number): void {
    this.#anomaly({
      stage: "protocols",
      name: "accounting-defect",
      place: { input: this.#flow.input, frame: 0, flow: this.#flow.id },
      reason: `${bytes} bytes of side ${side} counted, ${due} due`,
    });
  }
}
