import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildReportAssets, MAX_SCRIPT_BYTES } from "../../../tools/build-report-assets.ts";
import { CLIENT_SCRIPT } from "./assets.ts";

test("assets.ts is what the script and the style sheet give", async () => {
  const built = await buildReportAssets();
  const kept = readFileSync("src/report/html/assets.ts", "utf8");
  assert.ok(built === kept, "stale: run `npx tsx tools/build-report-assets.ts`");
});

test("the script is small and asks nobody", () => {
  assert.ok(Buffer.byteLength(CLIENT_SCRIPT) < MAX_SCRIPT_BYTES);
  assert.doesNotMatch(CLIENT_SCRIPT, /\bfetch\(|XMLHttpRequest|WebSocket|localStorage|eval\(/);
});
