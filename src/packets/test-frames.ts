/**
 * Frames written out by hand, for tests: bytes in hexadecimal in, what the decoder showed out.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import { fromHex, toHex } from "../bytes/hex.ts";
import { FRAME_CLASS_NAMES } from "../ledger.ts";
import { PacketDecoder } from "./decode.ts";
import { CARRIER_NAMES, Packet } from "./packet.ts";

/** What one call of the sink showed, as plain values. */
export interface ShownLayer {
  readonly depth: number;
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ports: readonly [number, number];
  /** Captured application data, in hexadecimal. */
  readonly data: string;
  readonly dataLength: number;
  readonly carrier: string;
  readonly macs: readonly [string | undefined, string | undefined];
  readonly app: string | undefined;
  /** A copy of all fields. */
  readonly packet: Packet;
}

/** What came of a frame. */
export interface DecodedFrame {
  readonly frameClass: string;
  readonly layers: readonly ShownLayer[];
  readonly anomalies: readonly Anomaly[];
  /** Their names, for short. */
  readonly anomalyNames: readonly string[];
}

/** Bytes of blanks before and after each frame, so that offsets from the buffer's start are told from the frame's. */
const MARGIN = 5;

/** Decodes one frame; `originalLength` is that of the bytes unless given. */
export function decodeFrame(
  linkType: number,
  frame: string | Uint8Array,
  originalLength?: number,
): DecodedFrame {
  const body = typeof frame === "string" ? fromHex(frame) : frame;
  const bytes = new Uint8Array(body.length + 2 * MARGIN).fill(0xee);
  bytes.set(body, MARGIN);
  const packet = new Packet();
  packet.bytes = bytes;
  packet.frame = 1;
  packet.linkType = linkType;
  packet.frameStart = MARGIN;
  packet.frameEnd = MARGIN + body.length;
  packet.originalLength = originalLength ?? body.length;
  return collect(packet, (decoder) => {
    decoder.decode(packet);
  });
}

/** Runs the decoder on a packet that is set up, and gathers what it shows. */
export function collect(packet: Packet, run: (decoder: PacketDecoder) => void): DecodedFrame {
  const layers: ShownLayer[] = [];
  const anomalies: Anomaly[] = [];
  run(
    new PacketDecoder({
      packet: (shown) => layers.push(toShown(shown)),
      anomaly: (anomaly) => anomalies.push(anomaly),
    }),
  );
  return {
    frameClass: FRAME_CLASS_NAMES[packet.frameClass] ?? "",
    layers,
    anomalies,
    anomalyNames: anomalies.map((anomaly) => anomaly.name),
  };
}

function toShown(packet: Packet): ShownLayer {
  const { bytes } = packet;
  const size = packet.version === 4 ? 4 : 16;
  const mac = (at: number): string | undefined => (at < 0 ? undefined : toHex(bytes, at, at + 6));
  return {
    depth: packet.depth,
    source: toHex(bytes, packet.sourceAt, packet.sourceAt + size),
    destination: toHex(bytes, packet.destinationAt, packet.destinationAt + size),
    protocol: packet.protocol,
    ports: [packet.sourcePort, packet.destinationPort],
    data: toHex(bytes, packet.dataStart, packet.dataEnd),
    dataLength: packet.dataLength,
    carrier: CARRIER_NAMES[packet.carrier] ?? "",
    macs: [mac(packet.macSourceAt), mac(packet.macDestinationAt)],
    app: packet.app,
    packet: Object.assign(new Packet(), packet),
  };
}

/** Two bytes, big-endian, in hexadecimal. */
export function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}

/** An IPv4 packet (RFC 791 §3.1) from 10.0.0.1 to 10.0.0.2 without options, id 0x1234, hop limit 64. */
export function ipv4(protocol: number, payload: string, fragment = 0): string {
  const length = hex16(20 + fromHex(payload).length);
  const last = protocol.toString(16).padStart(2, "0");
  return `4500 ${length} 1234 ${hex16(fragment)} 40${last} 0000 0a000001 0a000002 ${payload}`;
}

/** An IPv6 packet (RFC 8200 §3) from 2001:db8::1 to 2001:db8::2, hop limit 64. */
export function ipv6(nextHeader: number, payload: string): string {
  const next = nextHeader.toString(16).padStart(2, "0");
  const addresses = `20010db8000000000000000000000001 20010db8000000000000000000000002`;
  return `60000000 ${hex16(fromHex(payload).length)} ${next}40 ${addresses} ${payload}`;
}

/** A UDP datagram (RFC 768) without checksum. */
export function udp(source: number, destination: number, data: string): string {
  return `${hex16(source)} ${hex16(destination)} ${hex16(8 + fromHex(data).length)} 0000 ${data}`;
}

/** A TCP segment (RFC 9293 §3.1) of ports 1025 and 80: sequence 1, acknowledgement 2, ACK and PSH, window 3. */
export function tcp(data: string): string {
  return `0401 0050 00000001 00000002 5018 0003 0000 0000 ${data}`;
}

/** An Ethernet header from 02:…:02 to 02:…:01, and its body. */
export function ethernet(etherType: number, body: string): string {
  return `020000000001 020000000002 ${hex16(etherType)} ${body}`;
}
