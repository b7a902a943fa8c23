/**
 * What the first bytes of a flow that nobody reads look like. All of it is a guess and is
 * worded as one: it helps a person to decide where to look next, and proves nothing.
 *
 * Entropy is measured as in Ren et al., "Information Exposure From Consumer IoT Devices"
 * (IMC 2019): Shannon entropy of bytes over its maximum, above 0.9 encrypted or compressed,
 * below 0.4 text; samples under 20 bytes say nothing. A sample of n bytes cannot show more
 * than log2(n) bits, so the maximum taken here is log2(min(n, 256)).
 *
 * @module
 */
import { looksLike } from "./first-bytes-magic.ts";

/** A guess at a flow's content. */
export interface FirstBytes {
  readonly class: "empty" | "text" | "magic" | "high-entropy" | "low-entropy" | "binary";
  /** For `magic`: the format or protocol whose marks these bytes bear. */
  readonly magic?: string;
  /** Shannon entropy of the bytes over the most that so many bytes can have, 0 to 1. */
  readonly entropy: number;
  /** Why, in words that claim no more than is known. */
  readonly reason: string;
}

/** Guesses what `bytes`, the first that one side sent, are. */
export function classifyFirstBytes(bytes: Uint8Array): FirstBytes {
  if (bytes.length === 0) return { class: "empty", entropy: 0, reason: "no payload" };
  const entropy = Math.round(relativeEntropy(bytes) * 1000) / 1000;
  const mark = looksLike(bytes);
  if (mark !== undefined) {
    return {
      class: "magic",
      magic: mark.name,
      entropy,
      reason: `looks like ${mark.name}: ${mark.because}`,
    };
  }
  if (isText(bytes)) {
    return { class: "text", entropy, reason: `all ${bytes.length} bytes are printable text` };
  }
  if (bytes.length < MIN_ENTROPY_BYTES) {
    const reason = `${bytes.length} bytes are too few for a guess (${MIN_ENTROPY_BYTES} needed)`;
    return { class: "binary", entropy, reason };
  }
  if (entropy > HIGH_ENTROPY) {
    return { class: "high-entropy", entropy, reason: "looks encrypted or compressed" };
  }
  if (entropy < LOW_ENTROPY) {
    return { class: "low-entropy", entropy, reason: "few different bytes: padding or structure" };
  }
  return { class: "binary", entropy, reason: "neither text nor as even as encrypted bytes" };
}

/** Shannon entropy of the bytes' frequencies over log2(min(n, 256)); 0 for one byte or none. */
export function relativeEntropy(bytes: Uint8Array): number {
  if (bytes.length < 2) return 0;
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) {
    if (count === 0) continue;
    const share = count / bytes.length;
    bits -= share * Math.log2(share);
  }
  return bits / Math.log2(Math.min(bytes.length, 256));
}

/** Whether all is printable ASCII or UTF-8 with the usual blanks; the last character may be cut. */
function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
    if (byte === 0x7f) return false;
  }
  for (let cut = 0; cut <= 3 && cut < bytes.length; cut++) {
    try {
      UTF8.decode(bytes.subarray(0, bytes.length - cut));
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const MIN_ENTROPY_BYTES = 20;
const HIGH_ENTROPY = 0.9;
const LOW_ENTROPY = 0.4;
