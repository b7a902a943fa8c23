/**
 * Where sources say that destinations are, where the sources disagree, and what latency refutes.
 *
 * @module
 */
import { bytesInWords, counted, grouped } from "../wording.ts";
import { countryName } from "./destination-view.ts";
import type { DestinationView } from "./destination-view.ts";
import { markup, seen, type Content, type Html } from "./escape.ts";
import type { View } from "./view.ts";
import { worldMap, type Disagreement, type Place } from "./world-map.ts";

/** Rows of the table of disagreements. */
const MOST_ROWS = 100;

export function mapSection(view: View): Html {
  const placed = view.destinations.filter(({ destination }) => destination.locations.length > 0);
  const places = placesOf(placed);
  const disputed = placed.filter(
    ({ destination: { locationsDisagree, latency } }) =>
      locationsDisagree || (latency !== null && latency.refuted.length > 0),
  );
  return markup`<section id="places" aria-labelledby="places-title">
<h2 id="places-title">Claimed locations</h2>
<p>Countries that address databases claim for the addresses: a claim each, with source and date, not a fact. A destination counts in every country that a source names for it. A short round trip can refute a country, hardly ever confirm one.</p>
${
  places.length === 0
    ? markup`<p>No source names a country for any destination.</p>`
    : [
        view.map !== undefined &&
          worldMap(view.map, {
            places,
            disagreements: disagreementsOf(placed),
            capturePoint: view.report.device.capturePoint,
          }),
        countryTable(places, view),
      ]
}
${places.length > 0 && disagreementTable(disputed, view)}
</section>`;
}

function placesOf(placed: readonly DestinationView[]): readonly Place[] {
  const places = new Map<string, { -readonly [Key in keyof Place]: Place[Key] }>();
  for (const { destination } of placed) {
    const refuted = new Set(destination.latency?.refuted.map(({ country }) => country));
    for (const country of countriesOf(destination)) {
      const place = places.get(country) ?? {
        country,
        destinations: 0,
        sent: 0,
        disputed: 0,
        refuted: 0,
      };
      place.destinations += 1;
      place.sent += destination.payload.sent.total;
      if (destination.locationsDisagree) place.disputed += 1;
      if (refuted.has(country)) place.refuted += 1;
      places.set(country, place);
    }
  }
  return [...places.values()].sort(
    (a, b) =>
      b.destinations - a.destinations || b.sent - a.sent || (a.country < b.country ? -1 : 1),
  );
}

function countriesOf({ locations }: DestinationView["destination"]): readonly string[] {
  return [...new Set(locations.map(({ country }) => country))].sort();
}

function disagreementsOf(placed: readonly DestinationView[]): readonly Disagreement[] {
  const pairs = new Map<string, { from: string; to: string; destinations: number }>();
  for (const { destination } of placed) {
    if (!destination.locationsDisagree) continue;
    const countries = countriesOf(destination);
    for (const [i, from] of countries.entries()) {
      for (const to of countries.slice(i + 1)) {
        const pair = pairs.get(`${from} ${to}`) ?? { from, to, destinations: 0 };
        pair.destinations += 1;
        pairs.set(`${from} ${to}`, pair);
      }
    }
  }
  return [...pairs.values()];
}

function countryTable(places: readonly Place[], { names }: View): Html {
  const rows = places.map(
    ({ country, destinations, sent, disputed, refuted }) =>
      markup`<tr><th scope="row">${countryName(names, country)}</th><td class="number">${grouped(destinations)}</td><td class="number">${bytesInWords(sent)}</td><td class="number">${disputed === 0 ? "–" : grouped(disputed)}</td><td class="number">${refuted === 0 ? "–" : grouped(refuted)}</td></tr>`,
  );
  return markup`<details class="more"${places.length <= 12 && markup` open`}><summary>The map as a table: ${counted(places.length, "country", "countries")}</summary>
<div class="scroll" role="group" aria-label="Claimed countries" tabindex="0"><table><caption>Claimed countries</caption>
<thead><tr><th scope="col">Country claimed</th><th scope="col" class="number">Destinations</th><th scope="col" class="number">Sent to them</th><th scope="col" class="number">Sources differ</th><th scope="col" class="number">Refuted by latency</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function disagreementTable(disputed: readonly DestinationView[], view: View): Content {
  if (disputed.length === 0) return agreement(view);
  const rows = disputed.slice(0, MOST_ROWS).map((one) => disagreementRow(one, view));
  return markup`<h3>Where the claims do not agree</h3>
<div class="scroll" role="group" aria-label="Disagreements" tabindex="0"><table>
<caption>${counted(disputed.length, "destination")} whose sources differ, or of which latency refutes a claim${disputed.length > MOST_ROWS && `; the first ${MOST_ROWS}`}</caption>
<thead><tr><th scope="col">Destination</th><th scope="col">Claims</th><th scope="col">What latency allows</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/** Agreement says little where nobody could have disagreed. */
function agreement({ report }: View): Html {
  const sources = new Set(
    report.destinations.flatMap(({ locations }) => locations.map(({ source }) => source)),
  );
  return sources.size < 2
    ? markup`<p class="after">One source was asked, so none could disagree; latency refutes none of its claims.</p>`
    : markup`<p class="after">The sources agree on every destination that they know, and latency refutes none of their claims.</p>`;
}

function disagreementRow({ destination }: DestinationView, { names, positionOf }: View): Html {
  const claims = new Map<string, Html>();
  for (const { country, source, date } of destination.locations) {
    claims.set(
      `${country} ${source}`,
      markup`<li>${countryName(names, country)}, says ${source} of ${date}</li>`,
    );
  }
  return markup`<tr><th scope="row"><a href="#d-${positionOf.get(destination.id) ?? 0}">${seen(destination.label, 80)}</a></th><td><ul class="plain">${[...claims.values()].slice(0, 12)}</ul></td><td>${latencyWords(destination, names)}</td></tr>`;
}

function latencyWords({ latency }: DestinationView["destination"], names: View["names"]): Content {
  if (latency === null) return "no round trip measured";
  const { maxDistanceKm, refuted } = latency;
  return [
    `answered from within ${grouped(maxDistanceKm.fibre)} km (fibre speed) / ${grouped(maxDistanceKm.light)} km (light speed)`,
    refuted.map(
      ({ country, distanceKm }) =>
        markup`<br><strong>refutes ${countryName(names, country)}</strong>, ${grouped(distanceKm)} km away`,
    ),
  ];
}
