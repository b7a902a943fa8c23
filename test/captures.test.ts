/**
 * Every real capture beside the project, the broken ones included: no crash, an exit status as promised,
 * and a ledger that sums to the file.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readEvents } from "../tools/conformance/read-events.ts";
import type { Truth } from "../tools/conformance/truth.ts";

const FOLDER = "../shared/captures";

test("the ledger of every capture sums to its frames and bytes", async (t) => {
  if (!existsSync(FOLDER)) {
    t.skip(`${FOLDER} is absent`);
    return;
  }
  let captures = 0;
  for (const source of readdirSync(join(FOLDER, "truth"), { withFileTypes: true })) {
    if (!source.isDirectory()) continue;
    for (const name of readdirSync(join(FOLDER, "truth", source.name))) {
      const file = join(source.name, name.replace(/\.json$/, ""));
      if (!name.endsWith(".json") || !existsSync(join(FOLDER, file))) continue;
      const truth = JSON.parse(
        readFileSync(join(FOLDER, "truth", source.name, name), "utf8"),
      ) as Truth;
      const reading = await readEvents(join(FOLDER, file));
      captures += 1;
      if (truth.kind === "har") continue;
      assert.equal(reading.error, undefined, file);
      const sum = (classes: Readonly<Record<string, number>>): number =>
        Object.values(classes).reduce((total, n) => total + n, 0);
      assert.equal(sum(reading.frames.classes), truth.packets, file);
      assert.equal(sum(reading.bytes.classes), truth.frame_bytes, file);
      assert.ok(
        Object.values(reading.bytes.classes).every((n) => n >= 0),
        file,
      );
    }
  }
  assert.ok(captures > 100);
});
