/**
 * The ClientHello in SSL 2.0 form, with which old clients offered SSL 3.0 and TLS 1.0 too.
 *
 *     header: 1 bit set, length 15 bits
 *     CLIENT-HELLO: msg_type 1, version 2, cipher_spec_length 2, session_id_length 2,
 *     challenge_length 2, cipher_specs of 3 bytes, session_id, challenge
 *
 * Sources: RFC 5246 §E.2, RFC 6101 §E.
 *
 * @module
 */
import { Cursor } from "../../bytes/cursor.ts";
import { uint8, uint16 } from "../../bytes/uint.ts";
import { asMalformed } from "./client-hello.ts";
import type { ClientHello, HelloOutcome } from "./client-hello.ts";

/** Bytes of the header, and bytes needed to recognise a hello. */
export const SSL2_HEADER_BYTES = 2;
export const SSL2_PROBE_BYTES = 11;

/** Whether `bytes[start, end)`, at least `SSL2_PROBE_BYTES`, begins with such a hello: all its lengths must add up. */
export function isSsl2ClientHello(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SSL2_PROBE_BYTES) return false;
  const version = uint16(bytes, start + 3);
  const ciphers = uint16(bytes, start + 5);
  const session = uint16(bytes, start + 7);
  const challenge = uint16(bytes, start + 9);
  return (
    uint8(bytes, start) >= 0x80 &&
    uint8(bytes, start + 2) === CLIENT_HELLO &&
    (version === 0x0002 || (version >= 0x0300 && version <= 0x0303)) &&
    ciphers > 0 &&
    ciphers % 3 === 0 &&
    challenge >= 16 &&
    challenge <= 32 &&
    ssl2Length(bytes, start) === 9 + ciphers + session + challenge
  );
}

/** Bytes that follow the header at `at`. */
export function ssl2Length(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) & 0x7fff;
}

/**
 * Reads a whole hello, `bytes[start, end)` after the header. Cipher specs whose first byte is 0 are
 * suites of TLS; those of SSL 2.0 stay numbers of three bytes.
 */
export function readSsl2ClientHello(
  bytes: Uint8Array,
  start: number,
  end: number,
): HelloOutcome<ClientHello> {
  const cursor = new Cursor(bytes, start, end);
  try {
    cursor.take(1);
    const version = cursor.uint(2);
    const cipherBytes = cursor.uint(2);
    const session = cursor.uint(2);
    const challenge = cursor.uint(2);
    const ciphers: number[] = [];
    for (const specs = cursor.sub(cipherBytes); specs.left > 0;) ciphers.push(specs.uint(3));
    cursor.take(session);
    const random = cursor.take(challenge);
    const hello: ClientHello = {
      version,
      random: { start: random, end: random + challenge },
      ciphers,
      extensions: [],
      serverName: undefined,
      alpn: [],
      supportedVersions: [],
      signatureAlgorithms: [],
      groups: [],
      pointFormats: [],
    };
    return { hello, problem: undefined };
  } catch (error) {
    return { hello: undefined, problem: asMalformed(error) };
  }
}

const CLIENT_HELLO = 1;
