/**
 * What the sections of the report look up: destinations by id, names of countries, phases, inputs.
 *
 * @module
 */
import type { CountryFile } from "../../findings/country-atlas.ts";
import type { Platform } from "../../platform.ts";
import type { Report, ReportDestination, ReportFlow, ReportObservation } from "../report.ts";
import type { DestinationView, FlowRow, Names } from "./destination-view.ts";

/** Shapes and names of countries: `data/countries/countries.json`. */
export type WorldMapData = CountryFile;

/** What a rendering needs besides the report. */
export interface HtmlContext {
  readonly platform: Platform;
  /** Without it countries go by their codes and there is no map. */
  readonly map: WorldMapData | undefined;
}

/** A report with its look-ups. */
export interface View {
  readonly report: Report;
  readonly map: WorldMapData | undefined;
  readonly names: Names;
  /** In order of weight: bytes sent, then bytes in all, then id. Position is the anchor. */
  readonly destinations: readonly DestinationView[];
  readonly positionOf: ReadonlyMap<string, number>;
  readonly observationOf: ReadonlyMap<string, ReportObservation>;
}

export function openView(report: Report, map: WorldMapData | undefined): View {
  const ordered = [...report.destinations].sort(byWeight);
  const positionOf = new Map(ordered.map(({ id }, i) => [id, i]));
  const flows = ordered.map((): FlowRow[] => []);
  for (const flow of report.flows) {
    const position = flow.destination === null ? undefined : positionOf.get(flow.destination);
    if (position !== undefined) flows[position]?.push(toFlowRow(flow));
  }
  const findings = ordered.map((): DestinationView["findings"][number][] => []);
  for (const [i, { severity, title, claim, destination }] of report.findings.entries()) {
    const position = destination === null ? undefined : positionOf.get(destination);
    if (position !== undefined) findings[position]?.push({ number: i, severity, title, claim });
  }
  return {
    report,
    map,
    names: namesOf(report, map),
    destinations: ordered.map((destination, i) => ({
      destination,
      flows: (flows[i] ?? []).sort((a, b) => (a[5] ?? 0) - (b[5] ?? 0)),
      findings: findings[i] ?? [],
    })),
    positionOf,
    observationOf: new Map(report.observations.map((observation) => [observation.id, observation])),
  };
}

function byWeight(a: ReportDestination, b: ReportDestination): number {
  return (
    b.payload.sent.total - a.payload.sent.total ||
    b.bytes.sent + b.bytes.received - a.bytes.sent - a.bytes.received ||
    (a.id < b.id ? -1 : 1)
  );
}

/** A flow as its destination's table shows it; the originator counts as the device where that is not known. */
function toFlowRow(flow: ReportFlow): FlowRow {
  const own = flow.device ?? flow.originator;
  const [near, far] = own === "a" ? [flow.a, flow.b] : [flow.b, flow.a];
  return [
    flow.id,
    flow.application ?? flow.protocol,
    far.port === null ? far.address : `${bracketed(far.address)}:${far.port}`,
    near.payload,
    far.payload,
    flow.firstTs,
    flow.lastTs,
    flow.firstFrame,
    flow.input,
    flow.state,
  ];
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** Only the countries that the report names: the data block needs no more. */
function namesOf(report: Report, map: WorldMapData | undefined): Names {
  const codes = new Set(
    report.destinations.flatMap(({ locations, latency, organisation }) => [
      ...locations.map(({ country }) => country),
      ...(latency?.refuted ?? []).map(({ country }) => country),
      ...jurisdictionOf(organisation),
    ]),
  );
  const countries = [...codes].sort().flatMap((code) => {
    const name = rowOf(map, code)?.name;
    return name === undefined ? [] : [[code, name] as const];
  });
  return {
    countries: Object.fromEntries(countries),
    phases: Object.fromEntries(report.phases.map(({ id, title }) => [id, title])),
    inputs: report.inputs.map(({ file }) => file),
  };
}

function jurisdictionOf(organisation: ReportDestination["organisation"]): string[] {
  const jurisdiction = organisation?.jurisdiction ?? null;
  return jurisdiction === null ? [] : [jurisdiction];
}

/** The row of a country; codes come from data sets of all kinds and may be no country's. */
export function rowOf(
  map: WorldMapData | undefined,
  code: string,
): CountryFile["countries"][string] | undefined {
  return map !== undefined && Object.hasOwn(map.countries, code) ? map.countries[code] : undefined;
}
