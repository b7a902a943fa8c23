/**
 * Frames of Initial packets: only CRYPTO carries anything for us.
 *
 *     PADDING 0, PING 1, ACK 2 and 3, CRYPTO 6 (offset, length, data), CONNECTION_CLOSE 0x1c
 *
 * Source: RFC 9000 §12.4 (which frames an Initial may hold), §19.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { asMalformed } from "../tls/client-hello.ts";
import { readVarint } from "./varint.ts";

/** Takes the data of CRYPTO frames: `payload[from, to)` stands at `offset` of the handshake. */
export type CryptoSink = (offset: number, from: number, to: number) => void;

/**
 * Walks over the frames of a payload.
 *
 * @returns Where the grammar first breaks; what came before that was handed on.
 */
export function readFrames(payload: Uint8Array, crypto: CryptoSink): Malformed | undefined {
  const cursor = new Cursor(payload);
  try {
    while (cursor.left > 0) readFrame(cursor, crypto);
    return undefined;
  } catch (error) {
    return asMalformed(error);
  }
}

function readFrame(cursor: Cursor, crypto: CryptoSink): void {
  const at = cursor.at;
  const type = readVarint(cursor);
  switch (type) {
    case FRAME.padding:
      while (cursor.peek() === FRAME.padding) cursor.take(1);
      return;
    case FRAME.ping:
      return;
    case FRAME.ack:
    case FRAME.ackEcn: {
      skipAck(cursor, type === FRAME.ackEcn);
      return;
    }
    case FRAME.crypto: {
      const offset = readVarint(cursor);
      const data = cursor.sub(readVarint(cursor));
      crypto(offset, data.at, data.end);
      return;
    }
    case FRAME.connectionClose:
      readVarint(cursor); // error code
      readVarint(cursor); // frame type
      cursor.take(readVarint(cursor)); // reason phrase
      return;
    case FRAME.applicationClose: // Not allowed here, yet seen before RFC 9000 §10.2.3 was settled.
      readVarint(cursor);
      cursor.take(readVarint(cursor));
      return;
    default:
      throw new Malformed(at, `frame type ${type}, which no Initial holds`);
  }
}

/** Largest acknowledged, delay, ranges as pairs of gap and length, and three ECN counts (RFC 9000 §19.3). */
function skipAck(cursor: Cursor, ecn: boolean): void {
  readVarint(cursor);
  readVarint(cursor);
  const ranges = readVarint(cursor);
  readVarint(cursor);
  // Every range takes two bytes at least, so that the payload bounds the loop.
  for (let i = 0; i < ranges * 2; i++) readVarint(cursor);
  for (let i = 0; ecn && i < 3; i++) readVarint(cursor);
}

const FRAME = {
  padding: 0x00,
  ping: 0x01,
  ack: 0x02,
  ackEcn: 0x03,
  crypto: 0x06,
  connectionClose: 0x1c,
  applicationClose: 0x1d,
} as const;
