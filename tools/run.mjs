/**
 * Runs the command line of this checkout, building it first where sources changed:
 * `npm run -s telltale -- audit …`. With `--tool NAME` runs tools/NAME.ts instead.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ROOT } from "./setup.mjs";

const args = process.argv.slice(2);
const tool = args[0] === "--tool" ? args[1] : undefined;
await build();
const target =
  tool === undefined
    ? [join(ROOT, "dist", "telltale.js"), ...args]
    : ["--import", "tsx", join(ROOT, "tools", `${tool}.ts`), ...args.slice(2)];
const result = spawnSync(process.execPath, target, { stdio: "inherit" });
process.exit(result.status ?? 3);
