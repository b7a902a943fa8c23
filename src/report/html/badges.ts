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

/** `ContactNumber` → `contact number`, `Imei` → `IMEI`. */
export function propertyName(term: string): string {
  if (ACRONYMS.has(term)) return term.toUpperCase();
  return term.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

const ACRONYMS: ReadonlySet<string> = new Set(["Imei", "Imsi", "Iccid", "Meid", "Eid", "Msisdn"]);
