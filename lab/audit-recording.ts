/**
 * Audits a folder that the lab recorded, in this process, with all the knowledge that comes with
 * the tool: what `telltale audit before.pcapng after.pcapng --device device.yaml` does.
 */
import { join } from "node:path";
import { organisations, organisationsDataSet } from "../data/organisations/index.ts";
import { PROPERTIES, PROPERTIES_DATA_SET, PROPERTY_TERMS } from "../data/properties/properties.ts";
import { Audit } from "../src/audit.ts";
import { loadDevice } from "../src/node/load-device.ts";
import { loadCountries, loadNetworks } from "../src/node/load-world.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { readCaptures } from "../src/node/read-captures.ts";
import type { Report } from "../src/report/report.ts";

/** Captures of a recording, in the order in which they were taken. */
export const CAPTURES = ["before.pcapng", "after.pcapng"] as const;

/** The report of the recording in `folder`. */
export async function auditRecording(folder: string): Promise<Report> {
  const { deviceFile, runLog } = loadDevice(join(folder, "device.yaml"), PROPERTY_TERMS);
  const { atlas } = loadCountries();
  const audit = new Audit({
    platform: nodePlatform,
    toolVersion: "0.0.0",
    world: { organisations, organisationsDataSet, networks: loadNetworks(), atlas },
    labels: new Map(PROPERTIES.map(({ term, label }) => [term, label])),
    dataSets: [PROPERTIES_DATA_SET],
    deviceFile,
    runLog,
    redact: false,
  });
  const paths = CAPTURES.map((name) => join(folder, name));
  const inputs = await readCaptures(paths, audit.pipeline);
  audit.pipeline.end();
  return audit.report(inputs);
}
