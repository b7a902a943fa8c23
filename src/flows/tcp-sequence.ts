/**
 * What sequence numbers tell of one direction. Numbers are signed 32-bit, so that the
 * difference of two of them, cut to 32 bits, is right across the wrap (RFC 9293 §3.4).
 *
 * @module
 */
import { MAX_GAPS_REMEMBERED, MAX_SEQUENCE_JUMP } from "../limits.ts";
import { TCP_FLAG, type Packet } from "../packets/packet.ts";
import type { Side } from "./flow.ts";
import { START, type TcpDirection } from "./tcp-connection.ts";

/** The side that receives what `side` sends. */
export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** Remembers a gap, in case its bytes turn up after all. */
export function noteGap(direction: TcpDirection, start: number, end: number): void {
  const gaps = (direction.gaps ??= []);
  gaps.push(start, end);
  if (gaps.length > MAX_GAPS_REMEMBERED * 2) gaps.splice(0, 2);
}

/** Takes what the other side says it has of a direction. */
export function acknowledge(direction: TcpDirection, packet: Packet): void {
  const ack = packet.ack | 0;
  if (direction.ackedKnown) {
    const step = (ack - direction.acked) | 0;
    if (step > 0 && step <= MAX_SEQUENCE_JUMP) direction.acked = ack;
    return;
  }
  if (direction.start === START.unknown) {
    // Acknowledging a SYN tells where the stream begins; elsewhere only how far it has come.
    const isAnswer = (packet.flags & TCP_FLAG.syn) !== 0;
    direction.begin(ack, isAnswer ? START.firm : START.acknowledged);
    direction.sent = ack;
  } else if (Math.abs((ack - direction.next) | 0) > MAX_SEQUENCE_JUMP) {
    return;
  }
  direction.acked = ack;
  direction.ackedKnown = true;
}

/** Bytes of `[start, end)` that lie in gaps, as far as those are known; each is found once only. */
export function bytesInGaps(direction: TcpDirection, start: number, end: number): number {
  const gaps = direction.gaps ?? [];
  let found = 0;
  const left: number[] = [];
  for (let i = 0; i + 1 < gaps.length; i += 2) {
    const [from = 0, to = 0] = gaps.slice(i, i + 2);
    const [first, last] = [Math.max(from, start), Math.min(to, end)];
    if (first >= last) {
      left.push(from, to);
      continue;
    }
    found += last - first;
    if (from < first) left.push(from, first);
    if (last < to) left.push(last, to);
  }
  if (found > 0) direction.gaps = left;
  return found;
}

/** Bytes after the last captured one that were acknowledged, or that the sender has gone past. */
export function missingAtEnd(direction: TcpDirection): number {
  if (direction.start === START.unknown) return 0;
  const acked = direction.ackedKnown ? (direction.acked - direction.next) | 0 : 0;
  const missing = Math.max(acked, (direction.sent - direction.next) | 0);
  if (direction.fin !== undefined) return Math.max(0, direction.fin - direction.offset);
  // One more may be a FIN that was not captured, which takes a number but is no byte.
  return missing > 1 ? missing : 0;
}
