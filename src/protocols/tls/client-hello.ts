/**
 * ClientHello of TLS and DTLS: what the client says in clear before any key is agreed.
 *
 *     legacy_version 2, random 32, legacy_session_id <0..32>, (DTLS: cookie <0..255>),
 *     cipher_suites <2..2^16-2>, legacy_compression_methods <1..255>, extensions <0..2^16-1>
 *
 * Sources: RFC 8446 §4.1.2, RFC 5246 §7.4.1.2 (may end without extensions), RFC 6347 §4.2.1
 * (cookie), RFC 6066 §3 (server_name), RFC 7301 §3.1 (ALPN).
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { EXTENSION } from "./codes.ts";

/** A stretch of the buffer that was read. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is read of a ClientHello. Ranges point into the buffer that was read. */
export interface ClientHello {
  readonly version: number;
  readonly random: ByteRange;
  readonly ciphers: readonly number[];
  /** Types in order as sent. */
  readonly extensions: readonly number[];
  /** First host_name of server_name. */
  readonly serverName: ByteRange | undefined;
  readonly alpn: readonly ByteRange[];
  readonly supportedVersions: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
}

/** What was read, and where the grammar first broke; what was read before that is kept. */
export interface HelloOutcome<Hello> {
  /** Undefined where the fixed part is already broken. */
  readonly hello: Hello | undefined;
  readonly problem: Malformed | undefined;
}

/**
 * Reads the body of one whole ClientHello: `bytes[start, end)` without the handshake header.
 *
 * Never throws on input. An extension that is broken inside leaves the others readable.
 */
export function readClientHello(
  bytes: Uint8Array,
  start: number,
  end: number,
  dtls: boolean,
): HelloOutcome<ClientHello> {
  const cursor = new Cursor(bytes, start, end);
  const hello = new Draft();
  try {
    hello.version = cursor.uint(2);
    const random = cursor.take(32);
    hello.random = { start: random, end: random + 32 };
    cursor.vector(1); // legacy_session_id
    if (dtls) cursor.vector(1); // cookie
    readUints(cursor.vector(2), 2, hello.ciphers);
    cursor.vector(1); // legacy_compression_methods
  } catch (error) {
    return { hello: undefined, problem: asMalformed(error) };
  }
  const problem = readExtensions(cursor, (type, body) => readExtension(hello, type, body));
  return { hello, problem };
}

/**
 * Walks over the extensions that end a hello (RFC 8446 §4.2) and hands each to `read`.
 *
 * @returns Where the grammar first broke, if it did.
 */
export function readExtensions(
  cursor: Cursor,
  read: (type: number, body: Cursor) => void,
): Malformed | undefined {
  let problem: Malformed | undefined;
  if (cursor.left === 0) return undefined;
  try {
    const extensions = cursor.vector(2);
    while (extensions.left > 0) {
      const type = extensions.uint(2);
      const body = extensions.vector(2);
      try {
        read(type, body);
      } catch (error) {
        problem ??= asMalformed(error);
      }
    }
    if (cursor.left > 0) problem ??= new Malformed(cursor.at, `${cursor.left} bytes left over`);
  } catch (error) {
    problem ??= asMalformed(error);
  }
  return problem;
}

/** The grammar error, or the defect thrown on. */
export function asMalformed(error: unknown): Malformed {
  if (error instanceof Malformed) return error;
  throw error;
}

/** Reads integers of `width` bytes till the end of `cursor`. */
export function readUints(cursor: Cursor, width: number, into: number[]): void {
  while (cursor.left > 0) into.push(cursor.uint(width));
}

/** A hello while it is being read. */
class Draft implements ClientHello {
  version = 0;
  random: ByteRange = { start: 0, end: 0 };
  readonly ciphers: number[] = [];
  readonly extensions: number[] = [];
  serverName: ByteRange | undefined = undefined;
  readonly alpn: ByteRange[] = [];
  readonly supportedVersions: number[] = [];
  readonly signatureAlgorithms: number[] = [];
  readonly groups: number[] = [];
  readonly pointFormats: number[] = [];
}

function readExtension(hello: Draft, type: number, body: Cursor): void {
  hello.extensions.push(type);
  switch (type) {
    case EXTENSION.serverName:
      hello.serverName ??= firstHost(body.vector(2, 1));
      break;
    case EXTENSION.alpn:
      readProtocols(body.vector(2, 2), hello.alpn);
      break;
    case EXTENSION.supportedVersions:
      readUints(body.vector(1), 2, hello.supportedVersions);
      break;
    case EXTENSION.signatureAlgorithms:
      readUints(body.vector(2), 2, hello.signatureAlgorithms);
      break;
    case EXTENSION.supportedGroups:
      readUints(body.vector(2), 2, hello.groups);
      break;
    case EXTENSION.ecPointFormats:
      readUints(body.vector(1), 1, hello.pointFormats);
      break;
  }
}

/** Steps over names of unknown type, which all begin with a 16-bit length (RFC 6066 §3). */
function firstHost(names: Cursor): ByteRange | undefined {
  while (names.left > 0) {
    const type = names.uint(1);
    const name = names.vector(2, 1);
    if (type === HOST_NAME) return { start: name.at, end: name.end };
  }
  return undefined;
}

/** ProtocolNameList (RFC 7301 §3.1): names of 1 to 255 bytes. */
export function readProtocols(names: Cursor, into: ByteRange[]): void {
  while (names.left > 0) {
    const name = names.vector(1, 1);
    into.push({ start: name.at, end: name.end });
  }
}

const HOST_NAME = 0; // NameType (RFC 6066 §3)
