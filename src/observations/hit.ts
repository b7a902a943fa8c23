/**
 * Hits: matches of needles, and which of them count.
 *
 * @module
 */
import type { Meaning } from "./derive.ts";

/** A match that stands alone. */
export interface Hit {
  readonly meaning: Meaning;
  /** Bytes `[at, at + length)` in the buffer or stream that `space` names: only those of one space overlap. */
  readonly space: unknown;
  readonly at: number;
  readonly length: number;
  /** Whether the name beside it tells the canary's property. */
  readonly isTold: boolean;
}

/**
 * The longest hit of each place for each value: an IMEI is not reported as its first 14 digits as well.
 * Strong hits go before weak ones.
 */
export function withoutOverlaps<H extends Hit>(hits: readonly H[]): readonly H[] {
  const kept: H[] = [];
  const ranked = [...hits].sort(
    (a, b) => Number(a.meaning.weak) - Number(b.meaning.weak) || b.length - a.length || a.at - b.at,
  );
  for (const hit of ranked) {
    if (!kept.some((other) => isSameValue(hit, other) && overlap(hit, other))) kept.push(hit);
  }
  return kept.sort(
    (a, b) =>
      a.at - b.at || a.meaning.canary - b.meaning.canary || a.meaning.variant - b.meaning.variant,
  );
}

/**
 * Whether a hit counts: it is strong, or its name tells, or another value or another piece of the same
 * value was found beside it.
 *
 * @param near How far the other may be, in bytes; for messages, anywhere.
 */
export function counts(hit: Hit, others: readonly Hit[], near = Infinity): boolean {
  const { meaning } = hit;
  if (!meaning.weak || hit.isTold) return true;
  return others.some((other) => {
    if (other === hit || (other.space === hit.space && overlap(hit, other))) return false;
    if (other.space === hit.space && Math.abs(other.at - hit.at) > near) return false;
    if (other.space !== hit.space && near !== Infinity) return false;
    const isOtherPiece =
      isSameValue(hit, other) &&
      meaning.piece !== undefined &&
      other.meaning.piece !== meaning.piece;
    // Coordinates support only each other: two numbers in a message are two chances.
    if (meaning.piece !== undefined) return isOtherPiece;
    // Decoys support nothing but themselves: they are there to show what chance does.
    const isReal = other.meaning.variant === 0 && other.meaning.piece === undefined;
    return isOtherPiece || (isReal && !isSameValue(hit, other));
  });
}

function isSameValue(a: Hit, b: Hit): boolean {
  return a.meaning.canary === b.meaning.canary && a.meaning.variant === b.meaning.variant;
}

function overlap(a: Hit, b: Hit): boolean {
  return a.space === b.space && a.at < b.at + b.length && b.at < a.at + a.length;
}
