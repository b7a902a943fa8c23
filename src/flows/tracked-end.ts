/**
 * One end of a flow while it is being counted.
 *
 * @module
 */
import { uint16 } from "../bytes/uint.ts";
import { FIRST_BYTES_KEPT } from "../limits.ts";
import { toMacText } from "../bytes/address-text.ts";
import type { EndTallies, FirstBytes } from "./end-bytes.ts";
import type { FlowEnd } from "./flow.ts";
import { FrameIndex } from "./frame-index.ts";

/** Knows the addresses of a flow by their place in its key, and keeps what its ends count. */
export interface EndSource {
  addressText(word: number): string;
  readonly tallies: EndTallies;
  readonly firstBytes: FirstBytes;
}

/** What an end is. */
export interface EndStart {
  readonly port: number;
  /** Where the address begins in the key of the flow. */
  readonly word: number;
  /** Number of the end over all flows. */
  readonly number: number;
  readonly keepsFrames: boolean;
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
  /** Whether that is kept. */
  readonly keepsFrames: boolean;

  readonly #source: EndSource;
  readonly #word: number;
  readonly #number: number;
  #address: string | undefined = undefined;
  #isCounted = false;
  /** Room of the first bytes; -1 while there are none. */
  #first = -1;
  /** The MAC address in 16-bit words, or -1: most are never asked for as text. */
  #macHigh = -1;
  #macMiddle = 0;
  #macLow = 0;
  #mac: string | undefined = undefined;

  constructor(source: EndSource, { port, word, number, keepsFrames }: EndStart) {
    this.port = port;
    this.keepsFrames = keepsFrames;
    this.#source = source;
    this.#word = word;
    this.#number = number;
  }

  get address(): string {
    return (this.#address ??= this.#source.addressText(this.#word));
  }

  get mac(): string | undefined {
    if (this.#macHigh < 0) return undefined;
    return (this.#mac ??= this.#macText());
  }

  #macText(): string {
    const words = [this.#macHigh, this.#macMiddle, this.#macLow];
    return toMacText(Uint8Array.from(words.flatMap((word) => [word >> 8, word & 255])), 0);
  }

  get tally(): Float64Array | undefined {
    return this.#isCounted ? this.#source.tallies.of(this.#number) : undefined;
  }

  get firstBytes(): Uint8Array | undefined {
    if (this.#first < 0) return undefined;
    return this.#source.firstBytes.of(this.#first, FIRST_BYTES_KEPT - this.firstWanted);
  }

  /** Takes the sender's MAC address from `bytes` at `at`. */
  noteMac(bytes: Uint8Array, at: number): void {
    this.#macHigh = uint16(bytes, at);
    this.#macMiddle = uint16(bytes, at + 2);
    this.#macLow = uint16(bytes, at + 4);
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
    this.#isCounted = true;
    this.#source.tallies.add(this.#number, byteClass, bytes);
  }

  /** Notes that `frame` of `input` holds the bytes from `offset` on, where that is kept; frame 0 is none. */
  noteFrame(offset: number, frame: number, input: number): void {
    if (this.keepsFrames) (this.frames ??= new FrameIndex()).add(offset, frame, input);
  }
}
