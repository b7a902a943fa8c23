/**
 * All that is known of one destination: names with their sources, addresses, who is behind it and
 * why, where it is said to be, what went there. Rendered alike in the static page and by the
 * report's script.
 *
 * @module
 */
import { bytesInWords, counted, grouped, timeInWords } from "../wording.ts";
import { severityBadge } from "./badges.ts";
import { ledgerInWords, stackedBar } from "./bars.ts";
import { countryName, inputName, KIND_WORDS, PARTY_WORDS, phaseName } from "./destination-view.ts";
import type { DestinationView, FlowRow, Names } from "./destination-view.ts";
import { cut, markup, seen, type Content, type Html } from "./escape.ts";

/** Members of a list that are shown; the rest is counted and stands in report.json. */
const MOST = { names: 40, addresses: 30, findings: 20, flows: 50 };

export function destinationSheet(view: DestinationView, names: Names): Html {
  const { destination, findings, flows } = view;
  return markup`<div class="sheet">
<dl class="facts">
${fact("Names", namesOf(destination, names))}
${fact("Perhaps also", destination.otherNames.length > 0 && otherNamesOf(destination))}
${fact("Addresses", addressesOf(destination))}
${fact("Ports", destination.ports.slice(0, 40).map(String).join(", "))}
${fact("Kind", KIND_WORDS[destination.kind])}
${fact("Organisation", organisationOf(destination, names))}
${fact("Party", `${PARTY_WORDS[destination.party]}: ${cut(destination.partyReason, 400)}`)}
${fact("Announcing network", networksOf(destination))}
${fact("Location claims", locationsOf(destination, names))}
${fact("Latency", latencyOf(destination, names))}
${fact("Phases", destination.phases.map((id) => phaseName(names, id)).join(", "))}
${fact("Seen", `${timeInWords(destination.firstTs)} to ${timeInWords(destination.lastTs)} UTC`)}
${fact("Apps", destination.apps.length > 0 && seen(destination.apps.join(", ")))}
${fact("Findings", findings.length > 0 && findingsOf(findings))}
</dl>
<h3>Payload</h3>
<dl class="facts">
${fact("Sent", ledgerOf(destination.payload.sent))}
${fact("Received", ledgerOf(destination.payload.received))}
</dl>
${flows.length > 0 && flowTable(view, names)}
</div>`;
}

/** A term and what is said of it; nothing where there is nothing to say. */
export function fact(term: string, what: Content): Content {
  if (what === "" || what === false || what === null || what === undefined) return "";
  return markup`<div><dt>${term}</dt><dd>${what}</dd></div>`;
}

function more(all: number, shown: number): Content {
  return (
    all > shown && markup`<li class="faint">and ${grouped(all - shown)} more in report.json</li>`
  );
}

type Destination = DestinationView["destination"];

const SOURCE_WORDS: Readonly<Record<Destination["names"][number]["source"], string>> = {
  dns: "looked up by DNS",
  tls: "named in TLS",
  quic: "named in QUIC",
  http: "named in HTTP",
  certificate: "in the server's certificate",
  capture: "written in the capture file",
};

function namesOf({ names, registrableDomain }: Destination, known: Names): Content {
  if (names.length === 0) return "none seen";
  const items = names
    .slice(0, MOST.names)
    .map(
      ({ name, source, input, frame }) =>
        markup`<li>${seen(name, 400)} <span class="faint">${SOURCE_WORDS[source]}, frame ${grouped(frame)} of ${seen(inputName(known, input), 60)}</span></li>`,
    );
  return [
    markup`<ul class="plain">${items}${more(names.length, MOST.names)}</ul>`,
    registrableDomain !== null &&
      markup`<p class="faint">Registrable domain: ${seen(registrableDomain)}</p>`,
  ];
}

/** The same address was the answer for these as well, and its flows bear no name. */
function otherNamesOf({ otherNames }: Destination): Content {
  const items = otherNames.slice(0, MOST.names).map((name) => markup`<li>${seen(name)}</li>`);
  return markup`<ul class="plain inline">${items}${more(otherNames.length, MOST.names)}</ul><p class="faint">DNS gave one of the addresses for these names too; flows without a name may have been meant for them.</p>`;
}

function addressesOf({ addresses }: Destination): Content {
  const items = addresses
    .slice(0, MOST.addresses)
    .map((address) => markup`<li>${seen(address)}</li>`);
  return markup`<ul class="plain inline">${items}${more(addresses.length, MOST.addresses)}</ul>`;
}

function organisationOf({ organisation, kind }: Destination, names: Names): Content {
  if (organisation === null) return kind === "internet" && "not known";
  const { name, parent, jurisdiction, reason } = organisation;
  return [
    seen(name),
    parent !== null && [", controlled by ", seen(parent)],
    jurisdiction !== null && `, seat in ${countryName(names, jurisdiction)}`,
    markup`<br><span class="faint">${cut(reason, 400)}</span>`,
  ];
}

