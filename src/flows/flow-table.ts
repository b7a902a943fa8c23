/**
 * The table of flows: open addressing with linear probing over typed arrays. A look-up
 * makes no object. Keys are hashed with a secret, so that no capture can be made to
 * fill one bucket; the load is kept at a half at most, so that probes are short.
 *
 * @module
 */
import { hashKey, KEY_WORD, KEY_WORDS, type FlowKey } from "./flow-key.ts";

const FIRST_SLOTS = 1024; // a power of two

/** Maps keys to indices 0, 1, 2, … in order of first appearance. */
export class FlowTable {
  /** Keys of all flows, {@link KEY_WORDS} words each; replaced when it grows. */
  keys: Int32Array = new Int32Array((FIRST_SLOTS / 2) * KEY_WORDS);
  /** Number of flows. */
  size = 0;
  /** Whether the last {@link find} added a flow. */
  added = false;
  #hashes: Int32Array = new Int32Array(FIRST_SLOTS / 2);
  /** Flow index plus one; 0 is free. */
  #slots: Int32Array = new Int32Array(FIRST_SLOTS);
  #last = -1;
  readonly #key0: number;
  readonly #key1: number;

  /** @param secret Two 32-bit numbers; they change the speed on hostile input, never a result. */
  constructor(secret: readonly [number, number]) {
    this.#key0 = secret[0] | 0;
    this.#key1 = secret[1] | 0;
  }

  /** Index of the flow with this key; a new one if there is none. */
  find(key: FlowKey): number {
    this.added = false;
    const words = key.words;
    // Packets come in trains: the flow of the last packet is the likeliest.
    if (this.#last >= 0 && this.#equals(this.#last, words)) return this.#last;
    const hash = hashKey(words, this.#key0, this.#key1);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    // Terminates: at least half of the slots are free. In bounds: `slot` is masked.
    for (;;) {
      const index = slots[slot]! - 1;
      if (index < 0) break;
      if (this.#hashes[index]! === hash && this.#equals(index, words)) {
        this.#last = index;
        return index;
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(words, hash, slot);
  }

  #add(words: Int32Array, hash: number, slot: number): number {
    const index = this.size++;
    this.#slots[slot] = index + 1;
    this.#hashes[index] = hash;
    this.keys.set(words, index * KEY_WORDS);
    this.#last = index;
    this.added = true;
    if (this.size * 2 >= this.#slots.length) this.#grow();
    return index;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      // In bounds: index < size, which is at most half the number of slots.
      let slot = this.#hashes[index]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
    const hashes = new Int32Array(slots.length / 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const keys = new Int32Array((slots.length / 2) * KEY_WORDS);
    keys.set(this.keys);
    this.keys = keys;
  }

  #equals(index: number, words: Int32Array): boolean {
    const keys = this.keys;
    const at = index * KEY_WORDS;
    // In bounds: index < size. The words that differ most often come first.
    return (
      keys[at + KEY_WORD.ports]! === words[8]! &&
      keys[at]! === words[0]! &&
      keys[at + 4]! === words[4]! &&
      keys[at + KEY_WORD.kind]! === words[9]! &&
      keys[at + KEY_WORD.parent]! === words[10]! &&
      keys[at + 1]! === words[1]! &&
      keys[at + 2]! === words[2]! &&
      keys[at + 3]! === words[3]! &&
      keys[at + 5]! === words[5]! &&
      keys[at + 6]! === words[6]! &&
      keys[at + 7]! === words[7]!
    );
  }
}
