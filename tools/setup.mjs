/**
 * Makes a fresh checkout ready to work: installs the packages that the lock file names,
 * once, without running their install scripts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Installs what is missing; does nothing when the installed tree is as new as the lock file. */
export function install() {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  const lock = join(ROOT, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error("Installing packages (once) …");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** Runs a program in the project's root with our standard streams; ends this process where it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ["inherit", 2, "inherit"],
    ...options,
  });
  if (result.error) {
    console.error(`Cannot run ${program}: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result;
}
