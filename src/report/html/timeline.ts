/**
 * When what went where: a strip for each destination, phases as bands, stimuli as lines, flows as
 * bars, values sent as diamonds. A table with pictures in it, so that it reads without them.
 *
 * @module
 */
import type { Report } from "../report.ts";
import { bytesInWords, counted, grouped, timeInWords } from "../wording.ts";
import { percent } from "./bars.ts";
import type { DestinationView } from "./destination-view.ts";
import { markup, seen, type Content, type Html } from "./escape.ts";
import {
  durationInWords,
  mergeSpans,
  spanOf,
  ticksOf,
  toPercent,
  type Span,
} from "./time-scale.ts";
import type { View } from "./view.ts";

/** Destinations with a strip of their own; the others share one. */
const MOST_STRIPS = 30;
/** Flows nearer to each other than this share of the span are drawn as one bar. */
const GAP = 1 / 600;
/** Marks on one strip. */
const MOST_MARKS = 200;

/** The span of the time line: phases and flows. */
export function timelineSpan(report: Report): Span | undefined {
  return spanOf([
    ...report.flows.flatMap(({ firstTs, lastTs }) => [firstTs, lastTs]),
    ...report.phases.flatMap(({ start, end }) => [start, end]),
  ]);
}

export function timelineSection(view: View): Html {
  const span = timelineSpan(view.report);
  return markup`<section id="timeline" aria-labelledby="timeline-title">
<h2 id="timeline-title">Time line</h2>
${span === undefined ? markup`<p>The captures give no times.</p>` : timeline(view, span)}
${phaseTable(view.report)}
</section>`;
}

function timeline(view: View, span: Span): Html {
  const byBytes = view.destinations
    .map((one, position) => ({ ...one, position }))
    .sort((a, b) => totalOf(b) - totalOf(a) || a.position - b.position);
  const single = byBytes.slice(0, MOST_STRIPS);
  const rest = byBytes.slice(MOST_STRIPS);
  const marks = marksOf(view.report);
  const backdrop = backdropOf(view.report, span);
  return markup`<p>${durationInWords(span.end - span.start)} from ${timeInWords(span.start)} to ${timeInWords(span.end)} UTC. The ${rest.length > 0 ? `${MOST_STRIPS} destinations with most bytes` : "destinations by bytes"}; a bar is one flow or several close together${marks.size > 0 && ", a diamond a value seen leaving"}${view.report.phases.length > 0 && ", a shaded band a phase of the run"}.</p>
<div class="scroll" role="group" aria-label="Time line" tabindex="0">
<table class="timeline">
<caption class="hidden">Destinations over time</caption>
<thead><tr><th scope="col">Destination</th><th scope="col" class="axis"><span class="hidden">When</span>${axis(view.report, span)}</th><th scope="col" class="number">Flows</th><th scope="col" class="number">Bytes</th></tr></thead>
<tbody>
${single.map((one) => strip(one, { span, backdrop, marks: marks.get(one.destination.id) ?? [] }))}
${rest.length > 0 && sharedStrip(rest, { span, backdrop, marks: rest.flatMap(({ destination }) => marks.get(destination.id) ?? []) })}
</tbody>
</table>
</div>
<p id="timeline-readout" class="readout needs-script" role="status">Point at a strip, or move to a destination in it, to read it out here.</p>`;
}

function totalOf({ destination: { bytes } }: DestinationView): number {
  return bytes.sent + bytes.received;
}

/** Times of values seen leaving, by destination. */
function marksOf(report: Report): ReadonlyMap<string, readonly number[]> {
  const marks = new Map<string, number[]>();
  for (const { destination, direction, placeholder, ts } of report.observations) {
    if (destination === null || direction !== "sent" || placeholder !== null || ts === null)
      continue;
    const known = marks.get(destination);
    if (known === undefined) marks.set(destination, [ts]);
    else known.push(ts);
  }
  return marks;
}

interface StripOptions {
  readonly span: Span;
  readonly backdrop: Html;
  readonly marks: readonly number[];
}

function strip(
  { destination, flows, position }: DestinationView & { readonly position: number },
  options: StripOptions,
): Html {
  const words = `${timeInWords(destination.firstTs)} to ${timeInWords(destination.lastTs)}`;
  return markup`<tr data-strip="${position}"><th scope="row"><a href="#d-${position}">${seen(destination.label, 44)}</a></th><td>${picture([{ flows }], options, words)}</td><td class="number">${grouped(destination.flows)}</td><td class="number">${bytesInWords(totalOf({ destination, flows, findings: [] }))}</td></tr>`;
}

