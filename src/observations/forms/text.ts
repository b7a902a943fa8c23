/**
 * Forms of e-mail addresses and of free text: network names, names of people, messages.
 *
 * @module
 */
import { toLatin1, toUtf8 } from "../../bytes/text.ts";
import { MAX_CANARY_BYTES, MIN_NEEDLE_BYTES } from "../../limits.ts";
import {
  isAscii,
  rawForm,
  textForm,
  utf16,
  type CanonicalForm,
  type FormOptions,
} from "../form.ts";

/** What is wrong with an e-mail address. */
export function checkEmail(value: string): string | undefined {
  if (/^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(value.trim())) return undefined;
  return "invalid e-mail address: name@host.example is due";
}

/** Forms of an e-mail address; hashes of it are taken in lower case by custom (and as it is, where it differs). */
export function emailForms(value: string): readonly CanonicalForm[] {
  const address = value.trim();
  const lower = address.toLowerCase();
  const local = lower.slice(0, lower.lastIndexOf("@"));
  const host = lower.slice(lower.lastIndexOf("@"));
  const plainLocal = local.replace(/\+.*$/, "").replace(/\./g, "");
  const forms = [textForm("email", lower, { boundary: "word", anyCase: true })];
  if (address !== lower) forms.push(textForm("email-as-is", address, { plain: false }));
  if (lower !== address || lower !== address.toUpperCase()) {
    forms.push(textForm("email-upper", address.toUpperCase(), { plain: false }));
  }
  if (plainLocal !== local) {
    forms.push(
      textForm("email-without-dots-and-tag", plainLocal + host, {
        boundary: "word",
        anyCase: true,
      }),
    );
  }
  forms.push(textForm("email-local-part", local, LOCAL_PART));
  return forms;
}

/** What is wrong with a free text as a canary. */
export function checkText(value: string): string | undefined {
  const length = toUtf8(value).length;
  if (length < MIN_NEEDLE_BYTES) {
    return `too short to search for: ${length} bytes, at least ${MIN_NEEDLE_BYTES} are due`;
  }
  if (length > MAX_CANARY_BYTES) {
    return `too long to search for: ${length} bytes, at most ${MAX_CANARY_BYTES} are due`;
  }
  return undefined;
}

/** Forms of a free text: UTF-8 and UTF-16, each case; Latin-1 where it can be written so. */
export function textForms(value: string): readonly CanonicalForm[] {
  const weak = Array.from(value).length < 5 || /^\d{1,7}$/.test(value);
  const ascii = isAscii(value);
  const options: FormOptions = { boundary: boundaryOf(value), weak };
  const forms = [textForm("text", value, { ...options, anyCase: true })];
  const seen = new Set([value]);
  for (const [name, text] of [
    ["text-lower", value.toLowerCase()],
    ["text-upper", value.toUpperCase()],
  ] as const) {
    if (seen.has(text)) continue;
    seen.add(text);
    forms.push(textForm(name, text, { ...options, plain: !ascii }));
  }
  for (const order of ["le", "be"] as const) {
    forms.push(
      rawForm(`text-utf-16${order}`, utf16(value, order), { weak, encode: true, anyCase: true }),
    );
  }
  if (!ascii && /^[\u0000-\u00ff]*$/.test(value)) {
    forms.push(rawForm("text-latin-1", toLatin1(value), { weak }));
  }
  return forms;
}

/** Numbers are bounded by digits, words by letters and digits; scripts without blanks by nothing. */
function boundaryOf(value: string): FormOptions["boundary"] & string {
  if (/^\d+$/.test(value)) return "digit";
  return isAscii(value) ? "word" : "none";
}

const LOCAL_PART: FormOptions = {
  boundary: "word",
  anyCase: true,
  weak: true,
  form: "truncated",
  encode: false,
  hash: false,
};
