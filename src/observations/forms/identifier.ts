/**
 * Forms of identifiers that programs make up: UUIDs (advertising ids, installation ids)
 * and plain hexadecimal numbers (Android id).
 *
 * Sources: RFC 9562 §4 (UUID); Microsoft's GUID layout (first three fields little-endian).
 *
 * @module
 */
import { fromHex } from "../../bytes/hex.ts";
import { rawForm, textForm, type CanonicalForm, type FormOptions } from "../form.ts";

/** Whether `value` is a UUID, hyphens or not. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i.test(value);
}

/** Whether `value` is a number of 16 or more hexadecimal digits, at least one of them a letter. */
export function isHexIdentifier(value: string): boolean {
  return /^(?=.*[a-f])[0-9a-f]{16,128}$/i.test(value) && value.length % 2 === 0;
}

/** Forms of a UUID. */
export function uuidForms(value: string): readonly CanonicalForm[] {
  const hex = value.replace(/-/g, "").toLowerCase();
  const bytes = fromHex(hex);
  const hyphens = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const guid = bytes.slice();
  guid.set([...bytes.subarray(0, 4)].reverse(), 0);
  guid.set([...bytes.subarray(4, 6)].reverse(), 4);
  guid.set([...bytes.subarray(6, 8)].reverse(), 6);
  return [
    textForm("uuid", hyphens, TEXT),
    textForm("uuid-upper", hyphens.toUpperCase(), UPPER),
    textForm("uuid-bare", hex, TEXT),
    textForm("uuid-bare-upper", hex.toUpperCase(), UPPER),
    rawForm("uuid-raw", bytes, { encode: true, hex: false }),
    rawForm("uuid-guid", guid),
  ];
}

/** Forms of a hexadecimal identifier; one of 64 bits also as the decimal number that it is. */
export function hexIdentifierForms(value: string): readonly CanonicalForm[] {
  const hex = value.toLowerCase();
  const bytes = fromHex(hex);
  const forms = [
    textForm("hex-id", hex, TEXT),
    textForm("hex-id-upper", hex.toUpperCase(), UPPER),
    rawForm("hex-id-raw", bytes, { encode: true, hex: false }),
  ];
  if (hex.length === 16) {
    const number = BigInt(`0x${hex}`);
    const signed = BigInt.asIntN(64, number);
    forms.push(textForm("hex-id-decimal", String(number), DECIMAL));
    if (signed !== number) forms.push(textForm("hex-id-decimal-signed", String(signed), DECIMAL));
    forms.push(rawForm("hex-id-raw-reversed", bytes.slice().reverse()));
  }
  return forms;
}

const TEXT: FormOptions = { boundary: "hex", anyCase: true };
const UPPER: FormOptions = { boundary: "hex", plain: false };
const DECIMAL: FormOptions = { boundary: "digit", encode: false, hash: false };
