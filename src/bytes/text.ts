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

/** Bytes up to which adding characters one by one is fastest (measured: 16 to 24). */
const SHORT_TEXT_BYTES = 16;

/** One character a byte (ISO 8859-1): loses nothing, whatever the bytes. */
export function fromLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const stop = Math.min(end, bytes.length);
  if (stop - start <= SHORT_TEXT_BYTES) {
    let short = "";
    for (let i = start; i < stop; i++) short += String.fromCharCode(bytes[i]!);
    return short;
  }
  // ASCII is the same in UTF-8, whose decoder is native; that of "latin1" is windows-1252.
  if (isAscii(bytes, start, stop)) return UTF8.decode(bytes.subarray(start, stop));
  let text = "";
  for (let from = start; from < stop; from += 4096) {
    const piece = bytes.subarray(from, Math.min(from + 4096, stop));
    text += Reflect.apply(String.fromCharCode, undefined, piece) as string;
  }
  return text;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** The low byte of each character. */
export function toLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
