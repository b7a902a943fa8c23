/**
 * Times on a line: positions in percent, ticks at round times, flows merged where they could not be
 * told apart.
 *
 * @module
 */
import { timeInWords } from "../wording.ts";

/** Two times in µs since the epoch, the later one second. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const SECOND_US = 1_000_000;

/** First to last of the times given; undefined where there are none. At least a second long. */
export function spanOf(times: readonly (number | null)[]): Span | undefined {
  let start = Infinity;
  let end = -Infinity;
  for (const time of times) {
    if (time === null || !Number.isFinite(time)) continue;
    if (time < start) start = time;
    if (time > end) end = time;
  }
  if (start > end) return undefined;
  return { start, end: Math.max(end, start + SECOND_US) };
}

/** 0 to 100 from the start to the end of the span; outside it the nearer end. */
export function toPercent(time: number, span: Span): number {
  const share = (time - span.start) / (span.end - span.start);
  return 100 * Math.max(0, Math.min(1, share));
}

/** Merges stretches that overlap or lie nearer than `gap` µs, so that a row has few bars however many flows. */
export function mergeSpans(spans: readonly Span[], gap: number): readonly Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end + gap) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Steps between ticks in seconds. */
const STEPS: readonly number[] = [
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
  3650 * DAY,
];

/** A time on the axis and its label in UTC. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** At most `most` ticks at round times of UTC within the span. */
export function ticksOf(span: Span, most = 6): readonly Tick[] {
  const seconds = (span.end - span.start) / SECOND_US;
  const step = STEPS.find((one) => seconds / one <= most) ?? seconds / most;
  const ticks: Tick[] = [];
  const every = step * SECOND_US;
  for (let at = Math.ceil(span.start / every) * every; at <= span.end; at += every) {
    ticks.push({ at, label: labelOf(at, step) });
    if (ticks.length > most) break;
  }
  return ticks;
}

function labelOf(at: number, step: number): string {
  const words = timeInWords(at);
  if (step >= DAY) return words.slice(0, 10);
  return step >= MINUTE ? words.slice(11, 16) : words.slice(11);
}

/** `35 s`, `12 min`, `3.5 h`, `2.1 days`. */
export function durationInWords(us: number): string {
  const seconds = us / SECOND_US;
  if (seconds < 1) return "less than a second";
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${(seconds / HOUR).toFixed(1)} h`;
  return `${(seconds / DAY).toFixed(1)} days`;
}
