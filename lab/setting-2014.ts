/**
 * The setting of the scenario of 2014: planted values, what the maker said, and the servers.
 *
 * The values are from ranges that name nobody. Of the addresses, 42.62.48.0/24 and 223.202.68.9 are
 * on record; the others belong to the operators that the names suggest.
 */
import { luhnDigit } from "../src/observations/luhn.ts";
import type { Declaration, Planted, ScenarioHost } from "./scenario.ts";

/** Test equipment's type allocation code: reporting body 00, which no phone on sale has. */
const IMEI = withCheckDigit("00101702876543");
const ICCID = withCheckDigit("899990123456780427");

const OFCOM = "reserved for drama by Ofcom: 07700 900000 to 900999";

export const PLANTED: readonly Planted[] = [
  {
    id: "imei",
    property: "Imei",
    value: IMEI,
    comment: "type allocation code of test equipment (3GPP TS 23.003: reporting body 00)",
  },
  {
    id: "imsi",
    property: "Imsi",
    value: "001010482915736",
    comment: "test network 001 01 (ITU-T E.212)",
  },
  { id: "own-number", property: "Msisdn", value: "+447700900461", comment: OFCOM },
  {
    id: "carrier",
    property: "Carrier",
    value: "Formosa Test Mobile",
    comment: "no such carrier",
  },
  { id: "contact-1", property: "ContactNumber", value: "+447700900816", comment: OFCOM },
  { id: "contact-2", property: "ContactNumber", value: "+447700900372", comment: OFCOM },
  { id: "contact-kept", property: "ContactNumber", value: "+447700900593", comment: OFCOM },
  { id: "sms-peer", property: "SmsPeer", value: "+447700900254", comment: OFCOM },
  {
    id: "sms-text",
    property: "SmsContent",
    value: "Tide is at 04:17, bring the green umbrella",
    comment: "made for this run",
  },
  {
    id: "contact-name",
    property: "ContactEntry",
    value: "Aurelia Quickthorn",
    comment: "made for this run",
  },
  {
    id: "iccid",
    property: "Iccid",
    value: ICCID,
    comment: "no such issuer: calling code 999 is not assigned (ITU-T E.118, E.164)",
  },
  {
    id: "email",
    property: "EmailAddress",
    value: "aurelia.quickthorn@example.com",
    comment: "reserved name (RFC 2606)",
  },
  { id: "wifi", property: "Ssid", value: "Telltale Lab 7f3c", comment: "made for this run" },
  {
    id: "app",
    property: "InstalledApps",
    value: "example.umbrella.diary",
    comment: "an app that only this phone has",
  },
  {
    id: "android-id",
    property: "AndroidId",
    value: "9f1c27ab64d0e835",
    comment: "made for this run; a factory reset makes a new one",
  },
  {
    id: "android-id-after-reset",
    property: "AndroidId",
    value: "3ad58e90b17c42f6",
    comment: "the one after the factory reset",
  },
];

const EXPLAINED = "the maker's explanation of August 2014";
export const DECLARATIONS: readonly Declaration[] = [
  {
    property: "Imei",
    recipient: "xiaomi",
    purpose: "at first start: is the unit genuine, is there an account",
    source: EXPLAINED,
  },
  {
    property: "ContactNumber",
    recipient: "xiaomi",
    purpose: "is a contact online, when one is opened or created",
    source: EXPLAINED,
  },
  {
    property: "SmsPeer",
    recipient: "xiaomi",
    purpose: "is the other party online, when a message is opened or sent",
    source: EXPLAINED,
  },
  {
    property: "InstalledApps",
    recipient: "xiaomi",
    purpose: "backup to the cloud",
    source: EXPLAINED,
  },
];

/** Round-trip times fit the places that the addresses have, seen from Taipei: none is shorter than fibre allows. */
export const HOSTS: readonly ScenarioHost[] = [
  {
    names: ["api.account.xiaomi.com"],
    addresses: ["42.62.48.17"],
    rttMs: 48,
    serves: ["web"],
  },
  { names: ["policy.app.xiaomi.com"], addresses: ["42.62.48.61"], rttMs: 49, serves: ["web"] },
  { names: ["update.miui.com"], addresses: ["42.62.48.140"], rttMs: 47, serves: ["web"] },
  { names: [], addresses: ["223.202.68.9"], rttMs: 53, serves: ["silent"] },
  {
    names: ["alog-default.umeng.com", "alog.umeng.com"],
    addresses: ["110.173.196.40"],
    rttMs: 55,
    serves: ["web"],
  },
  { names: ["pmir.3g.qq.com"], addresses: ["183.61.46.192"], rttMs: 33, serves: ["web"] },
  {
    names: ["clients3.google.com"],
    addresses: ["74.125.203.100", "2404:6800:4008:c00::64"],
    rttMs: 6,
    serves: ["web"],
  },
  { names: ["2.android.pool.ntp.org"], addresses: ["118.163.81.61"], rttMs: 7, serves: ["time"] },
  { names: ["www.hinet.net"], addresses: ["168.95.1.88"], rttMs: 4, serves: ["page"] },
  { names: ["metrics.example"], addresses: ["49.212.180.16"], rttMs: 36, serves: ["web"] },
];

function withCheckDigit(digits: string): string {
  return `${digits}${luhnDigit(digits)}`;
}
