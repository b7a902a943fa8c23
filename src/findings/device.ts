/**
 * Which hosts of a capture are the device under test: stated in the device file, or inferred
 * from who opens flows to the internet.
 *
 * @module
 */
import type { Flow, FlowEnd, Side } from "../flows/flow.ts";
import { readAddress } from "./address.ts";
import { isLocalKind, isUnicastKind, kindOfAddress } from "./address-kind.ts";
import type { DeviceUnderTest } from "./finding.ts";

/** What the device file states. */
export interface StatedDevice {
  readonly make?: string | null;
  readonly model?: string | null;
  readonly build?: string | null;
  /** MAC or IP addresses. */
  readonly addresses?: readonly string[];
}

/** A host counts as like the foremost one if it opened at least this share of its flows. */
const ALIKE_SHARE = 0.25;

/** Takes the stated addresses, or finds those of the device in the traffic. */
export function inferDevice(flows: readonly Flow[], stated: StatedDevice = {}): DeviceUnderTest {
  const known = {
    make: stated.make ?? null,
    model: stated.model ?? null,
    build: stated.build ?? null,
  };
  const addresses = (stated.addresses ?? []).map((address) => address.trim().toLowerCase());
  if (addresses.length > 0) {
    return {
      ...known,
      addresses,
      addressesFrom: "stated",
      reason: reasonOfStated(addresses, flows),
      ambiguous: false,
    };
  }
  return { ...known, addressesFrom: "inferred", ...inferAddresses(flows) };
}

/** Tells the device's side of a flow. */
export class DeviceSides {
  private readonly addresses: ReadonlySet<string>;
  /** Answers by address as written: flows ask for the same few addresses again and again. */
  private readonly known = new Map<string, boolean>();

  constructor(device: DeviceUnderTest) {
    this.addresses = new Set(device.addresses.map(comparable));
  }

  isDevice(address: string, mac: string | undefined): boolean {
    let isOwn = this.known.get(address);
    if (isOwn === undefined) {
      isOwn = this.addresses.has(comparable(address));
      this.known.set(address, isOwn);
    }
    return isOwn || (mac !== undefined && this.addresses.has(mac));
  }

  /** `internal` where both ends are the device's, undefined where none is. */
  sideOf(flow: Flow): Side | "internal" | undefined {
    const [a, b] = flow.ends;
    const [isA, isB] = [this.isDevice(a.address, a.mac), this.isDevice(b.address, b.mac)];
    if (isA && isB) return "internal";
    return isA ? 0 : isB ? 1 : undefined;
  }
}

/** An address in a form that compares: MACs as `aa:bb:…`, IP addresses by value. */
function comparable(address: string): string {
  const text = address.trim().toLowerCase();
  if (/^([0-9a-f]{2}-){5}[0-9a-f]{2}$/.test(text)) return text.replaceAll("-", ":");
  const read = readAddress(text);
  return read === undefined ? text : read.words.join(".");
}

function reasonOfStated(addresses: readonly string[], flows: readonly Flow[]): string {
  const seen = new Set(
    flows.flatMap(({ ends }) => ends.flatMap((end) => [comparable(end.address), end.mac ?? ""])),
  );
  const silent = addresses.filter((address) => !seen.has(comparable(address)));
  if (silent.length === 0) return "stated in the device file";
  return `stated in the device file; no flow shows ${silent.join(", ")}`;
}

/** A machine of the capture, under all addresses that are known to be its own. */
interface Host {
  readonly addresses: Set<string>;
  mac: string | undefined;
  /** Flows that it opened to machines elsewhere on the internet, and all that it opened. */
  outward: number;
  opened: number;
  local: boolean;
}

