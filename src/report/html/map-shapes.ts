/**
 * Land as SVG paths: the outlines of `data/countries`, projected and thinned to what a screen shows.
 *
 * @module
 */
import { MAP_HEIGHT, toMap } from "./equal-earth.ts";
import type { WorldMapData } from "./view.ts";

/** Units of a path to one of the map: whole numbers then are fine enough, and short. */
export const SHAPE_SCALE = 2;
/** Points nearer than this to the one before are left out, in units of a path. */
const SPACING = 2;
/** Rings smaller than this are left out, in square units of a path: they would be a dot. */
const LEAST_AREA = 6;

type Point = readonly [x: number, y: number];

/** Thins each line once, so that neighbours share their border to the point. */
export class MapShapes {
  readonly #map: WorldMapData;
  /** Longitude and latitude in degrees. */
  readonly #lines = new Map<number, readonly Point[]>();

  constructor(map: WorldMapData) {
    this.#map = map;
  }

  /** One path for all countries wanted; small islands only where `isWhole`. */
  pathOf(codes: readonly string[], isWhole: boolean): string {
    let path = "";
    for (const code of codes) {
      for (const ring of this.#map.countries[code]?.rings ?? []) {
        const points = unwrapped(this.#degreesOf(ring)).map(toUnits);
        const isVisible = points.some(([, y]) => y < MAP_HEIGHT * SHAPE_SCALE);
        if (isVisible && (isWhole || areaOf(points) >= LEAST_AREA)) path += pathOfRing(points);
      }
    }
    return path;
  }

  #degreesOf(ring: readonly number[]): readonly Point[] {
    const points: Point[] = [];
    for (const number of ring) {
      const line = this.#line(number < 0 ? ~number : number);
      points.push(...(number < 0 ? [...line].reverse() : line));
    }
    return points;
  }

  #line(number: number): readonly Point[] {
    let line = this.#lines.get(number);
    if (line === undefined) {
      line = thinned(this.#map.arcs[number] ?? [], this.#map.unit);
      this.#lines.set(number, line);
    }
    return line;
  }
}

/** First point and differences (TopoJSON §2.1.4) to degrees; both ends are kept. */
function thinned(deltas: readonly number[], unit: number): readonly Point[] {
  const points: Point[] = [];
  let [longitude, latitude] = [0, 0];
  let last: Point | undefined;
  for (let i = 0; i + 1 < deltas.length; i += 2) {
    longitude += deltas[i] ?? 0;
    latitude += deltas[i + 1] ?? 0;
    const point: Point = [longitude * unit, latitude * unit];
    const [x, y] = toUnits(point);
    const isEnd = i + 3 >= deltas.length;
    const isFar =
      last === undefined || Math.abs(x - last[0]) >= SPACING || Math.abs(y - last[1]) >= SPACING;
    if (!isFar && !isEnd) continue;
    points.push(point);
    last = [x, y];
  }
  return points;
}

/** A ring across the 180th meridian in one piece: it may reach past 180° on one side. */
function unwrapped(ring: readonly Point[]): readonly Point[] {
  let shift = 0;
  let before = ring[0]?.[0] ?? 0;
  let sum = 0;
  const points = ring.map(([longitude, latitude]): Point => {
    if (longitude - before > 180) shift -= 360;
    else if (longitude - before < -180) shift += 360;
    before = longitude;
    sum += longitude + shift;
    return [longitude + shift, latitude];
  });
  const middle = sum / Math.max(1, ring.length);
  const turn = middle > 180 ? -360 : middle < -180 ? 360 : 0;
  return turn === 0 ? points : points.map(([x, y]) => [x + turn, y]);
}

function toUnits([longitude, latitude]: Point): Point {
  const [x, y] = toMap(longitude, latitude);
  return [Math.round(x * SHAPE_SCALE), Math.round(y * SHAPE_SCALE)];
}

function pathOfRing(points: readonly Point[]): string {
  let path = "";
  let [lastX, lastY] = [NaN, NaN];
  for (const [x, y] of points) {
    if (x === lastX && y === lastY) continue;
    path += path === "" ? `M${x} ${y}` : `l${x - lastX}${y - lastY < 0 ? "" : " "}${y - lastY}`;
    [lastX, lastY] = [x, y];
  }
  return `${path}z`;
}

/** Shoelace formula, without sign. */
function areaOf(points: readonly Point[]): number {
  let twice = 0;
  for (const [i, [x, y]] of points.entries()) {
    const [nextX, nextY] = points[(i + 1) % points.length] ?? [x, y];
    twice += x * nextY - nextX * y;
  }
  return Math.abs(twice) / 2;
}
