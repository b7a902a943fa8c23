/**
 * Canonical forms of a value: the ways in which programs write it down before they
 * hash or encode it.
 *
 * @module
 */
import { toUtf8 } from "../bytes/text.ts";
import type { ValueForm } from "./observation.ts";

/** What may not stand next to a value, since the value would then be a part of something longer. */
export type Boundary =
  | "none"
  | "digit"
  | "digit-before"
  | "digit-two-more" // no digit before, exactly two after
  | "hex"
  | "word";

/** One way of writing a value down. */
export interface CanonicalForm {
  /** Stable name: `imei-15`, `e164`, `mac-colon`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `clear` if the whole value is there, `truncated` if a part, `encoded` for packed or wide forms. */
  readonly form: ValueForm;
  readonly boundary: Boundary;
  /** ASCII letters match in either case. */
  readonly anyCase: boolean;
  /** Too short or too common to count by itself (domain research 5.4: under 8 digits or 5 characters). */
  readonly weak: boolean;
  /** Part of the value that this form holds, where a second part beside it makes a weak hit count. */
  readonly piece: string | undefined;
  /** Whether to look for it as it is, in base64 and hex, and hashed. */
  readonly plain: boolean;
  readonly encode: boolean;
  /** Whether encoding includes hexadecimal; not for bytes whose digits are a form of their own. */
  readonly hex: boolean;
  readonly hash: boolean;
}

/** What differs from the usual: plain, encoded and hashed; whole; exact; strong. */
export type FormOptions = Partial<Omit<CanonicalForm, "name" | "bytes">>;

/** A form made of text, in UTF-8. */
export function textForm(name: string, text: string, options: FormOptions = {}): CanonicalForm {
  return { ...USUAL, ...options, name, bytes: toUtf8(text) };
}

/** A form made of bytes that are no text: not hashed, since what is hashed is text nearly always. */
export function rawForm(name: string, bytes: Uint8Array, options: FormOptions = {}): CanonicalForm {
  return { ...USUAL, form: "encoded", encode: false, hash: false, ...options, name, bytes };
}

/** Digits two a byte, the first in the low half; an odd one out is filled with 0xF (TBCD, 3GPP TS 29.002 §17.7.8). */
export function swappedDigits(digits: string): Uint8Array {
  const padded = digits.length % 2 === 0 ? digits : `${digits}f`;
  const bytes = new Uint8Array(padded.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = parseInt(padded.charAt(2 * i + 1) + padded.charAt(2 * i), 16);
  }
  return bytes;
}

/** Text as UTF-16 in either byte order. */
export function utf16(text: string, order: "le" | "be"): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = order === "le" ? unit & 255 : unit >> 8;
    bytes[2 * i + 1] = order === "le" ? unit >> 8 : unit & 255;
  }
  return bytes;
}

/** Whether every character is ASCII, so that a fold of ASCII letters is a fold of all. */
export function isAscii(text: string): boolean {
  return toUtf8(text).length === text.length;
}

const USUAL: Omit<CanonicalForm, "name" | "bytes"> = {
  form: "clear",
  boundary: "none",
  anyCase: false,
  weak: false,
  piece: undefined,
  plain: true,
  encode: true,
  hex: true,
  hash: true,
};
