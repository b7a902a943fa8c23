/**
 * Forms of a 48-bit hardware address: Wi-Fi, Bluetooth, and the BSSID of an access point.
 *
 * Source: IEEE 802-2014 §8.1 (EUI-48, octets as hexadecimal pairs).
 *
 * @module
 */
import { fromHex, toHex } from "../../bytes/hex.ts";
import { rawForm, textForm, type CanonicalForm, type FormOptions } from "../form.ts";

/** What is wrong with a hardware address. */
export function checkHardwareAddress(value: string): string | undefined {
  if (isHardwareAddress(value)) return undefined;
  return "invalid hardware address: six hexadecimal pairs are due, as in 02:00:5e:10:00:01";
}

/** Whether `value` is written as a 48-bit hardware address. */
export function isHardwareAddress(value: string): boolean {
  return /^([0-9a-f]{2}([:-]?)[0-9a-f]{2}(\2[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i.test(
    value,
  );
}

/** Forms of a hardware address. Any case matches where it stands plain; a hash knows one case only. */
export function hardwareAddressForms(value: string): readonly CanonicalForm[] {
  const hex = value.replace(/[^0-9a-f]/gi, "").toLowerCase();
  const bytes = fromHex(hex);
  const reversed = bytes.slice().reverse();
  const forms: CanonicalForm[] = [];
  for (const [name, separator] of SEPARATORS) {
    const text = pairs(hex, separator);
    forms.push(textForm(name, text, TEXT));
    forms.push(textForm(`${name}-upper`, text.toUpperCase(), UPPER));
  }
  const dotted = hex.replace(/(.{4})(?=.)/g, "$1.");
  const unpadded = pairs(hex, ":").replace(/\b0/g, "");
  forms.push(textForm("mac-dotted", dotted, { ...TEXT, encode: false, hash: false }));
  // Some systems drop leading zeros (macOS `arp`); where none leads, the form is the usual one.
  if (unpadded !== pairs(hex, ":"))
    forms.push(textForm("mac-unpadded", unpadded, { ...TEXT, encode: false, hash: false }));
  forms.push(
    textForm("mac-reversed", pairs(toHex(reversed), ":"), { ...TEXT, encode: false, hash: false }),
  );
  forms.push(
    rawForm("mac-raw", bytes, { encode: true, hex: false }),
    rawForm("mac-raw-reversed", reversed),
  );
  return forms;
}

function pairs(hex: string, separator: string): string {
  return hex.replace(/(..)(?=.)/g, `$1${separator}`);
}

const SEPARATORS = [
  ["mac-colon", ":"],
  ["mac-hyphen", "-"],
  ["mac-bare", ""],
] as const;
const TEXT: FormOptions = { boundary: "hex", anyCase: true };
const UPPER: FormOptions = { boundary: "hex", plain: false };
