/**
 * A map of claims: land, a marker a country, dashed lines between the countries that sources name
 * for one destination, a cross where latency refutes.
 *
 * @module
 */
import { grouped } from "../wording.ts";
import { MAP_HEIGHT, MAP_WIDTH, toMap } from "./equal-earth.ts";
import { markup, type Content, type Html } from "./escape.ts";
import { MapShapes, SHAPE_SCALE } from "./map-shapes.ts";
import { rowOf, type WorldMapData } from "./view.ts";

/** What is claimed of one country. */
export interface Place {
  readonly country: string;
  readonly destinations: number;
  /** Payload bytes sent to them. */
  readonly sent: number;
  /** Destinations among them for which sources name other countries too. */
  readonly disputed: number;
  /** Destinations that latency shows not to be there. */
  readonly refuted: number;
}

/** Two countries that sources name for the same destinations. */
export interface Disagreement {
  readonly from: string;
  readonly to: string;
  readonly destinations: number;
}

export interface MapContent {
  readonly places: readonly Place[];
  readonly disagreements: readonly Disagreement[];
  readonly capturePoint: { readonly latitude: number; readonly longitude: number } | null;
}

interface Marker extends Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Pixels at full width. */
const RADIUS = { least: 4.5, most: 20 };

export function worldMap(map: WorldMapData, content: MapContent): Html {
  const markers = markersOf(map, content.places);
  const shapes = new MapShapes(map);
  const claimed = content.places.map(({ country }) => country);
  const rest = Object.keys(map.countries).filter(
    (code) => code !== "AQ" && !claimed.includes(code),
  );
  const isDisputed = content.disagreements.length > 0;
  return markup`<figure class="map">
<svg viewBox="0 0 ${MAP_WIDTH} ${MAP_HEIGHT}" role="img" aria-labelledby="map-title map-text">
<title id="map-title">Map of claimed locations</title>
<desc id="map-text">${describe(content.places, map)}</desc>
<g transform="scale(${1 / SHAPE_SCALE})"><path class="land" d="${shapes.pathOf(rest, false)}"/><path class="land claimed" d="${shapes.pathOf(claimed, true)}"/></g>
${linksOf(content.disagreements, markers)}
${capture(content.capturePoint)}
${[...markers.values()].map(marker)}
${labels([...markers.values()])}
</svg>
<figcaption>
<span class="key"><svg class="swatch round" aria-hidden="true" focusable="false"><circle class="mark" cx="50%" cy="50%" r="40%"/></svg>destinations claimed there, by number</span>
${isDisputed && markup`<span class="key"><svg class="swatch wide" aria-hidden="true" focusable="false"><line class="link" x1="0" y1="50%" x2="100%" y2="50%"/></svg>sources name both for the same destination</span>`}
${content.places.some(({ refuted }) => refuted > 0) && markup`<span class="key"><svg class="swatch round marker" viewBox="-7 -7 14 14" aria-hidden="true" focusable="false"><circle class="mark" r="6.5"/><path class="cross" d="M-4 -4L4 4M-4 4L4 -4"/></svg>refuted by latency for some</span>`}
${content.capturePoint !== null && markup`<span class="key"><svg class="swatch round" viewBox="-7 -7 14 14" aria-hidden="true" focusable="false"><path class="here" d="M0 -6L6 0L0 6L-6 0Z"/></svg>capture point</span>`}
</figcaption>
</figure>`;
}

function markersOf(map: WorldMapData, places: readonly Place[]): ReadonlyMap<string, Marker> {
  const most = places.reduce((n, { destinations }) => Math.max(n, destinations), 1);
  const markers = new Map<string, Marker>();
  for (const place of places) {
    const row = rowOf(map, place.country);
    if (row === undefined) continue;
    const [x, y] = toMap(...row.centre);
    const share = Math.sqrt(place.destinations / most);
    const radius = RADIUS.least + (RADIUS.most - RADIUS.least) * share;
    // One or two destinations are no crowd, even where that is the most.
    markers.set(place.country, {
      ...place,
      x,
      y,
      radius: Math.min(radius, 5 + 2.5 * place.destinations),
    });
  }
  return markers;
}

