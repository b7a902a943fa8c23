/**
 * The one test that decides whether bytes are an IP header: what it accepts,
 * `ipv4.ts` and `ipv6.ts` read without fail.
 *
 * @module
 */
import { uint8, uint16 } from "../bytes/uint.ts";

/** Bytes of the fixed IPv4 and IPv6 header (RFC 791 §3.1, RFC 8200 §3). */
export const IPV4_HEADER = 20;
export const IPV6_HEADER = 40;

/** Whether `[at, end)` begins with an IP header whose fixed part is captured and keeps its grammar. */
export function looksLikeIp(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const first = uint8(bytes, at);
  const version = first >> 4;
  if (version === 6) return at + IPV6_HEADER <= end;
  if (version !== 4 || at + IPV4_HEADER > end) return false;
  const header = (first & 15) * 4;
  const total = uint16(bytes, at + 2);
  // A total length of 0 is segmentation offload: see ipv4.ts.
  return header >= IPV4_HEADER && (total >= header || total === 0);
}
