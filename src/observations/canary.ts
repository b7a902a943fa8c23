/**
 * Canaries: values planted on the device or known beforehand, whose journey is traced.
 * The property says of which kind a value is, and the kind in which forms programs write
 * it down (domain research 5.3).
 *
 * @module
 */
import { nearest } from "../bytes/nearest.ts";
import {
  checkHardwareAddress,
  hardwareAddressForms,
  isHardwareAddress,
} from "./forms/hardware-address.ts";
import { hexIdentifierForms, isHexIdentifier, isUuid, uuidForms } from "./forms/identifier.ts";
import { checkLocation, locationForms } from "./forms/location.ts";
import { checkPhoneNumber, phoneNumberForms } from "./forms/phone-number.ts";
import {
  checkIccid,
  checkImei,
  checkImsi,
  iccidForms,
  imeiForms,
  imsiForms,
} from "./forms/subscriber.ts";
import { checkEmail, checkText, emailForms, textForms } from "./forms/text.ts";
import type { CanonicalForm } from "./form.ts";

/** A value whose journey is traced. */
export interface Canary {
  readonly id: string;
  /** Term of the property vocabulary: `Imei`, `ContactNumber`, …. */
  readonly property: string;
  readonly value: string;
}

/** How a value is built, as far as its forms go. */
export type CanaryKind =
  | "imei"
  | "imsi"
  | "iccid"
  | "phone-number"
  | "hardware-address"
  | "uuid"
  | "hex-identifier"
  | "email"
  | "location"
  | "text";

/**
 * Says what is wrong with a canary, for the reader of the device file.
 *
 * @param properties Terms of the vocabulary; left out, any property is taken.
 * @returns One line that never shows the value, or undefined where all is well.
 */
export function checkCanary(canary: Canary, properties?: readonly string[]): string | undefined {
  if (properties !== undefined && !properties.includes(canary.property)) {
    const near = nearest(canary.property, properties);
    const hint = near === undefined ? "" : `; the nearest known one is "${near}"`;
    return `unknown property "${canary.property}"${hint}`;
  }
  return KINDS[kindOf(canary)].check(canary.value) ?? checkText(canary.value);
}

/** The forms in which a canary is looked for, before encodings and hashes. */
export function canonicalForms(canary: Canary): readonly CanonicalForm[] {
  return KINDS[kindOf(canary)].forms(canary.value);
}

/** The kind of a canary: by its property, and where that leaves it open by the shape of its value. */
export function kindOf(canary: Canary): CanaryKind {
  const kind = KIND_OF_PROPERTY[canary.property];
  if (kind !== undefined) return kind;
  const value = canary.value.trim();
  if (isUuid(value)) return "uuid";
  if (isHexIdentifier(value)) return "hex-identifier";
  if (isHardwareAddress(value) && /[:.-]/.test(value)) return "hardware-address";
  if (/^\+\d[\d\s().-]{5,20}$/.test(value)) return "phone-number";
  if (checkEmail(value) === undefined) return "email";
  return "text";
}

interface Kind {
  readonly check: (value: string) => string | undefined;
  readonly forms: (value: string) => readonly CanonicalForm[];
}

const KINDS: Readonly<Record<CanaryKind, Kind>> = {
  imei: { check: checkImei, forms: imeiForms },
  imsi: { check: checkImsi, forms: imsiForms },
  iccid: { check: checkIccid, forms: iccidForms },
  "phone-number": { check: checkPhoneNumber, forms: phoneNumberForms },
  "hardware-address": { check: checkHardwareAddress, forms: hardwareAddressForms },
  uuid: { check: checkText, forms: uuidForms },
  "hex-identifier": { check: checkText, forms: hexIdentifierForms },
  email: { check: checkEmail, forms: emailForms },
  location: { check: checkLocation, forms: locationForms },
  text: { check: checkText, forms: textForms },
};

const KIND_OF_PROPERTY: Readonly<Record<string, CanaryKind | undefined>> = {
  Imei: "imei",
  ImeiSv: "imei",
  Imsi: "imsi",
  Iccid: "iccid",
  Msisdn: "phone-number",
  ContactNumber: "phone-number",
  WifiMac: "hardware-address",
  BluetoothMac: "hardware-address",
  Bssid: "hardware-address",
  EmailAddress: "email",
  PreciseLocation: "location",
  CoarseLocation: "location",
};
