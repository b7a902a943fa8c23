import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schemaFiles } from "./build-schemas.ts";

test("the committed schemas are those of the code", () => {
  for (const [name, text] of schemaFiles()) {
    assert.equal(readFileSync(name, "utf8"), text, `${name}: run npx tsx tools/build-schemas.ts`);
  }
});
