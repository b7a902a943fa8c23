/**
 * TCP payloads of a classic pcap file, in file order: for tests of one dissector alone. Neither
 * reorders nor drops retransmissions; use it with captures that need neither.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The payload of one frame. */
export interface TcpPayload {
  readonly frame: number;
  /** Both endpoints, smaller first, and whether the first of them sent it. */
  readonly flow: string;
  readonly fromFirst: boolean;
  readonly bytes: Uint8Array;
}

/** Path of a capture of the shared collection; undefined where it is absent. */
export function capturePath(name: string): string | undefined {
  const path = join(process.cwd(), "..", "shared", "captures", name);
  return existsSync(path) ? path : undefined;
}

/** Reads Ethernet (with a VLAN tag or without), Linux cooked (v1) and raw IP frames with IPv4 and no fragments. */
export function tcpPayloads(path: string): TcpPayload[] {
  const file = readFileSync(path);
  const isLittle = file.readUInt32LE(0) === 0xa1b2c3d4 || file.readUInt32LE(0) === 0xa1b23c4d;
  const uint = (at: number): number => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const linkBytes = { 1: 14, 101: 0, 113: 16 }[uint(20)] ?? 14;
  const payloads: TcpPayload[] = [];
  let frame = 0;
  for (let at = 24; at + 16 <= file.length;) {
    const data = file.subarray(at + 16, at + 16 + uint(at + 8));
    at += 16 + uint(at + 8);
    frame++;
    const isTagged = linkBytes === 14 && data.readUInt16BE(12) === 0x8100;
    const ip = data.subarray(isTagged ? 18 : linkBytes);
    if ((ip[0] ?? 0) >> 4 !== 4 || ip[9] !== 6) continue;
    const tcp = ip.subarray(((ip[0] ?? 0) & 15) * 4, ip.readUInt16BE(2));
    const bytes = tcp.subarray(((tcp[12] ?? 0) >> 4) * 4);
    const from = `${[...ip.subarray(12, 16)].join(".")}:${tcp.readUInt16BE(0)}`;
    const to = `${[...ip.subarray(16, 20)].join(".")}:${tcp.readUInt16BE(2)}`;
    const flow = from < to ? `${from} ${to}` : `${to} ${from}`;
    if (bytes.length > 0) payloads.push({ frame, flow, fromFirst: from < to, bytes });
  }
  return payloads;
}
