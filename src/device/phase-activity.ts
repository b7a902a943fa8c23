/**
 * In which phases of the run a flow was active: seen packet by packet, not guessed from its first and
 * last, between which it may have been silent for whole phases.
 *
 * @module
 */
import type { Flow } from "../flows/flow.ts";
import { phaseAt, type Phase } from "./run-log.ts";

/** Notes the phases of flows. */
export class PhaseActivity {
  readonly #phases: readonly Phase[];
  readonly #borders: readonly number[];
  readonly #active = new Map<Flow, Set<string>>();
  /** The stretch between two borders that the latest packet fell in, and its phase. */
  #from = Infinity;
  #to = -Infinity;
  #phase: string | null = null;

  constructor(phases: readonly Phase[]) {
    this.#phases = phases;
    this.#borders = phases.flatMap(({ start, end }) => [start, end]);
  }

  /** Notes a packet of `flow` at `ts`, µs since the epoch. */
  note(flow: Flow, ts: number): void {
    if (!(ts >= this.#from && ts < this.#to)) this.#enter(ts);
    if (this.#phase === null) return;
    const known = this.#active.get(flow);
    if (known === undefined) this.#active.set(flow, new Set([this.#phase]));
    else known.add(this.#phase);
  }

  /** Ids of the phases in which `flow` was active, in the order of the run. */
  of(flow: Flow): readonly string[] {
    const active = this.#active.get(flow);
    if (active === undefined) return [];
    return this.#phases.map(({ id }) => id).filter((id) => active.has(id));
  }

  #enter(ts: number): void {
    this.#phase = phaseAt(this.#phases, ts);
    this.#from = Math.max(-Infinity, ...this.#borders.filter((border) => border <= ts));
    this.#to = Math.min(Infinity, ...this.#borders.filter((border) => border > ts));
  }
}
