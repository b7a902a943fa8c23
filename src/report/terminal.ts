/**
 * The summary for a terminal: one screen that leads with what matters.
 *
 * @module
 */
import type { Ledger, Report, ReportDestination, ReportFinding } from "./report.ts";
import { bytesInWords, counted, grouped, shareInWords, timeInWords } from "./wording.ts";

/** Colours, or their absence. */
export interface TerminalStyle {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly high: (text: string) => string;
  readonly medium: (text: string) => string;
}

/** Text as it is. */
export const PLAIN_STYLE: TerminalStyle = {
  strong: (text) => text,
  faint: (text) => text,
  high: (text) => text,
  medium: (text) => text,
};

/** Lines of a section at most, so that all fits one screen of 45 lines. */
const MAX_FINDINGS = 12;
const MAX_DESTINATIONS = 8;
const MAX_CANARIES = 8;

/** The summary, at most `columns` wide. */
export function toTerminal(report: Report, style: TerminalStyle, columns: number): string {
  const width = Math.max(60, Math.min(columns, 120));
  const sections = [
    heading(report, style),
    whatLeft(report, style, width),
    whom(report, style, width),
    canaries(report, style, width),
    unseen(report, style, width),
    ledgerLine(report, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function heading(report: Report, style: TerminalStyle): string[] {
  const { device, inputs } = report;
  const named = [device.make, device.model].filter((part) => part !== null).join(" ");
  const build = device.build === null ? "" : `, build ${device.build}`;
  const who = named === "" ? "Device under test" : `${named}${build}`;
  const files = inputs.map(({ file }) => printable(file));
  const shown =
    files.length > 3
      ? `${files.slice(0, 2).join(", ")} and ${files.length - 2} more`
      : files.join(", ");
  const times = inputs
    .flatMap(({ firstTs, lastTs }) => [firstTs, lastTs])
    .filter((ts) => ts !== null);
  const from = timeInWords(times.length === 0 ? null : Math.min(...times));
  const to = timeInWords(times.length === 0 ? null : Math.max(...times));
  const source = device.addressesFrom === "stated" ? "stated" : "found from the traffic";
  const addresses = device.addresses.slice(0, 4).map(printable).join(", ");
  return [
    style.strong(`${printable(who)}: what it told, and to whom`),
    style.faint(
      `${shown} · ${counted(report.coverage.frames.total, "frame")} · ${from} to ${to} UTC`,
    ),
    style.faint(
      `addresses ${source}: ${addresses === "" ? "none" : addresses}${device.addresses.length > 4 ? ", …" : ""}`,
    ),
  ];
}

const SEVERITY_ORDER = ["high", "medium", "low", "info"] as const;

function whatLeft(report: Report, style: TerminalStyle, width: number): string[] {
  const ordered = SEVERITY_ORDER.flatMap((severity) =>
    report.findings.filter((finding) => finding.severity === severity),
  );
  if (ordered.length === 0)
    return [style.strong("Findings"), "  none; see below what could not be seen"];
  const lines = ordered.slice(0, MAX_FINDINGS).map((finding) => findingLine(finding, style, width));
  const more = ordered.length - lines.length;
  if (more > 0) lines.push(style.faint(`  … and ${grouped(more)} more in the report`));
  return [style.strong(`Findings (${grouped(ordered.length)})`), ...lines];
}

function findingLine(finding: ReportFinding, style: TerminalStyle, width: number): string {
  const label = finding.severity.padEnd(6);
  const shown =
    finding.severity === "high"
      ? style.high(label)
      : finding.severity === "medium"
        ? style.medium(label)
        : style.faint(label);
  return `  ${shown} ${cut(printable(finding.title), width - 9)}`;
}

function whom(report: Report, style: TerminalStyle, width: number): string[] {
  const outside = report.destinations.filter(({ kind }) => kind === "internet");
  const bySent = [...outside].sort(
    (a, b) => b.payload.sent.total - a.payload.sent.total || compare(a.id, b.id),
  );
  const organisations = new Set(
    outside.map(({ organisation }) => organisation?.id).filter(Boolean),
  );
  const lines = bySent
    .slice(0, MAX_DESTINATIONS)
    .map((destination) => destinationLine(destination, width));
  const more = bySent.length - lines.length;
  if (more > 0)
    lines.push(style.faint(`  … and ${counted(more, "more destination", "more destinations")}`));
  const local = report.destinations.length - outside.length;
  const title = `Destinations: ${grouped(outside.length)} on the Internet, ${counted(organisations.size, "known organisation")}, ${grouped(local)} local`;
  return [style.strong(title), ...lines];
}

function destinationLine(destination: ReportDestination, width: number): string {
  const { organisation, locations, payload, latency } = destination;
  const who = organisation === null ? "organisation unknown" : organisation.name;
  // A place that the speed of light rules out is not shown as one.
  const ruledOut = new Set(latency?.refuted.map(({ country }) => country));
  const claimed = locations
    .map(({ country }) => country)
    .filter((country) => !ruledOut.has(country));
  const countries = [...new Set(claimed)].join("/");
  const sent = `${bytesInWords(payload.sent.total)} sent`;
  const right = `${who}${countries === "" ? "" : `, located ${countries}`} · ${sent}`;
  const room = Math.max(20, width - 4 - right.length);
  return `  ${cut(printable(destination.label), room).padEnd(room)}  ${right}`;
}

function canaries(report: Report, style: TerminalStyle, width: number): string[] {
  if (report.canaries.length === 0) return [];
  const lines = report.canaries.slice(0, MAX_CANARIES).map((canary) => {
    const found =
      canary.hits === 0
        ? `not found in ${bytesInWords(canary.bytesSearched)} searched, ${bytesInWords(canary.bytesNotSearchable)} not searchable`
        : `found ${counted(canary.hits, "time")}: ${canary.destinations.join(", ")}`;
    const decoys = canary.decoyHits > 0 ? ` (decoys hit ${counted(canary.decoyHits, "time")})` : "";
    return `  ${cut(printable(`${canary.id} (${canary.property}) ${found}${decoys}`), width - 2)}`;
  });
  const more = report.canaries.length - lines.length;
  if (more > 0) lines.push(style.faint(`  … and ${grouped(more)} more`));
  return [style.strong("Planted values"), ...lines];
}

function unseen(report: Report, style: TerminalStyle, width: number): string[] {
  const { sent } = report.coverage.payload;
  const encrypted = sent.classes["encrypted"] ?? 0;
  const lines = report.notObservable.slice(0, 5).map(({ what, bytes }) => {
    const amount = bytes === null ? "" : `: ${bytesInWords(bytes)}`;
    return `  ${cut(`${what}${amount}`, width - 2)}`;
  });
  const share = shareInWords(encrypted, sent.total);
  return [
    style.strong(`What could not be seen (${share} of what the device sent is encrypted)`),
    ...lines,
  ];
}

function ledgerLine(report: Report, style: TerminalStyle): string[] {
  const { frames, bytes } = report.coverage;
  return [
    style.faint(`Ledger: ${inWords(frames)} frames; ${inWords(bytes)} bytes`),
    ...(report.anomalies.length === 0
      ? []
      : [
          style.faint(
            `Anomalies: ${report.anomalies
              .map(({ name, count }) => `${name} ${grouped(count)}`)
              .slice(0, 6)
              .join(", ")}`,
          ),
        ]),
  ];
}

function inWords({ total, classes }: Ledger): string {
  const parts = Object.entries(classes).map(([name, n]) => `${name} ${grouped(n)}`);
  return parts.length === 0 ? grouped(total) : `${parts.join(" + ")} = ${grouped(total)}`;
}

/** Text of the capture with control characters made visible: it must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "�");
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
