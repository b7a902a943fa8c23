/**
 * What the two sides of a push connection tell each other in clear, and the key that follows
 * from it.
 *
 * The client opens with `CONN`: version, model, build, an identifier of the device derived by
 * hashing ("a-" and 40 hexadecimal digits), SDK, kind of network, host, locale. The server answers
 * with a challenge. Everything after these two is sealed by RC4 under a key made of nothing but
 * the challenge and that identifier, so that whoever sees the first two messages can open the rest:
 *
 *     key = RC4(challenge, second half of challenge ‖ second half of identifier)
 *
 * Found in the published clients and checked against real traffic: with it every sealed
 * frame opens into a blob whose lengths add up. Each frame starts the key stream afresh.
 *
 * @module
 */
import { fromLatin1 } from "../../bytes/text.ts";
import { WIRE_TYPE, WireReader } from "../../bytes/protobuf-wire.ts";
import { rc4 } from "./rc4.ts";

/** Fields of a blob's header that are understood (`ClientHeader` in the published SDKs). */
export interface BlobHeader {
  readonly server: string | null;
  readonly command: string | null;
  /** Nonzero where the payload is sealed once more, by a key given at registration. */
  readonly cipher: number;
}

/** Reads a blob's header; undefined where it is no message of protobuf. */
export function readBlobHeader(bytes: Uint8Array): BlobHeader | undefined {
  let server: string | null = null;
  let command: string | null = null;
  let cipher = 0;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    const isText = reader.type === WIRE_TYPE.bytes;
    if (reader.number === FIELD.server && isText)
      server = fromLatin1(bytes, reader.start, reader.end);
    if (reader.number === FIELD.command && isText)
      command = fromLatin1(bytes, reader.start, reader.end);
    if (reader.number === FIELD.cipher && !isText) cipher = bytes[reader.start] ?? 0;
  }
  return reader.broken ? undefined : { server, command, cipher };
}

/** The key of one connection, once both sides have said their part. */
export class Session {
  #challenge: Uint8Array | undefined;
  #device: Uint8Array | undefined;
  #key: Uint8Array | undefined;

  /** Notes what a `CONN` of either side says. */
  conn(payload: Uint8Array): void {
    // The server's message has the challenge in field 1, the client's the device in field 4.
    const challenge = fieldBytes(payload, FIELD.challenge);
    const device = fieldBytes(payload, FIELD.device);
    if (challenge !== undefined && challenge.length > 0) this.#challenge = challenge.slice();
    if (device !== undefined && device.length > 0) this.#device = device.slice();
    this.#key = undefined;
  }

  /** Opens a sealed blob; undefined while the key is not known. */
  open(blob: Uint8Array): Uint8Array | undefined {
    if (this.#challenge === undefined || this.#device === undefined) return undefined;
    this.#key ??= rc4(this.#challenge, joined(halfOf(this.#challenge), halfOf(this.#device)));
    return rc4(this.#key, blob);
  }
}

function fieldBytes(bytes: Uint8Array, number: number): Uint8Array | undefined {
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.number !== number || reader.type !== WIRE_TYPE.bytes) continue;
    return bytes.subarray(reader.start, reader.end);
  }
  return undefined;
}

function halfOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(Math.floor(bytes.length / 2));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

const FIELD = { challenge: 1, device: 4, server: 3, command: 5, cipher: 9 } as const;
