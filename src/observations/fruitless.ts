/**
 * Messages and values in which nothing was found, remembered by their content: devices ask for the same names and
 * are shown the same certificates again and again, and what holds nothing once holds nothing the next time.
 *
 * @module
 */
import {
  MAX_FRUITLESS_BYTES,
  MAX_FRUITLESS_CHARACTERS,
  REMEMBERED_FRUITLESS,
  REMEMBERED_FRUITLESS_VALUES,
} from "../limits.ts";
import type { Certificate, Message, Part } from "../protocols/message.ts";
import type { ValueContext } from "./recognizers/recognizer.ts";

/** What was looked at. Nothing else of a message counts for what is found in it. */
interface Known {
  readonly kind: string;
  readonly parts: readonly Part[];
  /** The bytes of all parts, one behind the other, and the number of each. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  readonly searched: number;
}

/** By a hash of the bytes, two in a place; of three that meet there the first one goes. */
export class FruitlessMessages {
  readonly #known: (Known | undefined)[] = new Array<Known | undefined>(REMEMBERED_FRUITLESS).fill(
    undefined,
  );
  #place = -1;
  /** Chains of certificates by their leaf: what was read of the same bytes is the same object. */
  readonly #chains: WeakMap<Certificate, KnownChain> = new WeakMap();

  /** Bytes that were searched in a message of this content; undefined where none is remembered. */
  find(message: Message): number | undefined {
    if (message.kind === "tls" && message.type === "certificate") {
      const leaf = message.certificates[0];
      const known = leaf && this.#chains.get(leaf);
      return known && isSameChain(known.chain, message.certificates) ? known.searched : undefined;
    }
    const { parts } = message;
    this.#place = placeOf(parts);
    if (this.#place < 0) return undefined;
    const kind = kindOf(message);
    const later = this.#known[this.#place];
    if (later !== undefined && later.kind === kind && isSame(later, parts)) return later.searched;
    const earlier = this.#known[this.#place + 1];
    if (earlier !== undefined && earlier.kind === kind && isSame(earlier, parts)) {
      return earlier.searched;
    }
    return undefined;
  }

  /** Nothing was found in the message that {@link find} was asked for last. */
  remember(message: Message, searched: number): void {
    if (message.kind === "tls" && message.type === "certificate") {
      const leaf = message.certificates[0];
      if (leaf !== undefined) this.#chains.set(leaf, { chain: message.certificates, searched });
      return;
    }
    if (this.#place < 0) return;
    const { parts } = message;
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    // The parts' own bytes are views of buffers that are used again.
    const kept = parts.map((part) => ({ ...part, bytes: NOTHING }));
    const lengths = parts.map((part) => part.bytes.length);
    this.#known[this.#place + 1] = this.#known[this.#place];
    this.#known[this.#place] = { kind: kindOf(message), parts: kept, bytes, lengths, searched };
  }
}

interface KnownChain {
  readonly chain: readonly Certificate[];
  readonly searched: number;
}

function isSameChain(one: readonly Certificate[], other: readonly Certificate[]): boolean {
  return one.length === other.length && one.every((certificate, i) => certificate === other[i]);
}

/** Values in which no recogniser of single values found anything, each with its surroundings. */
export class FruitlessValues {
  readonly #known: (KnownValue | undefined)[] = new Array<KnownValue | undefined>(
    REMEMBERED_FRUITLESS_VALUES,
  ).fill(undefined);
  #place = -1;

  /** Whether the value is remembered. */
  has({ text, key, part, message }: ValueContext): boolean {
    this.#place = -1;
    if (text.length > MAX_FRUITLESS_CHARACTERS) return false;
    let hash = text.length;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    this.#place = (hash ^ (hash >>> 13) ^ (hash >>> 23)) & (REMEMBERED_FRUITLESS_VALUES - 1);
    const known = this.#known[this.#place];
    return (
      known !== undefined &&
      known.text === text &&
      known.key === key.name &&
      known.path === part.path &&
      known.kind === kindOf(message)
    );
  }

  /** Nothing was found in the value that {@link has} was asked for last. */
  remember({ text, key, part, message }: ValueContext): void {
    if (this.#place < 0) return;
    this.#known[this.#place] = { text, key: key.name, path: part.path, kind: kindOf(message) };
  }
}

interface KnownValue {
  readonly text: string;
  readonly key: string;
  readonly path: string;
  readonly kind: string;
}

/** What recognisers ask of a message besides its parts. */
function kindOf(message: Message): string {
  if (message.kind !== "dns") return message.kind;
  return message.response ? `${message.protocol} response` : message.protocol;
}

/** -1 where the message is too large. */
function placeOf(parts: readonly Part[]): number {
  let hash = parts.length;
  let length = 0;
  for (const { bytes } of parts) {
    length += bytes.length;
    if (length > MAX_FRUITLESS_BYTES) return -1;
    hash = (Math.imul(hash, 31) + bytes.length) | 0;
    for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  }
  return (hash ^ (hash >>> 12) ^ (hash >>> 22)) & (REMEMBERED_FRUITLESS - 2);
}

function isSame(known: Known, parts: readonly Part[]): boolean {
  if (known.parts.length !== parts.length) return false;
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    const one = known.parts[i];
    const other = parts[i];
    if (one === undefined || other === undefined || !isAlike(one, other)) return false;
    const { bytes } = other;
    if (known.lengths[i] !== bytes.length) return false;
    for (let j = 0; j < bytes.length; j++) if (known.bytes[at + j] !== bytes[j]) return false;
    at += bytes.length;
  }
  return true;
}

function isAlike(one: Part, other: Part): boolean {
  return (
    one.path === other.path &&
    one.form === other.form &&
    one.offset < 0 === other.offset < 0 &&
    one.mediaType === other.mediaType &&
    one.missing === other.missing &&
    one.codings?.join() === other.codings?.join()
  );
}

const NOTHING = new Uint8Array(0);
