import assert from "node:assert/strict";
import { test } from "node:test";
import { readMap } from "../../../test/html-reports.ts";
import { MAP_HEIGHT, toMap } from "./equal-earth.ts";
import { MapShapes, SHAPE_SCALE } from "./map-shapes.ts";
import type { WorldMapData } from "./view.ts";

/** Squares of 20° by 20°, one of two lines, one across the 180th meridian. */
const MAP: WorldMapData = {
  format: "telltale.countries/1",
  dataSet: { name: "", version: "", date: "", licence: "", source: "" },
  unit: 1,
  arcs: [
    [0, 0, 20, 0, 0, 20],
    [0, 0, 0, 20, 20, 0],
    [170, 0, 10, 0, -350, 0, 0, 20, 340, 0, 0, -20],
  ],
  countries: {
    AA: { name: "A", centre: [10, 10], rings: [[0, ~1]] },
    BB: { name: "B", centre: [180, 10], rings: [[2]] },
  },
};

/** Absolute points of a path of `M` and `l`. */
function pointsOf(path: string): [number, number][] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([Ml])(-?\d+) ?(-?\d+)/g)].map(([, command, a, b]) => {
    [x, y] = command === "M" ? [Number(a), Number(b)] : [x + Number(a), y + Number(b)];
    return [x, y];
  });
}

const at = (longitude: number, latitude: number): number[] =>
  toMap(longitude, latitude).map((value) => Math.round(value * SHAPE_SCALE));

test("a ring is its lines in turn, `~n` backwards", () => {
  const points = pointsOf(new MapShapes(MAP).pathOf(["AA"], true));
  assert.deepEqual(points, [at(0, 0), at(20, 0), at(20, 20), at(0, 20), at(0, 0)]);
});

test("a ring across the 180th meridian stays in one piece", () => {
  const points = pointsOf(new MapShapes(MAP).pathOf(["BB"], true));
  assert.deepEqual(points, [
    at(170, 0),
    at(180, 0),
    at(190, 0),
    at(190, 20),
    at(170, 20),
    at(170, 0),
  ]);
});

test("no land of the world jumps across the map, and none lies wholly below it", () => {
  const map = readMap();
  const shapes = new MapShapes(map);
  for (const code of Object.keys(map.countries)) {
    if (code === "AQ") continue;
    for (const ring of shapes.pathOf([code], true).split("z").filter(Boolean)) {
      const points = pointsOf(ring);
      for (const [i, [x]] of points.entries()) {
        const before = points[i - 1]?.[0] ?? x;
        assert.ok(Math.abs(x - before) < 300, `${code} jumps from ${before} to ${x}`);
      }
      assert.ok(points.some(([, y]) => y < MAP_HEIGHT * SHAPE_SCALE));
    }
  }
});
