/**
 * Bytes as text and text as bytes.
 *
 * @module
 */
const UTF8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
const UTF8_STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** UTF-8 bytes of `text`. */
export function toUtf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** `bytes` as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

/** `bytes` as UTF-8, or undefined where they are not. */
export function fromStrictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8_STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One character a byte (ISO 8859-1): loses nothing, whatever the bytes. */
export function fromLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const stop = Math.min(end, bytes.length);
  let text = "";
  for (let from = start; from < stop; from += 4096) {
    text += String.fromCharCode(...bytes.subarray(from, Math.min(from + 4096, stop)));
  }
  return text;
}

/** The low byte of each character. */
export function toLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
