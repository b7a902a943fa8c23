/**
 * Builds `data/countries/countries.json` from Natural Earth (world-atlas): outlines for
 * distances from the 1:50m file, shapes for a map from the 1:110m file.
 * Run: `npx tsx tools/build-countries.ts`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoCentroid } from "d3-geo";
import { feature } from "topojson-client";
import type { Feature, Geometry } from "geojson";
import type { GeometryCollection, GeometryObject, Topology } from "topojson-specification";
import type { CountryFile, CountryRow } from "../src/findings/country-atlas.ts";
import { NUMERIC_CODES } from "./iso-countries.ts";

type Properties = { readonly name?: string };
type World = Topology<{ countries: GeometryCollection<Properties>; land: GeometryCollection }>;
type Point = readonly [number, number];

/** Outlines: hundredths of a degree, moved by less than this many of them (0.06° is 6.7 km). */
const OUTLINE_TOLERANCE = 6;

/**
 * Areas that Natural Earth draws apart and that have no code of their own: they are added to
 * the country whose code covers them, which can only make a distance smaller.
 */
const WITHIN: Readonly<Record<string, string>> = {
  "N. Cyprus": "CY",
  Somaliland: "SO",
  Kosovo: "XK",
};

/** Points on a map for territories that Natural Earth does not draw apart: longitude, latitude. */
const POINTS: Readonly<Record<string, Point>> = {
  BQ: [-68.25, 12.18],
  CC: [96.87, -12.15],
  CX: [105.65, -10.45],
  GF: [-53, 4],
  GI: [-5.35, 36.14],
  GP: [-61.58, 16.25],
  MQ: [-61.02, 14.64],
  RE: [55.53, -21.11],
  SJ: [16, 78],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.52],
  YT: [45.15, -12.83],
};

const fine = readWorld("50m");
const shortNames: Readonly<Record<string, string>> = { HK: "Hong Kong", MO: "Macao" };
const names = new Intl.DisplayNames("en", { type: "region" });
const alpha2 = new Map([...NUMERIC_CODES].map(([code, numeric]) => [numeric, code]));

const arcs = fine.arcs.map((arc) => toDeltas(simplify(toHundredths(arc), OUTLINE_TOLERANCE)));
const rings = new Map<string, number[][]>();
const centres = new Map<string, Point>();
const areas = new Map<string, number>();
for (const geometry of fine.objects.countries.geometries) {
  const code = codeOf(geometry.id, nameOf(geometry));
  if (code === undefined) continue;
  rings.set(code, [...(rings.get(code) ?? []), ...ringsOf(geometry)]);
  const area = geoArea(shapeOf(fine, geometry));
  // Islands of a country can stand apart under its number: its own land is what is largest.
  if ((geometry.id !== undefined || code === "XK") && area > (areas.get(code) ?? 0)) {
    areas.set(code, area);
    centres.set(code, centreOf(geometry));
  }
}

const countries: Record<string, CountryRow> = {};
for (const code of NUMERIC_CODES.keys()) {
  const centre = centres.get(code) ?? POINTS[code];
  if (centre === undefined) continue;
  countries[code] = {
    name: shortNames[code] ?? names.of(code) ?? code,
    centre,
    rings: rings.get(code) ?? [],
  };
}

const file: CountryFile = {
  format: "telltale.countries/1",
  dataSet: {
    name: "Natural Earth admin-0 countries",
    version: "4.1.0 (world-atlas 2.0.2)",
    date: "2018-05",
    licence: "public domain",
    source: "https://www.naturalearthdata.com/ by way of https://github.com/topojson/world-atlas",
  },
  unit: 0.01,
  arcs,
  countries,
};
const text = JSON.stringify(file) + "\n";
writeFileSync("data/countries/countries.json", text);
const vertices = arcs.reduce((sum, arc) => sum + arc.length / 2, 0);
console.log(
  `${String(Object.keys(countries).length)} countries, ${String(vertices)} vertices, ${(text.length / 1000).toFixed(0)} kB`,
);

function readWorld(scale: "50m"): World {
  return JSON.parse(
    readFileSync(`node_modules/world-atlas/countries-${scale}.json`, "utf8"),
  ) as World;
}

function codeOf(id: string | number | undefined, name: string | undefined): string | undefined {
  return id === undefined ? WITHIN[name ?? ""] : alpha2.get(String(id).padStart(3, "0"));
}

function nameOf(geometry: GeometryObject<Properties>): string | undefined {
  const properties: Properties | undefined = geometry.properties;
  return properties?.name;
}

/** Rings as numbers of arcs; `~n` is arc n backwards (TopoJSON 1.0 §2.1.4). */
function ringsOf(geometry: GeometryObject<Properties>): number[][] {
  if (geometry.type === "Polygon") return geometry.arcs;
  return geometry.type === "MultiPolygon" ? geometry.arcs.flat() : [];
}

/** Centre of the largest part: the middle of France is not drawn into the Atlantic by Guiana. */
function centreOf(geometry: GeometryObject<Properties>): Point {
  const shape = shapeOf(fine, geometry);
  const parts =
    shape.type === "MultiPolygon"
      ? shape.coordinates
      : shape.type === "Polygon"
        ? [shape.coordinates]
        : [];
  const polygons = parts.map((coordinates) => ({ type: "Polygon" as const, coordinates }));
  polygons.sort((a, b) => geoArea(b) - geoArea(a));
  const [largest] = polygons;
  if (largest === undefined) throw new Error("Cannot find the centre of a country without area");
  const [longitude, latitude] = geoCentroid(largest);
  return [round(longitude, 100), round(latitude, 100)];
}

function shapeOf(world: World, geometry: GeometryObject<Properties>): Geometry {
  // A single object gives a single feature; the types of the library allow for a collection.
  return (feature(world, geometry) as Feature).geometry;
}

function toHundredths(arc: readonly (readonly number[])[]): readonly Point[] {
  const { scale, translate } = fine.transform ?? { scale: [1, 1], translate: [0, 0] };
  let [x, y] = [0, 0];
  return arc.map(([dx = 0, dy = 0]) => {
    x += dx;
    y += dy;
    return [
      Math.round((x * scale[0] + translate[0]) * 100),
      Math.round((y * scale[1] + translate[1]) * 100),
    ] as const;
  });
}

/** First point, then differences, all in one row. */
function toDeltas(points: readonly Point[]): number[] {
  let [beforeX, beforeY] = [0, 0];
  return points.flatMap(([x, y]) => {
    const step = [x - beforeX, y - beforeY];
    [beforeX, beforeY] = [x, y];
    return step;
  });
}

/** Leaves out vertices nearer than `tolerance` to the line that stays (Douglas and Peucker, 1973). */
function simplify(points: readonly Point[], tolerance: number): readonly Point[] {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 3) return points;
  let [furthest, distance] = [0, -1];
  for (const [i, point] of points.entries()) {
    const d = distanceToSegment(point, first, last);
    if (d > distance) [furthest, distance] = [i, d];
  }
  // A closed ring has no line to measure against: it always keeps its furthest vertex.
  const closed = first[0] === last[0] && first[1] === last[1];
  if (distance <= tolerance && !closed) return [first, last];
  if (furthest === 0 || furthest === points.length - 1) return [first, last];
  return [
    ...simplify(points.slice(0, furthest + 1), tolerance),
    ...simplify(points.slice(furthest), tolerance).slice(1),
  ];
}

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

function round(value: number, per: number): number {
  return Math.round(value * per) / per;
}
