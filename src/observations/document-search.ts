/**
 * Search of decoded content: every distinct buffer once, every match told of the deepest node that
 * holds it.
 *
 * @module
 */
import type { DocumentNode } from "../content/document.ts";
import { MAX_HITS_PER_PART } from "../limits.ts";
import { standsAlone } from "./boundary.ts";
import type { Needle } from "./derive.ts";
import { withoutOverlaps, type Hit } from "./hit.ts";
import type { NeedleSearch } from "./needle-search.ts";
import type { Key } from "./telling-keys.ts";

/** A match in a node. */
export interface NodeHit extends Hit {
  readonly node: DocumentNode;
  /** Bytes `[from, from + length)` of `node.bytes`. */
  readonly from: number;
}

/** What a search needs to know. */
export interface SearchSetting {
  readonly search: NeedleSearch;
  readonly needles: readonly Needle[];
  /** Property of each canary. */
  readonly properties: readonly string[];
  readonly readKey: (name: string) => Key;
}

/** What came of a search. */
export interface NodeSearch {
  readonly hits: readonly NodeHit[];
  readonly bytesSearched: number;
  /** Whether there were more matches than are looked at. */
  readonly isCut: boolean;
}

/** Searches the nodes of one document, given parents before children. */
export function searchNodes(nodes: readonly DocumentNode[], setting: SearchSetting): NodeSearch {
  const searched = new Map<ArrayBufferLike, Uint8Array[]>();
  const matches: { needle: number; view: Uint8Array; at: number }[] = [];
  let bytesSearched = 0;
  let isCut = false;
  for (const { bytes } of nodes) {
    const views = searched.get(bytes.buffer);
    if (bytes.length === 0 || views?.some((view) => contains(view, bytes.byteOffset, bytes.length)))
      continue;
    if (views === undefined) searched.set(bytes.buffer, [bytes]);
    else views.push(bytes);
    bytesSearched += bytes.length;
    setting.search.search(bytes, 0, bytes.length, (needle, at) => {
      if (matches.length < MAX_HITS_PER_PART) matches.push({ needle, view: bytes, at });
      else isCut = true;
    });
  }
  const hits: NodeHit[] = [];
  for (const { needle, view, at } of matches) {
    const found = setting.needles[needle];
    if (found === undefined) continue;
    const length = found.bytes.length;
    const window = { bytes: view, start: 0, end: view.length };
    const meanings = found.meanings.filter(({ rule }) =>
      standsAlone(rule, window, at, at + length),
    );
    if (meanings.length === 0) continue;
    const node = deepest(nodes, view, at, length);
    if (node === undefined) continue;
    const key = setting.readKey(node.key);
    for (const meaning of meanings) {
      const isTold = key.tellsOf(setting.properties[meaning.canary] ?? "");
      const place = view.byteOffset + at;
      hits.push({
        meaning,
        space: view.buffer,
        at: place,
        length,
        isTold,
        node,
        from: place - node.bytes.byteOffset,
      });
    }
  }
  return { hits: withoutOverlaps(withoutDecoded(hits)), bytesSearched, isCut };
}

function contains(view: Uint8Array, offset: number, length: number): boolean {
  return offset >= view.byteOffset && offset + length <= view.byteOffset + view.length;
}

/** The last of the smallest nodes that hold the match in the buffer in which it was found. */
function deepest(
  nodes: readonly DocumentNode[],
  view: Uint8Array,
  at: number,
  length: number,
): DocumentNode | undefined {
  let best: DocumentNode | undefined;
  for (const node of nodes) {
    if (node.bytes.buffer !== view.buffer || !contains(node.bytes, view.byteOffset + at, length))
      continue;
    if (best === undefined || node.bytes.length <= best.bytes.length) best = node;
  }
  return best;
}

/** Drops matches in bytes of which a decoding shows the same value: `%2B886…` where `+886…` was found below it. */
function withoutDecoded(hits: readonly NodeHit[]): readonly NodeHit[] {
  if (hits.length < 2) return hits;
  return hits.filter((hit) => !hits.some((other) => isDecodingOf(other, hit)));
}

function isDecodingOf(other: NodeHit, hit: NodeHit): boolean {
  if (other.meaning.canary !== hit.meaning.canary || other.meaning.variant !== hit.meaning.variant)
    return false;
  if (other.space === hit.space) return false;
  let child = other.node;
  for (let at = child.parent; at !== undefined; child = at, at = at.parent) {
    if (at.bytes.buffer !== hit.space) continue;
    const first = at.bytes.byteOffset + (child.step.start ?? 0);
    const last = at.bytes.byteOffset + (child.step.end ?? at.bytes.length);
    return hit.at < last && first < hit.at + hit.length;
  }
  return false;
}
