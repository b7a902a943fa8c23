/**
 * Checks who imports whom (ARCHITECTURE.md, "Imports") and two layout rules: kebab-case file names,
 * and no file beyond 400 lines. Types may also come from the stages named under `types`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

interface Allowance {
  /** Folders whose code may be called. */
  readonly calls: readonly string[];
  /** Folders of which types may be named besides. */
  readonly types: readonly string[];
  /** Packages that may be imported. */
  readonly packages?: readonly string[];
}

/** Single files below src/ that every stage may use. */
const FREE = ["anomaly", "ledger", "limits", "platform", "coverage", "anomaly-log", "user-error"];

const STAGES = [
  "capture",
  "packets",
  "flows",
  "protocols",
  "content",
  "observations",
  "findings",
  "report",
];
const KNOWLEDGE = ["findings", "observations"];

const TABLE: Readonly<Record<string, Allowance>> = {
  bytes: { calls: [], types: [] },
  capture: { calls: ["bytes"], types: [] },
  packets: { calls: ["bytes"], types: ["capture"] },
  flows: { calls: ["bytes", "packets"], types: [] },
  protocols: { calls: ["bytes"], types: ["capture", "flows"] },
  content: { calls: ["bytes"], types: ["protocols"] },
  observations: { calls: ["bytes"], types: ["flows", "protocols", "content"] },
  findings: {
    calls: ["bytes"],
    types: ["flows", "protocols", "observations"],
    packages: ["tldts"],
  },
  report: { calls: ["bytes"], types: STAGES.concat("device"), packages: ["zod"] },
  device: {
    calls: ["bytes", "observations"],
    types: ["findings", "flows"],
    packages: ["yaml", "zod"],
  },
  pipeline: { calls: ["bytes", ...STAGES], types: STAGES },
  audit: { calls: ["bytes", "device", "pipeline", ...STAGES], types: STAGES },
  index: { calls: ["bytes", "device", "pipeline", "audit", ...STAGES], types: STAGES },
  data: { calls: [], types: KNOWLEDGE },
  node: {
    calls: ["index", "pipeline", "audit", "bytes", "device", ...STAGES],
    types: STAGES,
    packages: ["*"],
  },
  cli: {
    calls: ["node", "index", "pipeline", "audit", "device", "bytes", "data", ...STAGES],
    types: STAGES,
    packages: ["*"],
  },
};

const problems: string[] = [];
for (const root of ["src", "data"]) {
  for (const name of readdirSync(root, { recursive: true }).map(String)) {
    if (name.endsWith(".ts")) checkFile(join(root, name));
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}

function checkFile(file: string): void {
  const text = readFileSync(file, "utf8");
  const base = file.split("/").pop() ?? "";
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(base))
    problems.push(`${file}: name is not kebab-case`);
  if (/^(utils|helpers|common)\.ts$/.test(base)) problems.push(`${file}: the name says nothing`);
  const lines = text.split("\n").length;
  if (lines > 400 && !file.startsWith("data/"))
    problems.push(`${file}: ${lines} lines, at most 400`);
  // Tests, and what only they use, may reach for anything.
  if (/\.test\.ts$|^test-/.test(base)) return;
  const from = folderOf(file);
  const allowance = TABLE[from];
  if (allowance === undefined) {
    if (!FREE.includes(from)) problems.push(`${file}: folder "${from}" is not in the import table`);
    return;
  }
  const imports = text.matchAll(/^(import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)";/gms);
  for (const [, , typeOnly, target] of imports) {
    const reason = refuse(file, allowance, {
      target: target ?? "",
      typeOnly: typeOnly !== undefined,
    });
    if (reason !== undefined) problems.push(`${file}: may not import ${target ?? ""}: ${reason}`);
  }
}

function refuse(
  file: string,
  allowance: Allowance,
  wanted: { target: string; typeOnly: boolean },
): string | undefined {
  const { target, typeOnly } = wanted;
  if (!target.startsWith(".")) {
    const packages = allowance.packages ?? [];
    if (packages.includes("*") || packages.includes(target)) return undefined;
    return "packages and node:* are for node and cli, or as the table says";
  }
  const path = normalize(join(dirname(file), target));
  const to = folderOf(path);
  if (to === folderOf(file) || FREE.includes(to)) return undefined;
  if (allowance.calls.includes(to)) return undefined;
  if (typeOnly && allowance.types.includes(to)) return undefined;
  return typeOnly ? `types of ${to} are out of reach` : `${to} may not be called from here`;
}

/** The stage a file belongs to: its folder below src/, or its own name when it stands alone there. */
function folderOf(path: string): string {
  const parts = relative(".", path).split("/");
  if (parts[0] === "data") return "data";
  return (parts[1] ?? "").replace(/\.ts$/, "");
}