function sharedStrip(rest: readonly DestinationView[], options: StripOptions): Html {
  const flows = rest.reduce((sum, { destination }) => sum + destination.flows, 0);
  const total = rest.reduce((sum, one) => sum + totalOf(one), 0);
  return markup`<tr class="shared"><th scope="row">${counted(rest.length, "more destination")}</th><td>${picture(rest, options, "all others together")}</td><td class="number">${grouped(flows)}</td><td class="number">${bytesInWords(total)}</td></tr>`;
}

function picture(
  ofAll: readonly Pick<DestinationView, "flows">[],
  { span, backdrop, marks }: StripOptions,
  words: string,
): Html {
  const spans = ofAll.flatMap(({ flows }) =>
    flows.flatMap(([, , , , , start, end]) =>
      start === null || end === null ? [] : [{ start, end }],
    ),
  );
  const bars = mergeSpans(spans, (span.end - span.start) * GAP).map(({ start, end }) => {
    const x = toPercent(start, span);
    return markup`<rect class="flow" x="${percent(x)}" y="8" width="${percent(Math.max(0.2, toPercent(end, span) - x))}" height="10" rx="1"/>`;
  });
  const diamonds = marks
    .slice(0, MOST_MARKS)
    .map(
      (ts) =>
        markup`<svg x="${percent(toPercent(ts, span))}" y="13" overflow="visible"><path class="diamond" d="M0 -6L5 0L0 6L-5 0Z"/></svg>`,
    );
  const values = marks.length === 0 ? "" : `, ${counted(marks.length, "value")} seen leaving`;
  return markup`<svg class="strip" role="img" aria-label="${words}${values}">${backdrop}${bars}${diamonds}</svg>`;
}

/** Phases and stimuli behind every strip. */
function backdropOf({ phases }: Report, span: Span): Html {
  const bands = phases.map(({ start, end }, i) => {
    const x = toPercent(start ?? span.start, span);
    const width = toPercent(end ?? span.end, span) - x;
    return markup`<rect class="band band-${i % 2}" x="${percent(x)}" width="${percent(width)}" height="100%"/>`;
  });
  const lines = phases.flatMap(({ stimuli }) =>
    stimuli.map(({ at, sham }) => {
      const x = percent(toPercent(at ?? span.start, span));
      return markup`<line class="${sham ? "sham" : "stimulus"}" x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
    }),
  );
  return markup`${bands}${lines}`;
}

function axis({ phases }: Report, span: Span): Html {
  const ticks = ticksOf(span).map(({ at, label }) => {
    const x = toPercent(at, span);
    const anchor = x < 4 ? "start" : x > 96 ? "end" : "middle";
    return markup`<line class="tick" x1="${percent(x)}" x2="${percent(x)}" y1="${phases.length > 0 ? 32 : 14}" y2="100%"/><text x="${percent(x)}" y="${phases.length > 0 ? 29 : 11}" text-anchor="${anchor}">${label}</text>`;
  });
  const names = phases.map(({ id, title, start, end }, i) => {
    const x = toPercent(start ?? span.start, span);
    const width = toPercent(end ?? span.end, span) - x;
    return markup`<svg x="${percent(x)}" width="${percent(width)}" height="16"><rect class="band band-${i % 2} named" width="100%" height="100%"/><text x="4" y="12">${title === "" ? id : title}</text></svg>`;
  });
  return markup`<svg class="axis${phases.length > 0 && " with-phases"}" aria-hidden="true" focusable="false">${names}${ticks}</svg>`;
}

function phaseTable({ phases }: Report): Content {
  if (phases.length === 0)
    return markup`<p class="faint">No run log was given, so there are no phases and no stimuli.</p>`;
  const rows = phases.map(({ id, title, start, end, stimuli }) => {
    const items = stimuli.map(
      (one) =>
        markup`<li><span class="time">${timeInWords(one.at).slice(11)}</span> ${seen(one.title === "" ? one.id : one.title)}${one.sham && markup` <span class="tag">sham</span>`}</li>`,
    );
    return markup`<tr><th scope="row">${seen(title === "" ? id : title)}</th><td class="time">${timeInWords(start)}</td><td class="time">${end === null ? "end of the run" : timeInWords(end)}</td><td>${items.length > 0 ? markup`<ul class="plain">${items}</ul>` : "none"}</td></tr>`;
  });
  return markup`<details class="more" open><summary>${counted(phases.length, "phase")} of the run</summary>
<div class="scroll" role="group" aria-label="Phases" tabindex="0"><table><caption>Phases and stimuli, times UTC</caption>
<thead><tr><th scope="col">Phase</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Stimuli</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}
