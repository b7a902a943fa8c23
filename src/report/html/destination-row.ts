/**
 * A row of the destinations table. Rendered alike in the static page and by the report's script.
 *
 * @module
 */
import { bytesInWords, grouped, timeInWords } from "../wording.ts";
import { countryName, KIND_WORDS, PARTY_WORDS } from "./destination-view.ts";
import type { DestinationView, Names } from "./destination-view.ts";
import { joined, markup, seen, type Content, type Html } from "./escape.ts";
import { destinationSheet } from "./sheet.ts";

/** Columns of the table; the first one is the head of its row. */
export const COLUMNS: readonly { readonly key: SortKey; readonly title: string }[] = [
  { key: "label", title: "Destination" },
  { key: "organisation", title: "Organisation" },
  { key: "party", title: "Party" },
  { key: "located", title: "Located" },
  { key: "protocols", title: "Protocols" },
  { key: "sent", title: "Sent" },
  { key: "received", title: "Received" },
  { key: "flows", title: "Flows" },
  { key: "first", title: "First seen" },
];
export type SortKey =
  | "label"
  | "organisation"
  | "party"
  | "located"
  | "protocols"
  | "sent"
  | "received"
  | "flows"
  | "first";

/** What a row needs besides its destination. */
export interface RowOptions {
  readonly names: Names;
  /** Position of the destination: its anchor is `d-` and this. */
  readonly position: number;
  readonly isOpen: boolean;
}

/** The row, and the sheet below it where it is open. */
export function destinationRows(view: DestinationView, options: RowOptions): Html {
  const { names, position, isOpen } = options;
  const { destination } = view;
  const { organisation, party, protocols, payload, flows, firstTs } = destination;
  const anchor = `d-${position}`;
  return markup`<tr id="${anchor}">
<th scope="row"><button type="button" class="opener needs-script" data-open="${position}" aria-expanded="${isOpen ? "true" : "false"}" aria-controls="${anchor}-sheet">${seen(destination.label, 80)}</button><span class="no-script">${seen(destination.label, 80)}</span>${marksOf(view)}</th>
<td class="c-organisation">${organisation === null ? markup`<span class="faint">not known</span>` : seen(organisation.name, 60)}</td>
<td class="c-party">${PARTY_WORDS[party]}</td>
<td class="c-located">${locatedIn(destination, names)}</td>
<td class="c-protocols">${seen(protocols.slice(0, 4).join(", ") + (protocols.length > 4 ? ", …" : ""), 60)}</td>
<td class="number">${bytesInWords(payload.sent.total)}</td>
<td class="number c-received">${bytesInWords(payload.received.total)}</td>
<td class="number c-flows">${grouped(flows)}</td>
<td class="c-first number-like">${timeInWords(firstTs)}</td>
</tr>
<tr class="sheet-row${isOpen ? " open" : ""}" id="${anchor}-sheet"><td colspan="${COLUMNS.length}">${destinationSheet(view, names)}</td></tr>`;
}

function marksOf({ destination, findings }: DestinationView): Content {
  const { kind, neverLookedUp } = destination;
  const weighty = findings.filter(({ severity }) => severity === "high").length;
  if (kind === "internet" && weighty === 0 && !neverLookedUp) return "";
  return markup`<span class="tags">${kind !== "internet" && markup`<span class="tag">${KIND_WORDS[kind]}</span> `}${weighty > 0 && markup`<span class="tag tag-high"><span aria-hidden="true">▲</span> ${weighty} high</span> `}${neverLookedUp && markup`<span class="tag">no name looked up</span>`}</span>`;
}

/** Countries that the sources name; where they differ it says so. */
function locatedIn(destination: DestinationView["destination"], names: Names): Content {
  const codes = [...new Set(destination.locations.map(({ country }) => country))].sort();
  if (codes.length === 0) return markup`<span class="faint">no source</span>`;
  const shown = codes
    .slice(0, 4)
    .map((code) => markup`<abbr title="${countryName(names, code)}">${code}</abbr>`);
  const refuted = destination.latency?.refuted ?? [];
  return [
    joined(shown, destination.locationsDisagree ? " / " : ", "),
    codes.length > 4 && `, … ${codes.length}`,
    destination.locationsDisagree && markup` <span class="tag tag-medium">sources differ</span>`,
    refuted.length > 0 &&
      markup` <span class="tag tag-medium">refuted: ${[...new Set(refuted.map(({ country }) => country))].slice(0, 3).join(", ")}</span>`,
  ];
}
