/**
 * One datagram under reassembly, and the counts of its fragments until their flow is known.
 *
 * @module
 */
import { BYTE_CLASS, BYTE_CLASS_COUNT } from "../ledger.ts";
import { MAX_DATAGRAM_BYTES } from "../limits.ts";
import { Packet } from "../packets/packet.ts";
import type { Side } from "./flow.ts";
import { HeldBytes } from "./held-bytes.ts";
import type { TrackedFlow } from "./tracked-flow.ts";

/** Memory that the record itself takes, in bytes, as far as limits are concerned. */
const RECORD_COST = 256;

/** What is odd about a fragment. */
export interface FragmentOddity {
  readonly name: string;
  readonly reason: string;
}

/** Fragments with the same addresses and identification. */
export class PendingDatagram {
  /** Flow and side, known as soon as the first fragment, which holds the ports, was seen. */
  flow: TrackedFlow | undefined = undefined;
  side: Side = 0;
  /** Key of the flow without ports, for when the first fragment never comes. */
  words: Int32Array | undefined = undefined;
  senderIsLow = true;
  /** IP layer of the fragments. */
  depth = 0;
  /** Frames that wait for their flow. */
  packets = 0;
  frameBytes = 0;
  readonly input: number;
  readonly frame: number;
  readonly firstTs: number;
  lastTs: number;
  /** Payload bytes by class that wait for their flow. */
  readonly tally: Float64Array = new Float64Array(BYTE_CLASS_COUNT);
  /** Protocol of the datagram: only the first fragment may tell it (RFC 8200 §4.5). */
  protocol = 0;
  /** Bytes of the transport header in the first fragment. */
  headerBytes = 0;
  /** The first fragment without its payload, for when the others never come. */
  head: Packet | undefined = undefined;
  #pieces: HeldBytes | undefined = new HeldBytes();
  /** Bytes above IP that the fragments hold, each once. */
  #bytes = 0;
  /** Length of the datagram's payload, known from the last fragment. */
  #total: number | undefined = undefined;
  /** Highest place that a fragment reaches. */
  #reach = 0;
  /** Length that the transport header of the first fragment states. */
  #announced = 0;

  constructor(packet: Packet) {
    this.input = packet.input;
    this.frame = packet.frame;
    this.firstTs = packet.ts;
    this.lastTs = packet.ts;
  }

  /** Memory held, in bytes. */
  get cost(): number {
    return this.#pieces === undefined ? 0 : this.#pieces.cost + RECORD_COST;
  }

  /** Whether all bytes are there. */
  get isWhole(): boolean {
    return this.#pieces !== undefined && this.#bytes === this.#total && this.#reach <= this.#total;
  }

  /** Whether the datagram was given already. */
  get isDone(): boolean {
    return this.#pieces === undefined;
  }

