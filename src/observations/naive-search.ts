/**
 * The reference of the search kernel: slow, and right by inspection. Tests hold the kernel
 * against it.
 *
 * @module
 */
import type { HitSink, Pattern } from "./needle-search.ts";

/** As {@link ./needle-search.ts NeedleSearch.search}: every pattern tried at every offset. */
export function naiveSearch(
  patterns: readonly Pattern[],
  bytes: Uint8Array,
  range: { readonly start: number; readonly end: number },
  hit: HitSink,
): void {
  const end = Math.min(range.end, bytes.length);
  for (const [index, pattern] of patterns.entries()) {
    for (let at = range.start; at + pattern.bytes.length <= end; at++) {
      if (pattern.bytes.every((byte, i) => isEqual(byte, bytes[at + i], pattern.anyCase)))
        hit(index, at);
    }
  }
}

function isEqual(a: number, b: number | undefined, anyCase: boolean): boolean {
  return a === b || (anyCase && b !== undefined && letter(a) !== "" && letter(a) === letter(b));
}

function letter(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z]/.test(character) ? character.toLowerCase() : "";
}
