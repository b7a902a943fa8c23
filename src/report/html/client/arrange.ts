/**
 * Which destinations the table shows, in which order. No DOM: tested by itself.
 *
 * @module
 */
import type { SortKey } from "../destination-row.ts";
import { KIND_WORDS, PARTY_WORDS } from "../destination-view.ts";
import type { DestinationView, Names } from "../destination-view.ts";

export interface Wanted {
  readonly query: string;
  /** Empty: all. */
  readonly party: string;
  readonly kind: string;
  /** Id of the organisation; `-` for those of which none is known. */
  readonly organisation: string;
  readonly sort: { readonly key: SortKey; readonly isDescending: boolean } | undefined;
}

/** Text that a search looks in, lower case. */
export function haystackOf({ destination }: DestinationView, names: Names): string {
  const { label, organisation, network, locations, protocols, apps } = destination;
  const countries = new Set(locations.map(({ country }) => country));
  return [
    label,
    ...destination.names.map(({ name }) => name),
    ...destination.addresses,
    organisation?.name ?? "",
    ...network.map(({ asn, holder }) => `AS${asn ?? ""} ${holder ?? ""}`),
    ...[...countries].map((code) => `${code} ${names.countries[code] ?? ""}`),
    ...protocols,
    ...apps,
    PARTY_WORDS[destination.party],
    KIND_WORDS[destination.kind],
  ]
    .join("\n")
    .toLowerCase();
}

/** Positions of the destinations that match, in order. */
export function arrange(
  views: readonly DestinationView[],
  haystacks: readonly string[],
  wanted: Wanted,
): readonly number[] {
  const words = wanted.query.toLowerCase().split(/\s+/).filter(Boolean);
  const positions: number[] = [];
  for (const [position, { destination }] of views.entries()) {
    if (wanted.party !== "" && destination.party !== wanted.party) continue;
    if (wanted.kind !== "" && destination.kind !== wanted.kind) continue;
    if (wanted.organisation !== "" && (destination.organisation?.id ?? "-") !== wanted.organisation)
      continue;
    const haystack = haystacks[position] ?? "";
    if (words.every((word) => haystack.includes(word))) positions.push(position);
  }
  const { sort } = wanted;
  if (sort === undefined) return positions;
  const keys = views.map((view) => keyOf(view, sort.key));
  const sign = sort.isDescending ? -1 : 1;
  return positions.sort((a, b) => sign * compare(keys[a], keys[b]) || a - b);
}

type Key = string | number | null | undefined;

/** What is not known sorts after all else, ascending. */
function compare(a: Key, b: Key): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf({ destination }: DestinationView, key: SortKey): Key {
  switch (key) {
    case "label":
      return destination.label.toLowerCase();
    case "organisation":
      return destination.organisation?.name.toLowerCase();
    case "party":
      return destination.party;
    case "located":
      return destination.locations.map(({ country }) => country).sort()[0];
    case "protocols":
      return destination.protocols[0];
    case "sent":
      return destination.payload.sent.total;
    case "received":
      return destination.payload.received.total;
    case "flows":
      return destination.flows;
    case "first":
      return destination.firstTs;
  }
}

/** Amounts are of interest from the largest down, names from the first on. */
export function startsDescending(key: SortKey): boolean {
  return key === "sent" || key === "received" || key === "flows";
}
