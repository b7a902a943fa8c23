/**
 * What could not be observed, what was broken, and what the report rests on: inputs and data sets.
 *
 * @module
 */
import type { Report } from "../report.ts";
import { bytesInWords, counted, grouped, timeInWords } from "../wording.ts";
import { inputName } from "./destination-view.ts";
import { cut, markup, seen, type Content, type Html } from "./escape.ts";
import { copyable } from "./evidence.ts";
import type { View } from "./view.ts";

export function limitsSection(view: View): Html {
  return markup`<section id="unseen" aria-labelledby="unseen-title">
<h2 id="unseen-title">Limits of this audit</h2>
<h3>What could not be observed</h3>
<dl class="unseen">${view.report.notObservable.map(
    ({ what, bytes, reason }) =>
      markup`<div><dt>${what}${bytes !== null && markup` <span class="count">${bytesInWords(bytes)}</span>`}</dt><dd>${reason}</dd></div>`,
  )}</dl>
<h3>Anomalies</h3>
${anomalies(view)}
</section>
<section id="sources" aria-labelledby="sources-title">
<h2 id="sources-title">Inputs and data sets</h2>
${inputs(view.report)}
${dataSets(view.report)}
</section>`;
}

function anomalies(view: View): Content {
  const list = view.report.anomalies;
  if (list.length === 0) return markup`<p>None: no input broke the rules of its format.</p>`;
  const rows = list.map(({ name, stage, count, examples }) => {
    const items = examples.slice(0, 10).map(({ input, frame, offset, flow, reason }) => {
      const at = offset === null ? "" : `, offset ${grouped(offset)}`;
      return markup`<li>Frame ${grouped(frame)} of ${seen(inputName(view.names, input), 60)}${at}${flow !== null && markup`, flow <code>${flow}</code>`}: ${cut(reason, 300)}</li>`;
    });
    return markup`<tr><th scope="row"><code>${name}</code></th><td>${stage}</td><td class="number">${grouped(count)}</td><td><details><summary>${counted(items.length, "example")}</summary><ul class="plain">${items}</ul></details></td></tr>`;
  });
  return markup`<p>Input that breaks the rules of its format. What came before it was kept.</p>
<div class="scroll" role="group" aria-label="Anomalies" tabindex="0"><table><caption>Anomalies by name</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Stage</th><th scope="col" class="number">Count</th><th scope="col">Where</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function inputs({ inputs: list }: Report): Html {
  const rows = list.map(
    (one) =>
      markup`<tr><th scope="row">${seen(one.file)}</th><td>${one.format}${one.compression !== "none" && `, ${one.compression}`}</td><td class="number">${grouped(one.bytes)}</td><td class="number">${grouped(one.frames)}</td><td>${one.linkTypes.slice(0, 20).join(", ")}</td><td class="number-like">${timeInWords(one.firstTs)} to ${timeInWords(one.lastTs)}</td><td class="roomy">${one.application !== null && seen(one.application, 80)}</td><td class="digest">${copyable(one.sha256)}</td></tr>`,
  );
  return markup`<div class="scroll" role="group" aria-label="Inputs" tabindex="0"><table><caption>Inputs</caption>
<thead><tr><th scope="col">File</th><th scope="col">Format</th><th scope="col" class="number">Bytes</th><th scope="col" class="number">Frames</th><th scope="col">Link types</th><th scope="col">Times (UTC)</th><th scope="col">Written by</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function dataSets({ tool }: Report): Html {
  const rows = tool.dataSets.map(
    ({ name, version, date, licence, source, attribution }) =>
      markup`<tr><th scope="row">${seen(name)}</th><td>${seen(version)}</td><td>${date}</td><td>${seen(licence)}</td><td>${seen(source, 300)}${attribution !== undefined && markup`<br><span class="attribution">${cut(attribution, 1000)}</span>`}</td></tr>`,
  );
  return markup`<div class="scroll" role="group" aria-label="Data sets" tabindex="0"><table><caption>Data sets that inferences rest on</caption>
<thead><tr><th scope="col">Data set</th><th scope="col">Version</th><th scope="col">Date</th><th scope="col">Licence</th><th scope="col">Source and attribution</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
