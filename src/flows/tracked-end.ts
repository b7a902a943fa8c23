/**
 * One end of a flow while it is being counted.
 *
 * @module
 */
import { FIRST_BYTES_KEPT } from "../limits.ts";
import type { EndMacs, EndTallies, FirstBytes } from "./end-bytes.ts";
import type { FlowEnd } from "./flow.ts";
import { FrameIndex } from "./frame-index.ts";

/** Knows the addresses of a flow by their place in its key, and keeps what its ends count. */
export interface EndSource {
  addressText(word: number): string;
  readonly tallies: EndTallies;
  readonly firstBytes: FirstBytes;
  readonly macs: EndMacs;
  /** Whether ends remember which frames hold which bytes. */
  readonly keepFrames: boolean;
}

/** What an end is. */
export interface EndStart {
  readonly port: number;
  /** Where the address begins in the key of the flow. */
  readonly word: number;
  /** Number of the end over all flows. */
  readonly number: number;
}

/** Counters of one end; most are raised once a packet, so they are plain fields. */
export class TrackedEnd implements FlowEnd {
  readonly port: number;
  packets = 0;
  frameBytes = 0;
  payloadBytes = 0;
  missing = 0;
  /** Frames whose payload was decoded as an inner packet. */
  carried = 0;
  /** Bytes of streams or datagrams given to the next stage, gaps included: the next offset. */
  offset = 0;
  /** Bytes still wanted of the first ones; 0 once they are whole. */
  firstWanted: number = FIRST_BYTES_KEPT;
  /** Which frames hold which bytes; undefined where that is not kept, or nothing was sent yet. */
  frames: FrameIndex | undefined = undefined;

  readonly #source: EndSource;
  readonly #word: number;
  readonly #number: number;
  #address: string | undefined = undefined;
  /** Room of the first bytes; -1 while there are none. */
  #first = -1;

  constructor(source: EndSource, { port, word, number }: EndStart) {
    this.port = port;
    this.#source = source;
    this.#word = word;
    this.#number = number;
  }

  get address(): string {
    return (this.#address ??= this.#source.addressText(this.#word));
  }

  get mac(): string | undefined {
    return this.#source.macs.of(this.#number);
  }

  get tally(): Float64Array | undefined {
    return this.#source.tallies.of(this.#number);
  }

  get firstBytes(): Uint8Array | undefined {
    if (this.#first < 0) return undefined;
    return this.#source.firstBytes.of(this.#first, FIRST_BYTES_KEPT - this.firstWanted);
  }

  /** Takes the sender's MAC address from `bytes` at `at`. */
  noteMac(bytes: Uint8Array, at: number): void {
    this.#source.macs.note(this.#number, bytes, at);
  }

  /** Keeps what is still wanted of the first bytes. */
  noteFirst(bytes: Uint8Array, start: number, end: number): void {
    const rooms = this.#source.firstBytes;
    if (this.#first < 0) this.#first = rooms.open();
    const count = Math.min(this.firstWanted, end - start);
    rooms.put(this.#first, FIRST_BYTES_KEPT - this.firstWanted, bytes, { start, count });
    this.firstWanted -= count;
  }

  /** Adds to the count of a byte class. */
  count(byteClass: number, bytes: number): void {
    this.#source.tallies.add(this.#number, byteClass, bytes);
  }

  /** Notes that `frame` of `input` holds the bytes from `offset` on, where that is kept; frame 0 is none. */
  noteFrame(offset: number, frame: number, input: number): void {
    if (this.#source.keepFrames) (this.frames ??= new FrameIndex()).add(offset, frame, input);
  }
}
