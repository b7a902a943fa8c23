/**
 * Decoded content: a tree of values, each of which knows how it was reached.
 *
 * @module
 */

/** One step of a recipe: an operation that turns bytes into the bytes of the next step. */
export interface RecipeStep {
  /**
   * What was done: `field` (a part of a message), `query`, `form`, `cookie`, `json`, `xml`, `multipart`,
   * `protobuf`, `percent`, `base64`, `hex`, `gzip`, `brotli`, `chunked`, …; for derivations of a known
   * value: `form:e164`, `sha256`, `truncate:16`, ….
   */
  readonly operation: string;
  /** Which member was taken, in the operation's own notation: header name, JSONPath (RFC 9535), field number. */
  readonly at: string | null;
  /** Bytes `[start, end)` of the step's input that this step took; null where it took all of it. */
  readonly start: number | null;
  readonly end: number | null;
}

/** A value in decoded content. The root is a whole part of a message. */
export interface DocumentNode {
  readonly parent: DocumentNode | undefined;
  /** How this node was made from its parent (for the root: from the message). */
  readonly step: RecipeStep;
  /**
   * The nearest telling name: header, parameter, JSON key or protobuf field (`#3`), as sent; empty where
   * there is none. Decodings of a value keep the name of what they decode.
   */
  readonly key: string;
  /** The bytes of this node, after its step. */
  readonly bytes: Uint8Array;
  /**
   * Place of the first byte in the sender's stream, where the node's bytes stand there unchanged; else the
   * place of the nearest ancestor whose bytes do, with `verbatim` false.
   */
  readonly offset: number;
  readonly verbatim: boolean;
  /** Whether this node is a value (leaf of its container), not the container itself. */
  readonly leaf: boolean;
  /** What could not be decoded here, for people; undefined where nothing failed. */
  readonly trouble: string | undefined;
}

/** Takes the nodes of a document, parents before children. */
export type NodeVisitor = (node: DocumentNode) => void;

/** The steps from the message to `node`, outermost first. */
export function recipeOf(node: DocumentNode): readonly RecipeStep[] {
  const steps: RecipeStep[] = [];
  for (let at: DocumentNode | undefined = node; at !== undefined; at = at.parent)
    steps.push(at.step);
  return steps.reverse();
}
