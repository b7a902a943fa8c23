/**
 * Recognises places: latitude and longitude beside their names, or as a pair.
 *
 * @module
 */
import type { GroupRecognizer, RecognizedIn, ValueContext } from "./recognizer.ts";

export const locationRecognizer: GroupRecognizer = {
  name: "location",
  recognizeTogether(contexts) {
    const found: RecognizedIn[] = [];
    let latest:
      | { readonly context: ValueContext; readonly isLatitude: boolean; readonly index: number }
      | undefined;
    for (const [index, context] of contexts.entries()) {
      const isLatitude = context.key.tells(["lat", "latitude"]);
      if (!isLatitude && !context.key.tells(["lon", "lng", "long", "longitude"])) {
        const pair = pairIn(context);
        if (pair !== undefined) found.push(pair);
        continue;
      }
      if (
        latest !== undefined &&
        latest.isLatitude !== isLatitude &&
        index - latest.index <= NEAR
      ) {
        found.push(...placed(isLatitude ? [context, latest.context] : [latest.context, context]));
        latest = undefined;
      } else latest = { context, isLatitude, index };
    }
    return found;
  },
};

/** Values between the two coordinates of one place (accuracy, time). */
const NEAR = 4;
const NUMBER = /^\s*-?\d{1,3}\.\d{1,16}\s*$/;

/** One observation for each coordinate: each stands in its own bytes. */
function placed([latitude, longitude]: readonly [
  ValueContext,
  ValueContext,
]): readonly RecognizedIn[] {
  const property = propertyOf(latitude.text, longitude.text);
  if (property === undefined) return [];
  const reason = `decimal degrees beside "${latitude.key.name}" and "${longitude.key.name}"`;
  return [latitude, longitude].map((context) => ({
    context,
    property,
    start: context.text.length - context.text.trimStart().length,
    end: context.text.trimEnd().length,
    confidence: "likely",
    reason,
  }));
}

function pairIn(context: ValueContext): RecognizedIn | undefined {
  if (!context.key.tellsOf("PreciseLocation")) return undefined;
  const match = /^\s*(-?\d{1,3}\.\d{1,16})\s{0,2}[,;|]\s{0,2}(-?\d{1,3}\.\d{1,16})\s*$/.exec(
    context.text,
  );
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const property = propertyOf(match[1], match[2]);
  if (property === undefined) return undefined;
  const start = context.text.length - context.text.trimStart().length;
  const end = context.text.trimEnd().length;
  return {
    context,
    property,
    start,
    end,
    confidence: "likely",
    reason: `two decimal degrees beside "${context.key.name}"`,
  };
}

/** Three decimals tell a place to about 100 m; fewer, a district. Nought and nought is no place given. */
function propertyOf(latitude: string, longitude: string): string | undefined {
  if (!NUMBER.test(latitude) || !NUMBER.test(longitude)) return undefined;
  if (Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180) return undefined;
  if (Number(latitude) === 0 && Number(longitude) === 0) return undefined;
  const decimals = Math.min(
    ...[latitude, longitude].map((text) => text.trim().length - text.trim().indexOf(".") - 1),
  );
  return decimals >= 3 ? "PreciseLocation" : "CoarseLocation";
}
