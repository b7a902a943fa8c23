/**
 * Messages in which nothing was found, remembered by their content: devices ask for the same names and
 * are shown the same certificates again and again, and what holds nothing once holds nothing the next time.
 *
 * @module
 */
import { MAX_FRUITLESS_BYTES, REMEMBERED_FRUITLESS } from "../limits.ts";
import type { Message, Part } from "../protocols/message.ts";

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

  /** Bytes that were searched in a message of this content; undefined where none is remembered. */
  find(message: Message): number | undefined {
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
