/**
 * Destinations and findings: inferences from observations and knowledge of the world,
 * each with its reason. Never worded stronger than what was seen.
 *
 * @module
 */
import type { Flow } from "../flows/flow.ts";
import type { Observation } from "../observations/observation.ts";

/** The four claims of the design's first invariant, weakest first. */
export type Claim = "contacted" | "sent-bytes" | "sent-unreadable" | "sent-value";

/** Where a name of a destination was seen. */
export interface NameSeen {
  readonly name: string;
  /** `dns`: the device asked for the name and got the address; the others: the name was used towards it. */
  readonly source: "dns" | "tls" | "quic" | "http" | "certificate" | "capture";
  readonly input: number;
  readonly frame: number;
}

/** One claim of a country for a destination. */
export interface LocationClaim {
  readonly country: string;
  readonly source: string;
  readonly date: string;
  readonly address: string;
}

export interface Latency {
  readonly minRttMs: number;
  /** The address that answered so fast; the bound says nothing of other addresses. */
  readonly address?: string;
  /** Greatest distance of whoever answered, at light speed and at 2/3 of it (fibre), in km. */
  readonly maxDistanceKm: { readonly light: number; readonly fibre: number };
  /** Claimed countries that lie farther away than the bound allows. */
  readonly refuted: readonly RefutedPlace[];
}
export interface RefutedPlace {
  readonly country: string;
  readonly distanceKm: number;
  /** `light`: impossible by physics; `fibre`: impossible over optical fibre. */
  readonly by: "light" | "fibre";
  /** The address of which the country was claimed, and the round trip that refutes it. */
  readonly address?: string;
  readonly rttMs?: number;
}

export type Party = "first" | "third" | "platform" | "unknown";

export interface Destination {
  /** Stable within a report: the name, or the address where there is none. */
  readonly id: string;
  /** What to call it: the best name, else the address. */
  readonly label: string;
  readonly kind: "internet" | "local" | "multicast" | "broadcast";
  readonly names: readonly NameSeen[];
  readonly registrableDomain: string | null;
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly organisation: {
    readonly id: string;
    readonly name: string;
    readonly parent: string | null;
    readonly jurisdiction: string | null;
    readonly reason: string;
  } | null;
  /** Announcing networks of its addresses. */
  readonly networks: readonly {
    readonly asn: number | null;
    readonly holder: string | null;
    readonly source: string;
    readonly date: string;
  }[];
  readonly locations: readonly LocationClaim[];
  /** Whether the location claims name more than one country. */
  readonly locationsDisagree: boolean;
  readonly latency: Latency | null;
  readonly party: Party;
  readonly partyReason: string;
  /**
   * Contacted without a name: no answer of DNS seen in the capture gave one of its addresses, and no name
   * was used towards it. Where the capture holds no answer of DNS to the device that can be read, nothing
   * follows from there being none: then only a request that called the server by its bare address counts.
   */
  readonly neverLookedUp: boolean;
  readonly flows: readonly Flow[];
  /**
   * Flows counted at another destination that carried requests to this name as well: one connection
   * for several hosts (RFC 9113 §9.1.1), a proxy, or a front that hides the host.
   */
  readonly sharedFlows?: readonly Flow[];
  /**
   * Other names for which the device got one of the addresses, where flows bear no name of their own:
   * they may have been meant for these.
   */
  readonly otherNames?: readonly string[];
}

export type Severity = "info" | "low" | "medium" | "high";

export type FindingKind =
  "transmission" | "opaque-channel" | "unresolved-address" | "weak-transport" | "announcement";

export interface Finding {
  /** Hash of what it rests on; see `report`. Empty until the report assigns it. */
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** One sentence that a lay reader understands; says no more than `claim`. */
  readonly title: string;
  readonly claim: Claim;
  /** Why this follows: the observation's warrant plus the knowledge used. */
  readonly reason: string;
  readonly destination: Destination | undefined;
  readonly observations: readonly Observation[];
}

/** Who the device is, for telling up from down and first from third party. */
export interface DeviceUnderTest {
  readonly make: string | null;
  readonly model: string | null;
  readonly build: string | null;
  /** IP addresses in text form and MACs `aa:bb:…` of the device. */
  readonly addresses: readonly string[];
  /** `stated` in the device file, or `inferred` from the traffic, with the reason. */
  readonly addressesFrom: "stated" | "inferred";
  readonly reason: string;
  /** More than one device-like host was seen and none was stated. */
  readonly ambiguous: boolean;
}