function inferAddresses(
  flows: readonly Flow[],
): Pick<DeviceUnderTest, "addresses" | "reason" | "ambiguous"> {
  const hosts = hostsOf(flows);
  // Behind the capture point's own network first; a capture at a server shows public addresses only.
  for (const [score, ofWhom, measure] of RULES) {
    const candidates = hosts.filter((host) => score(host) > 0);
    candidates.sort((a, b) => score(b) - score(a));
    const [foremost] = candidates;
    if (foremost === undefined) continue;
    const alike = candidates.filter((host) => score(host) >= score(foremost) * ALIKE_SHARE);
    const counted = `${String(score(foremost))} ${measure}`;
    const others = candidates.length - alike.length;
    return {
      addresses: alike.flatMap(addressesOf),
      ambiguous: alike.length > 1,
      reason:
        alike.length > 1
          ? `found from the traffic: ${String(alike.length)} ${ofWhom}s opened about as many flows (${counted} at most), and all are taken for the device; state its addresses to tell them apart`
          : `found from the traffic: the ${ofWhom} that opened most flows (${counted}${others > 0 ? `; ${String(others)} other host${others > 1 ? "s" : ""} opened far fewer` : ""})`,
    };
  }
  return {
    addresses: [],
    ambiguous: false,
    reason: "no host of the capture opened a flow: the device is not known",
  };
}

/** Ways to score, in the order in which they are tried. */
const RULES: readonly (readonly [(host: Host) => number, string, string])[] = [
  [(host) => (host.local ? host.outward : 0), "local host", "flows to the internet"],
  [(host) => host.outward, "host", "flows to other hosts of the internet"],
  [(host) => host.opened, "host", "flows"],
];

function addressesOf(host: Host): readonly string[] {
  return host.mac === undefined ? [...host.addresses] : [...host.addresses, host.mac];
}

function hostsOf(flows: readonly Flow[]): Host[] {
  const gateways = gatewaysOf(flows);
  const byKey = new Map<string, Host>();
  const hosts = new Set<Host>();
  const hostOf = (end: FlowEnd): Host => {
    const mac = end.mac !== undefined && isMachineMac(end.mac) ? end.mac : undefined;
    const own = mac === undefined || gateways.has(mac) ? undefined : mac;
    const host = byKey.get(own ?? end.address) ?? byKey.get(end.address) ?? newHost();
    hosts.add(host);
    byKey.set(own ?? end.address, host);
    byKey.set(end.address, host);
    host.addresses.add(end.address);
    host.mac ??= own;
    host.local ||= isLocalKind(kindOfAddress(end.address));
    return host;
  };
  for (const flow of flows) {
    // The outside of a tunnel says nothing of who speaks inside it.
    if (flow.carried[0] + flow.carried[1] > 0) continue;
    const from = flow.ends[flow.originator];
    const to = flow.ends[flow.originator === 0 ? 1 : 0];
    if (!isUnicastKind(kindOfAddress(from.address))) continue;
    const host = hostOf(from);
    // Counts also where the capture holds only what came back: ports tell who opened the flow.
    host.opened++;
    if (kindOfAddress(to.address) === "global" && to.address !== from.address) host.outward++;
  }
  return [...hosts];
}

function newHost(): Host {
  return { addresses: new Set(), mac: undefined, outward: 0, opened: 0, local: false };
}

/**
 * MACs behind which many machines stand: more public addresses answer there than open flows,
 * or more local IPv4 addresses open flows there than one machine has in a day.
 */
function gatewaysOf(flows: readonly Flow[]): ReadonlySet<string> {
  const behind = new Map<string, Behind>();
  for (const flow of flows) {
    for (const side of [0, 1] as const) {
      const { mac, address } = flow.ends[side];
      if (mac === undefined) continue;
      const sets = behind.get(mac) ?? {
        opening: new Set(),
        answering: new Set(),
        local: new Set(),
      };
      behind.set(mac, sets);
      const kind = kindOfAddress(address);
      if (kind === "global")
        (side === flow.originator ? sets.opening : sets.answering).add(address);
      else if (side === flow.originator && (kind === "private" || kind === "shared")) {
        sets.local.add(address);
      }
    }
  }
  const isGateway = (sets: Behind): boolean =>
    sets.answering.size > sets.opening.size || sets.local.size > MOST_LOCAL_ADDRESSES;
  return new Set([...behind].filter(([, sets]) => isGateway(sets)).map(([mac]) => mac));
}

/** Addresses seen behind one MAC. */
interface Behind {
  readonly opening: Set<string>;
  readonly answering: Set<string>;
  readonly local: Set<string>;
}

/** Local IPv4 addresses that one machine plausibly has in one capture: its own, and a new lease. */
const MOST_LOCAL_ADDRESSES = 2;

/** Whether a MAC can be that of one machine: not all zero, group bit unset (IEEE 802 §8.2). */
function isMachineMac(mac: string): boolean {
  return mac !== "00:00:00:00:00:00" && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;
}
