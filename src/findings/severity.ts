/**
 * How much a finding weighs. Not a judgement of what is allowed: that is for policies.
 *
 * | sensitivity of the value            | in clear | encrypted, to another | encrypted, to maker or platform |
 * | ----------------------------------- | -------- | --------------------- | ------------------------------- |
 * | content: what people say, whom they know, where they are, secrets | high | high | medium |
 * | permanent: identifies the device or person and cannot be changed  | high | medium | low |
 * | resettable: identifies till it is reset, or shows habits and surroundings | medium | low | low |
 * | descriptive: kind of device, settings                              | low  | info | info |
 *
 * One step less: only a part of the value was sent; the destination is a local machine of
 * nobody known. A hash is no step less: the values of which personal data are made are few
 * enough to try all. At most low: the recogniser only holds it possible, or the value is weak
 * by itself. Info: a placeholder, which says nothing of the person.
 *
 * @module
 */
import type { Observation } from "../observations/observation.ts";
import type { Destination, Severity } from "./finding.ts";

export type Sensitivity = "content" | "permanent" | "resettable" | "descriptive";

/** Sensitivity of the terms of the property vocabulary; what is not listed counts as resettable. */
const TERMS: Readonly<Record<Exclude<Sensitivity, "resettable">, readonly string[]>> = {
  content: [
    "PreciseLocation",
    // The address of a Wi-Fi access point is looked up to within some metres.
    "Bssid",
    "NearbyWifi",
    "NearbyBle",
    "ContactEntry",
    "ContactNumber",
    "SmsContent",
    "SmsPeer",
    "SmsMeta",
    "ImContent",
    "ImMeta",
    "CallLog",
    "CallMeta",
    "Photo",
    "Video",
    "MediaMeta",
    "AudioRecording",
    "Keystrokes",
    "BrowsingHistory",
    "SearchQuery",
    "Clipboard",
    "Password",
    "AuthToken",
  ],
  permanent: [
    "Imei",
    "ImeiSv",
    "Meid",
    "HardwareSerial",
    "WifiMac",
    "BluetoothMac",
    "Imsi",
    "Iccid",
    "Eid",
    "Msisdn",
    "PhoneNumber",
    "EmailAddress",
    "AccountId",
    "Username",
  ],
  descriptive: [
    // Whoever is sent a packet has the address anyway.
    "PublicIp",
    "LocalIp",
    "Country",
    "Carrier",
    "SimOperator",
    "DeviceModel",
    "OsBuild",
    "OsVersion",
    "Locale",
    "Timezone",
    "Screen",
    "NetworkType",
    "Battery",
    "Memory",
    "Disk",
    "Uptime",
  ],
};

const BY_TERM = new Map<string, Sensitivity>(
  (["content", "permanent", "descriptive"] as const).flatMap((sensitivity) =>
    TERMS[sensitivity].map((term) => [term, sensitivity] as const),
  ),
);

/** Severities by sensitivity: in clear; encrypted to another; encrypted to maker or platform. */
const TABLE: Readonly<Record<Sensitivity, readonly [Severity, Severity, Severity]>> = {
  content: ["high", "high", "medium"],
  permanent: ["high", "medium", "low"],
  resettable: ["medium", "low", "low"],
  descriptive: ["low", "info", "info"],
};

const STEPS: readonly Severity[] = ["info", "low", "medium", "high"];

export function sensitivityOf(property: string): Sensitivity {
  return BY_TERM.get(property) ?? "resettable";
}

/** Severity of one transmission, by the table above. */
export function severityOf(
  observation: Observation,
  destination: Destination | undefined,
  channel: "clear" | "decrypted",
): Severity {
  if (observation.placeholder !== null) return "info";
  const party = destination?.party ?? "unknown";
  const isOwn = party === "first" || party === "platform";
  const [clear, other, own] = TABLE[sensitivityOf(observation.property)];
  let rank = rankOf(channel === "clear" ? clear : isOwn ? own : other);
  if (observation.form === "truncated") rank--;
  if (destination?.kind === "local" && destination.organisation === null) rank--;
  const { source } = observation;
  const isPossible = source.kind === "recognizer" && source.confidence === "possible";
  if (isPossible || observation.contextual) rank = Math.min(rank, rankOf("low"));
  return STEPS[Math.max(0, rank)] ?? "info";
}

/** The weightiest of several; info where there is none. */
export function highest(severities: readonly Severity[]): Severity {
  return STEPS[Math.max(0, ...severities.map(rankOf))] ?? "info";
}

/** 0 for info up to 3 for high. */
export function rankOf(severity: Severity): number {
  return STEPS.indexOf(severity);
}
