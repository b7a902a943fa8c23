/**
 * DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795), over UDP and TCP.
 *
 * Names that a device asks for are where it says whom it wants to talk to, and, in mDNS, who
 * it is. They can also carry data out by themselves, in labels, so each name is content.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Dissector, DissectorSink, FlowDissector, Opening } from "../dissector.ts";
import type { DnsMessage, Part } from "../message.ts";
import { StreamBuffer } from "../stream-buffer.ts";
import { decodeDns, type DecodedDns, DNS_HEADER_BYTES } from "./message.ts";
import {
  DNS_PORT,
  LLMNR_PORT,
  MDNS_PORT,
  probeDnsDatagram,
  probeDnsStream,
  isCutDnsStream,
} from "./probe.ts";

/** A dissector of the DNS family. */
export function createDnsDissector(): Dissector {
  return {
    name: "dns",
    over: "both",
    ports: [DNS_PORT, MDNS_PORT, LLMNR_PORT],
    probe: (bytes, start, end, flow) =>
      flow.protocol === TCP
        ? probeDnsStream(bytes, start, end)
        : probeDnsDatagram(bytes, start, end, flow),
    probeCut: (bytes, start, end, flow) => isCutDnsStream(bytes, start, end, flow),
    open: (opening) =>
      opening.flow.protocol === TCP ? new DnsStream(opening) : new DnsDatagrams(opening),
  };
}

const TCP = 6;

/** Bytes that hold one message, and where they come from. */
interface MessageBytes {
  readonly side: Side;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Place of `start` in what the side sent; the message is said to begin `lead` bytes before. */
  readonly offset: number;
  readonly lead: number;
  /** Bytes of the message that the capture cut off. */
  readonly missing: number;
  /** Where its last byte came from. */
  readonly chunk: Arrival;
}

type Arrival = Pick<Chunk, "input" | "frame" | "ts">;

/** Gives messages and accounts for their bytes. */
class MessageSink {
  readonly #flow: Flow;
  readonly #out: DissectorSink;
  readonly #over: "udp" | "tcp";
  readonly #protocol: DnsMessage["protocol"];

  constructor({ flow, out }: Opening, over: "udp" | "tcp") {
    this.#flow = flow;
    this.#out = out;
    this.#over = over;
    const [a, b] = flow.ends;
    const has = (port: number): boolean => a.port === port || b.port === port;
    this.#protocol = has(MDNS_PORT) ? "mdns" : has(LLMNR_PORT) ? "llmnr" : "dns";
  }

  /** Reads one message. */
  take(from: MessageBytes): void {
    const { bytes, start, end, offset } = from;
    const options = { wantsParts: this.#out.wantsParts, base: offset - start };
    const decoded = decodeDns(bytes, start, end, options);
    if (decoded === undefined) {
      this.#count(from, BYTE_CLASS.malformed, end - start + from.lead);
      this.#fault(from, start, `${end - start} bytes, a header has ${DNS_HEADER_BYTES}`);
      return;
    }
    this.#account(from, decoded);
    this.#emit(from, decoded);
  }

  /** Up to the fault the message was read; bytes behind its end belong to nothing known. */
  #account(from: MessageBytes, { readTo, fault }: DecodedDns): void {
    const rest = from.end - readTo;
    this.#count(from, BYTE_CLASS.read, readTo - from.start + from.lead);
    if (rest === 0 && fault === undefined) return;
    if (fault === undefined) {
      this.#count(from, BYTE_CLASS.opaque, rest);
      this.#anomaly(from, readTo, {
        name: "dns-trailing-bytes",
        reason: `${rest} bytes follow the message`,
      });
    } else if (from.missing > 0) {
      this.#count(from, BYTE_CLASS.incomplete, rest);
    } else {
      this.#count(from, BYTE_CLASS.malformed, rest);
      this.#fault(from, fault.offset, fault.reason);
    }
  }

  #emit(from: MessageBytes, decoded: DecodedDns): void {
    const { id, response, rcode, queries, answers, authority, additional } = decoded;
    const { input, frame, ts } = from.chunk;
    this.#out.message({
      kind: "dns",
      protocol: this.#protocol,
      over: this.#over,
      flow: this.#flow,
      side: from.side,
      input,
      frame,
      ts,
      start: from.offset - from.lead,
      end: from.offset + (from.end - from.start),
      id,
      response,
      rcode,
      queries,
      answers,
      authority,
      additional,
      malformed: decoded.fault !== undefined && from.missing === 0,
      parts: this.#withTrailing(from, decoded),
    });
  }

  #withTrailing(from: MessageBytes, { parts, readTo, fault }: DecodedDns): readonly Part[] {
    if (!this.#out.wantsParts || fault !== undefined || readTo === from.end) return parts;
    const bytes = from.bytes.subarray(readTo, from.end);
    const offset = from.offset + (readTo - from.start);
    return [...parts, { path: "trailing", bytes, offset, form: "binary" }];
  }

  #count(
    from: MessageBytes,
    byteClass: (typeof BYTE_CLASS)[keyof typeof BYTE_CLASS],
    n: number,
  ): void {
    if (n > 0) this.#out.count(from.side, byteClass, n);
  }

  #fault(from: MessageBytes, at: number, reason: string): void {
    this.#anomaly(from, at, { name: "dns-malformed", reason });
  }

  #anomaly(from: MessageBytes, at: number, odd: { name: string; reason: string }): void {
    const { input, frame } = from.chunk;
    const offset = from.offset + (at - from.start);
    const place = { input, frame, offset, flow: this.#flow.id };
    this.#out.anomaly({ stage: "protocols", name: odd.name, place, reason: odd.reason });
  }
}

