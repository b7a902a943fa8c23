/**
 * Integers at an offset, in the byte order that a file or section chooses. As in
 * `bytes/uint.ts`, the caller has checked that the bytes are there.
 *
 * @module
 */
import { uint16, uint16Le, uint32, uint32Le } from "../bytes/uint.ts";

/** Unsigned 16-bit integer at `at`. */
export function readUint16(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian ? uint16Le(bytes, at) : uint16(bytes, at);
}

/** Unsigned 32-bit integer at `at`. */
export function readUint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian ? uint32Le(bytes, at) : uint32(bytes, at);
}

/** Unsigned 64-bit integer at `at`. */
export function readUint64(bytes: Uint8Array, at: number, littleEndian: boolean): bigint {
  const first = BigInt(readUint32(bytes, at, littleEndian));
  const second = BigInt(readUint32(bytes, at + 4, littleEndian));
  return littleEndian ? (second << 32n) | first : (first << 32n) | second;
}
