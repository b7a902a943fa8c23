/**
 * The registrable domain of a name: one label more than its public suffix.
 *
 * Source: Public Suffix List (https://publicsuffix.org/), both sections, as `tldts` ships it.
 *
 * @module
 */
import { getDomain } from "tldts";

/** Registrable domain of a host name; null for addresses, single labels, public suffixes and unknown endings. */
export function registrableDomainOf(name: string): string | null {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false });
}

/** A host name as names are compared here: lower case, no dot at the end; undefined where nothing is left. */
export function toHostName(name: string): string | undefined {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "" ? undefined : plain;
}
