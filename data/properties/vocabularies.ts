/**
 * Names that other vocabularies use, shared by the rows of the table.
 *
 * @module
 */

/** IRI of a concept of the W3C Data Privacy Vocabulary, extension Personal Data. */
export function pd(concept: string): string {
  return `https://w3id.org/dpv/pd#${concept}`;
}

/** A data type of Google Play's Data safety section. */
export const IDS = "Device or other IDs";
