/**
 * One destination as table and sheet show it. Plain data: the report's script reads it from the
 * data block and renders the same rows as the static page.
 *
 * @module
 */
import type { ReportDestination, ReportFinding } from "../report.ts";

/** A flow: id, protocol, far end, payload sent, payload received, first and last time, first frame, input, state. */
export type FlowRow = readonly [
  id: string,
  protocol: string,
  peer: string,
  sent: number,
  received: number,
  firstTs: number | null,
  lastTs: number | null,
  frame: number,
  input: number,
  state: string,
];

export interface DestinationView {
  readonly destination: ReportDestination;
  readonly flows: readonly FlowRow[];
  readonly findings: readonly {
    /** Position in the report; the anchor is `f-` and this plus one. */
    readonly number: number;
    readonly severity: ReportFinding["severity"];
    readonly title: string;
    readonly claim: ReportFinding["claim"];
  }[];
}

/** Names for codes. */
export interface Names {
  readonly countries: Readonly<Record<string, string>>;
  readonly phases: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
}

/** Rows of a page of the table; as many stand in the document itself. */
export const PAGE_ROWS = 50;

/** What the data block holds. */
export interface ClientData {
  readonly names: Names;
  readonly destinations: readonly DestinationView[];
  /** Times at the two ends of the time line, µs; null where there is none. */
  readonly span: { readonly start: number; readonly end: number } | null;
}

/** `Germany (DE)`, or the code where it has no name. */
export function countryName(names: Names, code: string): string {
  const name = Object.hasOwn(names.countries, code) ? names.countries[code] : undefined;
  return name === undefined ? code : `${name} (${code})`;
}

export function phaseName(names: Names, id: string): string {
  return (Object.hasOwn(names.phases, id) ? names.phases[id] : undefined) ?? id;
}

export function inputName(names: Names, input: number): string {
  return names.inputs[input] ?? `input ${input + 1}`;
}

/** Words for what the destination is to the device's maker. */
export const PARTY_WORDS: Readonly<Record<ReportDestination["party"], string>> = {
  first: "maker",
  platform: "platform",
  third: "third party",
  unknown: "not known",
};

export const KIND_WORDS: Readonly<Record<ReportDestination["kind"], string>> = {
  internet: "Internet",
  local: "local network",
  multicast: "multicast group",
  broadcast: "broadcast",
};
