/**
 * Domain names in messages (RFC 1035 §3.1), compressed (§4.1.4) or not.
 *
 *     name    = *label ( 0 / pointer )
 *     label   = length (1..63) octets
 *     pointer = 11 offset (14 bits, from the start of the message)
 *
 * The text is the one that Wireshark shows: labels joined by dots, `<Root>` for the empty name,
 * and a remark in angle brackets where there is no name to show.
 *
 * @module
 */
import { Malformed } from "../../bytes/cursor.ts";
import { MAX_DNS_LABELS, MAX_DNS_POINTERS } from "../../limits.ts";
import { toDisplayText } from "./display-text.ts";

/** The empty name. */
export const ROOT = "<Root>";
const TOO_LONG = "<Name too long>";
const LOOPS = "<Name contains a pointer that loops>";
const EXTENDED = "<Unknown extended label>";

/** Octets of a name as text: 255 in the message (RFC 1035 §2.3.4), less the first length and the root. */
const MAX_NAME_TEXT = 253;

/** Reads the names of one message, one after the other. */
export class NameReader {
  /** Text of the name last read, and the offset after it where it stood. */
  text: string = ROOT;
  next = 0;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  /** One for all readers: a name is read and used up before the next one. */
  readonly #octets: Uint8Array = OCTETS;
  #length = 0;

  /** For the message `bytes[start, end)`. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  /**
   * Reads the name at `at`.
   *
   * Pointers may lead anywhere in the message, as resolvers and Wireshark put up with, but
   * only so often: beyond `MAX_DNS_POINTERS` they are taken for a loop.
   *
   * @param limit Where the bytes end in which the name stands; pointers may lead past it.
   * @throws {Malformed} if it runs out of the message or of `limit`, or has a label of a reserved type.
   */
  read(at: number, limit: number = this.#end): string {
    this.#length = 0;
    this.next = -1;
    let pointers = 0;
    let labels = 0;
    let end = limit;
    for (let i = at; ;) {
      const length = this.#byte(i, end);
      if (length === 0) return this.#done(i + 1, this.#name());
      const type = length & 0xc0;
      if (type === 0) {
        this.#label(i + 1, length, end);
        i += 1 + length;
        if (this.next >= 0 && ++labels > MAX_DNS_LABELS) return this.#done(i, TOO_LONG);
      } else if (type === POINTER) {
        const target = this.#start + ((length & 0x3f) << 8) + this.#byte(i + 1, end);
        if (this.next < 0) this.next = i + 2;
        if (++pointers > MAX_DNS_POINTERS) return this.#done(i, LOOPS);
        i = target;
        end = this.#end;
      } else if (type === EXTENDED_LABEL && i > at) {
        return this.#done(i + 1, EXTENDED); // RFC 6891 §5: obsolete, of unknown length
      } else {
        throw new Malformed(i, `label type ${type >> 6}, which is reserved`);
      }
    }
  }

  /** Octets of the name last read, labels joined by dots, as they were sent. */
  octets(): Uint8Array {
    return this.#octets.slice(0, Math.min(this.#length, MAX_NAME_TEXT));
  }

  #done(next: number, text: string): string {
    if (this.next < 0) this.next = next;
    this.text = text;
    return text;
  }

  #name(): string {
    if (this.#length === 0) return ROOT;
    if (this.#length > MAX_NAME_TEXT) return TOO_LONG;
    return toDisplayText(this.#octets, 0, this.#length);
  }

  /** Adds a label; what exceeds the longest name is only counted. */
  #label(from: number, length: number, end: number): void {
    if (from + length > end) {
      throw new Malformed(from, `label of ${length} bytes, ${Math.max(0, end - from)} left`);
    }
    if (this.#length > 0) this.#add(DOT);
    for (let i = from; i < from + length; i++) this.#add(this.#bytes[i] ?? 0);
  }

  #add(octet: number): void {
    if (this.#length < MAX_NAME_TEXT) this.#octets[this.#length] = octet;
    this.#length++;
  }

  #byte(at: number, end: number): number {
    if (at >= end) throw new Malformed(at, "the name runs out of the message");
    return this.#bytes[at] ?? 0;
  }
}

const OCTETS = new Uint8Array(MAX_NAME_TEXT);

/**
 * Steps over a name without reading it: for probing, which is done for every datagram.
 *
 * @returns The offset after it, or -1 where it is none, or is compressed other than backwards.
 */
export function skipName(bytes: Uint8Array, start: number, at: number, end: number): number {
  for (let i = at; i < end;) {
    const length = bytes[i] ?? 0;
    if (length === 0) return i - at < MAX_NAME_TEXT + 2 ? i + 1 : -1;
    if (length >= POINTER) {
      const target = ((length & 0x3f) << 8) + (bytes[i + 1] ?? 0);
      return i + 1 < end && target >= 12 && start + target < i ? i + 2 : -1;
    }
    if (length >= EXTENDED_LABEL) return -1;
    i += 1 + length;
  }
  return -1;
}

const POINTER = 0xc0;
const EXTENDED_LABEL = 0x40;
const DOT = 0x2e;
