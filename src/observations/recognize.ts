/**
 * Runs recognisers over the values of one message, and settles which of them is believed where
 * several claim the same bytes.
 *
 * @module
 */
import { fromLatin1 } from "../bytes/text.ts";
import type { DocumentNode } from "../content/document.ts";
import { MAX_RECOGNIZED_BYTES, MAX_RECOGNIZED_VALUES } from "../limits.ts";
import type { Message, Part } from "../protocols/message.ts";
import type { FruitlessValues } from "./fruitless.ts";
import type { Confidence } from "./observation.ts";
import type { RecognizerSet } from "./recognizers/index.ts";
import type { RecognizedIn, ValueContext } from "./recognizers/recognizer.ts";
import type { Key } from "./telling-keys.ts";

/** A find, and who made it. */
export interface RecognizedValue extends RecognizedIn {
  readonly recognizer: string;
}

/** What came of a message. */
export interface Recognition {
  readonly found: readonly RecognizedValue[];
  /** Values not looked at, since there were more than the limit. */
  readonly skipped: number;
}

/** A part of a message with its nodes. */
export interface DecodedPart {
  readonly part: Part;
  readonly nodes: readonly DocumentNode[];
}

/** What recognising needs besides: both remember from message to message. */
export interface RecognizeSetting {
  readonly readKey: (name: string) => Key;
  readonly fruitless: FruitlessValues;
}

/** Runs all recognisers over the values of a message. */
export function recognize(
  message: Message,
  parts: readonly DecodedPart[],
  recognizers: RecognizerSet,
  { readKey, fruitless }: RecognizeSetting,
): Recognition {
  const contexts: ValueContext[] = [];
  let skipped = 0;
  for (const { part, nodes } of parts) {
    for (const node of nodes) {
      if (!isValue(part, node)) continue;
      if (contexts.length >= MAX_RECOGNIZED_VALUES) skipped++;
      else
        contexts.push({
          key: readKey(keyOf(part, node)),
          text: fromLatin1(node.bytes),
          node,
          part,
          message,
        });
    }
  }
  const found: RecognizedValue[] = [];
  for (const context of contexts) {
    if (fruitless.has(context)) continue;
    const before = found.length;
    for (const recognizer of recognizers.single) {
      const { name } = recognizer;
      for (const one of recognizer.recognize(context))
        found.push({ ...one, context, recognizer: name });
    }
    if (found.length === before) fruitless.remember(context);
  }
  for (const recognizer of recognizers.group) {
    const { name } = recognizer;
    for (const one of recognizer.recognizeTogether(contexts))
      found.push({ ...one, recognizer: name });
  }
  return { found: settle(found), skipped };
}

function isValue(part: Part, node: DocumentNode): boolean {
  if (node.bytes.length === 0 || node.bytes.length > MAX_RECOGNIZED_BYTES) return false;
  return node.leaf || (node.parent === undefined && (part.form === "text" || part.form === "name"));
}

/** The node's own key, or for a header the header's name. */
function keyOf(part: Part, node: DocumentNode): string {
  if (node.key !== "") return node.key;
  return part.path.startsWith("header:") ? part.path.slice("header:".length) : "";
}

/**
 * Of finds in the same bytes the surer one stays, of equals the first; and of the same value in a text
 * and in what was decoded from it, the latter.
 */
function settle(found: readonly RecognizedValue[]): readonly RecognizedValue[] {
  const byNode = new Map<DocumentNode, RecognizedValue[]>();
  for (const one of found) {
    const others = byNode.get(one.context.node) ?? [];
    const rivals = others.filter((other) => one.start < other.end && other.start < one.end);
    if (rivals.some((rival) => RANK[rival.confidence] >= RANK[one.confidence])) continue;
    byNode.set(one.context.node, [...others.filter((other) => !rivals.includes(other)), one]);
  }
  const settled = [...byNode.values()].flatMap((those) => those.sort((a, b) => a.start - b.start));
  const decoded = new Map<DocumentNode, Set<string>>();
  for (const one of settled) {
    for (let up = one.context.node.parent; up !== undefined; up = up.parent) {
      const claims = decoded.get(up);
      if (claims === undefined) decoded.set(up, new Set([claimOf(one)]));
      else claims.add(claimOf(one));
    }
  }
  return settled.filter((one) => decoded.get(one.context.node)?.has(claimOf(one)) !== true);
}

function claimOf({ property, context, start, end }: RecognizedValue): string {
  return `${property} ${context.text.slice(start, end)}`;
}

const RANK: Readonly<Record<Confidence, number>> = { possible: 0, likely: 1, certain: 2 };
