/**
 * IP fragments to datagrams (RFC 791 §3.2, RFC 8200 §4.5). Where fragments overlap, the
 * bytes that came first count; a receiver may have read it otherwise (RFC 5722), so an
 * overlap with other bytes is an anomaly.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import {
  FRAGMENT_REPEAT_US,
  FRAGMENT_TIMEOUT_US,
  MAX_PENDING_DATAGRAM_BYTES,
  MAX_PENDING_DATAGRAMS,
} from "../limits.ts";
import { Packet } from "../packets/packet.ts";
import { PendingDatagram } from "./pending-datagram.ts";

/** Takes what no datagram will come of. */
export interface ReassemblySink {
  /** The datagram will not become whole, or is done with; it may be one whose first fragment never came. */
  giveUp(datagram: PendingDatagram): void;
  /** An oddity at `packet`. */
  fragmentAnomaly(datagram: PendingDatagram, packet: Packet, name: string, reason: string): void;
}

/** Datagrams under reassembly, by addresses, protocol and identification. */
export class IpReassembler {
  readonly #sink: ReassemblySink;
  /** In order of their first fragment. */
  readonly #pending: Map<string, PendingDatagram> = new Map();
  #cost = 0;

  constructor(sink: ReassemblySink) {
    this.#sink = sink;
  }

  /** The datagram to which the fragment in `packet` belongs. */
  find(packet: Packet, parent: number): PendingDatagram {
    this.#expire(packet.ts);
    const key = keyOf(packet, parent);
    const known = this.#pending.get(key);
    if (known !== undefined && !isStale(known, packet)) return known;
    if (known !== undefined) this.#drop(key, known);
    const datagram = new PendingDatagram(packet);
    this.#pending.set(key, datagram);
    if (this.#pending.size > MAX_PENDING_DATAGRAMS) this.#dropOldest();
    return datagram;
  }

  /** Adds a fragment; gives the datagram, laid out for the decoder, if it is whole now. */
  add(datagram: PendingDatagram, packet: Packet): Packet | undefined {
    const before = datagram.cost;
    const odd = datagram.add(packet);
    this.#cost += datagram.cost - before;
    if (odd !== undefined) this.#sink.fragmentAnomaly(datagram, packet, odd.name, odd.reason);
    if (datagram.isWhole) {
      this.#cost -= datagram.cost;
      return layOut(datagram, packet);
    }
    while (this.#cost > MAX_PENDING_DATAGRAM_BYTES) this.#dropOldest();
    return undefined;
  }

  /** No more fragments: gives all up that is not whole. */
  end(): void {
    for (const [key, datagram] of this.#pending) this.#drop(key, datagram);
  }

  #expire(now: number): void {
    for (const [key, datagram] of this.#pending) {
      if (!(now - datagram.firstTs > FRAGMENT_TIMEOUT_US)) return;
      this.#drop(key, datagram);
    }
  }

  #dropOldest(): void {
    for (const [key, datagram] of this.#pending) {
      this.#drop(key, datagram);
      return;
    }
  }

  #drop(key: string, datagram: PendingDatagram): void {
    this.#pending.delete(key);
    this.#cost -= datagram.cost;
    this.#sink.giveUp(datagram);
  }
}

/** RFC 791 §2.3 names four values; RFC 8200 §4.5 leaves out the protocol. */
function keyOf(packet: Packet, parent: number): string {
  const width = packet.version === 4 ? 4 : 16;
  const { bytes, sourceAt, destinationAt, fragmentId } = packet;
  const protocol = packet.version === 4 ? packet.protocol : -1;
  const source = toHex(bytes, sourceAt, sourceAt + width);
  const destination = toHex(bytes, destinationAt, destinationAt + width);
  return `${String(parent)} ${source} ${destination} ${String(protocol)} ${String(fragmentId)}`;
}

/** Whether the identification was used anew meanwhile (RFC 4963: 16 bits come round soon). */
function isStale(datagram: PendingDatagram, packet: Packet): boolean {
  return datagram.isDone && packet.ts - datagram.lastTs > FRAGMENT_REPEAT_US;
}

/**
 * The beginning of a datagram of which the rest never came, as a packet that was cut off; undefined where
 * its beginning is missing as well.
 */
export function layOutStart(datagram: PendingDatagram): Packet | undefined {
  const { head } = datagram;
  if (head === undefined) return undefined;
  const payload = datagram.finishStart(addressBytes(head));
  return payload === undefined ? undefined : asPacket(datagram, head, payload);
}

function layOut(datagram: PendingDatagram, last: Packet): Packet {
  return asPacket(datagram, last, datagram.finish(addressBytes(last)));
}

/** Bytes of both addresses. */
function addressBytes({ version }: Packet): number {
  return version === 4 ? 8 : 32;
}

/** A packet of its own: source address, destination address, payload. Place and time are those of `like`. */
function asPacket(datagram: PendingDatagram, like: Packet, payload: Uint8Array): Packet {
  const at = addressBytes(like);
  const width = at / 2;
  const { bytes, sourceAt, destinationAt } = like;
  payload.set(bytes.subarray(sourceAt, sourceAt + width), 0);
  payload.set(bytes.subarray(destinationAt, destinationAt + width), width);
  const packet = new Packet();
  packet.bytes = payload;
  packet.input = like.input;
  packet.frame = like.frame;
  packet.ts = like.ts;
  packet.linkType = like.linkType;
  packet.frameEnd = payload.length;
  packet.originalLength = like.originalLength;
  packet.app = like.app;
  packet.frameClass = like.frameClass;
  packet.depth = like.depth;
  packet.version = like.version;
  packet.sourceAt = 0;
  packet.destinationAt = width;
  packet.protocol = datagram.protocol;
  packet.firstHeader = like.firstHeader;
  packet.hopLimit = like.hopLimit;
  packet.payloadStart = at;
  packet.payloadEnd = payload.length;
  packet.payloadLength = Math.max(payload.length - at, datagram.wireLength);
  packet.reassembled = true;
  return packet;
}
