/**
 * Who stands behind a name: the organisation whose domain is the longest one that the name
 * equals or lies below.
 *
 * The name counts that the device asked for. Where it leads to a host of a delivery network
 * or a cloud, that one hosts and does not operate. A bare address has no organisation: who
 * holds or announces an address is not who runs the service on it.
 *
 * @module
 */
import { toHostName } from "./registrable-domain.ts";
import type { Organisation } from "./world.ts";

/** An organisation and why a name is its own. */
export interface OrganisationMatch {
  readonly organisation: Organisation;
  /** The domain that matched. */
  readonly domain: string;
  readonly reason: string;
}

/** Roles in which an organisation serves what belongs to others. */
const HOSTING_ROLES: ReadonlySet<string> = new Set(["cdn", "cloud", "hosting"]);

/** Organisations by domain and id. */
export class OrganisationIndex {
  private readonly byDomain = new Map<string, { organisation: Organisation; reason: string }>();
  private readonly byId = new Map<string, Organisation>();
  private readonly byBrand = new Map<string, Organisation>();

  constructor(organisations: readonly Organisation[]) {
    for (const organisation of organisations) {
      this.byId.set(organisation.id, organisation);
      for (const brand of organisation.brands) this.byBrand.set(brand, organisation);
      for (const { domain, reason } of organisation.domains) {
        this.byDomain.set(domain, { organisation, reason });
      }
    }
  }

  /** The organisation of a host name, with the reason; undefined where none is known. */
  ofName(name: string): OrganisationMatch | undefined {
    const host = toHostName(name);
    // At most 127 labels in a name of DNS, but a server name may be any text of up to 64 KiB.
    if (host === undefined || host.length > 255) return undefined;
    for (let at = 0; at >= 0; at = nextLabel(host, at)) {
      const domain = host.slice(at);
      const found = this.byDomain.get(domain);
      if (found === undefined) continue;
      const where = at === 0 ? `${domain}: ` : `${host} lies below ${domain}: `;
      return { organisation: found.organisation, domain, reason: where + found.reason };
    }
    return undefined;
  }

  /** The organisation that makes devices of this make or brand. */
  ofMake(make: string): Organisation | undefined {
    return this.byBrand.get(make.trim().toLowerCase());
  }

  ofId(id: string): Organisation | undefined {
    return this.byId.get(id);
  }

  /** Ids from the organisation itself up to the head of its group. */
  groupOf(organisation: Organisation): readonly string[] {
    const ids: string[] = [];
    for (let at: Organisation | undefined = organisation; at !== undefined;) {
      // A circle in the data ends the walk.
      if (ids.includes(at.id)) break;
      ids.push(at.id);
      at = at.parent === null ? undefined : this.byId.get(at.parent);
    }
    return ids;
  }
}

/** Whether the organisation only carries what belongs to others (delivery networks, clouds). */
export function isHoster(organisation: Organisation): boolean {
  return (
    organisation.roles.length > 0 && organisation.roles.every((role) => HOSTING_ROLES.has(role))
  );
}

/** Start of the next label, or -1. */
function nextLabel(host: string, at: number): number {
  const dot = host.indexOf(".", at);
  return dot < 0 ? -1 : dot + 1;
}
