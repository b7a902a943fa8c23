/**
 * Findings by severity, each with its claim, its reason and its evidence.
 *
 * @module
 */
import type { ReportFinding } from "../report.ts";
import { counted, grouped, timeInWords } from "../wording.ts";
import { claimBadge, SEVERITIES, severityBadge, type Severity } from "./badges.ts";
import { phaseName } from "./destination-view.ts";
import { cut, markup, seen, type Content, type Html } from "./escape.ts";
import { copyable, observationBlock } from "./evidence.ts";
import { fact } from "./sheet.ts";
import type { View } from "./view.ts";

/** Findings of one severity that are shown in full; the others keep title and reason. */
const MOST_IN_FULL = 200;
/** Findings over all whose observations are shown, and observations of one finding. */
const MOST_OBSERVATIONS = 8;

interface Numbered {
  readonly finding: ReportFinding;
  /** Position in the report, from 1: its anchor. */
  readonly number: number;
}

export function findingsSection(view: View): Html {
  const all = view.report.findings.map((finding, i) => ({ finding, number: i + 1 }));
  const groups = SEVERITIES.map((severity) => ({
    severity,
    members: all.filter(({ finding }) => finding.severity === severity),
  })).filter(({ members }) => members.length > 0);
  return markup`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${
  all.length === 0
    ? markup`<p>None. That is no proof that nothing was sent: see <a href="#unseen">what could not be seen</a>.</p>`
    : markup`<p>Inferences from what was seen, weightiest first; each says what it rests on. Severity says how much the value tells and how openly it went, not whether that is allowed.</p>
<p class="controls needs-script"><button type="button" id="open-all">Open all</button> <button type="button" id="close-all">Close all</button></p>`
}
${groups.map(({ severity, members }) => group(severity, members, view))}
</section>`;
}

function group(severity: Severity, members: readonly Numbered[], view: View): Html {
  const full = members.slice(0, MOST_IN_FULL).map((member) => finding(member, view));
  const short = members.slice(MOST_IN_FULL).map((member) => shortFinding(member));
  const title = `${severity[0]?.toUpperCase() ?? ""}${severity.slice(1)}`;
  return markup`<h3 id="severity-${severity}">${title} <span class="count">${grouped(members.length)}</span></h3>
<div class="findings">${full}</div>
${short.length > 0 && markup`<details class="more"><summary>${counted(short.length, "more finding")} of this severity, in short</summary><ul class="short">${short}</ul></details>`}`;
}

function finding({ finding, number }: Numbered, view: View): Html {
  const { severity, title, claim, reason, observations, phases, firstTs, lastTs } = finding;
  return markup`<details class="finding finding-${severity}" id="f-${number}">
<summary>${severityBadge(severity)}<span class="title">${cut(title, 400)}</span>${claimBadge(claim)}</summary>
<div class="body">
<dl class="facts">
${fact("Why", reasonOf(reason))}
${fact("Destination", destinationOf(finding, view))}
${fact("Phases", phases.map((id) => phaseName(view.names, id)).join(", "))}
${fact("When", timesOf(firstTs, lastTs))}
${fact("Finding", copyable(finding.id))}
</dl>
${observationsOf(observations, view)}
</div>
</details>`;
}

/** Reasons are lists of facts with semicolons between; those within parentheses part nothing. */
function reasonOf(reason: string): Content {
  const parts = cut(reason, 2000).split(/; (?![^(]*\))/);
  if (parts.length === 1) return reason;
  return markup`<ul class="plain">${parts.map((part) => markup`<li>${part}</li>`)}</ul>`;
}

function timesOf(first: number | null, last: number | null): string {
  const from = timeInWords(first);
  const to = timeInWords(last);
  return from === to ? `${from} UTC` : `${from} to ${to} UTC`;
}

function destinationOf({ destination }: ReportFinding, view: View): Content {
  if (destination === null) return "";
  const position = view.positionOf.get(destination);
  const label = view.destinations[position ?? -1]?.destination.label ?? destination;
  if (position === undefined) return seen(label);
  return markup`<a href="#d-${position}">${seen(label)}</a>`;
}

function observationsOf(ids: readonly string[], view: View): Content {
  const found = ids
    .slice(0, MOST_OBSERVATIONS)
    .map((id) => view.observationOf.get(id))
    .filter((observation) => observation !== undefined);
  const blocks = found.map((observation, i) =>
    observationBlock(observation, view, { number: i + 1, all: ids.length }),
  );
  const rest = ids.length - found.length;
  return [
    blocks,
    rest > 0 && markup`<p class="faint">${counted(rest, "more observation")} in report.json.</p>`,
  ];
}

function shortFinding({ finding, number }: Numbered): Html {
  return markup`<li id="f-${number}">${claimBadge(finding.claim)} ${cut(finding.title, 300)} <span class="faint">${cut(finding.reason, 300)}</span></li>`;
}
