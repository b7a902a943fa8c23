/**
 * Bundles the command line and the library into dist/, our code only: packages stay
 * outside, as dependencies. Skipped when dist/ is newer than every source.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { install, ROOT } from "./setup.mjs";

const SOURCES = ["src", "data", "tools/build.mjs", "package.json", "package-lock.json"];
const STAMP = join(ROOT, "dist", ".built");

export async function build({ force = false } = {}) {
  install();
  if (!force && isFresh()) return;
  const esbuild = await import("esbuild");
  // Built aside and moved into place: a build that fails leaves the last good one.
  const fresh = `dist.${process.pid}`;
  mkdirSync(join(ROOT, fresh), { recursive: true });
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: { telltale: "src/cli/main.ts", index: "src/index.ts" },
    outdir: fresh,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
    banner: { js: "#!/usr/bin/env node" },
  });
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  renameSync(join(ROOT, fresh), join(ROOT, "dist"));
  writeFileSync(STAMP, "");
}

function isFresh() {
  const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.every((source) => newest(join(ROOT, source)) <= built);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((max, name) => Math.max(max, newest(join(path, name))), 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await build({ force: true });
