/**
 * Properties: what names a device, a subscriber or a person. Sources and date: `properties.ts`.
 *
 * @module
 */
import type { Property } from "../../src/observations/property.ts";
import { IDS, pd } from "./vocabularies.ts";

const HARDWARE = {
  group: "hardware",
  broader: pd("UID"),
  trackHar: ["deviceId"],
  play: IDS,
  apple: "DeviceID",
  listed: "c",
  linkability: "long-lived",
  sensitivity: "high",
} as const;

const HARDWARE_PROPERTIES: readonly Property[] = [
  { ...HARDWARE, term: "Imei", label: "the phone's IMEI" },
  { ...HARDWARE, term: "ImeiSv", label: "the phone's IMEI with software version" },
  { ...HARDWARE, term: "Meid", label: "the phone's MEID" },
  { ...HARDWARE, term: "HardwareSerial", label: "the device's serial number" },
  {
    ...HARDWARE,
    term: "WifiMac",
    label: "the device's Wi-Fi hardware address",
    broader: pd("MACAddress"),
    trackHar: ["macAddress"],
  },
  {
    ...HARDWARE,
    term: "BluetoothMac",
    label: "the device's Bluetooth hardware address",
    broader: pd("MACAddress"),
    trackHar: ["macAddress"],
  },
  {
    ...HARDWARE,
    term: "HashedDeviceId",
    label: "an identifier of the device",
    sensitivity: "medium",
  },
];

const SUBSCRIBER = {
  group: "subscriber",
  broader: pd("UID"),
  trackHar: [],
  play: IDS,
  apple: "DeviceID",
  listed: "c",
  linkability: "long-lived",
  sensitivity: "high",
} as const;

const SUBSCRIBER_PROPERTIES: readonly Property[] = [
  { ...SUBSCRIBER, term: "Imsi", label: "the SIM's IMSI", apple: "UserID" },
  { ...SUBSCRIBER, term: "Iccid", label: "the SIM card's number (ICCID)" },
  { ...SUBSCRIBER, term: "Eid", label: "the embedded SIM's number (EID)" },
  {
    ...SUBSCRIBER,
    term: "Msisdn",
    label: "the phone's own number",
    broader: pd("TelephoneNumber"),
    play: "Phone number",
    apple: "PhoneNumber",
    listed: "d",
  },
  {
    ...SUBSCRIBER,
    term: "PhoneNumber",
    label: "a telephone number",
    broader: pd("TelephoneNumber"),
    play: "Phone number",
    apple: "PhoneNumber",
    listed: "d",
  },
];

const SOFTWARE = {
  group: "software",
  broader: pd("UID"),
  trackHar: ["developerScopedId"],
  play: IDS,
  apple: "DeviceID",
  listed: "c",
  linkability: "resettable",
  sensitivity: "medium",
} as const;

const SOFTWARE_PROPERTIES: readonly Property[] = [
  {
    ...SOFTWARE,
    term: "AdvertisingId",
    label: "the advertising identifier",
    trackHar: ["advertisingId"],
    listed: "e",
  },
  { ...SOFTWARE, term: "AndroidId", label: "the Android identifier", linkability: "long-lived" },
  {
    ...SOFTWARE,
    term: "GsfId",
    label: "the Google Services Framework identifier",
    linkability: "long-lived",
  },
  { ...SOFTWARE, term: "Idfv", label: "the identifier for the app's vendor" },
  { ...SOFTWARE, term: "AppSetId", label: "the app set identifier" },
  {
    ...SOFTWARE,
    term: "InstallationId",
    label: "an installation identifier",
    trackHar: ["installationId"],
    listed: null,
  },
  {
    ...SOFTWARE,
    term: "PushToken",
    label: "a push token",
    trackHar: ["pushNotificationToken"],
    listed: null,
    sensitivity: "low",
  },
  {
    ...SOFTWARE,
    term: "SessionId",
    label: "a session identifier",
    trackHar: ["sessionId"],
    listed: null,
    linkability: "session",
    sensitivity: "low",
  },
  {
    ...SOFTWARE,
    term: "Fingerprint",
    label: "a fingerprint of the device",
    broader: pd("DigitalFingerprint"),
    trackHar: [],
    listed: null,
    linkability: "long-lived",
  },
];

const ACCOUNT = {
  group: "account",
  broader: pd("Username"),
  trackHar: [],
  play: "User IDs",
  apple: "UserID",
  listed: "f",
  linkability: "long-lived",
  sensitivity: "medium",
} as const;

const ACCOUNT_PROPERTIES: readonly Property[] = [
  { ...ACCOUNT, term: "AccountId", label: "an account identifier", trackHar: ["userId"] },
  { ...ACCOUNT, term: "Username", label: "a user name", trackHar: ["userId"] },
  {
    ...ACCOUNT,
    term: "EmailAddress",
    label: "an e-mail address",
    broader: pd("EmailAddress"),
    play: "Email address",
    apple: "EmailAddress",
    listed: "d",
    sensitivity: "high",
  },
  {
    ...ACCOUNT,
    term: "Password",
    label: "a password",
    broader: pd("Password"),
    play: null,
    apple: null,
    linkability: "none",
    sensitivity: "high",
  },
  {
    ...ACCOUNT,
    term: "AuthToken",
    label: "an access token",
    broader: pd("Authenticating"),
    play: null,
    apple: null,
    linkability: "session",
  },
];

/** What names a device, a subscriber or a person. */
export const IDENTIFIERS: readonly Property[] = [
  ...HARDWARE_PROPERTIES,
  ...SUBSCRIBER_PROPERTIES,
  ...SOFTWARE_PROPERTIES,
  ...ACCOUNT_PROPERTIES,
];
