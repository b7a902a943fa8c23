/**
 * Decodes content as the audit does, and checks every claim about places on the way.
 *
 * @module
 */
import assert from "node:assert/strict";
import { decodePart } from "../src/content/decode.ts";
import type { DocumentNode } from "../src/content/document.ts";
import { recipeOf } from "../src/content/document.ts";
import { nodePlatform } from "../src/node/platform.ts";
import type { Part, PartForm } from "../src/protocols/message.ts";

/** Bytes as text. */
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
/** Where the content stands in its stream. */
export const OFFSET = 100;

/** What decoding gave. */
export interface Decoded {
  readonly nodes: DocumentNode[];
  readonly troubles: string[];
  readonly limited: boolean;
}

/** Fields of the part that holds the content. */
export type PartFields = Partial<Part> & { readonly form: PartForm };

/** Decodes content that stands at `OFFSET` of a stream, and checks every claim about places. */
export function decode(content: string | Uint8Array, fields: PartFields): Decoded {
  const bytes = Buffer.from(content);
  const part: Part = { path: "body", bytes, offset: OFFSET, ...fields };
  const nodes: DocumentNode[] = [];
  const troubles: string[] = [];
  const sink = {
    anomaly: (name: string, reason: string) => void troubles.push(`${name}: ${reason}`),
  };
  const summary = decodePart(part, nodePlatform, (node) => void nodes.push(node), sink);
  assert.equal(summary.nodes, nodes.length);
  const seen = new Set<DocumentNode>();
  for (const node of nodes) {
    const { parent, step } = node;
    assert.ok(parent === undefined || seen.has(parent), "parents first");
    seen.add(node);
    if (node.verbatim) {
      const from = node.offset - OFFSET;
      assert.deepEqual(Buffer.from(node.bytes), bytes.subarray(from, from + node.bytes.length));
    } else if (parent !== undefined) {
      assert.equal(node.offset, parent.offset);
    }
    if (parent !== undefined && step.start !== null && step.end !== null) {
      assert.ok(step.start >= 0 && step.start <= step.end && step.end <= parent.bytes.length);
    }
  }
  return { nodes, troubles, limited: summary.limited };
}

/** Leaves as `key=value`. */
export const leaves = ({ nodes }: Decoded): string[] =>
  nodes.filter((node) => node.leaf).map((node) => `${node.key}=${text(node.bytes)}`);
/** Steps to a node, as `operation at`. */
export const recipe = (node: DocumentNode | undefined): string[] =>
  node === undefined
    ? []
    : recipeOf(node).map(({ operation, at }) => (at === null ? operation : `${operation} ${at}`));
/** The deepest node that is just this text. */
export const find = ({ nodes }: Decoded, value: string): DocumentNode | undefined =>
  nodes.findLast((node) => text(node.bytes) === value);
