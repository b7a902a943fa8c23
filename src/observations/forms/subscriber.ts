/**
 * Forms of the numbers that name a phone and its SIM: IMEI, IMSI, ICCID.
 *
 * Sources: 3GPP TS 23.003 §2.2 (IMSI), §6.2 (IMEI, IMEISV), §19.3.2 (NAI); TS 24.008 §10.5.1.4
 * (mobile identity); ITU-T E.118 §4.1 and TS 102 221 §13.2 (ICCID).
 *
 * @module
 */
import { fromHex } from "../../bytes/hex.ts";
import { rawForm, swappedDigits, textForm, type CanonicalForm, type FormOptions } from "../form.ts";
import { luhnDigit } from "../luhn.ts";

/** What is wrong with an IMEI (15 digits, 14 without the check digit) or IMEISV (16 digits). */
export function checkImei(value: string): string | undefined {
  const digits = bare(value);
  if (!/^\d{14,16}$/.test(digits)) return `invalid IMEI: ${count(digits)}, 14 to 16 digits are due`;
  if (digits.length !== 15) return undefined;
  const due = luhnDigit(digits.slice(0, 14));
  const found = digits.charAt(14);
  if (Number(found) === due) return undefined;
  return `invalid IMEI: check digit is ${found}, by Luhn ${due} is due`;
}

/** Forms of an IMEI; its 14 significant digits also begin the IMEISV. */
export function imeiForms(value: string): readonly CanonicalForm[] {
  const digits = bare(value);
  const core = digits.slice(0, 14);
  const check = String(luhnDigit(core));
  const whole = core + check;
  const [tac, serial] = [core.slice(0, 8), core.slice(8)];
  const forms = [
    textForm("imei-15", whole, DIGITS),
    textForm("imei-14", core, DIGITS),
    // The two digits of the software version follow and differ from build to build.
    textForm("imei-sv", core, {
      ...DIGITS,
      boundary: "digit-before",
      encode: false,
      hash: false,
      weak: true,
    }),
    ...grouped([tac.slice(0, 2), tac.slice(2), serial, check], "imei-grouped-2-6-6-1"),
    ...grouped([tac.slice(0, 6), tac.slice(6), serial, check], "imei-grouped-6-2-6-1"),
    ...grouped([tac, serial, check], "imei-grouped-8-6-1"),
    textForm("imei-serial", serial, { ...DIGITS, ...PART, piece: "serial" }),
    textForm("imei-tac", tac, { ...DIGITS, ...PART, piece: "tac" }),
    rawForm("imei-tbcd", swappedDigits(whole)),
    rawForm("imei-bcd", fromHex(core)),
    rawForm("imei-mobile-identity", mobileIdentity(whole, 2)),
  ];
  if (digits.length === 16) forms.push(textForm("imeisv-16", digits, DIGITS));
  return forms;
}

/** What is wrong with an IMSI. */
export function checkImsi(value: string): string | undefined {
  const digits = bare(value);
  if (!/^\d{14,15}$/.test(digits)) return `invalid IMSI: ${count(digits)}, 14 or 15 digits are due`;
  if (!/^[2-7]/.test(digits) && !/^(001|901|999)/.test(digits)) {
    return `invalid IMSI: it begins with ${digits.slice(0, 3)}, a mobile country code from 200 to 799 is due`;
  }
  return undefined;
}

/** Forms of an IMSI; the network code has two or three digits, hence two subscriber numbers. */
export function imsiForms(value: string): readonly CanonicalForm[] {
  const digits = bare(value);
  return [
    textForm("imsi-15", digits, DIGITS),
    // Identity prefixes of EAP-AKA, EAP-SIM and EAP-AKA' (TS 23.003 §19.3.2, §14.2).
    ...["0", "1", "6"].map((prefix) =>
      textForm(`imsi-nai-${prefix}`, `${prefix}${digits}@`, DIGITS_BEFORE),
    ),
    textForm("imsi-msin-after-mnc-2", digits.slice(5), { ...DIGITS, ...PART }),
    textForm("imsi-msin-after-mnc-3", digits.slice(6), { ...DIGITS, ...PART }),
    rawForm("imsi-tbcd", swappedDigits(digits)),
    rawForm("imsi-mobile-identity", mobileIdentity(digits, 1)),
  ];
}

/** What is wrong with an ICCID: 19 digits with the check digit, 18 without, or 20 of the operators that add one. */
export function checkIccid(value: string): string | undefined {
  const digits = bare(value).replace(/f$/i, "");
  if (!/^89\d{16,18}$/.test(digits)) {
    return `invalid ICCID: ${count(digits)}, 18 to 20 digits that begin with 89 are due`;
  }
  if (digits.length !== 19) return undefined;
  const due = luhnDigit(digits.slice(0, 18));
  const found = digits.charAt(18);
  if (Number(found) === due) return undefined;
  return `invalid ICCID: check digit is ${found}, by Luhn ${due} is due`;
}

/** Forms of an ICCID: on the card the halves of each byte are swapped and `F` fills the last. */
export function iccidForms(value: string): readonly CanonicalForm[] {
  const digits = bare(value).replace(/f$/i, "");
  const filled = digits.length % 2 === 0 ? digits : `${digits}F`;
  const swapped = filled.replace(/(.)(.)/g, "$2$1");
  const forms = [
    textForm("iccid", digits, DIGITS),
    textForm("iccid-swapped", swapped, { boundary: "hex", anyCase: true, hash: false }),
    rawForm("iccid-tbcd", swappedDigits(digits)),
    rawForm("iccid-bcd", fromHex(filled)),
  ];
  if (filled !== digits) {
    forms.push(textForm("iccid-filled", filled, { boundary: "hex", anyCase: true }));
  }
  if (digits.length === 19) forms.push(textForm("iccid-18", digits.slice(0, 18), DIGITS));
  return forms;
}

/** Mobile identity of TS 24.008 §10.5.1.4: first digit, odd flag and type share the first byte. */
function mobileIdentity(digits: string, type: number): Uint8Array {
  const odd = digits.length % 2 === 1 ? 8 : 0;
  return swappedDigits((odd | type).toString(16) + digits);
}

function grouped(groups: readonly string[], name: string): readonly CanonicalForm[] {
  return [
    textForm(`${name}-hyphen`, groups.join("-"), { ...DIGITS, ...PLAIN_ONLY }),
    textForm(`${name}-space`, groups.join(" "), { ...DIGITS, ...PLAIN_ONLY }),
  ];
}

function bare(value: string): string {
  return value.replace(/[\s-]/g, "");
}

/** Says how long a wrong value is without showing it: values stay out of messages that may be logged. */
function count(digits: string): string {
  return /^\d*$/.test(digits)
    ? `it has ${digits.length} digits`
    : "it has characters that are no digits";
}

const PLAIN_ONLY: FormOptions = { encode: false, hash: false };
const DIGITS: FormOptions = { boundary: "digit" };
const DIGITS_BEFORE: FormOptions = { boundary: "digit-before", hash: false };
const PART: FormOptions = { ...PLAIN_ONLY, weak: true, form: "truncated" };
