/**
 * Destinations: the flows of the device, grouped by whom they were meant for.
 *
 * A flow goes by its best name; two names stay two destinations though they share an address,
 * and one name stays one though it has many. What is known of the addresses stands side by
 * side, each with its source and date; nothing is made into one place.
 *
 * @module
 */
import type { Flow, Side } from "../flows/flow.ts";
import type { Observation } from "../observations/observation.ts";
import { readAddress } from "./address.ts";
import { kindOfAddress } from "./address-kind.ts";
import { DeviceSides } from "./device.ts";
import type { Destination, DeviceUnderTest, LocationClaim, NameSeen } from "./finding.ts";
import { answersToDevice } from "./flow-name.ts";
import { Grouping, isEarlier, kindOf, type Group } from "./grouping.ts";
import { boundByLatency, type CapturePoint } from "./latency.ts";
import type { NameCollector } from "./names.ts";
import { OrganisationIndex, type OrganisationMatch } from "./organisation.ts";
import { partyOf } from "./party.ts";
import { registrableDomainOf } from "./registrable-domain.ts";
import type { World } from "./world.ts";

/** What destinations are made from. */
export interface DestinationsInput {
  /** All flows, ended. */
  readonly flows: readonly Flow[];
  readonly device: DeviceUnderTest;
  readonly names: NameCollector;
  readonly world: World;
  readonly capturePoint?: CapturePoint | undefined;
}

/** Destinations, and where flows and observations belong. */
export interface DestinationBook {
  /** In order of first appearance. */
  readonly destinations: readonly Destination[];
  /** Flows of other hosts, in which the device has no part. */
  readonly foreign: readonly Flow[];
  /** Flows between addresses that are all the device's. */
  readonly internal: readonly Flow[];
  /** Whether the capture holds an answer of DNS to the device that can be read. */
  readonly readsDns: boolean;
  /** Side of the device; undefined where it has none or both. */
  readonly deviceSideOf: (flow: Flow) => Side | undefined;
  readonly ofFlow: (flow: Flow) => Destination | undefined;
  /** Where the bytes of an observation went: the host of its request, else the flow's destination. */
  readonly ofObservation: (observation: Observation) => Destination | undefined;
}

/** Groups the device's flows into destinations. */
export function toDestinations(input: DestinationsInput): DestinationBook {
  const grouping = new Grouping(new DeviceSides(input.device), input.names);
  for (const flow of input.flows) grouping.add(flow);
  const facts = new Facts(input, grouping);
  const destinations = grouping.inOrder().map((group) => facts.toDestination(group));
  const byId = new Map(destinations.map((destination) => [destination.id, destination]));
  const ofFlow = (flow: Flow): Destination | undefined => byId.get(grouping.idOf(flow) ?? "");
  return {
    destinations,
    foreign: grouping.foreign,
    internal: grouping.internal,
    readsDns: facts.readsDns,
    deviceSideOf: (flow) => {
      const side = grouping.sides.sideOf(flow);
      return side === "internal" ? undefined : side;
    },
    ofFlow,
    ofObservation: (observation) => {
      const { flow, side, start } = observation;
      const host = input.names.hostAt(flow, side, start);
      const meant = host === undefined ? undefined : byId.get(host);
      const isOn =
        (meant !== undefined && grouping.idOf(flow) === meant.id) ||
        meant?.sharedFlows?.includes(flow) === true;
      return isOn ? meant : ofFlow(flow);
    },
  };
}

/** Works out what is known of a group. */
class Facts {
  readonly readsDns: boolean;
  private readonly input: DestinationsInput;
  private readonly index: OrganisationIndex;
  private readonly sides: DeviceSides;
  private readonly rtts: ReadonlyMap<string, number>;

  constructor(input: DestinationsInput, grouping: Grouping) {
    this.input = input;
    this.sides = grouping.sides;
    this.index = new OrganisationIndex(input.world.organisations);
    this.rtts = leastRtts(input.flows, grouping.sides);
    this.readsDns = hasAnswerToDevice(input.names, grouping.sides);
  }

  toDestination(group: Group): Destination {
    // A HAR may know no more of a server than its name.
    const addresses = unique(group.remotes.map((remote) => remote.address)).filter(
      (address) => readAddress(address) !== undefined,
    );
    const match = group.name === undefined ? undefined : this.index.ofName(group.name);
    const hosted = this.hostedBy(group, match);
    const { party, reason } = partyOf(match, this.input.device, this.index);
    const locations = this.locationsOf(addresses);
    const names = inOrder(group.names.values());
    return {
      id: group.id,
      label: group.id,
      kind: kindOf(group.remotes),
      names,
      registrableDomain: group.name === undefined ? null : registrableDomainOf(group.name),
      addresses,
      ports: unique(group.remotes.map((remote) => remote.port))
        .filter((port) => port >= 0)
        .sort((a, b) => a - b),
      organisation: toOrganisation(match, hosted),
      networks: this.networksOf(addresses),
      locations,
      locationsDisagree: new Set(locations.map((claim) => claim.country)).size > 1,
      latency: this.latencyOf(addresses, locations),
      party,
      partyReason: match === undefined && hosted !== "" ? `${reason}; ${hosted}` : reason,
      neverLookedUp: this.isNeverLookedUp(group, addresses, names),
      flows: group.flows,
      ...(group.shared.length > 0 ? { sharedFlows: group.shared } : {}),
      ...(group.others.size > 0 ? { otherNames: [...group.others].sort() } : {}),
    };
  }

