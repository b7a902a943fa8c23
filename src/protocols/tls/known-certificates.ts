/**
 * Certificates that were read before: a server sends the same one with each connection, and reading it
 * costs more than all the rest of a handshake.
 *
 * @module
 */
import { uint32 } from "../../bytes/uint.ts";
import { REMEMBERED_CERTIFICATES } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import type { ByteRange } from "./client-hello.ts";
import { readCertificate, type ReadCertificate } from "./x509.ts";

interface Known {
  readonly bytes: Uint8Array;
  /** Its ranges count from the certificate's first byte. */
  readonly read: ReadCertificate;
}

/** By a few bytes of the signature; of two that meet in one place the later one stays. */
const known: (Known | undefined)[] = new Array<Known | undefined>(REMEMBERED_CERTIFICATES).fill(
  undefined,
);

/**
 * {@link readCertificate} of `bytes[start, end)`, with ranges that count from `start`. The same bytes give
 * the same object as long as they are remembered.
 *
 * @throws {Malformed} where it is none; its offset is in `bytes`.
 */
export function readKnownCertificate(
  bytes: Uint8Array,
  start: number,
  end: number,
  platform: Platform,
): ReadCertificate {
  if (end - start < LEAST_BYTES)
    return relative(readCertificate(bytes, start, end, platform), start);
  const mixed = uint32(bytes, end - 4) ^ uint32(bytes, end - 8) ^ (end - start);
  const place = (mixed ^ (mixed >>> 10) ^ (mixed >>> 20)) & (REMEMBERED_CERTIFICATES - 1);
  const one = known[place];
  if (one !== undefined && isSame(one.bytes, bytes, start, end)) return one.read;
  const read = relative(readCertificate(bytes, start, end, platform), start);
  known[place] = { bytes: new Uint8Array(bytes.subarray(start, end)), read };
  return read;
}

function isSame(one: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (one.length !== end - start) return false;
  // In bounds: both are as long. Signatures stand at the end, so that two that differ do so there.
  for (let i = one.length - 1; i >= 0; i--) if (one[i] !== bytes[start + i]) return false;
  return true;
}

function relative(read: ReadCertificate, start: number): ReadCertificate {
  const moved = <Range extends ByteRange>(range: Range): Range => ({
    ...range,
    start: range.start - start,
    end: range.end - start,
  });
  return { ...read, subject: read.subject.map(moved), dnsNames: read.dnsNames.map(moved) };
}

const LEAST_BYTES = 8;
