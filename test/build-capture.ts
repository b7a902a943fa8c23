/**
 * Builds small captures for tests: Ethernet, IPv4, TCP and UDP frames in a pcap file. Written from
 * the RFCs' header diagrams, apart from the readers that it tests.
 */

/** One frame with its time in µs. */
export interface BuiltFrame {
  readonly ts: number;
  readonly bytes: Uint8Array;
}

export interface Host {
  readonly mac: string;
  readonly ip: string;
}

const ETHERNET_HEADER_BYTES = 14;
const IPV4_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;

/** A pcap file, little-endian, microseconds, Ethernet. */
export function pcap(frames: readonly BuiltFrame[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262144, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.map(({ ts, bytes }) => {
    const record = Buffer.alloc(16 + bytes.length);
    record.writeUInt32LE(Math.floor(ts / 1e6), 0);
    record.writeUInt32LE(ts % 1e6, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    record.set(bytes, 16);
    return record;
  });
  return Buffer.concat([header, ...records]);
}

/** A UDP datagram in a frame. */
export function udp(from: [Host, number], to: [Host, number], data: Uint8Array): Buffer {
  const header = Buffer.alloc(UDP_HEADER_BYTES);
  header.writeUInt16BE(from[1], 0);
  header.writeUInt16BE(to[1], 2);
  header.writeUInt16BE(UDP_HEADER_BYTES + data.length, 4);
  return ethernet(from[0], to[0], 17, Buffer.concat([header, data]));
}

export interface Segment {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly data?: Uint8Array;
}

/** A TCP segment in a frame. */
export function tcp(from: [Host, number], to: [Host, number], segment: Segment): Buffer {
  const header = Buffer.alloc(TCP_HEADER_BYTES);
  header.writeUInt16BE(from[1], 0);
  header.writeUInt16BE(to[1], 2);
  header.writeUInt32BE(segment.seq >>> 0, 4);
  header.writeUInt32BE(segment.ack >>> 0, 8);
  header.writeUInt8(5 << 4, 12);
  header.writeUInt8(segment.flags, 13);
  header.writeUInt16BE(65535, 14);
  return ethernet(from[0], to[0], 6, Buffer.concat([header, segment.data ?? Buffer.alloc(0)]));
}

/** A whole TCP connection: handshake, what each side says in turn, both FINs. */
export function conversation(
  client: [Host, number],
  server: [Host, number],
  said: { start: number; rtt: number; turns: readonly (readonly [0 | 1, Uint8Array])[] },
): BuiltFrame[] {
  const frames: BuiltFrame[] = [];
  const next: [number, number] = [1000, 5000];
  let ts = said.start;
  const send = (side: 0 | 1, flags: number, data?: Uint8Array): void => {
    const [from, to] = side === 0 ? [client, server] : [server, client];
    const ack = next[side === 0 ? 1 : 0];
    frames.push({
      ts,
      bytes: tcp(from, to, {
        seq: next[side],
        ack,
        flags,
        ...(data === undefined ? {} : { data }),
      }),
    });
    next[side] += (data?.length ?? 0) + ((flags & 0x03) !== 0 ? 1 : 0);
    ts += said.rtt;
  };
  send(0, 0x02);
  send(1, 0x12);
  send(0, 0x10);
  for (const [side, data] of said.turns) send(side, 0x18, data);
  send(0, 0x11);
  send(1, 0x11);
  return frames;
}

function ethernet(from: Host, to: Host, protocol: number, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + payload.length);
  frame.set(Buffer.from(to.mac.replaceAll(":", ""), "hex"), 0);
  frame.set(Buffer.from(from.mac.replaceAll(":", ""), "hex"), 6);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt8(0x45, 14);
  frame.writeUInt16BE(IPV4_HEADER_BYTES + payload.length, 16);
  frame.writeUInt8(64, 22);
  frame.writeUInt8(protocol, 23);
  frame.set(from.ip.split(".").map(Number), 26);
  frame.set(to.ip.split(".").map(Number), 30);
  frame.set(payload, ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES);
  return frame;
}

/** A DNS query or answer for one name (RFC 1035 §4). */
export function dns(name: string, answer?: string): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const question = Buffer.concat([...labels, Buffer.from([0, 0, 1, 0, 1])]);
  const header = Buffer.from([
    0x12,
    0x34,
    answer === undefined ? 1 : 0x81,
    answer === undefined ? 0 : 0x80,
  ]);
  const counts = Buffer.from([0, 1, 0, answer === undefined ? 0 : 1, 0, 0, 0, 0]);
  if (answer === undefined) return Buffer.concat([header, counts, question]);
  const record = Buffer.from([
    0xc0,
    0x0c,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    4,
    ...answer.split(".").map(Number),
  ]);
  return Buffer.concat([header, counts, question, record]);
}
