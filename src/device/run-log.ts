/**
 * The run log: phases and stimuli of a test run (design 4.3). NDJSON, append-only; each line
 * carries the hash of the line before.
 *
 * @module
 */
import { z } from "zod";
import { toHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import type { Platform } from "../platform.ts";
import { UserError } from "../user-error.ts";

const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/);
const base = { at: instant, prev: z.string().regex(/^([0-9a-f]{64})?$/) };

const entrySchema = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("phase-start"),
    phase: z.string().min(1),
    title: z.string().optional(),
    ...base,
  }),
  z.looseObject({ kind: z.literal("phase-end"), phase: z.string().min(1), ...base }),
  z.looseObject({
    kind: z.literal("stimulus"),
    stimulus: z.string().min(1),
    title: z.string().optional(),
    ...base,
  }),
  z.looseObject({ kind: z.literal("sham"), stimulus: z.string().min(1), ...base }),
  z.looseObject({ kind: z.literal("note"), text: z.string(), ...base }),
  z.looseObject({ kind: z.literal("seed-commitment"), sha256: z.string(), ...base }),
  z.looseObject({ kind: z.literal("seed-reveal"), seed: z.string(), ...base }),
  z.looseObject({ kind: z.literal("operator"), name: z.string(), ...base }),
  z.looseObject({ kind: z.literal("clock-offset"), ms: z.number(), ...base }),
]);

/** One line of a run log. */
export type RunLogEntry = z.infer<typeof entrySchema>;

/** A stretch of the run with a stated condition: `[start, end)` in µs since the epoch; end is Infinity while open. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** Something done to the device. */
export interface Stimulus {
  readonly id: string;
  readonly title: string;
  readonly at: number;
  readonly sham: boolean;
}

export interface RunLog {
  readonly entries: readonly RunLogEntry[];
  readonly phases: readonly Phase[];
  readonly stimuli: readonly Stimulus[];
  /** 1-based lines whose `prev` does not fit the line before. */
  readonly brokenLinks: readonly number[];
}

/** A run log that cannot be read; `line` is 1-based. */
export class RunLogError extends UserError {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads a run log.
 *
 * @throws {RunLogError} where a line is no JSON or not of a known kind, or a phase ends that did not start.
 */
export function readRunLog(text: string, platform: Platform): RunLog {
  const entries: RunLogEntry[] = [];
  const brokenLinks: number[] = [];
  let previous = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const entry = readEntry(line, index + 1);
    if (entry.prev !== previous) brokenLinks.push(index + 1);
    previous = toHex(platform.digest("sha256", toUtf8(line)));
    entries.push(entry);
  }
  return { entries, phases: phasesOf(entries), stimuli: stimuliOf(entries), brokenLinks };
}

function readEntry(line: string, number: number): RunLogEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new RunLogError(number, "the line is not JSON");
  }
  const parsed = entrySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RunLogError(
    number,
    `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "unknown entry"}`,
  );
}

function phasesOf(entries: readonly RunLogEntry[]): Phase[] {
  const phases: { id: string; title: string; start: number; end: number }[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === "phase-start") {
      phases.push({
        id: entry.phase,
        title: entry.title ?? entry.phase,
        start: micros(entry.at),
        end: Infinity,
      });
    } else if (entry.kind === "phase-end") {
      const open = phases.findLast((phase) => phase.id === entry.phase && phase.end === Infinity);
      if (open === undefined)
        throw new RunLogError(index + 1, `phase "${entry.phase}" ends but never started`);
      open.end = micros(entry.at);
    }
  }
  return phases;
}

function stimuliOf(entries: readonly RunLogEntry[]): Stimulus[] {
  const stimuli: Stimulus[] = [];
  for (const entry of entries) {
    if (entry.kind !== "stimulus" && entry.kind !== "sham") continue;
    const title = entry.kind === "stimulus" ? (entry.title ?? entry.stimulus) : entry.stimulus;
    stimuli.push({ id: entry.stimulus, title, at: micros(entry.at), sham: entry.kind === "sham" });
  }
  return stimuli;
}

/** Microseconds since the epoch of an RFC 3339 time with up to six decimals, exact. */
export function micros(text: string): number {
  const fraction = /\.(\d{1,6})/.exec(text)?.[1] ?? "";
  const seconds = Date.parse(text.replace(/\.\d+/, "")) / 1000;
  return seconds * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

/** The id of the phase that holds `ts` (µs), the one begun last where several do; null outside all. */
export function phaseAt(phases: readonly Phase[], ts: number): string | null {
  return phases.findLast((phase) => ts >= phase.start && ts < phase.end)?.id ?? null;
}
