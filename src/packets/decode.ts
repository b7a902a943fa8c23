/**
 * The packets stage: a frame in, its IP layers out, outermost first.
 *
 * @module
 */
import { uint8 } from "../bytes/uint.ts";
import { FRAME_CLASS, type FrameClass } from "../ledger.ts";
import { MAX_IP_LAYERS } from "../limits.ts";
import { isExtensionHeader, readExtensionHeaders } from "./extension-headers.ts";
import { readIpv4 } from "./ipv4.ts";
import { readIpv6 } from "./ipv6.ts";
import { findIp } from "./link.ts";
import { LinkWalk, STEP, type Step } from "./link-walk.ts";
import { CARRIER, type Packet, type PacketSink } from "./packet.ts";
import { Reporter } from "./reporter.ts";
import { readTransport } from "./transport.ts";
import { findInnerIp } from "./tunnels.ts";

/** Decodes frames one after the other. Keeps nothing of a frame. */
export class PacketDecoder {
  readonly #sink: PacketSink;
  readonly #reporter: Reporter;
  /** Position in the frame's own link headers, and in those inside tunnels. */
  readonly #outer: LinkWalk = new LinkWalk();
  readonly #inner: LinkWalk = new LinkWalk();

  constructor(sink: PacketSink) {
    this.#sink = sink;
    this.#reporter = new Reporter(sink.anomaly);
  }

  /**
   * Decodes one frame, of which the caller has set `bytes`, `input`, `frame`, `ts`, `linkType`,
   * `frameStart`, `frameEnd` and `originalLength`. Sets all else, and shows each IP layer to the sink,
   * outermost first. A frame that aggregates several packets (802.11 A-MSDU) shows each at depth 0.
   * `frameClass` is final when the call returns.
   */
  decode(packet: Packet): void {
    const { bytes, frameStart, frameEnd, originalLength } = packet;
    const walk = this.#outer;
    walk.begin(bytes, frameStart, frameEnd, Math.max(frameEnd, frameStart + originalLength));
    walk.type = packet.linkType;
    const first = this.#decodeOne(packet, STEP.linkType);
    if (walk.msduAt < 0) return;
    const { app } = packet;
    let frameClass = first;
    // Every subframe has a header, so this ends within the frame.
    while (walk.msduAt >= 0) {
      // The sink may have used the packet for a reassembled datagram meanwhile.
      packet.bytes = bytes;
      packet.frameStart = frameStart;
      packet.frameEnd = frameEnd;
      walk.begin(bytes, walk.msduAt, walk.msduEnd, walk.msduWireEnd);
      walk.app = app;
      if (this.#decodeOne(packet, STEP.msdu) === FRAME_CLASS.flow) frameClass = FRAME_CLASS.flow;
    }
    packet.frameClass = frameClass;
  }

  /**
   * Decodes an IP datagram put together from fragments. The caller has set `bytes` to a buffer of its own,
   * `sourceAt` and `destinationAt` in it, `version`, `depth`, `payloadStart`, `payloadEnd` and
   * `payloadLength`, and `protocol` to the fragments' `fragmentProtocol`. Shows the datagram to the sink
   * with `reassembled` set, then the layers inside it.
   */
  decodeDatagram(packet: Packet): void {
    this.#reporter.inFrame = false;
    packet.macSourceAt = -1;
    packet.macDestinationAt = -1;
    packet.fragmentProtocol = packet.protocol;
    packet.isFragment = false;
    packet.moreFragments = false;
    packet.fragmentOffset = 0;
    packet.reassembled = true;
    this.#readAboveIp(packet);
    if (this.#show(packet)) this.#showLayers(packet, this.#inner);
  }

  /** Goes to the IP header from `step` on, and shows what begins there; tells the class of that. */
  #decodeOne(packet: Packet, step: Step): FrameClass {
    const walk = this.#outer;
    const found = findIp(walk, step);
    this.#reporter.inFrame = true;
    packet.depth = 0;
    packet.reassembled = false;
    packet.app = walk.app;
    packet.macSourceAt = walk.macSourceAt;
    packet.macDestinationAt = walk.macDestinationAt;
    if (found) {
      packet.frameClass = FRAME_CLASS.flow;
      this.#showLayers(packet, walk);
      return FRAME_CLASS.flow;
    }
    packet.frameClass = walk.frameClass;
    if (walk.anomalyName !== "") {
      this.#reporter.report(packet, walk.at, walk.anomalyName, walk.anomalyReason);
    }
    return walk.frameClass;
  }

  /** Shows the IP packet at `walk.at` and those inside it. */
  #showLayers(packet: Packet, walk: LinkWalk): void {
    for (let at = walk; ; at = this.#inner) {
      if (uint8(packet.bytes, at.at) >> 4 === 4) readIpv4(packet, at, this.#reporter);
      else readIpv6(packet, at, this.#reporter);
      this.#readAboveIp(packet);
      if (!this.#show(packet)) return;
    }
  }

  /** Reads what stands between the IP header and the data. */
  #readAboveIp(packet: Packet): void {
    const at = isExtensionHeader(packet.version, packet.protocol)
      ? readExtensionHeaders(packet, this.#reporter)
      : packet.payloadStart;
    readTransport(packet, at, this.#reporter);
  }

  /** Shows one layer; says whether `#inner` is now at the next one. */
  #show(packet: Packet): boolean {
    packet.carrier = packet.isFragment ? CARRIER.none : findInnerIp(packet, this.#inner);
    if (packet.carrier !== CARRIER.none && packet.depth + 1 >= MAX_IP_LAYERS) {
      packet.carrier = CARRIER.none;
      const reason = `more than ${MAX_IP_LAYERS} IP packets one inside the other`;
      this.#reporter.report(packet, packet.dataStart, "ip-layer-limit", reason);
    }
    // After this call the packet may hold another datagram, unless it carries one.
    const carries = packet.carrier !== CARRIER.none;
    this.#sink.packet(packet);
    if (!carries) return false;
    const inner = this.#inner;
    packet.depth += 1;
    packet.reassembled = false;
    if (inner.macSourceAt >= 0) packet.macSourceAt = inner.macSourceAt;
    if (inner.macDestinationAt >= 0) packet.macDestinationAt = inner.macDestinationAt;
    return true;
  }
}
