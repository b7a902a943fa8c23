/**
 * Runs the built command line, as a user does.
 */
import { spawnSync } from "node:child_process";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `telltale` with arguments and, if given, standard input. */
export function telltale(args: readonly string[], input?: Uint8Array): Ended {
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    ["dist/telltale.js", ...args],
    { encoding: "buffer", maxBuffer: 1 << 30, ...(input === undefined ? {} : { input }) },
  );
  if (error !== undefined) throw error;
  return { status, stdout: stdout.toString("utf8"), stderr: stderr.toString("utf8") };
}
