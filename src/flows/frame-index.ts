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
const NO_FRAME = 0;

/** Rising offsets, each with the frame that holds the bytes from there to the next offset. */
export class FrameIndex {
  #offsets: Float64Array = new Float64Array(8);
  #frames: Uint32Array = new Uint32Array(8);
  #inputs: Uint16Array = new Uint16Array(8);
  #size = 0;

  /** Notes that `frame` holds the bytes from `offset` on; offsets never fall. */
  add(offset: number, frame: number, input: number): void {
    const size = this.#size;
    if (size === this.#offsets.length) this.#grow();
    this.#offsets[size] = offset;
    this.#frames[size] = frame;
    this.#inputs[size] = input;
    this.#size = size + 1;
  }

  /** Notes that no frame holds the bytes from `offset` on. */
  addGap(offset: number): void {
    this.add(offset, NO_FRAME, 0);
  }

  /** Frames that hold bytes of `[start, end)`, in order of the bytes, each once in a row. */
  placesOf(start: number, end: number): readonly FramePlace[] {
    const places: FramePlace[] = [];
    let last: FramePlace | undefined;
    for (let i = this.#entryAt(start); i < this.#size; i++) {
      const offset = this.#offsets[i] ?? 0;
      const frame = this.#frames[i] ?? NO_FRAME;
      const input = this.#inputs[i] ?? 0;
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
    let high = this.#size;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const length = this.#offsets.length * 2;
    const offsets = new Float64Array(length);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const frames = new Uint32Array(length);
    frames.set(this.#frames);
    this.#frames = frames;
    const inputs = new Uint16Array(length);
    inputs.set(this.#inputs);
    this.#inputs = inputs;
  }
}
