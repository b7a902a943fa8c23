/**
 * Integers straight from a buffer, for hot paths. None of these checks bounds: the
 * caller has compared the range with its end once, before the first read.
 *
 * @module
 */

/** The byte at `at`. */
export function uint8(bytes: Uint8Array, at: number): number {
  return bytes[at]!;
}

/** Big-endian 16-bit unsigned integer. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Big-endian 32-bit unsigned integer. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}

/** Little-endian 16-bit unsigned integer. */
export function uint16Le(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** Little-endian 32-bit unsigned integer. */
export function uint32Le(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}
