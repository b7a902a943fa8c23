/**
 * `npm start`: installs what is missing and audits the bundled example; `npm start -- FILE…`
 * audits your own captures. The report goes to out/.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ROOT } from "./setup.mjs";

const EXAMPLE = join(ROOT, "examples", "phone-2014");
const args = process.argv.slice(2);
const isExample = args.length === 0;
await build();
const out = process.env.TELLTALE_OUT ?? join(ROOT, "out");
const inputs = isExample
  ? [
      join(EXAMPLE, "before.pcapng"),
      join(EXAMPLE, "after.pcapng"),
      "--device",
      join(EXAMPLE, "device.yaml"),
    ]
  : args;
const chosen = args.includes("--out") || args.includes("--json") ? [] : ["--out", out];
const result = spawnSync(
  process.execPath,
  [join(ROOT, "dist", "telltale.js"), "audit", ...inputs, ...chosen],
  {
    stdio: "inherit",
  },
);
if (result.status === 0 && chosen.length > 0 && existsSync(join(out, "report.html"))) {
  console.error(`\nOpen ${join(out, "report.html")} in a browser for the whole report.`);
}
process.exit(result.status ?? 3);