/** One message a datagram. */
class DnsDatagrams implements FlowDissector {
  readonly encrypted = false;
  readonly #messages: MessageSink;

  constructor(opening: Opening) {
    this.#messages = new MessageSink(opening, "udp");
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end, offset, missing = 0 } = chunk;
    this.#messages.take({ side, bytes, start, end, offset, lead: 0, missing, chunk });
  }

  gap(): void {
    return;
  }

  close(): void {
    return;
  }

  end(): void {
    return;
  }
}

/** Messages in a row, each behind its length of two bytes. */
class DnsStream implements FlowDissector {
  readonly encrypted = false;
  readonly #out: DissectorSink;
  readonly #messages: MessageSink;
  readonly #buffers: readonly [StreamBuffer, StreamBuffer] = [
    new StreamBuffer(),
    new StreamBuffer(),
  ];
  /** Whether bytes are lost, so that the next length is not known. */
  readonly #isLost: [boolean, boolean] = [false, false];
  /** Where the last byte came from of a message that is not whole. */
  readonly #last: [Arrival | undefined, Arrival | undefined] = [undefined, undefined];

  constructor(opening: Opening) {
    this.#out = opening.out;
    this.#messages = new MessageSink(opening, "tcp");
  }

  push(side: Side, chunk: Chunk): void {
    const buffer = this.#buffers[side];
    buffer.append(chunk);
    if (this.#isLost[side] && !this.#resumes(side, buffer)) return;
    while (this.#step(side, buffer, chunk));
    buffer.retain();
    const { input, frame, ts } = chunk;
    this.#last[side] = buffer.available > 0 ? { input, frame, ts } : undefined;
  }

  gap(side: Side, offset: number, length: number): void {
    this.#giveCut(side);
    this.#drop(side);
    this.#buffers[side].reset(offset + length);
    this.#isLost[side] = true;
  }

  close(side: Side): void {
    this.#drop(side);
  }

  end(): void {
    this.#drop(0);
    this.#drop(1);
  }

  /** A message of which the rest is lost, if its header came. */
  #giveCut(side: Side): void {
    const buffer = this.#buffers[side];
    const chunk = this.#last[side];
    if (chunk === undefined || this.#isLost[side]) return;
    if (buffer.available < 2 + DNS_HEADER_BYTES) return;
    const { bytes, start, end } = buffer;
    const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
    const missing = 2 + length - buffer.available;
    const from = start + 2;
    const offset = buffer.offset + 2;
    this.#messages.take({ side, bytes, start: from, end, offset, lead: 2, missing, chunk });
    buffer.skip(buffer.available);
  }

  #step(side: Side, buffer: StreamBuffer, chunk: Chunk): boolean {
    if (buffer.available < 2) return false;
    const { bytes, start } = buffer;
    const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
    if (buffer.available < 2 + length) return false;
    const from = start + 2;
    const offset = buffer.offset + 2;
    const end = from + length;
    this.#messages.take({ side, bytes, start: from, end, offset, lead: 2, missing: 0, chunk });
    buffer.skip(2 + length);
    return true;
  }

  /** After a loss, the next segment that begins with a message is where reading resumes. */
  #resumes(side: Side, buffer: StreamBuffer): boolean {
    const { bytes, start, end } = buffer;
    const answer = probeDnsStream(bytes, start, end);
    if (answer === "yes") {
      this.#isLost[side] = false;
      return true;
    }
    this.#drop(side);
    return false;
  }

  /** Bytes of a message whose rest does not come. */
  #drop(side: Side): void {
    const buffer = this.#buffers[side];
    if (buffer.available === 0) return;
    this.#out.count(side, BYTE_CLASS.incomplete, buffer.available);
    buffer.reset(buffer.offset + buffer.available);
  }
}
