/**
 * Keeps anomalies: all are counted by name, the first few of each name stay with place and reason.
 *
 * @module
 */
import type { Anomaly } from "./anomaly.ts";
import { MAX_ANOMALIES_KEPT } from "./limits.ts";

/** Anomalies of one name. */
export interface AnomalyCount {
  readonly name: string;
  readonly stage: Anomaly["stage"];
  readonly count: number;
  readonly examples: readonly Anomaly[];
}

/** Counts anomalies and keeps examples. */
export class AnomalyLog {
  readonly #byName = new Map<
    string,
    { stage: Anomaly["stage"]; count: number; examples: Anomaly[] }
  >();

  add(anomaly: Anomaly): void {
    const known = this.#byName.get(anomaly.name);
    if (known === undefined) {
      this.#byName.set(anomaly.name, { stage: anomaly.stage, count: 1, examples: [anomaly] });
      return;
    }
    known.count += 1;
    if (known.examples.length < MAX_ANOMALIES_KEPT) known.examples.push(anomaly);
  }

  /** By name, in alphabetical order. */
  counts(): AnomalyCount[] {
    return [...this.#byName]
      .map(([name, { stage, count, examples }]) => ({ name, stage, count, examples }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
