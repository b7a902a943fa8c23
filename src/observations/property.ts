/**
 * The shape of the property vocabulary: kinds of personal data, their names for people, and
 * how other vocabularies call them. The terms themselves are data (`data/properties`).
 *
 * @module
 */

/** How long an identifier names the same device or person; `none` for what identifies by combination only. */
export type Linkability = "long-lived" | "resettable" | "session" | "none";

/** How much harm its disclosure can do by itself; findings weigh it into their severity. */
export type Sensitivity = "high" | "medium" | "low";

/** Class of 28 CFR 202.234, by the letter of its paragraph. */
export type ListedIdentifier = "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h";

/** One kind of personal data. */
export interface Property {
  /** Stable: `Imei`, `ContactNumber`. */
  readonly term: string;
  /** Plain words, lower case, that fit "the device sent …". */
  readonly label: string;
  readonly group: PropertyGroup;
  /** IRI of the broader concept in the W3C's Data Privacy Vocabulary, extension Personal Data. */
  readonly broader: string;
  /** Names in TrackHAR's list of properties; empty where it has none. */
  readonly trackHar: readonly string[];
  /** Data type of Google Play's Data safety section, or null. */
  readonly play: string | null;
  /** `NSPrivacyCollectedDataType…` of Apple's privacy manifest, its end, or null. */
  readonly apple: string | null;
  readonly listed: ListedIdentifier | null;
  readonly linkability: Linkability;
  readonly sensitivity: Sensitivity;
}

/** What the property is about. */
export type PropertyGroup =
  | "hardware"
  | "subscriber"
  | "software"
  | "account"
  | "network"
  | "location"
  | "communication"
  | "content"
  | "behaviour"
  | "device";
