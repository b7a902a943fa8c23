/**
 * Short form for the domains of a row that share a reason.
 *
 * @module
 */
import type { OrganisationDomain } from "../../src/findings/world.ts";

/** Each of `domains` with the one `reason`. */
export function below(
  reason: string,
  ...domains: readonly string[]
): readonly OrganisationDomain[] {
  return domains.map((domain) => ({ domain, reason }));
}
