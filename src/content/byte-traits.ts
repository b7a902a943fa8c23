/**
 * What kinds of bytes a value is made of, found in one pass, so that codecs that cannot apply
 * are ruled out by one test of a bit.
 *
 * @module
 */

/** Kinds of bytes, one bit each; together they cover all bytes. */
export const TRAIT = {
  digit: 1, // 0-9
  hexLower: 2, // a-f
  hexUpper: 4, // A-F
  lower: 8, // g-z
  upper: 16, // G-Z
  plusSlash: 32, // + /
  dash: 64, // - _
  equals: 128, // =
  percent: 256, // %
  lineEnd: 512, // CR LF
  blank: 1024, // space, tab
  other: 2048, // the rest of ASCII, DEL included, which JSON and others allow in text
  control: 4096, // C0 but the above
  high: 8192, // 0x80 and above
} as const;

/** The kinds of bytes that occur in `bytes`. */
export function traitsOf(bytes: Uint8Array): number {
  let traits = 0;
  for (let i = 0; i < bytes.length; i++) traits |= TRAITS[bytes[i] ?? 0] ?? 0;
  return traits;
}

/** Whether a value with these traits has no other kinds of bytes than `allowed`. */
export function hasOnly(traits: number, allowed: number): boolean {
  return (traits & ~allowed) === 0;
}

/**
 * Whether `bytes` read as text: UTF-8 without control characters other than blanks and line ends.
 * One character cut off at the end is forgiven.
 */
export function looksLikeText(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      if (((TRAITS[byte] ?? 0) & TRAIT.control) !== 0 || byte === DELETE) return false;
      at++;
      continue;
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (byte < 0xc2 || byte > 0xf4) return false;
    for (let i = 1; i < length; i++) {
      if (at + i >= bytes.length) return at > 0;
      if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    }
    at += length;
  }
  return bytes.length > 0;
}

const DELETE = 0x7f;
const TRAITS: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => traitOf(byte));

function traitOf(byte: number): number {
  if (byte >= 0x80) return TRAIT.high;
  if (byte === 0x0a || byte === 0x0d) return TRAIT.lineEnd;
  if (byte === 0x20 || byte === 0x09) return TRAIT.blank;
  if (byte < 0x20) return TRAIT.control;
  const character = String.fromCharCode(byte);
  if (/\d/.test(character)) return TRAIT.digit;
  if (/[a-f]/.test(character)) return TRAIT.hexLower;
  if (/[A-F]/.test(character)) return TRAIT.hexUpper;
  if (/[g-z]/.test(character)) return TRAIT.lower;
  if (/[G-Z]/.test(character)) return TRAIT.upper;
  if (/[+/]/.test(character)) return TRAIT.plusSlash;
  if (/[-_]/.test(character)) return TRAIT.dash;
  if (character === "=") return TRAIT.equals;
  return character === "%" ? TRAIT.percent : TRAIT.other;
}
