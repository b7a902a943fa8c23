/**
 * DNS messages (RFC 1035 §4.1), which mDNS (RFC 6762) and LLMNR (RFC 4795) share.
 *
 *     message = id flags qdcount ancount nscount arcount        ; 2 bytes each
 *               *question *answer *authority *additional
 *     question = name type class
 *     record   = name type class ttl rdlength rdata             ; ttl 4 bytes
 *
 * A message that breaks off or breaks its grammar gives what was read before.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import type { DnsQuestion, DnsRecord, Part } from "../message.ts";
import { NameReader } from "./name.ts";
import { readRecordData } from "./record.ts";

/** Bytes of the header. */
export const DNS_HEADER_BYTES = 12;
/** Bytes without which there is nothing to say: id and flags. */
export const DNS_LEAST_BYTES = 4;

/** What one message says. */
export interface DecodedDns {
  readonly id: number;
  readonly response: boolean;
  /** RFC 6895 §2.2. */
  readonly opcode: number;
  /** Null in a query. */
  readonly rcode: number | null;
  readonly queries: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authority: number;
  readonly additional: number;
  readonly parts: readonly Part[];
  /** Where the grammar first breaks, an offset in the buffer, and why; undefined where it holds. */
  readonly fault: { readonly offset: number; readonly reason: string } | undefined;
  /** Offset in the buffer up to which the message was understood. */
  readonly readTo: number;
}

/** What to read. */
export interface DnsOptions {
  readonly wantsParts: boolean;
  /** Added to offsets in the buffer, to give places in what the side sent. */
  readonly base: number;
}

/**
 * Decodes the message `bytes[start, end)`. Never throws on input.
 *
 * @returns undefined for less than {@link DNS_LEAST_BYTES} bytes.
 */
export function decodeDns(
  bytes: Uint8Array,
  start: number,
  end: number,
  options: DnsOptions,
): DecodedDns | undefined {
  if (end - start < DNS_LEAST_BYTES) return undefined;
  const decoder = new Decoder(bytes, start, end, options);
  return decoder.decode();
}

type Section = "answer" | "authority" | "additional";
const UPDATE = 5;

class Decoder {
  readonly #cursor: Cursor;
  readonly #names: NameReader;
  readonly #base: number;
  readonly #parts: Part[] = [];
  readonly #addPart: ((part: Part) => void) | undefined;
  readonly #queries: DnsQuestion[] = [];
  readonly #answers: DnsRecord[] = [];
  #authority = 0;
  #additional = 0;
  #fault: { offset: number; reason: string } | undefined;
  /** Name of the first question: most records repeat it. */
  #asked: string | undefined;

  constructor(bytes: Uint8Array, start: number, end: number, options: DnsOptions) {
    this.#cursor = new Cursor(bytes, start, end);
    this.#names = new NameReader(bytes, start, this.#cursor.end);
    this.#base = options.base;
    this.#addPart = options.wantsParts ? (part) => this.#keep(part) : undefined;
  }

  decode(): DecodedDns {
    const cursor = this.#cursor;
    const id = cursor.uint(2);
    const flags = cursor.uint(2);
    const response = (flags & 0x8000) !== 0;
    const opcode = (flags >> 11) & 15;
    let readTo = cursor.at;
    try {
      const counts = [cursor.uint(2), cursor.uint(2), cursor.uint(2), cursor.uint(2)];
      readTo = cursor.at;
      const [questions = 0, answers = 0, authority = 0, additional = 0] = counts;
      for (let i = 0; i < questions; i++, readTo = cursor.at) this.#question(i);
      // In an update these sections hold what must be and what shall be (RFC 2136 §2): no answers.
      const first = opcode === UPDATE ? "additional" : "answer";
      const second = opcode === UPDATE ? "additional" : "authority";
      for (let i = 0; i < answers; i++, readTo = cursor.at) this.#record(first, i);
      for (let i = 0; i < authority; i++, readTo = cursor.at) this.#record(second, i);
      for (let i = 0; i < additional; i++, readTo = cursor.at) this.#record("additional", i);
    } catch (error) {
      this.#note(error);
    }
    return {
      id,
      response,
      opcode,
      rcode: response ? flags & 15 : null,
      queries: this.#queries,
      answers: this.#answers,
      authority: this.#authority,
      additional: this.#additional,
      parts: this.#parts,
      fault: this.#fault,
      readTo,
    };
  }

  #question(index: number): void {
    const name = this.#name();
    const octets = this.#addPart && this.#names.octets();
    const type = this.#cursor.uint(2);
    this.#cursor.take(2); // class, with the QU bit of RFC 6762 §5.4
    this.#asked ??= name;
    this.#queries.push({ name, type });
    if (this.#addPart && octets) {
      this.#addPart({ path: `question[${index}].name`, bytes: octets, offset: -1, form: "name" });
    }
  }

  #record(section: Section, index: number): void {
    const cursor = this.#cursor;
    const path = this.#addPart === undefined ? "" : `${section}[${index}]`;
    const name = this.#name();
    const octets = this.#addPart && name !== this.#asked ? this.#names.octets() : undefined;
    const type = cursor.uint(2);
    cursor.take(2); // class, with the cache-flush bit of RFC 6762 §10.2; payload size in OPT
    const ttl = cursor.uint(4);
    const length = cursor.uint(2);
    const start = cursor.take(length);
    if (octets !== undefined && octets.length > 0) {
      this.#addPart?.({ path: `${path}.name`, bytes: octets, offset: -1, form: "name" });
    }
    let found: ReturnType<typeof readRecordData> = { value: null };
    try {
      const { bytes } = cursor;
      const part = this.#addPart;
      const end = start + length;
      found = readRecordData({ bytes, start, end, type, names: this.#names, part, path });
    } catch (error) {
      this.#note(error);
    }
    if (section === "answer") this.#answers.push({ name, type, ttl, ...found });
    else if (section === "authority") this.#authority++;
    else this.#additional++;
  }

  #name(): string {
    const name = this.#names.read(this.#cursor.at);
    this.#cursor.take(this.#names.next - this.#cursor.at);
    return name;
  }

  #keep(part: Part): void {
    const offset = part.offset < 0 ? -1 : part.offset + this.#base;
    this.#parts.push(offset === part.offset ? part : { ...part, offset });
  }

  #note(error: unknown): void {
    if (!(error instanceof Malformed)) throw error;
    this.#fault ??= { offset: error.offset, reason: error.message };
  }
}
