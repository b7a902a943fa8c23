/**
 * Writes a run log (`src/device/run-log.ts` says what it is): each line with the hash of the line
 * before, so that none can be changed or taken out unnoticed.
 */
import { createHash } from "node:crypto";

export class RunLogWriter {
  readonly #lines: string[] = [];
  #openPhase: string | undefined;

  /** Adds a line, at the time given in ms since the epoch. */
  add(
    kind: string,
    fields: Readonly<Record<string, string | number>>,
    at: number = Date.now(),
  ): void {
    const last = this.#lines.at(-1);
    const prev = last === undefined ? "" : createHash("sha256").update(last).digest("hex");
    this.#lines.push(JSON.stringify({ kind, at: toInstant(at), ...fields, prev }));
  }

  /** Begins a phase and ends the one before. */
  phase(id: string, title: string): void {
    const at = Date.now();
    this.endPhase(at);
    this.add("phase-start", { phase: id, title }, at);
    this.#openPhase = id;
  }

  endPhase(at: number = Date.now()): void {
    if (this.#openPhase !== undefined) this.add("phase-end", { phase: this.#openPhase }, at);
    this.#openPhase = undefined;
  }

  toText(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

/** RFC 3339 with microseconds; the lab's own clock is read to the millisecond. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, "000Z");
}
