/**
 * A flow while it is being counted.
 *
 * @module
 */
import type { Platform } from "../platform.ts";
import { toIpText } from "../bytes/address-text.ts";
import { toCommunityId } from "./community-id.ts";
import type { EndMacs, EndTallies, FirstBytes } from "./end-bytes.ts";
import { hasPorts, KEY_WORD, KEY_WORDS, protocolOf, versionOf } from "./flow-key.ts";
import type { Flow, FlowState, Side } from "./flow.ts";
import type { FramePlace } from "./frame-index.ts";
import { serviceSide } from "./port-roles.ts";
import { toProtocolName } from "./protocol-names.ts";
import type { TcpConnection } from "./tcp-connection.ts";
import { TrackedEnd, type EndSource } from "./tracked-end.ts";

/** What flows read from the table that made them: keys are kept there and not in each flow. */
export interface FlowHome {
  readonly platform: Platform;
  readonly keys: Int32Array;
  readonly tallies: EndTallies;
  readonly firstBytes: FirstBytes;
  readonly macs: EndMacs;
  /** Whether ends keep their first bytes, and which frames hold which bytes. */
  readonly keepFirstBytes: boolean;
  readonly keepFrames: boolean;
}

/** How a flow begins. */
export interface FlowStart {
  readonly index: number;
  /** Whether the first sender is the endpoint that comes first in the key. */
  readonly senderIsLow: boolean;
  readonly input: number;
  readonly frame: number;
  readonly ts: number;
  readonly parent: TrackedFlow | undefined;
  /** How the parent carries it; undefined without one. */
  readonly carrier: string | undefined;
  /** Type and code of a first ICMP message; they stand for ports in the Community ID. */
  readonly icmpType: number;
  readonly icmpCode: number;
}

const TCP = 6;
const ICMP = 1;
const ICMPV6 = 58;

/** The mutable side of {@link Flow}. */
export class TrackedFlow implements Flow, EndSource {
  readonly index: number;
  readonly protocol: number;
  readonly ends: readonly [TrackedEnd, TrackedEnd];
  /** Whether side 0 is the endpoint that comes first in the key. */
  readonly firstIsLow: boolean;
  readonly parent: TrackedFlow | undefined;
  readonly carrier: string | undefined;
  firstTs = NaN;
  lastTs = NaN;
  input: number;
  firstFrame: number;
  app: string | undefined = undefined;
  fragments = 0;
  retransmissions = 0;
  outOfOrder = 0;
  /** State of the connection; undefined for other protocols, and till a TCP header was read. */
  tcp: TcpConnection | undefined = undefined;
  /** Side that sent the first SYN (or got the first SYN-ACK); undefined where none was seen. */
  opener: Side | undefined = undefined;
  /** Least handshake time of connections that are over. */
  pastRttUs: number | undefined = undefined;

  readonly #home: FlowHome;
  readonly #icmpType: number;
  readonly #icmpCode: number;
  #id: string | undefined = undefined;

  constructor(home: FlowHome, start: FlowStart) {
    this.#home = home;
    this.index = start.index;
    this.firstIsLow = start.senderIsLow;
    this.input = start.input;
    this.firstFrame = start.frame;
    this.firstTs = start.ts;
    this.lastTs = start.ts;
    this.parent = start.parent;
    this.carrier = start.carrier;
    this.#icmpType = start.icmpType;
    this.#icmpCode = start.icmpCode;
    const kind = this.#word(KEY_WORD.kind);
    this.protocol = protocolOf(kind);
    const ports = this.#word(KEY_WORD.ports);
    const withPorts = hasPorts(kind);
    const number = start.index * 2;
    const lowPort = withPorts ? ports >>> 16 : -1;
    const highPort = withPorts ? ports & 0xffff : -1;
    const low = { port: lowPort, word: KEY_WORD.low, number };
    const high = { port: highPort, word: KEY_WORD.high, number: number + 1 };
    const lowEnd = new TrackedEnd(this, low);
    const highEnd = new TrackedEnd(this, high);
    if (!home.keepFirstBytes) lowEnd.firstWanted = highEnd.firstWanted = 0;
    this.ends = start.senderIsLow ? [lowEnd, highEnd] : [highEnd, lowEnd];
  }

  get tallies(): EndTallies {
    return this.#home.tallies;
  }

  get macs(): EndMacs {
    return this.#home.macs;
  }

  get keepFrames(): boolean {
    return this.#home.keepFrames;
  }

  get firstBytes(): FirstBytes {
    return this.#home.firstBytes;
  }

  get id(): string {
    return (this.#id ??= this.#communityId());
  }

  get protocolName(): string {
    return toProtocolName(this.protocol);
  }

  get originator(): Side {
    if (this.opener !== undefined) return this.opener;
    const service = serviceSide(this.ends[0].port, this.ends[1].port);
    return service === 0 ? 1 : 0;
  }

  get originatorKnownBy(): "handshake" | "port" | "first-packet" {
    if (this.opener !== undefined) return "handshake";
    const service = serviceSide(this.ends[0].port, this.ends[1].port);
    return service === undefined ? "first-packet" : "port";
  }

  get state(): FlowState {
    if (this.protocol !== TCP) return "none";
    return this.tcp?.state ?? "midstream";
  }

  get handshakeRttUs(): number | undefined {
    const now = this.tcp?.rttUs;
    if (now === undefined || this.pastRttUs === undefined) return now ?? this.pastRttUs;
    return Math.min(now, this.pastRttUs);
  }

  get carried(): readonly [number, number] {
    return [this.ends[0].carried, this.ends[1].carried];
  }

  framesOf(side: Side, start: number, end: number): readonly number[] {
    return this.placesOf(side, start, end).map((place) => place.frame);
  }

  placesOf(side: Side, start: number, end: number): readonly FramePlace[] {
    return this.ends[side].frames?.placesOf(start, end) ?? [];
  }

  count(side: Side, byteClass: number, bytes: number): void {
    this.ends[side].count(byteClass, bytes);
  }

  /** Widens the time of the flow to `ts`; NaN, an unknown time, changes nothing. */
  noteTime(ts: number): void {
    if (Number.isNaN(ts)) return;
    if (!(ts >= this.firstTs)) this.firstTs = ts;
    if (!(ts <= this.lastTs)) this.lastTs = ts;
  }

  /** Text of the address at a word of the key; the ends ask for it once. */
  addressText(word: number): string {
    return toIpText(this.#addressBytes(word), 0, versionOf(this.#word(KEY_WORD.kind)));
  }

  #communityId(): string {
    const [source, destination] = this.ends;
    const isIcmp = this.protocol === ICMP || this.protocol === ICMPV6;
    const [low, high] = [this.#addressBytes(KEY_WORD.low), this.#addressBytes(KEY_WORD.high)];
    return toCommunityId(
      {
        source: this.firstIsLow ? low : high,
        destination: this.firstIsLow ? high : low,
        protocol: this.protocol,
        sourcePort: isIcmp ? this.#icmpType : source.port,
        destinationPort: isIcmp ? this.#icmpCode : destination.port,
      },
      this.#home.platform,
    );
  }

  #addressBytes(word: number): Uint8Array {
    const count = versionOf(this.#word(KEY_WORD.kind)) === 4 ? 1 : 4;
    const bytes = new Uint8Array(count * 4);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = this.#word(word + (i >> 2)) >>> (24 - (i & 3) * 8);
    }
    return bytes;
  }

  #word(word: number): number {
    return this.#home.keys[this.index * KEY_WORDS + word] ?? 0;
  }
}
