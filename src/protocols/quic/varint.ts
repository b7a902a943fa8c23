/**
 * Variable-length integers of QUIC: the two high bits of the first byte give the length.
 *
 * Source: RFC 9000 §16.
 *
 * @module
 */
import { Malformed } from "../../bytes/cursor.ts";
import type { Cursor } from "../../bytes/cursor.ts";

/**
 * Reads one integer, 1 to 8 bytes.
 *
 * @throws {Malformed} at the end of `cursor`, and over 2^53, which no length or offset reaches.
 */
export function readVarint(cursor: Cursor): number {
  const at = cursor.at;
  const first = cursor.uint(1);
  let value = first & 0x3f;
  for (let left = (1 << (first >> 6)) - 1; left > 0; left--) value = value * 256 + cursor.uint(1);
  if (value > Number.MAX_SAFE_INTEGER) throw new Malformed(at, "integer over 2^53");
  return value;
}
