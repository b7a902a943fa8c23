/**
 * The property vocabulary: kinds of personal data that a device may send.
 *
 * Sources: W3C Data Privacy Vocabulary, Personal Data extension 2.3 (28 February 2026,
 * https://w3id.org/dpv/pd, W3C Software and Document Licence) for the broader concepts; TrackHAR
 * (https://github.com/tweaselORG/TrackHAR, CC0-1.0, commit b0189485) for its property names; Google
 * Play Console Help, "Provide information for Google Play's Data safety section", and Apple Developer
 * Documentation, "Describing data use in privacy manifests", for declared data types; 28 CFR
 * 202.234 (listed identifiers, in force 8 April 2025). Date of this table: 2026-11-22.
 * Linkability and sensitivity are Telltale's own judgement.
 *
 * @module
 */
import type { Property } from "../../src/observations/property.ts";
import { CONDUCT } from "./conduct.ts";
import { IDENTIFIERS } from "./identifiers.ts";
import { SURROUNDINGS } from "./surroundings.ts";

/** Where the table comes from, for the report. */
export const PROPERTIES_DATA_SET = {
  name: "telltale-properties",
  version: "1",
  date: "2026-11-22",
  licence: "Apache-2.0",
  source:
    "W3C DPV-PD 2.3; TrackHAR b0189485; Google Play Data safety; Apple privacy manifests; 28 CFR 202.234",
} as const;

/** All properties. */
export const PROPERTIES: readonly Property[] = [...IDENTIFIERS, ...SURROUNDINGS, ...CONDUCT];

/** Terms of the vocabulary. */
export const PROPERTY_TERMS: readonly string[] = PROPERTIES.map(({ term }) => term);

/** The property of that term, or undefined. */
export function findProperty(term: string): Property | undefined {
  return BY_TERM.get(term);
}

const BY_TERM: ReadonlyMap<string, Property> = new Map(PROPERTIES.map((one) => [one.term, one]));
