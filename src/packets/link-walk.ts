/**
 * The way from the first byte of a frame, or of what a tunnel carries, to an IP
 * header. Link headers nest in any order (VLAN in MPLS in Ethernet in VLAN …), so
 * each reader steps over one header and names what follows; the loop in `link.ts`
 * bounds the steps.
 *
 * @module
 */
import { FRAME_CLASS, type FrameClass } from "../ledger.ts";
import { AppNames } from "./app-names.ts";

/** What lies at {@link LinkWalk.at}. */
export const STEP = {
  /** Nothing to read further: `frameClass` says why. */
  stop: 0,
  /** An IP header. */
  ip: 1,
  /** The body of EtherType `type`. */
  etherType: 2,
  /** An Ethernet header. */
  ethernet: 3,
  /** An LLC header (IEEE 802.2). */
  llc: 4,
  /** An MPLS label. */
  mpls: 5,
  /** A PPPoE header of EtherType 0x8864. */
  pppoe: 6,
  /** A PPP frame, perhaps with address and control field. */
  ppp: 7,
  /** A frame of link type `type`. */
  linkType: 8,
  /** A subframe of an 802.11 A-MSDU. */
  msdu: 9,
} as const;
export type Step = (typeof STEP)[keyof typeof STEP];

const EMPTY = new Uint8Array(0);

/** A position in a frame, and what its link headers said. One object serves all frames. */
export class LinkWalk {
  bytes: Uint8Array = EMPTY;
  /** Offset of the next header. */
  at = 0;
  /** Captured bytes end here; where a header bounds its body, the body does. */
  end = 0;
  /** The same on the wire: at least `end`, and more where the snapshot length cut the frame. */
  wireEnd = 0;
  /** EtherType or link type that the next step is about. */
  type = 0;
  macSourceAt = -1;
  macDestinationAt = -1;
  app: string | undefined = undefined;
  readonly appNames: AppNames = new AppNames();
  /** Bounds of the A-MSDU subframes that follow the current one; `msduAt` is -1 where there are none. */
  msduAt = -1;
  msduEnd = 0;
  msduWireEnd = 0;

  /** Set by {@link stop}: the class of the frame, and the anomaly, if the name is not empty. */
  frameClass: FrameClass = FRAME_CLASS.linkOnly;
  anomalyName = "";
  anomalyReason = "";

  /** Begins at `at`, inside captured bytes that end at `end`. */
  begin(bytes: Uint8Array, at: number, end: number, wireEnd: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.wireEnd = wireEnd;
    this.type = 0;
    this.macSourceAt = -1;
    this.macDestinationAt = -1;
    this.app = undefined;
    this.msduAt = -1;
    this.frameClass = FRAME_CLASS.linkOnly;
    this.anomalyName = "";
  }

  /** Whether fewer than `count` bytes are captured from here on. */
  lacks(count: number): boolean {
    return this.at + count > this.end;
  }

  /** Bounds the body by `length` bytes from here, as a header says; a longer one than there is changes nothing. */
  bound(length: number): void {
    const end = this.at + length;
    if (end < this.end) this.end = end;
    if (end < this.wireEnd) this.wireEnd = end;
  }

  /** Ends the reading with a class that is no fault of the frame. */
  leave(frameClass: FrameClass): Step {
    this.frameClass = frameClass;
    return STEP.stop;
  }

  /** Ends the reading with an anomaly. */
  stop(frameClass: FrameClass, name: string, reason: string): Step {
    this.frameClass = frameClass;
    this.anomalyName = name;
    this.anomalyReason = reason;
    return STEP.stop;
  }

  /**
   * Ends the reading because `count` bytes of `what` are due and fewer are there: cut off by the
   * snapshot length if the wire had them, else malformed.
   */
  short(what: string, count: number): Step {
    const cut = this.at + count <= this.wireEnd;
    const left = Math.max(0, this.end - this.at);
    return this.stop(
      cut ? FRAME_CLASS.truncated : FRAME_CLASS.malformed,
      cut ? "header-not-captured" : "header-cut-short",
      `${what}: ${count} bytes due, ${left} ${cut ? "captured" : "left"}`,
    );
  }

  /** Ends the reading at a network protocol that is not read. */
  unknown(what: string): Step {
    return this.stop(
      FRAME_CLASS.unsupportedNetwork,
      "network-protocol-unknown",
      `${what} is not read; IPv4 and IPv6 are`,
    );
  }
}
