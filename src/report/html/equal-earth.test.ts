import assert from "node:assert/strict";
import { test } from "node:test";
import { MAP_WIDTH, toEqualEarth, toMap } from "./equal-earth.ts";

function near(actual: number, expected: number, within = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected}`);
}

test("at the equator x is λ / (M · A1), by hand", () => {
  // θ = 0: x = λ · 1 / (√3/2 · 1.340264); λ = π gives 2.7066297.
  const [x, y] = toEqualEarth(180, 0);
  near(x, Math.PI / (0.8660254037844386 * 1.340264));
  near(x, 2.7066297, 1e-6);
  assert.equal(y, 0);
});

test("at the pole y is the polynomial at θ = π/3, by hand", () => {
  // 1.340264·1.0471976 - 0.081106·1.1483838 + 0.000893·1.3810381 + 0.003796·1.5144639
  // = 1.4035212 - 0.0931408 + 0.0012333 + 0.0057489 = 1.3173626
  const [x, y] = toEqualEarth(0, 90);
  near(x, 0);
  near(y, 1.3173626, 2e-6);
});

test("poles are lines a little more than half as long as the equator", () => {
  // Šavrič et al. 2019, §2: 0.59247 of the equator's length.
  const share = toEqualEarth(180, 90)[0] / toEqualEarth(180, 0)[0];
  near(share, 0.59247, 5e-5);
});

test("areas are true: a cell at 60° is to one at the equator as their areas on the sphere", () => {
  const cell = (latitude: number): number => {
    const step = 0.01;
    const [x0, y0] = toEqualEarth(0, latitude);
    const [x1] = toEqualEarth(step, latitude);
    const [, y1] = toEqualEarth(0, latitude + step);
    return (x1 - x0) * (y1 - y0);
  };
  near(cell(60) / cell(0), Math.cos(Math.PI / 3), 2e-4);
});

test("north is up, east is right, the middle is Greenwich", () => {
  near(toMap(0, 0)[0], MAP_WIDTH / 2);
  assert.ok(toMap(10, 0)[0] > toMap(0, 0)[0]);
  assert.ok(toMap(0, 10)[1] < toMap(0, 0)[1]);
  near(toMap(180, 0)[0], MAP_WIDTH);
});
