/**
 * One frame while it is being decoded: numbers and offsets into the capture's own
 * buffer, overwritten frame after frame. Nothing here outlives the call that shows it.
 *
 * @module
 */
import { FRAME_CLASS, type FrameClass } from "../ledger.ts";
import type { AnomalySink } from "../anomaly.ts";

/** IP protocol numbers used by name (IANA protocol numbers). */
export const IP_PROTOCOL = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  noNext: 59,
  destinationOptions: 60,
  etherip: 97,
  sctp: 132,
  mobility: 135,
  udplite: 136,
  mplsInIp: 137,
  hip: 139,
  shim6: 140,
} as const;

/** TCP flag bits (RFC 9293 §3.1). */
export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

/** How an inner IP packet is carried in an outer one. */
export const CARRIER = {
  none: 0,
  ipInIp: 1,
  gre: 2,
  vxlan: 3,
  gtpU: 4,
  teredo: 5,
  etherIp: 6,
  geneve: 7,
  mpls: 8,
} as const;
export type Carrier = (typeof CARRIER)[keyof typeof CARRIER];
export const CARRIER_NAMES: readonly string[] = [
  "",
  "ip-in-ip",
  "gre",
  "vxlan",
  "gtp-u",
  "teredo",
  "etherip",
  "geneve",
  "mpls",
];

const EMPTY = new Uint8Array(0);

/** A frame and its current IP layer. `*At`, `*Start`, `*End` are offsets into `bytes`. */
export class Packet {
  // The frame: set by the pipeline before decoding.
  bytes: Uint8Array = EMPTY;
  /** 0-based index of the input. */
  input = 0;
  /** 1-based frame number in its input. */
  frame = 0;
  /** Microseconds since the epoch; NaN where unknown. */
  ts = 0;
  linkType = 0;
  /** Captured bytes of the frame are `[frameStart, frameEnd)`. */
  frameStart = 0;
  frameEnd = 0;
  /** Bytes of the frame on the wire. */
  originalLength = 0;

  // The link: set by the link decoders.
  /** Offset of the 6-byte source and destination MAC address of the link header nearest to this IP layer, or -1. */
  macSourceAt = -1;
  macDestinationAt = -1;
  /** The app that owns the traffic, where the capture says so: package or process name. */
  app: string | undefined = undefined;
  frameClass: FrameClass = FRAME_CLASS.linkOnly;

  // The current IP layer.
  /** 0 for the outermost IP layer, 1 for the one inside it, and so on. */
  depth = 0;
  /** 4 or 6. */
  version = 0;
  /** Offset of the source and destination address: 4 or 16 bytes each. */
  sourceAt = 0;
  destinationAt = 0;
  /** Upper-layer protocol number, after IPv6 extension headers; RFC 791 `protocol`. */
  protocol = 0;
  /** First next-header number of IPv6, equal to `protocol` in IPv4. */
  firstHeader = 0;
  hopLimit = 0;
  /** The bytes above IP: captured `[payloadStart, payloadEnd)`, `payloadLength` on the wire. */
  payloadStart = 0;
  payloadEnd = 0;
  payloadLength = 0;
  /** Whether this packet is a part of a datagram (RFC 791 §3.2, RFC 8200 §4.5); an atomic fragment (RFC 6946) is not. */
  isFragment = false;
  /** Offset in bytes of this fragment in its datagram, whether more follow, and the identification. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;
  /**
   * Number of the header with which the fragmented part begins: for IPv6 the next header that the
   * fragment header names (RFC 8200 §4.5), which in a first fragment may be an extension header before
   * `protocol`; elsewhere equal to `protocol`. Every fragment of a datagram has the same.
   */
  fragmentProtocol = 0;
  /** Whether this is a datagram put together from fragments ({@link PacketDecoder.decodeDatagram}). */
  reassembled = false;
  /** What this layer carries, if it is the outside of a tunnel. Its payload is then not application data. */
  carrier: Carrier = CARRIER.none;

  // The current transport header; ports are -1 where there are none or they are not captured.
  sourcePort = -1;
  destinationPort = -1;
  /**
   * Application data: captured `[dataStart, dataEnd)`, `dataLength` as the headers state it. TCP, UDP and
   * UDP-Lite: what follows their header; elsewhere all that is above IP. Empty in a fragment with an offset.
   * In a first fragment the data of UDP is that of the whole datagram, as its header states, and that of
   * TCP, which states none, is empty.
   */
  dataStart = 0;
  dataEnd = 0;
  dataLength = 0;
  /** TCP: sequence and acknowledgement numbers (unsigned 32 bit), flags ({@link TCP_FLAG}) and window as sent, unscaled. */
  seq = 0;
  ack = 0;
  flags = 0;
  window = 0;
  /** ICMP type and code; 0 elsewhere. */
  icmpType = 0;
  icmpCode = 0;
  /**
   * Whether the transport header was read: it is whole on the wire, and the fields used here are captured. If not, data is
   * empty; ports are set wherever they were captured.
   */
  transportRead = false;
}

/** What the decoder shows: each IP layer of each frame, outermost first. */
export interface PacketSink {
  /** One IP layer; `packet` is valid during the call only. */
  packet(packet: Packet): void;
  readonly anomaly: AnomalySink;
}
