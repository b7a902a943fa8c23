/**
 * Planted values: what was searched, in which forms, over how many bytes, and how often chance hits.
 *
 * @module
 */
import type { Report } from "../report.ts";
import { bytesInWords, counted, grouped } from "../wording.ts";
import { propertyName } from "./badges.ts";
import { markup, seen, type Content, type Html } from "./escape.ts";
import type { View } from "./view.ts";

type Canary = Report["canaries"][number];

export function canariesSection(view: View): Html {
  const { canaries } = view.report;
  return markup`<section id="canaries" aria-labelledby="canaries-title">
<h2 id="canaries-title">Planted values</h2>
${
  canaries.length === 0
    ? markup`<p>None were given. With a device file that names values planted on the device (its IMEI, a contact, a message), the audit searches for each in many forms.</p>`
    : table(canaries, view)
}
</section>`;
}

function table(canaries: readonly Canary[], view: View): Html {
  return markup`<p>Values known beforehand, searched in every form listed, in clear and after decoding. Decoys are made-up values of the same format, searched beside them: their hits show how often chance alone finds one.</p>
<div class="scroll" role="group" aria-label="Planted values" tabindex="0"><table>
<caption>${counted(canaries.length, "planted value")}</caption>
<thead><tr><th scope="col">Value</th><th scope="col">Outcome</th><th scope="col">Found at</th><th scope="col" class="number">Searched</th><th scope="col" class="number">Not searchable</th><th scope="col">Decoys</th><th scope="col">Forms</th></tr></thead>
<tbody>${canaries.map((canary) => row(canary, view))}</tbody>
</table></div>`;
}

function row(canary: Canary, view: View): Html {
  const { id, property, hits, bytesSearched, bytesNotSearchable, decoys, decoyHits, forms } =
    canary;
  const outcome =
    hits > 0
      ? markup`<strong>found ${counted(hits, "time")}</strong>`
      : "not found in what could be searched";
  return markup`<tr><th scope="row">${seen(id)} <span class="faint">${propertyName(property)}</span></th><td class="roomy">${outcome}</td><td>${destinationsOf(canary, view)}</td><td class="number">${bytesInWords(bytesSearched)}</td><td class="number">${bytesInWords(bytesNotSearchable)}</td><td>${grouped(decoyHits)} of ${grouped(decoys)} hit</td><td><details><summary>${counted(forms.length, "form")}</summary><ul class="plain forms">${forms.map((form) => markup`<li><code>${form}</code></li>`)}</ul></details></td></tr>`;
}

function destinationsOf(
  { destinations }: Canary,
  { positionOf, destinations: all }: View,
): Content {
  if (destinations.length === 0) return "–";
  const items = destinations.slice(0, 12).map((id) => {
    const position = positionOf.get(id);
    const label = position === undefined ? id : (all[position]?.destination.label ?? id);
    return position === undefined
      ? markup`<li>${seen(label, 80)}</li>`
      : markup`<li><a href="#d-${position}">${seen(label, 80)}</a></li>`;
  });
  const more = destinations.length - items.length;
  return markup`<ul class="plain">${items}${more > 0 && markup`<li>and ${grouped(more)} more</li>`}</ul>`;
}
