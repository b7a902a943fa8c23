/**
 * Sorts the flows of the device by whom they were meant for.
 *
 * @module
 */
import type { Flow, FlowEnd } from "../flows/flow.ts";
import { isLocalKind, kindOfAddress } from "./address-kind.ts";
import type { DeviceSides } from "./device.ts";
import type { Destination, NameSeen } from "./finding.ts";
import { nameOf } from "./flow-name.ts";
import type { NameCollector } from "./names.ts";

/** A destination while flows are being added. */
export interface Group {
  readonly id: string;
  readonly name: string | undefined;
  readonly first: number;
  readonly flows: Flow[];
  readonly shared: Flow[];
  readonly remotes: FlowEnd[];
  /** Each name once a source, where it was first seen. */
  readonly names: Map<string, NameSeen>;
  readonly others: Set<string>;
  aliases: readonly string[];
}

/** Sorts flows into groups. */
export class Grouping {
  readonly sides: DeviceSides;
  readonly foreign: Flow[] = [];
  readonly internal: Flow[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly ids = new Map<Flow, string>();
  private readonly names: NameCollector;

  constructor(sides: DeviceSides, names: NameCollector) {
    this.sides = sides;
    this.names = names;
  }

  add(flow: Flow): void {
    const side = this.sides.sideOf(flow);
    if (side === undefined) this.foreign.push(flow);
    else if (side === "internal") this.internal.push(flow);
    else this.addDeviceFlow(flow, flow.ends[side === 0 ? 1 : 0]);
  }

  idOf(flow: Flow): string | undefined {
    return this.ids.get(flow);
  }

  inOrder(): readonly Group[] {
    return [...this.groups.values()].sort((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1));
  }

  private addDeviceFlow(flow: Flow, remote: FlowEnd): void {
    const group = isGroupAddress(remote);
    const chosen = nameOf(flow, remote, { names: this.names, sides: this.sides });
    const name = group ? undefined : chosen.name;
    const target = this.groupOf(name, remote, flow);
    this.ids.set(flow, target.id);
    target.flows.push(flow);
    addNames(target, chosen.seen);
    if (name === undefined) return;
    for (const other of chosen.others) target.others.add(other);
    if (chosen.aliases.length > 0) target.aliases = chosen.aliases;
    for (const host of chosen.otherHosts) {
      const another = this.groupOf(host.name, remote, flow);
      another.shared.push(flow);
      addNames(another, [host]);
    }
  }

  private groupOf(name: string | undefined, remote: FlowEnd, flow: Flow): Group {
    const id = name ?? remote.address;
    let group = this.groups.get(id);
    if (group === undefined) {
      group = {
        id,
        name,
        first: flow.index,
        flows: [],
        shared: [],
        remotes: [],
        names: new Map(),
        others: new Set(),
        aliases: [],
      };
      this.groups.set(id, group);
    }
    group.remotes.push(remote);
    return group;
  }
}

function addNames(group: Group, names: readonly NameSeen[]): void {
  for (const name of names) {
    const key = `${name.source} ${name.name}`;
    const before = group.names.get(key);
    if (before === undefined || isEarlier(name, before)) group.names.set(key, name);
  }
}

/** Whether `a` was seen before `b`. */
export function isEarlier(a: NameSeen, b: NameSeen): boolean {
  return a.input < b.input || (a.input === b.input && a.frame < b.frame);
}

/** Kind of a destination by its addresses: one on the internet is enough. */
export function kindOf(remotes: readonly FlowEnd[]): Destination["kind"] {
  const kinds = new Set(remotes.map(kindOfEnd));
  return kinds.has("internet") ? "internet" : ([...kinds][0] ?? "internet");
}

function kindOfEnd(end: FlowEnd): Destination["kind"] {
  const kind = kindOfAddress(end.address);
  if (kind === "multicast") return "multicast";
  // A broadcast to one subnet (RFC 919 §7) shows in the frame's destination, not in the address.
  if (kind === "broadcast" || kind === "unspecified" || end.mac === "ff:ff:ff:ff:ff:ff") {
    return "broadcast";
  }
  if (kind === "private" && end.packets === 0 && isLastOfSubnet(end.address)) return "broadcast";
  return isLocalKind(kind) ? "local" : "internet";
}

function isGroupAddress(end: FlowEnd): boolean {
  const kind = kindOfEnd(end);
  return kind === "multicast" || kind === "broadcast";
}

/**
 * Whether an IPv4 address is the last one of a /24, and so of every wider subnet that it ends:
 * where such an address never answers and the frame's destination is not known, it is the
 * broadcast address of its subnet.
 */
function isLastOfSubnet(address: string): boolean {
  return address.endsWith(".255");
}
