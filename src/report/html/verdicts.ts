/**
 * Verdicts: judgements by cited rules, apart from what they judge.
 *
 * @module
 */
import { counted } from "../wording.ts";
import { cut, joined, markup, type Content } from "./escape.ts";
import type { View } from "./view.ts";

export function verdictsSection({ report }: View): Content {
  if (report.verdicts.length === 0) return "";
  const numbers = new Map(report.findings.map(({ id }, i) => [id, i + 1]));
  const rows = report.verdicts.map(({ policy, rule, outcome, sector, findings, because }) => {
    const links = findings.slice(0, 12).map((id) => {
      const number = numbers.get(id);
      return number === undefined ? id : markup`<a href="#f-${number}">${id}</a>`;
    });
    return markup`<tr><th scope="row">${policy}: ${rule}</th><td>${sector ?? "all"}</td><td><strong>${outcome}</strong></td><td>${cut(because, 600)}</td><td>${joined(links, ", ")}</td></tr>`;
  });
  return markup`<section id="verdicts" aria-labelledby="verdicts-title">
<h2 id="verdicts-title">Verdicts</h2>
<p>Each is a judgement by the rule it cites. A finding without a rule has none.</p>
<div class="scroll" role="group" aria-label="Verdicts" tabindex="0"><table><caption>${counted(rows.length, "verdict")}</caption>
<thead><tr><th scope="col">Policy and rule</th><th scope="col">Sector</th><th scope="col">Outcome</th><th scope="col">Because</th><th scope="col">Findings</th></tr></thead>
<tbody>${rows}</tbody></table></div>
</section>`;
}