  /** Bytes that wait in vain if no more fragments come, the transport header left out. */
  get pendingBytes(): number {
    return this.isDone ? 0 : Math.max(0, this.#bytes - this.headerBytes);
  }

  /** Takes one fragment; counts bytes that came twice or lie out of place. */
  add(packet: Packet): FragmentOddity | undefined {
    const { bytes, payloadStart: start, payloadEnd: stop, frame, input, ts } = packet;
    const offset = packet.fragmentOffset;
    const end = offset + packet.payloadLength;
    if (packet.ts > this.lastTs) this.lastTs = packet.ts;
    if (offset === 0) this.#noteFirst(packet);
    if (this.#pieces === undefined) {
      this.count(BYTE_CLASS.duplicate, stop - start);
      return undefined;
    }
    const odd = this.#place(packet, end);
    if (odd !== undefined) {
      this.count(BYTE_CLASS.malformed, stop - start);
      return odd;
    }
    const placed = this.#pieces.insert(offset, { bytes, start, end: stop, frame, input, ts });
    this.#bytes += placed.fresh;
    this.#reach = Math.max(this.#reach, end);
    this.count(BYTE_CLASS.duplicate, placed.duplicate);
    if (placed.differing === 0) return undefined;
    const reason = `${placed.differing} bytes overlap an earlier fragment and differ from it`;
    return { name: "fragment-overlap-differs", reason };
  }

  /** The payload behind `room` free bytes. The datagram is done with then. */
  finish(room: number): Uint8Array {
    const whole = new Uint8Array(room + (this.#total ?? 0));
    const pieces = this.#pieces;
    this.#pieces = undefined;
    for (let piece = pieces?.shift(); piece !== undefined; piece = pieces?.shift()) {
      whole.set(piece.bytes, room + piece.offset);
    }
    return whole;
  }

  /**
   * What is there from the beginning on, behind `room` free bytes, where the rest never came; undefined
   * where the beginning is not there either. The datagram is done with then.
   */
  finishStart(room: number): Uint8Array | undefined {
    const pieces = this.#pieces;
    if (pieces?.first?.offset !== 0) return undefined;
    this.#pieces = undefined;
    const parts: Uint8Array[] = [];
    let length = room;
    for (let piece = pieces.shift(); piece?.offset === length - room; piece = pieces.shift()) {
      parts.push(piece.bytes);
      length += piece.bytes.length;
    }
    const start = new Uint8Array(length);
    for (let at = room, i = 0; i < parts.length; i++) {
      const part = parts[i] ?? start;
      start.set(part, at);
      at += part.length;
    }
    return start;
  }

  /** Bytes above IP that the datagram had on the wire, as far as its fragments tell. */
  get wireLength(): number {
    return this.#total ?? Math.max(this.#reach, this.#announced);
  }

  /** Counts payload bytes on the flow, or until it is known. */
  count(byteClass: number, bytes: number): void {
    if (bytes <= 0) return;
    if (this.flow !== undefined) this.flow.count(this.side, byteClass, bytes);
    else this.tally[byteClass] = (this.tally[byteClass] ?? 0) + bytes;
    this.counted += bytes;
  }
  /** Payload bytes that were counted in some class so far. */
  counted = 0;

  #noteFirst(packet: Packet): void {
    this.protocol = packet.fragmentProtocol;
    this.headerBytes = packet.transportRead ? packet.dataStart - packet.payloadStart : 0;
    // UDP's header states the length of the whole datagram.
    this.#announced = packet.transportRead ? this.headerBytes + packet.dataLength : 0;
    this.head ??= withoutPayload(packet);
  }

  /** Checks the place of a fragment that ends at `end`, and takes the length from the last one. */
  #place(packet: Packet, end: number): FragmentOddity | undefined {
    if (end > MAX_DATAGRAM_BYTES) {
      const reason = `a fragment reaches to byte ${end}, ${MAX_DATAGRAM_BYTES} at most are due`;
      return { name: "fragment-too-far", reason };
    }
    const total = this.#total;
    const isLast = !packet.moreFragments;
    if (
      total === undefined ? isLast && end < this.#reach : end > total || (isLast && end < total)
    ) {
      const known = total ?? this.#reach;
      const reason = `a fragment ends the datagram at byte ${end}, others say ${known}`;
      return { name: "fragment-end-differs", reason };
    }
    if (isLast) this.#total = end;
    return undefined;
  }
}

/** A copy of a packet that keeps of its bytes the addresses only: source first, then destination. */
function withoutPayload(packet: Packet): Packet {
  const width = packet.version === 4 ? 4 : 16;
  const { bytes, sourceAt, destinationAt } = packet;
  const addresses = new Uint8Array(width * 2);
  addresses.set(bytes.subarray(sourceAt, sourceAt + width), 0);
  addresses.set(bytes.subarray(destinationAt, destinationAt + width), width);
  return Object.assign(new Packet(), packet, {
    bytes: addresses,
    sourceAt: 0,
    destinationAt: width,
  });
}