  /** Where the name leads, if that belongs to somebody else; empty where it does not. */
  private hostedBy(group: Group, match: OrganisationMatch | undefined): string {
    const target = group.aliases.at(-1);
    if (target === undefined) return "";
    const host = this.index.ofName(target);
    if (host === undefined || host.organisation.id === match?.organisation.id) return "";
    return `it leads to ${target}, which ${host.organisation.name} hosts`;
  }

  private isNeverLookedUp(
    group: Group,
    addresses: readonly string[],
    names: readonly NameSeen[],
  ): boolean {
    if (kindOf(group.remotes) !== "internet") return false;
    // A request to the bare address says by itself that no name was meant.
    const isAddressed = group.flows.some((flow) => this.input.names.isAddressed(flow));
    if (!this.readsDns && !isAddressed) return false;
    if (names.some((name) => name.source !== "certificate" && name.source !== "capture")) {
      return false;
    }
    const known = { names: this.input.names, sides: this.sides };
    return !addresses.some((address) => answersToDevice(address, known).length > 0);
  }

  private networksOf(addresses: readonly string[]): Destination["networks"] {
    const found = new Map<string, Destination["networks"][number]>();
    for (const { provider, address } of this.askable(addresses)) {
      const answer = provider.lookup(address);
      if (answer === undefined || (answer.asn === null && answer.holder === null)) continue;
      const { name: source, date } = provider.dataSet;
      const network = { asn: answer.asn, holder: answer.holder, source, date };
      found.set(JSON.stringify(network), network);
    }
    return [...found.values()];
  }

  private locationsOf(addresses: readonly string[]): readonly LocationClaim[] {
    const claims: LocationClaim[] = [];
    for (const { provider, address } of this.askable(addresses)) {
      const country = provider.lookup(address)?.country ?? null;
      const { name: source, date } = provider.dataSet;
      if (country !== null) claims.push({ country, source, date, address });
    }
    return claims;
  }

  /** Nobody holds or announces an address that is not global; data sets that answer all the same are wrong. */
  private askable(
    addresses: readonly string[],
  ): readonly { provider: World["networks"][number]; address: string }[] {
    const global = addresses.filter((address) => kindOfAddress(address) === "global");
    return global.flatMap((address) =>
      this.input.world.networks.map((provider) => ({ provider, address })),
    );
  }

  private latencyOf(
    addresses: readonly string[],
    claims: readonly LocationClaim[],
  ): Destination["latency"] {
    const rtts = new Map<string, number>();
    for (const address of addresses) {
      const rtt = this.rtts.get(address);
      if (rtt !== undefined && kindOfAddress(address) === "global") rtts.set(address, rtt);
    }
    const { world, capturePoint } = this.input;
    return boundByLatency(rtts, claims, { atlas: world.atlas, capturePoint });
  }
}

function toOrganisation(
  match: OrganisationMatch | undefined,
  hosted: string,
): Destination["organisation"] {
  if (match === undefined) return null;
  const { id, name, parent, jurisdiction } = match.organisation;
  const reason = hosted === "" ? match.reason : `${match.reason}; ${hosted}`;
  return { id, name, parent, jurisdiction, reason };
}

/** Least handshake time in ms by the address that answered the device. */
function leastRtts(flows: readonly Flow[], sides: DeviceSides): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  for (const flow of flows) {
    const rtt = flow.handshakeRttUs;
    if (rtt === undefined || sides.sideOf(flow) !== flow.originator) continue;
    const { address } = flow.ends[flow.originator === 0 ? 1 : 0];
    least.set(address, Math.min(least.get(address) ?? Infinity, rtt / 1000));
  }
  return least;
}

function hasAnswerToDevice(names: NameCollector, sides: DeviceSides): boolean {
  for (const answer of names.allAnswers()) {
    if (sides.isDevice(answer.client, answer.clientMac)) return true;
  }
  return false;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/** In order of appearance. */
function inOrder(names: Iterable<NameSeen>): readonly NameSeen[] {
  return [...names].sort((a, b) => {
    if (isEarlier(a, b)) return -1;
    if (isEarlier(b, a)) return 1;
    return a.source === b.source ? compare(a.name, b.name) : compare(a.source, b.source);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
