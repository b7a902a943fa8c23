/**
 * The key of a flow as 32-bit words, taken straight from the packet's bytes, and its
 * hash. The lower endpoint comes first, so that both directions have one key.
 *
 * @module
 */
import type { Packet } from "../packets/packet.ts";

/** Words of a key. */
export const KEY_WORDS = 11;
/** Word numbers: the lower address (4), the higher address (4), ports, protocol and version, parent. */
export const KEY_WORD = { low: 0, high: 4, ports: 8, kind: 9, parent: 10 } as const;
/** Bits of {@link KEY_WORD.kind} above the protocol number: IP version, and whether there are ports. */
const VERSION_SHIFT = 8;
const PORTS_BIT = 1 << 12;

/** One key that is filled anew for each packet. */
export class FlowKey {
  readonly words: Int32Array = new Int32Array(KEY_WORDS);
  /** Whether the sender of the packet is the endpoint that comes first in the key. */
  senderIsLow = true;

  /**
   * Fills the key from the addresses and ports of `packet`.
   *
   * @param protocol Protocol number to use; `packet.protocol`, except for fragments.
   * @param parent Index of the flow that carries this one, or -1.
   */
  read(packet: Packet, protocol: number, parent: number): void {
    const words = this.words;
    const source = packet.sourcePort;
    const destination = packet.destinationPort;
    const order = packet.version === 4 ? this.#readIpv4(packet) : this.#readIpv6(packet);
    const senderIsLow = order < 0 || (order === 0 && source <= destination);
    this.senderIsLow = senderIsLow;
    if (!senderIsLow) this.#swapAddresses(packet.version);
    const kind = protocol | (packet.version << VERSION_SHIFT);
    if (source < 0) {
      words[KEY_WORD.ports] = 0;
      words[KEY_WORD.kind] = kind;
    } else {
      words[KEY_WORD.ports] = senderIsLow
        ? (source << 16) | destination
        : (destination << 16) | source;
      words[KEY_WORD.kind] = kind | PORTS_BIT;
    }
    words[KEY_WORD.parent] = parent + 1;
  }

  /** Reads the source as the low, the destination as the high address; says how they compare. */
  #readIpv4(packet: Packet): number {
    const words = this.words;
    const source = wordAt(packet.bytes, packet.sourceAt);
    const destination = wordAt(packet.bytes, packet.destinationAt);
    words[0] = source;
    words[4] = destination;
    // The other words of IPv4 keys are never hashed or compared with IPv6: the kind differs.
    words[1] = words[2] = words[3] = words[5] = words[6] = words[7] = 0;
    return (source >>> 0) - (destination >>> 0);
  }

  #readIpv6(packet: Packet): number {
    const words = this.words;
    const bytes = packet.bytes;
    let order = 0;
    for (let i = 0; i < 4; i++) {
      const source = wordAt(bytes, packet.sourceAt + i * 4);
      const destination = wordAt(bytes, packet.destinationAt + i * 4);
      words[KEY_WORD.low + i] = source;
      words[KEY_WORD.high + i] = destination;
      if (order === 0) order = (source >>> 0) - (destination >>> 0);
    }
    return order;
  }

  #swapAddresses(version: number): void {
    const words = this.words;
    const count = version === 4 ? 1 : 4;
    for (let i = 0; i < count; i++) {
      // In bounds: `words` has KEY_WORDS elements and i < 4.
      const low = words[KEY_WORD.low + i]!;
      words[KEY_WORD.low + i] = words[KEY_WORD.high + i]!;
      words[KEY_WORD.high + i] = low;
    }
  }
}

/** IP version, protocol number and whether there are ports, of a key's word {@link KEY_WORD.kind}. */
export function versionOf(kind: number): number {
  return (kind >> VERSION_SHIFT) & 15;
}
export function protocolOf(kind: number): number {
  return kind & 255;
}
export function hasPorts(kind: number): boolean {
  return (kind & PORTS_BIT) !== 0;
}

/** Index of the flow that carries the one with these words, or -1. */
export function parentOf(words: Int32Array): number {
  return (words[KEY_WORD.parent] ?? 0) - 1;
}

/**
 * Keyed hash of the words: HalfSipHash with one round a word and three at the end
 * (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, in its 32-bit form).
 * A capture made to fill one bucket of the table cannot know the key.
 */
export function hashKey(words: Int32Array, key0: number, key1: number): number {
  let v0 = key0;
  let v1 = key1;
  let v2 = 0x6c796765 ^ key0;
  let v3 = 0x74656462 ^ key1;
  // IPv4 keys use one word an address.
  const step = versionOf(words[KEY_WORD.kind]!) === 4 ? 4 : 1;
  const rounds = step === 4 ? 5 : KEY_WORDS;
  for (let round = 0; round < rounds + 3; round++) {
    const at = step === 1 ? round : round < 2 ? round * 4 : round + 6;
    // In bounds: `at` runs to KEY_WORDS - 1 while round < rounds.
    const word = round < rounds ? words[at]! : 0;
    if (round === rounds) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v2 = (v2 + v3) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v1) | 0;
    v0 = (v0 + v3) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}

/** Big-endian 32-bit word; the packet decoder has checked that the address lies in `bytes`. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
