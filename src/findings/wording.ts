/**
 * Findings in plain words. No sentence says more than its claim, and none holds a value.
 *
 * @module
 */
import type { Observation } from "../observations/observation.ts";
import type { Destination } from "./finding.ts";

/** Labels of property terms in plain words: `Imei` → `the phone's IMEI`. */
export type PropertyLabels = ReadonlyMap<string, string>;

/** `api.account.xiaomi.com (Xiaomi)`; a group address says that it is one. */
export function nameDestination(destination: Destination | undefined): string {
  if (destination === undefined) return "an unknown destination";
  const { label, organisation, kind } = destination;
  if (kind === "multicast" || kind === "broadcast") return `every listener at ${label}`;
  if (organisation !== null) return `${label} (${organisation.name})`;
  return kind === "local" ? `${label} (on its own network)` : label;
}

/** What was sent, as far as it is known: `the phone's IMEI`, `what may be a hash of the phone's IMEI`. */
export function nameValue(observation: Observation, labels: PropertyLabels): string {
  const label = labels.get(observation.property) ?? `a value of the kind ${observation.property}`;
  if (observation.placeholder !== null) return `a placeholder in the place of ${label}`;
  const isHashByName = label.startsWith("a hash");
  const value =
    observation.form === "hashed"
      ? isHashByName
        ? label
        : `a hash of ${label}`
      : observation.form === "truncated"
        ? `a part of ${label}`
        : label;
  const { source } = observation;
  if (source.kind === "canary" || source.confidence === "certain") return value;
  return source.confidence === "likely" ? `what is very likely ${value}` : `what may be ${value}`;
}

/** How it travelled: `in clear`, `encoded but not encrypted`, `inside encryption`. */
export function nameChannel(observation: Observation, channel: "clear" | "decrypted"): string {
  if (channel === "decrypted") {
    return observation.form === "encoded" ? "encoded, inside encryption" : "inside encryption";
  }
  // A hash is not clear by any reading, though nothing hides it.
  if (observation.form === "hashed") return "without encryption";
  return observation.form === "encoded" ? "encoded but not encrypted" : "in clear";
}

/** Why the value counts as what it is said to be. */
export function warrantOf(observation: Observation): string {
  const { source } = observation;
  const where = `in ${observation.place}, frame ${String(observation.frame)}`;
  const why =
    source.kind === "canary"
      ? `the known value "${source.canary}" stands ${where}`
      : `${source.reason} (${where}; recognised by shape as ${source.recognizer}, ${source.confidence})`;
  return observation.placeholder === null ? why : `${why}; ${observation.placeholder}`;
}

/** What is known of a destination, with the sources side by side. */
export function describeDestination(destination: Destination | undefined): string {
  if (destination === undefined) return "";
  const { organisation, locations, latency } = destination;
  const parts: string[] = [];
  if (organisation !== null) {
    const seat = organisation.jurisdiction === null ? "" : `, seat in ${organisation.jurisdiction}`;
    parts.push(`organisation: ${organisation.name}${seat} (${organisation.reason})`);
  } else if (destination.kind === "internet") {
    parts.push("organisation: not known");
  }
  const claims = new Map<string, string>();
  for (const { country, source, date } of locations) {
    claims.set(`${country} ${source}`, `${country} by ${source} of ${date}`);
  }
  if (claims.size > 0) parts.push(`address: ${[...claims.values()].join(", ")}`);
  for (const place of latency?.refuted ?? []) {
    const limit = place.by === "light" ? "light" : "fibre";
    parts.push(`an answer came too fast for ${place.country} at the speed of ${limit}`);
  }
  return parts.join("; ");
}

/** `1 byte`, `1,234 bytes`. */
export function count(number: number, noun: string): string {
  const digits = String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits} ${noun}${number === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}
