/**
 * Names of apps and processes that capture tools write into each frame. Runs of frames
 * bear the same name, so the text is made once a run and not once a frame.
 *
 * @module
 */
import { uint8 } from "../bytes/uint.ts";
import { fromUtf8 } from "../bytes/text.ts";

/** Bytes of the longest name field: 20 in PCAPdroid's trailer and in PKTAP. */
const LONGEST_FIELD = 32;

/** Turns name fields into text; remembers the last one. */
export class AppNames {
  readonly #last: Uint8Array = new Uint8Array(LONGEST_FIELD);
  #lastLength = 0;
  #name: string | undefined = undefined;

  /** The NUL-terminated UTF-8 name in `size` bytes (at most 32) at `at`; undefined where it is empty. */
  read(bytes: Uint8Array, at: number, size: number): string | undefined {
    let length = 0;
    while (length < size && uint8(bytes, at + length) !== 0) length++;
    if (length === this.#lastLength && this.#isLast(bytes, at)) return this.#name;
    const field = bytes.subarray(at, at + length);
    this.#last.set(field);
    this.#lastLength = length;
    this.#name = length === 0 ? undefined : fromUtf8(field);
    return this.#name;
  }

  #isLast(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.#lastLength; i++) {
      if (uint8(bytes, at + i) !== uint8(this.#last, i)) return false;
    }
    return true;
  }
}
