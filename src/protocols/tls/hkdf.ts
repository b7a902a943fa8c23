/**
 * HKDF with SHA-256 and the labels of TLS 1.3, on which QUIC's Initial keys rest too.
 *
 * Sources: RFC 5869 §2 (Extract and Expand), RFC 8446 §7.1 (HKDF-Expand-Label).
 *
 * @module
 */
import { toLatin1 } from "../../bytes/text.ts";
import type { Platform } from "../../platform.ts";

/** HKDF-Extract: a 32-byte pseudorandom key. */
export function hkdfExtract(platform: Platform, salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return platform.hmacSha256(salt, secret);
}

/**
 * HKDF-Expand-Label with an empty context: `length` bytes, at most 255 * 32 (RFC 5869 §2.3).
 *
 * @param label Without the prefix "tls13 ".
 */
export function hkdfExpandLabel(
  platform: Platform,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const full = toLatin1(`tls13 ${label}`);
  // HkdfLabel: length 2, label <7..255>, context <0..255>.
  const info = new Uint8Array(4 + full.length);
  info[0] = length >> 8;
  info[1] = length & 0xff;
  info[2] = full.length;
  info.set(full, 3);
  return hkdfExpand(platform, secret, info, length);
}

function hkdfExpand(
  platform: Platform,
  secret: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const out = new Uint8Array(length);
  let previous = new Uint8Array(0);
  for (let counter = 1, at = 0; at < length; counter++, at += DIGEST_BYTES) {
    const input = new Uint8Array(previous.length + info.length + 1);
    input.set(previous, 0);
    input.set(info, previous.length);
    input[input.length - 1] = counter;
    previous = new Uint8Array(platform.hmacSha256(secret, input));
    out.set(previous.subarray(0, Math.min(DIGEST_BYTES, length - at)), at);
  }
  return out;
}

const DIGEST_BYTES = 32;
