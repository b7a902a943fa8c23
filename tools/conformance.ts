/**
 * Compares what `telltale events` reads with ground truth made by tshark, field by field:
 * `npm run conformance -- FOLDER`. FOLDER holds captures as `<source>/<file>` and their truth as
 * `truth/<source>/<file>.json`. Prints matched/total for each field and every difference; those that
 * docs/differences.md explains are counted apart. Ends with status 1 where one is not explained.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareCapture } from "./conformance/compare.ts";
import { readEvents } from "./conformance/read-events.ts";
import { Score } from "./conformance/score.ts";
import type { Truth } from "./conformance/truth.ts";

const folder = process.argv[2];
const only = process.argv[3];
if (folder === undefined || !existsSync(join(folder, "truth"))) {
  console.error("usage: npm run conformance -- FOLDER [PART OF A NAME]; FOLDER/truth is expected");
  process.exit(2);
}

const score = new Score(explained());
let captures = 0;
for (const source of readdirSync(join(folder, "truth"), { withFileTypes: true })) {
  if (!source.isDirectory()) continue;
  for (const name of readdirSync(join(folder, "truth", source.name)).sort()) {
    const file = `${source.name}/${name.replace(/\.json$/, "")}`;
    if (!name.endsWith(".json") || name.includes("expected") || !existsSync(join(folder, file)))
      continue;
    if (only !== undefined && !file.includes(only)) continue;
    const truth = JSON.parse(readFileSync(join(folder, "truth", `${file}.json`), "utf8")) as Truth;
    captures += 1;
    score.file = file;
    compareCapture(truth, await readEvents(join(folder, file)), score);
  }
}
score.print(captures);
process.exit(score.unexplained > 0 ? 1 : 0);

/** Keys `file kind frame field` of the table in docs/differences.md; `*` stands for any. */
function explained(): readonly string[][] {
  const text = readFileSync("docs/differences.md", "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, 5)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
