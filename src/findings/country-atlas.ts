/**
 * Where countries lie: distances for latency bounds, points and shapes for a map.
 *
 * Outlines are simplified by up to 6.7 km and lack islets, and the Earth is taken for a sphere,
 * whose distances differ from those on the ellipsoid by at most 0.56 %; `latency.ts` allows
 * for all three.
 *
 * @module
 */
import type { CountryAtlas, DataSet } from "./world.ts";

/** What `data/countries/countries.json` holds. */
export interface CountryFile {
  readonly format: "telltale.countries/1";
  readonly dataSet: DataSet;
  /** Degrees of one unit of `arcs`. */
  readonly unit: number;
  /** Lines that outlines are made of: longitude and latitude of the first point, then differences. */
  readonly arcs: readonly (readonly number[])[];
  /** By ISO 3166-1 alpha-2 code. */
  readonly countries: Readonly<Record<string, CountryRow>>;
}
export interface CountryRow {
  readonly name: string;
  /** Longitude and latitude in degrees. */
  readonly centre: readonly [number, number];
  /** Each a list of arcs that close a ring; `~n` is arc n backwards (TopoJSON §2.1.4). Empty: not drawn apart. */
  readonly rings: readonly (readonly number[])[];
}

/** Mean radius of the Earth, km (IUGG 1980). */
export const EARTH_RADIUS_KM = 6371.0088;

/** Makes the atlas from the parsed file. */
export function openAtlas(file: CountryFile): CountryAtlas {
  const outlines = new Map<string, Outline | undefined>();
  const outlineOf = (country: string): Outline | undefined => {
    if (!outlines.has(country)) outlines.set(country, readOutline(file, country));
    return outlines.get(country);
  };
  const rowOf = (country: string): CountryRow | undefined =>
    Object.hasOwn(file.countries, country) ? file.countries[country] : undefined;
  return {
    dataSet: file.dataSet,
    nameOf: (country) => rowOf(country)?.name,
    centre: (country) => rowOf(country)?.centre,
    distanceKm: (country, latitude, longitude) =>
      outlineOf(country)?.distanceKm(latitude, longitude),
  };
}

/** Great-circle distance in km between two points in degrees (haversine formula). */
export function greatCircleKm(
  from: { readonly latitude: number; readonly longitude: number },
  to: { readonly latitude: number; readonly longitude: number },
): number {
  const half = (a: number, b: number): number => Math.sin(((b - a) * RADIANS) / 2) ** 2;
  const h =
    half(from.latitude, to.latitude) +
    Math.cos(from.latitude * RADIANS) *
      Math.cos(to.latitude * RADIANS) *
      half(from.longitude, to.longitude);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

const RADIANS = Math.PI / 180;

function readOutline(file: CountryFile, country: string): Outline | undefined {
  const row = Object.hasOwn(file.countries, country) ? file.countries[country] : undefined;
  if (row === undefined || row.rings.length === 0) return undefined;
  return new Outline(row.rings.map((ring) => readRing(file, ring)));
}

/**
 * Longitude and latitude of a ring's vertices, in turn. Where the ring goes over the 180th meridian its
 * longitudes go on beyond 180 or -180, so that no edge seems to circle the Earth.
 */
function readRing(file: CountryFile, ring: readonly number[]): Float64Array {
  const points: number[] = [];
  let turn = 0;
  let before: number | undefined;
  for (const number of ring) {
    const arc = readArc(file, number < 0 ? ~number : number);
    if (number < 0) arc.reverse();
    // The last vertex of one arc is the first of the next one.
    for (const [longitude, latitude] of points.length === 0 ? arc : arc.slice(1)) {
      const step = before === undefined ? 0 : longitude + turn - before;
      if (step > 180) turn -= 360;
      else if (step < -180) turn += 360;
      before = longitude + turn;
      points.push(before, latitude);
    }
  }
  return Float64Array.from(points);
}

function readArc(file: CountryFile, number: number): [number, number][] {
  const deltas = file.arcs[number] ?? [];
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < deltas.length; i += 2) {
    x += deltas[i] ?? 0;
    y += deltas[i + 1] ?? 0;
    points.push([x * file.unit, y * file.unit]);
  }
  return points;
}

/** Longest piece of an edge, degrees: a border along a parallel is no great circle, but short pieces of it are near to one. */
const LONGEST_PIECE = 1;

/** The rings of one country. */
class Outline {
  private readonly rings: readonly Float64Array[];

  constructor(rings: readonly Float64Array[]) {
    this.rings = rings;
  }

  /** 0 inside. */
  distanceKm(latitude: number, longitude: number): number {
    const isInside = [0, 360, -360].some((turn) => this.contains(latitude, longitude + turn));
    if (isInside) return 0;
    const point = toVector(longitude, latitude);
    let least = Infinity;
    for (const ring of this.rings) {
      for (let i = 0; i + 3 < ring.length; i += 2) {
        least = Math.min(least, edgeAngle(point, ring, i));
      }
    }
    return least * EARTH_RADIUS_KM;
  }

  /** Even-odd rule in the plane of longitude and latitude. */
  private contains(latitude: number, longitude: number): boolean {
    let inside = false;
    for (const ring of this.rings) {
      for (let i = 0; i + 3 < ring.length; i += 2) {
        const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = ring.subarray(i, i + 4);
        if (y1 > latitude === y2 > latitude) continue;
        if (longitude < x1 + ((latitude - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
      }
    }
    return inside;
  }
}

/** Angle in radians from a point to the edge that begins at `ring[i]`. */
function edgeAngle(point: Vector, ring: Float64Array, i: number): number {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = ring.subarray(i, i + 4);
  const pieces = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / LONGEST_PIECE));
  let least = Infinity;
  let from = toVector(x1, y1);
  for (let piece = 1; piece <= pieces; piece++) {
    const t = piece / pieces;
    const to = toVector(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t);
    least = Math.min(least, arcAngle(point, from, to));
    from = to;
  }
  return least;
}

type Vector = readonly [number, number, number];

function toVector(longitude: number, latitude: number): Vector {
  const level = Math.cos(latitude * RADIANS);
  return [
    level * Math.cos(longitude * RADIANS),
    level * Math.sin(longitude * RADIANS),
    Math.sin(latitude * RADIANS),
  ];
}

/** Angle from a point to the shorter great-circle arc between `a` and `b`. */
function arcAngle(point: Vector, a: Vector, b: Vector): number {
  const normal = cross(a, b);
  const length = Math.hypot(...normal);
  // The foot of the perpendicular lies on the arc if it is on the inner side of both ends.
  if (length > 1e-12 && dot(cross(normal, a), point) > 0 && dot(cross(b, normal), point) > 0) {
    return Math.abs(Math.asin(dot(normal, point) / length));
  }
  return Math.min(angle(point, a), angle(point, b));
}

function angle(a: Vector, b: Vector): number {
  return Math.atan2(Math.hypot(...cross(a, b)), dot(a, b));
}
function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
