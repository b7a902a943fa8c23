/**
 * Writes the published JSON Schemas from the shapes in the code: report.schema.json and
 * device.schema.json. A test holds the committed files against what this makes.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { deviceFileSchema } from "../src/device/device-file.ts";
import { reportSchema } from "../src/report/report.ts";

/** File name → text of each schema. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["report.schema.json", toSchema(reportSchema, "Telltale report")],
    ["device.schema.json", toSchema(deviceFileSchema, "Telltale device file")],
  ]);
}

function toSchema(schema: z.ZodType, title: string): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, text] of schemaFiles()) writeFileSync(name, text);
}
