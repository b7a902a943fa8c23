/**
 * ServerHello and HelloRetryRequest of TLS and DTLS.
 *
 *     legacy_version 2, random 32, session_id <0..32>, cipher_suite 2,
 *     compression_method 1, extensions <0..2^16-1>
 *
 * Sources: RFC 8446 §4.1.3 and §4.1.4, RFC 5246 §7.4.1.3.
 *
 * @module
 */
import { Cursor } from "../../bytes/cursor.ts";
import { toHex } from "../../bytes/hex.ts";
import { asMalformed, readExtensions, readProtocols } from "./client-hello.ts";
import type { ByteRange, HelloOutcome } from "./client-hello.ts";
import { EXTENSION } from "./codes.ts";

/** What is read of a ServerHello. Ranges point into the buffer that was read. */
export interface ServerHello {
  /** supported_versions if present (RFC 8446 §4.2.1), else the header's. */
  readonly version: number;
  readonly cipher: number;
  readonly alpn: readonly ByteRange[];
  readonly helloRetry: boolean;
}

/** Reads the body of one whole ServerHello: `bytes[start, end)` without the handshake header. Never throws on input. */
export function readServerHello(
  bytes: Uint8Array,
  start: number,
  end: number,
): HelloOutcome<ServerHello> {
  const cursor = new Cursor(bytes, start, end);
  const alpn: ByteRange[] = [];
  let version: number;
  let cipher: number;
  let helloRetry: boolean;
  try {
    version = cursor.uint(2);
    const random = cursor.take(32);
    // The first byte tells nearly all of them apart.
    helloRetry = bytes[random] === 0xcf && toHex(bytes, random, random + 32) === RETRY_RANDOM;
    if (isDraft13(version)) {
      // draft-ietf-tls-tls13-21 §4.1.3 and older: neither session id nor compression.
      cipher = cursor.uint(2);
    } else {
      cursor.vector(1); // legacy_session_id_echo
      cipher = cursor.uint(2);
      cursor.take(1); // legacy_compression_method
    }
  } catch (error) {
    return { hello: undefined, problem: asMalformed(error) };
  }
  const problem = readExtensions(cursor, (type, body) => {
    if (type === EXTENSION.supportedVersions) version = body.uint(2);
    else if (type === EXTENSION.alpn) readProtocols(body.vector(2, 2), alpn);
  });
  return { hello: { version, cipher, alpn, helloRetry }, problem };
}

/** Drafts of TLS 1.3 before 22, which put 0x7f00 + draft into the header. */
function isDraft13(version: number): boolean {
  return version >= 0x7f00 && version < 0x7f16;
}

/** SHA-256 of "HelloRetryRequest", the random that marks one (RFC 8446 §4.1.3). */
const RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
