/**
 * `telltale audit`: captures in, report out.
 *
 * @module
 */
import { organisations, organisationsDataSet } from "../../data/organisations/index.ts";
import {
  PROPERTIES,
  PROPERTIES_DATA_SET,
  PROPERTY_TERMS,
} from "../../data/properties/properties.ts";
import { Audit } from "../audit.ts";
import { LineWriter, writeFolder } from "../node/output.ts";
import { loadCountries, loadGeoFile, loadNetworks } from "../node/load-world.ts";
import { toolVersion } from "../node/package-files.ts";
import { nodePlatform } from "../node/platform.ts";
import { readCaptures } from "../node/read-captures.ts";
import { toHtml } from "../report/html/html.ts";
import { toJson } from "../report/json.ts";
import { toTerminal, PLAIN_STYLE, type TerminalStyle } from "../report/terminal.ts";
import { showProgress } from "./progress.ts";

/** Options of the command, as the command line gives them. */
interface AuditCommandOptions {
  readonly device?: string;
  readonly geo?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
  readonly redact?: boolean;
}

const STANDARD_OUTPUT = 1;
const DEFAULT_COLUMNS = 100;

/**
 * Runs the audit.
 *
 * @throws {UserError} where an input cannot be used; nothing is written then.
 */
export async function auditCommand(
  captures: readonly string[],
  options: AuditCommandOptions,
): Promise<void> {
  const stated =
    options.device === undefined
      ? undefined
      : (await import("../node/load-device.ts")).loadDevice(options.device, PROPERTY_TERMS);
  const named = await Promise.all((options.geo ?? []).map(loadGeoFile));
  const { atlas, file: countries } = loadCountries();
  const audit = new Audit({
    platform: nodePlatform,
    toolVersion: toolVersion(),
    world: {
      organisations,
      organisationsDataSet,
      networks: [...loadNetworks(), ...named],
      atlas,
    },
    labels: new Map(PROPERTIES.map(({ term, label }) => [term, label])),
    dataSets: [PROPERTIES_DATA_SET],
    deviceFile: stated?.deviceFile,
    runLog: stated?.runLog,
    redact: options.redact ?? false,
  });
  const progress = showProgress();
  const inputs = await readCaptures(captures, audit.pipeline, progress.update);
  audit.pipeline.end();
  const report = audit.report(inputs);
  progress.clear();
  if (options.out !== undefined) {
    const html = toHtml(report, { platform: nodePlatform, map: countries });
    writeFolder(
      options.out,
      new Map<string, Iterable<string>>([
        ["report.json", toJson(report)],
        ["report.html", [html]],
      ]),
    );
  }
  const writer = new LineWriter(STANDARD_OUTPUT);
  if (options.json === true) for (const piece of toJson(report)) writer.text(piece);
  else writer.text(toTerminal(report, style(), columns()));
  writer.flush();
}

function columns(): number {
  return process.stdout.isTTY ? process.stdout.columns : DEFAULT_COLUMNS;
}

/** Colours for a terminal that wants them (https://no-color.org). */
function style(): TerminalStyle {
  if (!process.stdout.isTTY || process.env["NO_COLOR"] !== undefined) return PLAIN_STYLE;
  const paint = (code: string) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
  return { strong: paint("1"), faint: paint("2"), high: paint("1;31"), medium: paint("33") };
}
