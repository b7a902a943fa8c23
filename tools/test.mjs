/**
 * `npm test`: everything that must hold, in order of speed: types, format, imports, lint, tests.
 * `npm test -- PATTERN` runs only the tests whose path contains PATTERN, without the checks.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { install, ROOT, run } from "./setup.mjs";
import { build } from "./build.mjs";

const pattern = process.argv[2];
install();
const node = process.execPath;
const tsc = join("node_modules", "typescript-native", "bin", "tsc");
step("types of the core, without Node and DOM", () => run(node, [tsc, "-p", "tsconfig.core.json"]));
step("types of everything", () => {
  rmSync(join(ROOT, "build"), { recursive: true, force: true });
  run(node, [tsc, "-p", "tsconfig.json"]);
});
if (pattern === undefined) {
  step("format", () =>
    run(node, ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]),
  );
  step("imports and layout", () => run(node, ["build/tools/check-imports.js"]));
  step("lint", () => run(node, ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."]));
}
await build();
const files = testsBelow(join(ROOT, "build")).filter(
  (file) => pattern === undefined || file.includes(pattern),
);
if (files.length === 0) {
  console.error(`No test file matches "${pattern}".`);
  process.exit(1);
}
console.log(`Running ${files.length} test files`);
const result = spawnSync(
  node,
  ["--test", "--test-reporter=spec", "--enable-source-maps", ...files],
  {
    cwd: ROOT,
    stdio: "inherit",
  },
);
process.exit(result.status ?? 1);

function step(name, action) {
  const from = performance.now();
  console.log(`Checking ${name} …`);
  action();
  console.log(`  ${((performance.now() - from) / 1000).toFixed(1)} s`);
}

function testsBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => relative(ROOT, join(folder, name)))
    .sort();
}
