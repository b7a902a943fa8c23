/**
 * The Equal Earth projection: areas true, shapes calm, coefficients of a polynomial and no
 * iteration.
 *
 * Source: B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", International
 * Journal of Geographical Information Science 33 (2019), 454-465, equations 1 and 2.
 *
 * @module
 */
const A1 = 1.340264;
const A2 = -0.081106;
const A3 = 0.000893;
const A4 = 0.003796;
const M = Math.sqrt(3) / 2;
const RADIANS = Math.PI / 180;

/** Degrees to the plane; x within ±2.70663, y within ±1.31737, y upwards. */
export function toEqualEarth(longitude: number, latitude: number): readonly [number, number] {
  const theta = Math.asin(M * Math.sin(latitude * RADIANS));
  const t2 = theta * theta;
  const t6 = t2 * t2 * t2;
  const slope = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2);
  return [
    (longitude * RADIANS * Math.cos(theta)) / (M * slope),
    theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)),
  ];
}

/** Units of the map: width of the whole world. */
export const MAP_WIDTH = 1000;
const SCALE: number = MAP_WIDTH / (2 * toEqualEarth(180, 0)[0]);
/** Northernmost and southernmost latitude drawn: Antarctica hosts no servers. */
const NORTH = 84;
const SOUTH = -57;
const TOP: number = toEqualEarth(0, NORTH)[1] * SCALE;

export const MAP_HEIGHT: number = Math.round(TOP - toEqualEarth(0, SOUTH)[1] * SCALE);

/** Degrees to units of the map, origin at the upper left. */
export function toMap(longitude: number, latitude: number): readonly [number, number] {
  const [x, y] = toEqualEarth(longitude, latitude);
  return [MAP_WIDTH / 2 + x * SCALE, TOP - y * SCALE];
}
