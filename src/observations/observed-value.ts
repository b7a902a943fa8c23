/**
 * From a match in a node to what an observation says of it: value, excerpt, recipe, and the
 * bytes of the stream that carry it.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { fromStrictUtf8 } from "../bytes/text.ts";
import type { DocumentNode, RecipeStep } from "../content/document.ts";
import { MAX_EXCERPT_BYTES } from "../limits.ts";
import type { Message, Part } from "../protocols/message.ts";
import type { Excerpt, Observation } from "./observation.ts";
import { maskValues, placeOf } from "./place.ts";

/** Bytes `[start, end)` of `bytes` as text where they are text, else as hexadecimal digits. */
export function valueText(bytes: Uint8Array, start: number, end: number): string {
  const text = fromStrictUtf8(bytes.subarray(start, end));
  return text !== undefined && !/\p{Cc}/u.test(text) ? text : toHex(bytes, start, end);
}

/** A copy of the value with what stands around it. */
export function excerptOf(bytes: Uint8Array, start: number, end: number): Excerpt {
  const shown = Math.min(end - start, MAX_EXCERPT_BYTES);
  const before = Math.min(start, (MAX_EXCERPT_BYTES - shown) >> 1);
  const from = start - before;
  const to = Math.min(bytes.length, from + MAX_EXCERPT_BYTES);
  return { bytes: bytes.slice(from, to), valueStart: before, valueEnd: before + shown };
}

/** The steps from the message to bytes `[start, end)` of `node`; the last one cuts them out where they are not all. */
export function recipeTo(node: DocumentNode, start: number, end: number): readonly RecipeStep[] {
  const steps: RecipeStep[] = [];
  for (let at: DocumentNode | undefined = node; at !== undefined; at = at.parent)
    steps.unshift(at.step);
  if (start > 0 || end < node.bytes.length)
    steps.push({ operation: "slice", at: null, start, end });
  return steps;
}

/** Bytes of the sender's stream. */
export interface StreamRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of the stream that carry bytes `[start, end)` of `node`: exactly these where they stand there
 * unchanged, else those from which the node was decoded.
 *
 * @param whole The message, for content that stands nowhere as it is (compressed or put together).
 */
export function streamRange(
  node: DocumentNode,
  match: { readonly start: number; readonly end: number },
  whole: StreamRange,
): StreamRange {
  let { start, end } = match;
  let at = node;
  while (!at.verbatim || at.offset < 0) {
    const { parent, step } = at;
    if (parent === undefined) return whole;
    start = step.start ?? 0;
    end = step.end ?? parent.bytes.length;
    at = parent;
  }
  return { start: at.offset + start, end: at.offset + end };
}

/** All of an observation that follows from where it was found. */
export type Placed = Omit<
  Observation,
  "property" | "source" | "value" | "placeholder" | "form" | "contextual"
>;

/** Where bytes `[start, end)` of a node lie. Place and key show none of `secrets`. */
export function placed(
  message: Message,
  part: Part,
  match: { readonly node: DocumentNode; readonly start: number; readonly end: number },
  secrets: readonly string[],
): Placed {
  const { node, start, end } = match;
  const { flow, side, input, frame, ts } = message;
  const range = streamRange(node, { start, end }, message);
  const frames = flow.framesOf(side, range.start, range.end);
  return {
    flow,
    side,
    input,
    frame,
    frames: frames.length > 0 ? frames : [frame],
    ts,
    channel: message.decrypted === true ? "decrypted" : "clear",
    protocol: message.kind,
    place: maskValues(placeOf(message, part, node), secrets),
    key: maskValues(node.key, secrets),
    recipe: recipeTo(node, start, end),
    ...range,
    excerpt: excerptOf(node.bytes, start, end),
  };
}
