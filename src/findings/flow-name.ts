/**
 * The best name for the far end of a flow: what the device said to the server itself, else
 * the name for which it last got the address, else what the capture lists, else none.
 *
 * @module
 */
import type { Flow, FlowEnd } from "../flows/flow.ts";
import { isLocalKind, kindOfAddress } from "./address-kind.ts";
import type { DeviceSides } from "./device.ts";
import type { NameSeen } from "./finding.ts";
import type { DnsAnswer, NameCollector } from "./names.ts";

/** The name chosen, and all that speaks for it or beside it. */
export interface FlowName {
  /** undefined: the flow has none. */
  readonly name: string | undefined;
  readonly seen: readonly NameSeen[];
  /** Where the name leads by its aliases; empty where nothing is known of that. */
  readonly aliases: readonly string[];
  /** Names besides, for which the device had just got the same address. */
  readonly others: readonly string[];
  /** Hosts of requests on this flow other than the name. */
  readonly otherHosts: readonly NameSeen[];
}

/** Chooses the name of a flow's far end. */
export function nameOf(
  flow: Flow,
  remote: FlowEnd,
  known: { readonly names: NameCollector; readonly sides: DeviceSides },
): FlowName {
  const { names } = known;
  const used = names.usedOn(flow);
  const weak = [...names.listedFor(remote.address), ...names.certifiedOn(flow)];
  const answers = answersToDevice(remote.address, known);
  const [best] = used;
  if (best !== undefined) {
    const looked = answers.filter((answer) => answer.name === best.name);
    const hosts = used.filter((one) => one.source === "http" && one.name !== best.name);
    const same = used.filter((one) => !hosts.includes(one));
    return {
      name: best.name,
      seen: [...same, ...looked.slice(0, 1).map(toSeen), ...weak],
      aliases: latestBefore(looked, flow)?.aliases ?? looked[0]?.aliases ?? [],
      others: [],
      otherHosts: hosts,
    };
  }
  const answer = latestBefore(answers, flow) ?? (mayBeOlder(flow) ? answers[0] : undefined);
  if (answer !== undefined) {
    return {
      name: answer.name,
      seen: [toSeen(answer), ...weak],
      aliases: answer.aliases,
      others: alsoValid(answers, answer, flow),
      otherHosts: [],
    };
  }
  const [listed] = names.listedFor(remote.address);
  return { name: listed?.name, seen: weak, aliases: [], others: [], otherHosts: [] };
}

/** Answers that the device itself got for an address; on the local network, those given to all. */
export function answersToDevice(
  address: string,
  known: { readonly names: NameCollector; readonly sides: DeviceSides },
): readonly DnsAnswer[] {
  const isLocal = isLocalKind(kindOfAddress(address));
  return known.names
    .answersFor(address)
    .filter(
      (answer) =>
        known.sides.isDevice(answer.client, answer.clientMac) ||
        (isLocal && kindOfAddress(answer.client) === "multicast"),
    );
}

function latestBefore(answers: readonly DnsAnswer[], flow: Flow): DnsAnswer | undefined {
  let best: DnsAnswer | undefined;
  for (const answer of answers) {
    if (!isBefore(answer, flow)) continue;
    if (best === undefined || timeOf(answer, flow) >= timeOf(best, flow)) best = answer;
  }
  return best;
}

function isBefore(answer: DnsAnswer, flow: Flow): boolean {
  if (isTimed(answer, flow)) return answer.ts <= flow.firstTs;
  // Without times the order of the frames has to do.
  return (
    answer.input < flow.input || (answer.input === flow.input && answer.frame <= flow.firstFrame)
  );
}

/** Latest time before the flow at which this answer was the one given; a number to compare only. */
function timeOf(answer: DnsAnswer, flow: Flow): number {
  return isTimed(answer, flow) ? Math.min(answer.lastTs, flow.firstTs) : answer.frame;
}

function isTimed(answer: DnsAnswer, flow: Flow): boolean {
  return !Number.isNaN(answer.ts) && !Number.isNaN(flow.firstTs);
}

/** Whether the flow may have begun before the capture, so that a later answer can be a repeated one. */
function mayBeOlder(flow: Flow): boolean {
  return flow.state === "midstream";
}

/** Names whose answers were still valid when the flow began: the flow may have been meant for them. */
function alsoValid(
  answers: readonly DnsAnswer[],
  chosen: DnsAnswer,
  flow: Flow,
): readonly string[] {
  const valid = answers.filter(
    (answer) =>
      answer.name !== chosen.name &&
      isTimed(answer, flow) &&
      isBefore(answer, flow) &&
      timeOf(answer, flow) + answer.ttl * 1e6 >= flow.firstTs,
  );
  return [...new Set(valid.map((answer) => answer.name))].sort();
}

function toSeen(answer: DnsAnswer): NameSeen {
  return { name: answer.name, source: "dns", input: answer.input, frame: answer.frame };
}
