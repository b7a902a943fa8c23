/**
 * One end of a flow while it is being counted.
 *
 * @module
 */
import { BYTE_CLASS_COUNT } from "../ledger.ts";
import { FIRST_BYTES_KEPT } from "../limits.ts";
import type { FlowEnd } from "./flow.ts";
import { FrameIndex } from "./frame-index.ts";
import { toMacText } from "./address.ts";

/** Knows the addresses of a flow by their place in its key. */
export interface AddressSource {
  addressText(word: number): string;
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
  tally: Float64Array | undefined = undefined;
  /** Bytes of streams or datagrams given to the next stage, gaps included: the next offset. */
  offset = 0;
  /** Bytes still wanted of the first ones; 0 once they are whole. */
  firstWanted: number = FIRST_BYTES_KEPT;
  /** Which frames hold which bytes; undefined where that is not kept. */
  frames: FrameIndex | undefined = undefined;

  readonly #source: AddressSource;
  readonly #word: number;
  #address: string | undefined = undefined;
  #first: Uint8Array | undefined = undefined;
  #mac: string | undefined = undefined;

  /** @param word Where the address begins in the key of the flow `source`. */
  constructor(port: number, source: AddressSource, word: number) {
    this.port = port;
    this.#source = source;
    this.#word = word;
  }

  get address(): string {
    return (this.#address ??= this.#source.addressText(this.#word));
  }

  get mac(): string | undefined {
    return this.#mac;
  }

  get firstBytes(): Uint8Array | undefined {
    return this.#first;
  }

  /** Takes the sender's MAC address from `bytes` at `at`. */
  noteMac(bytes: Uint8Array, at: number): void {
    this.#mac = toMacText(bytes, at);
  }

  /** Keeps what is still wanted of the first bytes. */
  noteFirst(bytes: Uint8Array, start: number, end: number): void {
    const known = this.#first ?? new Uint8Array(0);
    const count = Math.min(this.firstWanted, end - start);
    const joined = new Uint8Array(known.length + count);
    joined.set(known);
    joined.set(bytes.subarray(start, start + count), known.length);
    this.#first = joined;
    this.firstWanted -= count;
  }

  /** Adds to the count of a byte class. */
  count(byteClass: number, bytes: number): void {
    this.tally ??= new Float64Array(BYTE_CLASS_COUNT);
    this.tally[byteClass] = (this.tally[byteClass] ?? 0) + bytes;
  }

  /** Notes which frame holds the bytes from `offset` on, if that is kept. */
  keepFrames(): void {
    this.frames ??= new FrameIndex();
  }
}
