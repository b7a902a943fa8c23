/**
 * The destinations table: its first page stands in the document, the script adds the rest.
 *
 * @module
 */
import { counted, grouped } from "../wording.ts";
import { COLUMNS, destinationRows } from "./destination-row.ts";
import { KIND_WORDS, PAGE_ROWS, PARTY_WORDS } from "./destination-view.ts";
import { markup, type Content, type Html } from "./escape.ts";
import type { View } from "./view.ts";

export function destinationsSection(view: View): Html {
  const { destinations, names, report } = view;
  const apart = report.flows.filter(({ destination }) => destination === null).length;
  const rows = destinations
    .slice(0, PAGE_ROWS)
    .map((one, position) => destinationRows(one, { names, position, isOpen: false }));
  const rest = destinations.length - rows.length;
  return markup`<section id="destinations" aria-labelledby="destinations-title">
<h2 id="destinations-title">Destinations</h2>
<p>Whom the device exchanged packets with, those first to which it sent most. The organisation is the one that runs the name; who holds the address may be another.${apart > 0 && ` ${counted(apart, "flow")} between other hosts ${apart === 1 ? "is" : "are"} in report.json and not here.`}</p>
${controls(view)}
<div class="scroll" role="group" aria-label="Destinations table" tabindex="0">
<table id="destination-table" class="destinations">
<caption>${counted(destinations.length, "destination")}; amounts are payload, countries are claims of sources${rest > 0 && markup`<span class="no-script">, ${grouped(rest)} more in report.json</span>`}</caption>
<thead><tr>${COLUMNS.map(({ key, title }) => markup`<th scope="col" data-sort="${key}" class="c-${key}${isNumeric(key) && " number"}">${title}</th>`)}</tr></thead>
<tbody>${rows.length > 0 ? rows : markup`<tr><td colspan="${COLUMNS.length}">None: no frame could be assigned to a destination of the device.</td></tr>`}</tbody>
</table>
</div>
<p class="pages needs-script"><button type="button" id="page-back">Back</button> <span id="page-status" role="status"></span> <button type="button" id="page-on">On</button></p>
</section>`;
}

function isNumeric(key: string): boolean {
  return key === "sent" || key === "received" || key === "flows";
}

function controls({ report }: View): Content {
  const organisations = new Map(
    report.destinations.flatMap(({ organisation }) =>
      organisation === null ? [] : [[organisation.id, organisation.name] as const],
    ),
  );
  const byName = [...organisations].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  return markup`<div class="controls needs-script" role="search" aria-label="Destinations">
<label>Search <input type="search" id="destination-search" autocomplete="off" spellcheck="false" placeholder="name, address, country …"></label>
${choice("party", "Party", Object.entries(PARTY_WORDS))}
${choice("kind", "Kind", Object.entries(KIND_WORDS))}
${choice("organisation", "Organisation", [["-", "not known"], ...byName])}
</div>`;
}

function choice(id: string, title: string, options: readonly (readonly [string, string])[]): Html {
  return markup`<label>${title} <select id="destination-${id}"><option value="">all</option>${options.map(([value, words]) => markup`<option value="${value}">${words}</option>`)}</select></label>`;
}
