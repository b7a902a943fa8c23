/**
 * Which frames hold which bytes of what one side sent.
 *
 * @module
 */

/** A frame of one of the inputs. */
export interface FramePlace {
  /** 0-based index of the input, 1-based number of the frame in it. */
  readonly input: number;
  readonly frame: number;
}

/** Frame number that marks bytes which no frame holds. */
export const NO_FRAME = 0;

/** Numbers of one entry: offset, frame, input. */
const ENTRY = 3;

/** Rising offsets, each with the frame that holds the bytes from there to the next offset. */
export class FrameIndex {
  /** Entries one behind the other. Most ends send little: a plain array is the smallest there is for that. */
  readonly #entries: number[] = [];

  /** Notes that `frame` holds the bytes from `offset` on; offsets never fall. */
  add(offset: number, frame: number, input: number): void {
    this.#entries.push(offset, frame, input);
  }

  /** Notes that no frame holds the bytes from `offset` on. */
  addGap(offset: number): void {
    this.add(offset, NO_FRAME, 0);
  }

  /** Frames that hold bytes of `[start, end)`, in order of the bytes, each once in a row. */
  placesOf(start: number, end: number): readonly FramePlace[] {
    const entries = this.#entries;
    const places: FramePlace[] = [];
    let last: FramePlace | undefined;
    for (let at = this.#entryAt(start) * ENTRY; at < entries.length; at += ENTRY) {
      const offset = entries[at] ?? 0;
      const frame = entries[at + 1] ?? NO_FRAME;
      const input = entries[at + 2] ?? 0;
      if (offset >= end) break;
      if (frame === NO_FRAME || start >= end) continue;
      if (last?.frame === frame && last.input === input) continue;
      last = { input, frame };
      places.push(last);
    }
    return places;
  }

  /** The last entry at or before `offset`; the first one if all lie behind. */
  #entryAt(offset: number): number {
    let low = 0;
    let high = this.#entries.length / ENTRY;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle * ENTRY] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}
