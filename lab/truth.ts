/**
 * What a run really sent, as its own steps say: the yardstick for an audit of the captures.
 */
import type { Coding } from "./content.ts";

/** A planted value that left the phone. */
export interface Transmission {
  readonly canary: string;
  readonly capture: string;
  readonly phase: string;
  /** Host name meant, or the address where the phone used no name. */
  readonly to: string;
  readonly protocol: "http" | "https" | "dns" | "dhcp";
  /** Whether the bytes can be read on the way. */
  readonly channel: "clear" | "encrypted";
  /** Codings around the value, innermost first. */
  readonly codings: readonly Coding[];
  /** When the program began to send, and when it had ended: RFC 3339. */
  readonly from: string;
  readonly until: string;
}

/** A host that the phone contacted at all. */
export interface Contact {
  readonly host: string;
  readonly address: string;
  readonly phase: string;
}

export interface Truth {
  readonly recordedWith: Readonly<Record<string, string>>;
  readonly transmissions: readonly Transmission[];
  /** Ids of planted values that no step sent in a readable channel, and those that no step sent at all. */
  readonly neverReadable: readonly string[];
  readonly neverSent: readonly string[];
  readonly contacts: readonly Contact[];
}
