/**
 * Progress on standard error, where that is a terminal.
 *
 * @module
 */
import type { Progress } from "../node/read-captures.ts";
import { bytesInWords, grouped } from "../report/wording.ts";

/** Milliseconds between two updates: often enough to live, seldom enough not to cost. */
const INTERVAL_MS = 200;

/** A line that is written over and, at the end, wiped. */
export interface ProgressLine {
  readonly update: (progress: Progress) => void;
  readonly clear: () => void;
}

/** Shows bytes, share, rate and time left; silent where standard error is no terminal. */
export function showProgress(): ProgressLine {
  if (!process.stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  const started = performance.now();
  let shown = 0;
  return {
    update: (progress) => {
      const now = performance.now();
      if (now - shown < INTERVAL_MS) return;
      shown = now;
      process.stderr.write(`\r\u001b[K${describe(progress, (now - started) / 1000)}`);
    },
    clear: () => {
      if (shown > 0) process.stderr.write("\r\u001b[K");
    },
  };
}

function describe({ bytes, total, frames }: Progress, seconds: number): string {
  const rate = bytes / Math.max(seconds, 0.001);
  const parts = [`${bytesInWords(bytes)}, ${grouped(frames)} frames`, `${bytesInWords(rate)}/s`];
  if (total !== undefined && total > 0) {
    parts.unshift(`${Math.floor((100 * bytes) / total)} %`);
    parts.push(`${Math.ceil((total - bytes) / Math.max(rate, 1))} s left`);
  }
  return parts.join(" · ");
}
