/**
 * Whether bytes are a message of Protocol Buffers: nothing in them says so, but few other bytes
 * read as one to the last.
 *
 * @module
 */
import { WIRE_TYPE, WireReader } from "../../bytes/protobuf-wire.ts";
import { looksLikeText } from "../byte-traits.ts";

/**
 * Strict, for bytes of which nothing is known: all of it must be fields with small numbers, and a
 * quarter of it text inside them. Of random bytes fewer than one in 50,000 pass (measured over six
 * million, of 6 to 64 bytes).
 */
export function looksLikeProtobuf(bytes: Uint8Array): boolean {
  if (bytes.length < MIN_BYTES) return false;
  const reader = new WireReader(bytes);
  let textBytes = 0;
  while (reader.next()) {
    if (reader.number > MAX_LIKELY_NUMBER) return false;
    const length = reader.end - reader.start;
    if (reader.type === WIRE_TYPE.bytes && length >= MIN_TEXT_BYTES) {
      const value = bytes.subarray(reader.start, reader.end);
      if (looksLikeText(value) || looksNested(value)) textBytes += length;
    }
  }
  return !reader.broken && textBytes * 4 >= bytes.length;
}

/** Lenient, for bytes inside a message of protobuf: they are text, a message, or just bytes. */
export function looksNested(bytes: Uint8Array): boolean {
  if (bytes.length < 2) return false;
  // A message may look like text if it begins with field 1 (0x0a, a line end) of 32 bytes or more.
  if (bytes[0] !== LINE_END && looksLikeText(bytes)) return false;
  const reader = new WireReader(bytes);
  while (reader.next()) if (reader.number > MAX_LIKELY_NUMBER) return false;
  return !reader.broken;
}

const MIN_BYTES = 6;
const MIN_TEXT_BYTES = 4;
/** Schemas rarely number fields higher; random tags mostly do. */
const MAX_LIKELY_NUMBER = 1000;
const LINE_END = 0x0a;
