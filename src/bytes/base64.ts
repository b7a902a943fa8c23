/**
 * Base64 text of bytes (RFC 4648 §4 and §5).
 *
 * @module
 */
const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64 with the standard alphabet and padding. */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, STANDARD, "=");
}

/** Base64 with the URL-safe alphabet, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE, "");
}

function encode(bytes: Uint8Array, alphabet: string, pad: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const b = left > 1 ? bytes[i + 1]! : 0;
    const c = left > 2 ? bytes[i + 2]! : 0;
    const group = bytes[i]! * 65536 + b * 256 + c;
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : pad;
    text += left > 2 ? alphabet.charAt(group & 63) : pad;
  }
  return text;
}

/**
 * Bytes of base64 text in either alphabet, padded or not; blanks and line ends are ignored.
 *
 * @returns undefined where the text is not base64.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s]+/g, "").replace(/={1,2}$/, "");
  if (digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let value = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = DIGIT[digits.charCodeAt(i)] ?? -1;
    if (digit < 0) return undefined;
    value = ((value << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (value >> bits) & 0xff;
    }
  }
  return bytes;
}

const DIGIT: Int8Array = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) {
  DIGIT[STANDARD.charCodeAt(i)] = i;
  DIGIT[URL_SAFE.charCodeAt(i)] = i;
}
