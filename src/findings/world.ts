/**
 * Knowledge of the world that findings rest on, handed in as values: who runs which
 * name, who announces which address, where a country lies. Each answer names its
 * source and date.
 *
 * @module
 */

/** A dated collection of facts. */
export interface DataSet {
  readonly name: string;
  readonly version: string;
  /** Date of the data, `YYYY-MM-DD` or `YYYY-MM`. */
  readonly date: string;
  readonly licence: string;
  readonly source: string;
  /** Text that the licence asks to show, where it does. */
  readonly attribution?: string;
}

/** An organisation that devices talk to. */
export interface Organisation {
  /** Kebab-case and stable: `xiaomi`, `google`. */
  readonly id: string;
  readonly name: string;
  /** Id of the organisation that controls it, or null. */
  readonly parent: string | null;
  /** ISO 3166-1 alpha-2 code of the seat of the organisation itself, or null where not known. */
  readonly jurisdiction: string | null;
  /** What it does to devices: handset-maker, platform, push, analytics, advertising, cdn, cloud, carrier, … */
  readonly roles: readonly string[];
  /** Registrable domains or hosts below which every name is its own. */
  readonly domains: readonly OrganisationDomain[];
  /** Makes or brands of devices that are its own, lower case. */
  readonly brands: readonly string[];
  /** Where the facts of this row come from. */
  readonly source: string;
}
export interface OrganisationDomain {
  readonly domain: string;
  /** Why the domain is this organisation's, in a sentence. */
  readonly reason: string;
}

/** What one data set says of an address. */
export interface NetworkAnswer {
  readonly asn: number | null;
  /** Holder of the announcing network (AS name), or null. */
  readonly holder: string | null;
  /** ISO 3166-1 alpha-2 country that the data set claims, or null. */
  readonly country: string | null;
}
export interface NetworkProvider {
  readonly dataSet: DataSet;
  /** Answers for an IPv4 or IPv6 address in text form; undefined where the set has none. */
  lookup(address: string): NetworkAnswer | undefined;
}

/** Where countries lie, for latency bounds and for the map. */
export interface CountryAtlas {
  readonly dataSet: DataSet;
  /** English short name, or undefined for an unknown code. */
  nameOf(country: string): string | undefined;
  /** Great-circle distance in km from a point to the nearest point of the country; undefined if unknown. */
  distanceKm(country: string, latitude: number, longitude: number): number | undefined;
  /** A point for a marker: `[longitude, latitude]`. */
  centre(country: string): readonly [number, number] | undefined;
}

export interface World {
  readonly organisations: readonly Organisation[];
  readonly organisationsDataSet: DataSet;
  readonly networks: readonly NetworkProvider[];
  readonly atlas: CountryAtlas | undefined;
}
