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

/** Bytes of texts that are remembered: names and field values, which come again and again. */
const SHORT_TEXT_BYTES = 64;
/** Texts remembered at once, a power of two. */
const REMEMBERED_TEXTS = 4096;
const remembered: string[] = new Array<string>(REMEMBERED_TEXTS).fill("");

/** One character a byte (ISO 8859-1): loses nothing, whatever the bytes. */
export function fromLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const stop = Math.min(end, bytes.length);
  if (stop - start <= SHORT_TEXT_BYTES) return shortLatin1(bytes, start, stop);
  // ASCII is the same in UTF-8, whose decoder is native; that of "latin1" is windows-1252.
  if (isAscii(bytes, start, stop)) return UTF8.decode(bytes.subarray(start, stop));
  let text = "";
  for (let from = start; from < stop; from += 4096) {
    const piece = bytes.subarray(from, Math.min(from + 4096, stop));
    text += Reflect.apply(String.fromCharCode, undefined, piece) as string;
  }
  return text;
}

/** Where the text is the one remembered in its place, nothing is made. */
function shortLatin1(bytes: Uint8Array, start: number, stop: number): string {
  let hash = stop - start;
  for (let i = start; i < stop; i++) hash = (Math.imul(hash, 33) + bytes[i]!) | 0;
  const place = (hash ^ (hash >>> 12) ^ (hash >>> 24)) & (REMEMBERED_TEXTS - 1);
  const known = remembered[place]!;
  if (isText(known, bytes, start, stop)) return known;
  let text = "";
  let at = start;
  for (; at + 8 <= stop; at += 8) {
    text += String.fromCharCode(
      bytes[at]!,
      bytes[at + 1]!,
      bytes[at + 2]!,
      bytes[at + 3]!,
      bytes[at + 4]!,
      bytes[at + 5]!,
      bytes[at + 6]!,
      bytes[at + 7]!,
    );
  }
  for (; at < stop; at++) text += String.fromCharCode(bytes[at]!);
  remembered[place] = text;
  return text;
}

function isText(text: string, bytes: Uint8Array, start: number, stop: number): boolean {
  if (text.length !== stop - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]!) return false;
  return true;
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