function describe(places: readonly Place[], map: WorldMapData): string {
  const words = places
    .slice(0, 8)
    .map(
      ({ country, destinations }) =>
        `${rowOf(map, country)?.name ?? country} ${grouped(destinations)}`,
    );
  const more = places.length > 8 ? ` and ${places.length - 8} more` : "";
  return `Destinations by claimed country: ${words.join(", ")}${more}. The table below says the same.`;
}

function marker({ country, x, y, radius, destinations, refuted }: Marker): Html {
  const cross = radius * 0.7;
  return markup`<g class="marker"><title>${country}: ${grouped(destinations)}</title><circle class="mark" cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"/>${
    refuted > 0 &&
    markup`<path class="cross" d="M${round(x - cross)} ${round(y - cross)}l${round(2 * cross)} ${round(2 * cross)}m0 ${round(-2 * cross)}l${round(-2 * cross)} ${round(2 * cross)}"/>`
  }</g>`;
}

/** The more destinations, the stronger the line; where there are many lines, the rare ones are faint. */
function linksOf(
  disagreements: readonly Disagreement[],
  markers: ReadonlyMap<string, Marker>,
): Content {
  const most = disagreements.reduce((n, { destinations }) => Math.max(n, destinations), 1);
  const floor = disagreements.length > 20 ? 0.15 : 0.6;
  return disagreements.map((one) => {
    const share = one.destinations / most;
    return link(one, markers, floor + (0.95 - floor) * share ** 2);
  });
}

/** A line between two markers, bent upwards so that it shows beside others. */
function link(
  { from, to, destinations }: Disagreement,
  markers: ReadonlyMap<string, Marker>,
  opacity: number,
): Content {
  const a = markers.get(from);
  const b = markers.get(to);
  if (a === undefined || b === undefined) return "";
  const lift = Math.hypot(b.x - a.x, b.y - a.y) * 0.18;
  const [midX, midY] = [(a.x + b.x) / 2, (a.y + b.y) / 2 - lift];
  return markup`<path class="link" stroke-opacity="${Math.round(opacity * 100) / 100}" d="M${round(a.x)} ${round(a.y)}Q${round(midX)} ${round(midY)} ${round(b.x)} ${round(b.y)}"><title>${from} or ${to}: ${grouped(destinations)}</title></path>`;
}

function capture(point: MapContent["capturePoint"]): Content {
  if (point === null) return "";
  const [x, y] = toMap(point.longitude, point.latitude);
  return markup`<path class="here" d="M${round(x)} ${round(y - 7)}l7 7l-7 7l-7 -7z"><title>capture point</title></path>`;
}

/** Code and number beside the markers, the largest first; a label that would cover another is left out. */
function labels(markers: readonly Marker[]): Content {
  const taken = markers.map(({ x, y, radius }) =>
    boxAround(x, y, { w: radius * 1.6, h: radius * 1.6 }),
  );
  return [...markers]
    .sort((a, b) => b.destinations - a.destinations || (a.country < b.country ? -1 : 1))
    .map(({ country, x, y, radius, destinations }) => {
      const text = `${country} ${grouped(destinations)}`;
      const width = text.length * 7;
      const spots: readonly [number, number][] = [
        [x + radius + 3 + width / 2, y],
        [x - radius - 3 - width / 2, y],
        [x, y - radius - 9],
        [x, y + radius + 9],
      ];
      for (const [cx, cy] of spots) {
        const box = boxAround(cx, cy, { w: width, h: 12 });
        if (taken.some((other) => overlap(box, other))) continue;
        taken.push(box);
        return markup`<text x="${round(cx)}" y="${round(cy + 4)}">${text}</text>`;
      }
      return "";
    });
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

function boxAround(x: number, y: number, size: { readonly w: number; readonly h: number }): Box {
  return [x - size.w / 2, y - size.h / 2, x + size.w / 2, y + size.h / 2];
}

function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
