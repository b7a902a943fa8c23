/**
 * Small marks that several sections use: severity, claim, party. Shape and word carry them,
 * colour only helps.
 *
 * @module
 */
import type { ReportFinding } from "../report.ts";
import { markup, type Html } from "./escape.ts";

export type Severity = ReportFinding["severity"];
export type Claim = ReportFinding["claim"];

/** Weightiest first. */
export const SEVERITIES: readonly Severity[] = ["high", "medium", "low", "info"];

const SHAPES: Readonly<Record<Severity, string>> = { high: "▲", medium: "◆", low: "●", info: "○" };

export function severityBadge(severity: Severity): Html {
  return markup`<span class="severity severity-${severity}"><span aria-hidden="true">${SHAPES[severity]}</span> ${severity}</span>`;
}

/** The four claims in words, weakest first: no one of them says more than was seen. */
export const CLAIM_WORDS: Readonly<Record<Claim, string>> = {
  contacted: "contacted",
  "sent-bytes": "sent bytes",
  "sent-unreadable": "sent, unreadable",
  "sent-value": "sent this value",
};

export function claimBadge(claim: Claim): Html {
  return markup`<span class="claim claim-${claim}">${CLAIM_WORDS[claim]}</span>`;
}

/** `ContactNumber` → `contact number`, `WifiMac` → `Wi-Fi MAC`. */
export function propertyName(term: string): string {
  const words = term.split(/(?<=[a-z])(?=[A-Z])/);
  return words.map((word) => SPELLINGS.get(word) ?? word.toLowerCase()).join(" ");
}

const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ...["Imei", "Imsi", "Iccid", "Meid", "Eid", "Gsf", "Id", "Im", "Mac", "Os", "Sim", "Sms"].map(
    (word) => [word, word.toUpperCase()] as const,
  ),
  ["Android", "Android"],
  ["Bluetooth", "Bluetooth"],
  ["Idfv", "IDFV"],
  ["Msisdn", "own telephone number"],
  ["Wifi", "Wi-Fi"],
]);
