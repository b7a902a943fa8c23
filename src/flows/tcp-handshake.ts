/**
 * What a SYN says: a new connection, the same one again, or the late beginning of one
 * that is already being read (RFC 9293 §3.5).
 *
 * @module
 */
import { MAX_LATE_SYN_BYTES } from "../limits.ts";
import { TCP_FLAG, type Packet } from "../packets/packet.ts";
import type { Side } from "./flow.ts";
import { START, type TcpConnection, type TcpDirection } from "./tcp-connection.ts";

/** Whether the SYN in `packet` belongs to another connection than `connection`. */
export function isNewConnection(connection: TcpConnection, side: Side, packet: Packet): boolean {
  const mine = connection.directions[side];
  const seq = packet.seq | 0;
  if (mine.syn !== undefined) return mine.syn !== seq && !isAnotherTry(connection, side, packet);
  if (mine.start <= START.acknowledged) return isForeignToPeer(connection, side, packet);
  return !isBefore(mine, seq);
}

/** Takes the SYN or SYN-ACK in `packet` into the connection it belongs to. */
export function noteSyn(connection: TcpConnection, side: Side, packet: Packet): void {
  const mine = connection.directions[side];
  const seq = packet.seq | 0;
  const isAnswer = (packet.flags & TCP_FLAG.ack) !== 0;
  if (mine.syn === seq) {
    // Sent again: which one was answered cannot be told (Karn's algorithm, RFC 6298 §3).
    connection.rttUs = undefined;
    connection.synTs = NaN;
    return;
  }
  if (isAnswer && isAccepted(mine)) return;
  if (isAnswer) noteAnswer(connection, packet);
  else noteOpening(connection, side, packet);
  mine.syn = seq;
  if (!mine.used) mine.begin(seq + 1, START.firm);
}

function noteOpening(connection: TcpConnection, side: Side, packet: Packet): void {
  connection.opener ??= side;
  // A SYN-ACK that was captured first leaves nothing to measure.
  if (!connection.synAck) connection.synTs = packet.ts;
}

function noteAnswer(connection: TcpConnection, packet: Packet): void {
  const rtt = packet.ts - connection.synTs;
  if (!connection.synAck && rtt >= 0) connection.rttUs = rtt;
  connection.synAck = true;
  connection.synTs = NaN;
}

/** A server without memory (SYN cookies, RFC 4987 §3.6) answers each SYN with another number. */
function isAnotherTry(connection: TcpConnection, side: Side, packet: Packet): boolean {
  const isAnswer = (packet.flags & TCP_FLAG.ack) !== 0;
  return isAnswer && !connection.directions[side].used;
}

/** Whether the other side has acknowledged the SYN of this one: a second answer with another number is void. */
function isAccepted(direction: TcpDirection): boolean {
  return direction.syn !== undefined && direction.ackedKnown && direction.acked === direction.next;
}

/** A SYN of a side that was silent so far, while the other one is in the middle of something. */
function isForeignToPeer(connection: TcpConnection, side: Side, packet: Packet): boolean {
  const theirs = connection.directions[side === 0 ? 1 : 0];
  const mine = connection.directions[side];
  if (!theirs.used) return false;
  if ((packet.flags & TCP_FLAG.ack) !== 0) {
    const ahead = (packet.ack - firstSequence(theirs)) | 0;
    return ahead < 0 || ahead > MAX_LATE_SYN_BYTES;
  }
  // The other side acknowledges this connection's bytes already: the SYN was only captured late.
  return mine.start === START.unknown || !isBefore(mine, packet.seq | 0);
}

/** Whether a SYN with this number comes shortly before the first byte that was seen. */
function isBefore(direction: TcpDirection, seq: number): boolean {
  const distance = (firstSequence(direction) - (seq + 1)) | 0;
  return distance >= 0 && distance <= MAX_LATE_SYN_BYTES;
}

/** Sequence number of the connection's first byte, as far as it was seen. */
function firstSequence(direction: TcpDirection): number {
  return (direction.next - (direction.offset - direction.base)) | 0;
}
