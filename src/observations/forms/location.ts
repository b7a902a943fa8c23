/**
 * Forms of a place on Earth, written `latitude,longitude` in decimal degrees (WGS 84).
 *
 * A place is two numbers, each found by chance now and then; so each is weak by itself
 * and counts where the other stands near it. How near a match is follows from its digits:
 * three decimals are 111 m of latitude, two are 1.1 km.
 *
 * @module
 */
import { textForm, type CanonicalForm, type FormOptions } from "../form.ts";

/** What is wrong with a place. */
export function checkLocation(value: string): string | undefined {
  const place = parse(value);
  if (place === undefined)
    return 'invalid place: "latitude,longitude" in decimal degrees is due, as in 25.0330,121.5654';
  const [latitude, longitude] = place;
  if (Math.abs(Number(latitude)) > 90) return "invalid place: the latitude lies beyond 90 degrees";
  if (Math.abs(Number(longitude)) > 180)
    return "invalid place: the longitude lies beyond 180 degrees";
  if (decimals(latitude) < 3 || decimals(longitude) < 3) {
    return "invalid place: at least three decimals of both latitude and longitude are due, fewer match too many places";
  }
  return undefined;
}

/** Forms of both numbers, and of the pair. */
export function locationForms(value: string): readonly CanonicalForm[] {
  const place = parse(value);
  if (place === undefined) return [];
  const [latitude, longitude] = place;
  return [
    textForm("lat-lon", `${latitude},${longitude}`, { boundary: "digit-before" }),
    textForm("lon-lat", `${longitude},${latitude}`, { boundary: "digit-before", hash: false }),
    ...coordinateForms("latitude", latitude),
    ...coordinateForms("longitude", longitude),
  ];
}

function coordinateForms(piece: string, text: string): readonly CanonicalForm[] {
  const number = Number(text);
  const forms = [
    // Any further digits may follow: what was given to more decimals or by another fix nearby.
    textForm(`${piece}-3-cut`, cut(text, 3), { ...WEAK, piece, boundary: "digit-before" }),
  ];
  for (let places = 2; places < Math.max(6, decimals(text)) && places <= 6; places++) {
    const options: FormOptions = { ...WEAK, piece, boundary: "digit", encode: false };
    if (places < decimals(text)) {
      const form = places === 2 ? "truncated" : "clear";
      forms.push(textForm(`${piece}-${places}`, number.toFixed(places), { ...options, form }));
    }
  }
  for (const [name, scale] of [
    ["e6", 1e6],
    ["e7", 1e7],
  ] as const) {
    const integer = String(Math.round(number * scale));
    forms.push(
      textForm(`${piece}-${name}`, integer, { ...WEAK, piece, boundary: "digit", encode: false }),
    );
  }
  return forms;
}

/** The number cut off, not rounded, after `places` decimals. */
function cut(text: string, places: number): string {
  return text.slice(0, text.indexOf(".") + 1 + places);
}

function parse(value: string): readonly [string, string] | undefined {
  const match =
    /^\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*$/.exec(value);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return [match[1].replace(/^\+/, ""), match[2].replace(/^\+/, "")];
}

function decimals(text: string): number {
  return text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
}

const WEAK: FormOptions = { weak: true, hash: false };