/** The holder of a network announces addresses; who runs the service on them is another matter. */
function networksOf({ network }: Destination): Content {
  const items = network.slice(0, MOST.addresses).map(({ asn, holder, source, date }) => {
    const number = asn === null ? "" : `AS${asn} `;
    return markup`<li>${number}${seen(holder ?? "holder not known")} <span class="faint">says ${source} of ${date}</span></li>`;
  });
  return (
    items.length > 0 &&
    markup`<ul class="plain">${items}${more(network.length, MOST.addresses)}</ul>`
  );
}

function locationsOf({ locations, locationsDisagree }: Destination, names: Names): Content {
  if (locations.length === 0) return "no source names a country";
  const items = locations
    .slice(0, MOST.addresses)
    .map(
      ({ country, source, date, address }) =>
        markup`<li>${seen(address)}: located in ${countryName(names, country)}, says ${source} of ${date}</li>`,
    );
  return [
    locationsDisagree && markup`<p><strong>The claims name different countries.</strong></p>`,
    markup`<ul class="plain">${items}${more(locations.length, MOST.addresses)}</ul>`,
  ];
}

function latencyOf({ latency, addresses }: Destination, names: Names): Content {
  if (latency === null) return "no round trip measured";
  const { minRttMs, address, maxDistanceKm, refuted } = latency;
  const who = addresses.length > 1 && address !== null ? seen(address) : "it";
  return [
    markup`${who} answered from within <strong>${grouped(maxDistanceKm.fibre)} km</strong> of the capture point (fibre speed) / ${grouped(maxDistanceKm.light)} km (light speed): least round trip ${minRttMs.toFixed(2)} ms`,
    refuted.slice(0, 10).map((place) => refutation(place, names)),
  ];
}

type Refuted = NonNullable<Destination["latency"]>["refuted"][number];

/** It is about whoever answered, not about what may lie behind. */
function refutation({ country, distanceKm, by, address, rttMs }: Refuted, names: Names): Html {
  const limit = by === "light" ? "than light" : "than light in fibre";
  const answer = rttMs === null ? "An answer" : `An answer after ${rttMs.toFixed(2)} ms`;
  return markup`<br><strong>Not in ${countryName(names, country)}</strong>, as claimed${address !== null && [" for ", seen(address)]}: ${answer} came sooner ${limit} goes ${grouped(distanceKm)} km and back.`;
}

function findingsOf(findings: DestinationView["findings"]): Content {
  const items = findings
    .slice(0, MOST.findings)
    .map(
      ({ number, severity, title }) =>
        markup`<li>${severityBadge(severity)} <a href="#f-${number + 1}">${cut(title, 300)}</a></li>`,
    );
  return markup`<ul class="plain">${items}${more(findings.length, MOST.findings)}</ul>`;
}

function ledgerOf(ledger: Destination["payload"]["sent"]): Content {
  if (ledger.total === 0) return "0 B";
  return [
    markup`<strong>${bytesInWords(ledger.total)}</strong> `,
    stackedBar(ledger),
    ledgerInWords(ledger),
  ];
}

const FLOW_COLUMNS: readonly (readonly [title: string, isNumber?: "number"])[] = [
  ["First packet (UTC)"],
  ["Lasted", "number"],
  ["Protocol"],
  ["Far end"],
  ["Sent", "number"],
  ["Received", "number"],
  ["State"],
  ["First frame"],
  ["Community ID"],
];

function flowTable({ destination, flows }: DestinationView, names: Names): Html {
  const heads = FLOW_COLUMNS.map(
    ([title, isNumber]) => markup`<th scope="col" class="${isNumber}">${title}</th>`,
  );
  return markup`<h3>Flows</h3>
<div class="scroll" role="group" aria-label="Flows of ${cut(destination.label, 80)}" tabindex="0"><table class="small">
<caption>${counted(flows.length, "flow")} by first packet${flows.length > MOST.flows && `; the first ${MOST.flows} are shown, all stand in report.json`}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${flows.slice(0, MOST.flows).map((flow) => flowRow(flow, names))}</tbody>
</table></div>`;
}

function flowRow(flow: FlowRow, names: Names): Html {
  const [id, protocol, peer, sent, received, firstTs, lastTs, frame, input, state] = flow;
  return markup`<tr><th scope="row" class="time">${timeInWords(firstTs)}</th><td class="number">${lastsInWords(firstTs, lastTs)}</td><td>${seen(protocol, 40)}</td><td class="time">${cut(peer, 80)}</td><td class="number">${bytesInWords(sent)}</td><td class="number">${bytesInWords(received)}</td><td>${state}</td><td>${grouped(frame)} of ${seen(inputName(names, input), 40)}</td><td><code>${id}</code></td></tr>`;
}

function lastsInWords(first: number | null, last: number | null): string {
  if (first === null || last === null) return "";
  const seconds = (last - first) / 1e6;
  return seconds < 10 ? `${seconds.toFixed(2)} s` : `${grouped(seconds)} s`;
}
