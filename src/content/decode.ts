/**
 * Decodes a part of a message, layer by layer, for as long as there is evidence of a further
 * layer, and shows every value met on the way.
 *
 * @module
 */
import { MAX_DECODE_DEPTH, MAX_DECODED_BYTES, MAX_DOCUMENT_NODES } from "../limits.ts";
import type { Platform } from "../platform.ts";
import type { Part } from "../protocols/message.ts";
import { traitsOf } from "./byte-traits.ts";
import type { Codec, Hint, Member, Members, Recoded, Value } from "./codec.ts";
import { CODECS } from "./codecs/registry.ts";
import type { DocumentNode, NodeVisitor, RecipeStep } from "./document.ts";

/** Takes what could not be decoded; the caller knows the place. */
export interface DecodeSink {
  /** `name` is kebab-case, `reason` for people, as in an `Anomaly`. */
  anomaly(name: string, reason: string): void;
}

/** What decoding a part came to. */
export interface DecodeSummary {
  /** Values shown. */
  readonly nodes: number;
  /** Bytes that decodings made. */
  readonly decodedBytes: number;
  /** Whether a limit stopped it, so that there may be more in it. */
  readonly limited: boolean;
}

/**
 * Decodes `part` and gives `visit` every value: the part itself first, parents before children.
 *
 * Bytes of nodes are views, valid during the visit. A node's `trouble` is complete when this
 * returns. Never throws on what the part holds; what cannot be decoded is shown as it is and told
 * to `sink`.
 */
export function decodePart(
  part: Part,
  platform: Platform,
  visit: NodeVisitor,
  sink: DecodeSink,
): DecodeSummary {
  const decoding = new Decoding(platform, visit, sink);
  decoding.part(part);
  return decoding;
}

/** A node while it is built; the visitor sees it read-only. */
interface OpenNode extends DocumentNode {
  leaf: boolean;
  trouble: string | undefined;
}

class Decoding implements DecodeSummary {
  nodes = 0;
  decodedBytes = 0;
  limited = false;
  #stopped = false;
  readonly #platform: Platform;
  readonly #visit: NodeVisitor;
  readonly #sink: DecodeSink;

  constructor(platform: Platform, visit: NodeVisitor, sink: DecodeSink) {
    this.#platform = platform;
    this.#visit = visit;
    this.#sink = sink;
  }

  part(part: Part): void {
    const { path, bytes, offset, form, mediaType = "", codings = [], missing = 0 } = part;
    const colon = path.indexOf(":");
    const node: OpenNode = {
      parent: undefined,
      step: { operation: "field", at: path, start: null, end: null },
      key: colon > 0 && !path.includes("[") ? path.slice(colon + 1) : "",
      bytes,
      offset,
      verbatim: offset >= 0,
      leaf: true,
      trouble: undefined,
    };
    this.#node(node, { form, mediaType, codings, missing }, 0);
  }

  /** Shows a node, then what is in it; false once a limit is reached. */
  #node(node: OpenNode, hint: Hint, depth: number): boolean {
    if (this.nodes >= MAX_DOCUMENT_NODES) {
      return this.#stop(`more than ${MAX_DOCUMENT_NODES} values in one part of a message`);
    }
    this.nodes++;
    if (node.bytes.length >= (MIN_BYTES[hint.form] ?? 1)) {
      const value: Value = { bytes: node.bytes, traits: traitsOf(node.bytes), hint };
      for (const codec of CODECS) {
        if (codec.applies(value) && this.#apply(codec, value, node, depth)) return !this.#stopped;
      }
    }
    this.#visit(node);
    return true;
  }

  /** Shows `node` and what `codec` makes of it; false where it turns out not to apply. */
  #apply(codec: Codec, value: Value, node: OpenNode, depth: number): boolean {
    if (codec.kind === "split") {
      node.leaf = false;
      if (depth >= MAX_DECODE_DEPTH) return this.#tooDeep(node);
      this.#visit(node);
      codec.split(value, this.#members(codec.name, node, depth));
      return true;
    }
    const left = MAX_DECODED_BYTES - this.decodedBytes;
    const recoded = codec.recode(value, this.#platform, left);
    if (recoded === undefined) return false;
    node.leaf = !codec.opaque;
    if (depth >= MAX_DECODE_DEPTH) return this.#tooDeep(node);
    node.trouble = recoded.trouble;
    if (recoded.trouble !== undefined) this.#sink.anomaly(`${codec.name}-broken`, recoded.trouble);
    this.#visit(node);
    this.#recoded(recoded, node, depth);
    return true;
  }

  /** One branch ends here; the others go on. */
  #tooDeep(node: OpenNode): true {
    const reason = `wrapped more than ${MAX_DECODE_DEPTH} deep`;
    node.trouble = reason;
    this.#visit(node);
    this.#note(reason);
    return true;
  }

  #recoded({ operation, bytes, hint }: Recoded, parent: OpenNode, depth: number): void {
    if (bytes.length === 0 || !this.#makes(bytes.length)) return;
    const step: RecipeStep = { operation, at: null, start: null, end: null };
    const { key, offset } = parent;
    const verbatim = false;
    const trouble = undefined;
    this.#node(
      { parent, step, key, bytes, offset, verbatim, leaf: true, trouble },
      hint,
      depth + 1,
    );
  }

  #members(name: string, parent: OpenNode, depth: number): Members {
    return {
      add: (member) => this.#member(member, parent, depth),
      trouble: (reason) => {
        parent.trouble ??= reason;
        this.#sink.anomaly(`${name}-broken`, reason);
      },
    };
  }

  #member(member: Member, parent: OpenNode, depth: number): boolean {
    const { operation, at, key, bytes, start, end, hint } = member;
    if (!member.verbatim && !this.#makes(bytes.length)) return false;
    const verbatim = member.verbatim && parent.verbatim;
    const node: OpenNode = {
      parent,
      step: { operation, at, start, end },
      key: key === "" ? parent.key : key,
      bytes,
      offset: verbatim ? parent.offset + start : parent.offset,
      verbatim,
      leaf: true,
      trouble: undefined,
    };
    return this.#node(node, hint, depth + 1);
  }

  /** Accounts for bytes that a decoding made; false where they are too many. */
  #makes(bytes: number): boolean {
    if (this.decodedBytes + bytes > MAX_DECODED_BYTES) {
      return this.#stop(`decodings of one part make more than ${MAX_DECODED_BYTES} bytes`);
    }
    this.decodedBytes += bytes;
    return true;
  }

  #stop(reason: string): false {
    this.#note(reason);
    this.#stopped = true;
    return false;
  }

  #note(reason: string): void {
    if (!this.limited) this.#sink.anomaly("decode-limit", reason);
    this.limited = true;
  }
}

/** Shorter values hold no further layer, or none that could be told from chance. */
const MIN_BYTES: Readonly<Partial<Record<Hint["form"], number>>> = {
  literal: Infinity,
  name: Infinity,
  value: 4,
  text: 4,
  binary: 4,
};
