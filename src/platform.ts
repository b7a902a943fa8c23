/**
 * What the platform does better than this code can: hashing, ciphers, inflating.
 * Handed to the stages as one value, so that the core sees neither Node nor the DOM.
 *
 * @module
 */
import { toBase64 } from "./bytes/base64.ts";
import { toHex } from "./bytes/hex.ts";
import { toUtf8 } from "./bytes/text.ts";

/** Compressed forms that {@link Platform.inflate} undoes. */
export type Compression = "gzip" | "zlib" | "deflate-raw" | "brotli" | "zstd";

/** What came out of a compressed body, whole or not. */
export interface Inflated {
  readonly bytes: Uint8Array;
  /** Whether the compressed data ended where its format says; false if cut short, broken or over the limit. */
  readonly complete: boolean;
}

/** Digests by name. */
export type DigestName = "md5" | "sha1" | "sha256";

/** How a digest is written: lower-case hexadecimal, or base64 with padding. */
export type DigestForm = "hex" | "base64";

/** A digest over bytes that come in pieces. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Synchronous services of the platform. */
export interface Platform {
  digest(name: DigestName, bytes: Uint8Array): Uint8Array;
  /** The same as text; of text, its UTF-8 bytes are digested. Left out where that is no faster. */
  digestText?(name: DigestName, data: Uint8Array | string, form: DigestForm): string;
  runningDigest(name: DigestName): RunningDigest;
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** AES-ECB of one 16-byte block with a 16- or 32-byte key (QUIC header protection, RFC 9001 §5.4.3). */
  aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
  /** AES-GCM with a 16-byte tag at the end of `sealed`; undefined where the tag does not fit. */
  aesGcmOpen(request: AeadRequest): Uint8Array | undefined;
  /** Undoes one compression; gives what came out before an error; undefined where this platform lacks it. */
  inflate(format: Compression, bytes: Uint8Array, maxOutput: number): Inflated | undefined;
}

/** What an AEAD needs to open a sealed text (RFC 5116 §2.2). */
export interface AeadRequest {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
  /** Ciphertext followed by the tag. */
  readonly sealed: Uint8Array;
}

/** The digest of `data`, of text its UTF-8 bytes, as text; by the platform's own way where it has one. */
export function digestText(
  platform: Platform,
  name: DigestName,
  data: Uint8Array | string,
  form: DigestForm,
): string {
  if (platform.digestText !== undefined) return platform.digestText(name, data, form);
  const digest = platform.digest(name, typeof data === "string" ? toUtf8(data) : data);
  return form === "hex" ? toHex(digest) : toBase64(digest);
}
