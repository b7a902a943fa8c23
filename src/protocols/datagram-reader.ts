/**
 * Brings the datagrams of one flow to the dissectors that recognise them.
 *
 * The dissector that said yes first is kept. A datagram that its probe refuses is offered to
 * the others, since several protocols may share a port pair (STUN, DTLS and RTP, RFC 7983);
 * if they refuse it too the first one gets it, which alone knows the state of the exchange:
 * a QUIC packet with a short header, say, cannot be recognised without it.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Chunk, Flow, Side } from "../flows/flow.ts";
import { BYTE_CLASS, type ByteClass } from "../ledger.ts";
import { ByteAccount } from "./byte-account.ts";
import type { Dissector, DissectorSink, FlowDissector } from "./dissector.ts";
import type { Message } from "./message.ts";
import type { FlowReader, ProtocolOutput } from "./protocol-output.ts";
import type { Registry } from "./registry.ts";

interface Opened {
  readonly dissector: Dissector;
  readonly reader: FlowDissector;
}

/** Reads one flow of datagrams, or of packets of a protocol without a transport that is read. */
export class DatagramReader implements FlowReader, DissectorSink {
  readonly wantsParts: boolean;
  readonly anomaly: AnomalySink;
  readonly #flow: Flow;
  readonly #out: ProtocolOutput;
  readonly #candidates: readonly Dissector[];
  readonly #account: ByteAccount;
  #kept: Opened | undefined;
  #others: Opened[] | undefined;

  constructor(flow: Flow, registry: Registry, out: ProtocolOutput) {
    this.#flow = flow;
    this.#out = out;
    this.wantsParts = out.wantsParts;
    this.anomaly = out.anomaly;
    this.#account = new ByteAccount(flow, out.anomaly);
    const isRead = flow.protocol === UDP || flow.protocol === UDP_LITE;
    const [a, b] = flow.ends;
    this.#candidates = isRead ? registry.candidates("datagram", a.port, b.port) : NONE;
    if (flow.protocol === ESP) out.protocolKnown(flow, "esp");
    else if (flow.protocol === ICMP || flow.protocol === ICMPV6 || flow.protocol === IGMP) {
      out.protocolKnown(flow, flow.protocolName);
    }
  }

  push(side: Side, chunk: Chunk): void {
    const length = chunk.end - chunk.start;
    this.#account.add(side, length);
    const reader = this.#readerOf(side, chunk);
    if (reader !== undefined) {
      reader.push(side, chunk);
      if (this.#out.wantsRaw && !reader.encrypted) this.#out.raw(this.#flow, side, chunk);
    } else if (this.#flow.protocol === ESP) {
      this.#account.count(side, BYTE_CLASS.encrypted, length);
    } else {
      const isRead = isControl(this.#flow.protocol, chunk);
      this.#account.count(side, isRead ? BYTE_CLASS.read : BYTE_CLASS.opaque, length);
      if (this.#out.wantsRaw) this.#out.raw(this.#flow, side, chunk);
    }
  }

  /** Datagrams have no gaps: each stands for itself. */
  gap(): void {
    return;
  }

  close(side: Side): void {
    this.#kept?.reader.close(side);
    for (const { reader } of this.#others ?? []) reader.close(side);
  }

  /** There are no connections to open again. */
  reopened(): void {
    return;
  }

  end(): void {
    this.#kept?.reader.end();
    for (const { reader } of this.#others ?? []) reader.end();
    this.#account.settle();
  }

  message(message: Message): void {
    this.#out.message(message);
  }

  count(side: Side, byteClass: ByteClass, bytes: number): void {
    this.#account.count(side, byteClass, bytes);
  }

  /** Each datagram is probed by itself, so there is no rest to hand over but within one. */
  handOver(side: Side, rest: Chunk | undefined): void {
    if (rest !== undefined) this.#account.count(side, BYTE_CLASS.opaque, rest.end - rest.start);
  }

  #readerOf(side: Side, chunk: Chunk): FlowDissector | undefined {
    const { bytes, start, end } = chunk;
    const kept = this.#kept;
    if (kept !== undefined) {
      const answer = kept.dissector.probe(bytes, start, end, this.#flow, side);
      if (answer !== "no") return kept.reader;
    }
    for (const candidate of this.#candidates) {
      if (candidate === kept?.dissector) continue;
      if (candidate.probe(bytes, start, end, this.#flow, side) !== "yes") continue;
      return this.#opened(candidate);
    }
    return kept?.reader;
  }

  #opened(dissector: Dissector): FlowDissector {
    const known = this.#others?.find((one) => one.dissector === dissector);
    if (known !== undefined) return known.reader;
    const reader = dissector.open({ flow: this.#flow, out: this });
    if (this.#kept === undefined) {
      this.#kept = { dissector, reader };
      this.#out.protocolKnown(this.#flow, dissector.name);
    } else {
      (this.#others ??= []).push({ dissector, reader });
    }
    return reader;
  }
}

/**
 * Whether a packet is control traffic of the network itself, of which the form is known: group membership,
 * neighbour and router discovery, errors. An echo carries data of its sender's choice and is none.
 */
function isControl(protocol: number, { bytes, start, end }: Chunk): boolean {
  if (protocol === IGMP) return true;
  if ((protocol !== ICMP && protocol !== ICMPV6) || end === start) return false;
  const type = bytes[start] ?? 0;
  return protocol === ICMP
    ? type !== ECHO_REPLY && type !== ECHO_REQUEST
    : type !== ECHO_REQUEST_V6 && type !== ECHO_REPLY_V6;
}

// ICMP types (RFC 792), ICMPv6 types (RFC 4443 §4).
const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
const ECHO_REQUEST_V6 = 128;
const ECHO_REPLY_V6 = 129;

// IP protocol numbers (IANA).
const ICMP = 1;
const IGMP = 2;
const UDP = 17;
const ESP = 50;
const ICMPV6 = 58;
const UDP_LITE = 136;
const NONE: readonly Dissector[] = [];
