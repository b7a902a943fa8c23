import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { NUMERIC_CODES } from "../../tools/iso-countries.ts";
import { greatCircleKm, openAtlas, type CountryFile } from "./country-atlas.ts";
import { boundByLatency, FIBRE_KM_PER_MS, LIGHT_KM_PER_MS, maxDistanceKm } from "./latency.ts";

const file = JSON.parse(readFileSync("data/countries/countries.json", "utf8")) as CountryFile;
const atlas = openAtlas(file);
const TAIPEI = { latitude: 25.033, longitude: 121.5654 };

// Least round trips from Taipei in ms at 2/3 c and at c, computed independently for places of known coordinates.
const PLACES: readonly [string, number, number, number, number][] = [
  ["Fuzhou", 26.0745, 119.2965, 2.5, 1.7],
  ["Shanghai", 31.2304, 121.4737, 6.9, 4.6],
  ["Hong Kong", 22.3193, 114.1694, 8.1, 5.4],
  ["Beijing", 39.9042, 116.4074, 17.2, 11.5],
  ["Tokyo", 35.6762, 139.6503, 21.0, 14.0],
  ["Singapore", 1.3521, 103.8198, 32.5, 21.7],
  ["Frankfurt", 50.1109, 8.6821, 93.8, 62.6],
  ["Ashburn", 39.0438, -77.4874, 126.3, 84.2],
];

test("round trips to known places are those of the light", () => {
  for (const [name, latitude, longitude, fibre, light] of PLACES) {
    const km = greatCircleKm(TAIPEI, { latitude, longitude });
    assert.ok(Math.abs((2 * km) / FIBRE_KM_PER_MS - fibre) < 0.15, `${name} in fibre`);
    assert.ok(Math.abs((2 * km) / LIGHT_KM_PER_MS - light) < 0.15, `${name} in vacuum`);
  }
});

test("8 ms is 800 km in fibre, 1200 km in vacuum", () => {
  assert.deepEqual(maxDistanceKm(8), { light: 1200, fibre: 800 });
});

test("distances to countries: 0 inside, to the nearest border outside", () => {
  const from = (country: string): number =>
    atlas.distanceKm(country, TAIPEI.latitude, TAIPEI.longitude) ?? Number.NaN;
  assert.equal(from("TW"), 0);
  // The mainland at Pingtan lies some 165 to 185 km away.
  assert.ok(from("CN") > 150 && from("CN") < 200);
  assert.ok(from("SG") > 3200 && from("SG") < 3260);
  assert.ok(from("HK") > 770 && from("HK") < 820);
  // 49° north: the border of Canada follows the parallel, which no great circle does.
  const border = atlas.distanceKm("CA", 48.9, -110) ?? Number.NaN;
  assert.ok(border > 5 && border < 18, String(border));
  // Across the line at 180°.
  assert.ok((atlas.distanceKm("RU", 65, -170) ?? Number.NaN) < 100);
  assert.equal(atlas.distanceKm("ZZ", 0, 0), undefined);
  assert.equal(atlas.distanceKm("constructor", 0, 0), undefined);
});

test("the atlas holds small states, and every code of ISO 3166-1 but the uninhabited ones", () => {
  for (const code of ["SG", "HK", "MO", "MT", "TW", "MU", "LU", "XK"]) {
    assert.notEqual(atlas.distanceKm(code, 0, 0), undefined, code);
    assert.notEqual(atlas.nameOf(code), undefined);
    const [longitude = 999, latitude = 999] = atlas.centre(code) ?? [];
    assert.ok(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90);
  }
  const absent = [...NUMERIC_CODES.keys()].filter((code) => atlas.centre(code) === undefined);
  assert.deepEqual(absent.sort(), ["BV", "UM"]);
  assert.ok(JSON.stringify(file).length <= 250_000);
});

test("no country is farther away than a point of its own, nor farther than half the Earth", () => {
  const code = fc.constantFrom(...Object.keys(file.countries));
  const point = [
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  ] as const;
  fc.assert(
    fc.property(code, ...point, (country, latitude, longitude) => {
      const distance = atlas.distanceKm(country, latitude, longitude);
      const arc = file.arcs[Math.abs(file.countries[country]?.rings[0]?.[0] ?? 0)];
      assert.ok(distance === undefined || (distance >= 0 && distance <= 20_016));
      const first = file.countries[country]?.rings[0]?.[0];
      if (distance === undefined || first === undefined || first < 0) return;
      const vertex = { longitude: (arc?.[0] ?? 0) / 100, latitude: (arc?.[1] ?? 0) / 100 };
      assert.ok(distance <= greatCircleKm({ latitude, longitude }, vertex) + 0.01);
    }),
    { numRuns: 60 },
  );
});

test("8 ms from Taipei refutes Singapore by light, and Beijing's country by nothing", () => {
  const claims = ["SG", "CN", "JP"].map((country) => ({
    country,
    source: "made up",
    date: "2026",
    address: "203.107.1.65",
  }));
  const world = { atlas, capturePoint: TAIPEI };
  const latency = boundByLatency(new Map([["203.107.1.65", 8]]), claims, world);
  assert.deepEqual(
    latency?.refuted.map(({ country, by }) => [country, by]),
    [["SG", "light"]],
  );
  // 25 ms: 2498 km in fibre, 3747 km at the speed of light; Singapore is 3237 km away.
  const slower = boundByLatency(new Map([["203.107.1.65", 25]]), claims, world);
  assert.deepEqual(
    slower?.refuted.map(({ country, by }) => [country, by]),
    [["SG", "fibre"]],
  );
});

test("what one address answers refutes nothing of another one", () => {
  const claims = [{ country: "SG", source: "made up", date: "2026", address: "5.5.5.5" }];
  const latency = boundByLatency(new Map([["8.8.8.8", 2]]), claims, {
    atlas,
    capturePoint: TAIPEI,
  });
  assert.equal(latency?.minRttMs, 2);
  assert.deepEqual(latency.refuted, []);
  assert.equal(boundByLatency(new Map(), claims, { atlas, capturePoint: TAIPEI }), null);
});

test("a country across the 180th meridian lies where it lies, on both sides of it", () => {
  // Chukotka, at 67° north.
  for (const longitude of [178, 179.9, -179.9, -178]) {
    assert.equal(atlas.distanceKm("RU", 67, longitude), 0, `at ${longitude}`);
  }
  // From the Denmark Strait to the westernmost point of the Finnish border (68.9 N, 28.4 E): 2,479 km by haversine.
  const fromDenmarkStrait = atlas.distanceKm("RU", 65, -30) ?? 0;
  assert.ok(Math.abs(fromDenmarkStrait - 2479) < 20, String(fromDenmarkStrait));
});

test("a marker stands in the country's main land, not on islands far off", () => {
  // Australia's land lies between 10.7° and 43.6° south; Ashmore and Cartier Islands at 12.4° are drawn apart.
  const [longitude = 0, latitude = 0] = atlas.centre("AU") ?? [];
  assert.ok(longitude > 125 && longitude < 145 && latitude < -20, `${longitude}, ${latitude}`);
});
