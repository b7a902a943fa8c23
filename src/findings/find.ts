/**
 * Findings: what follows from observations and destinations, each with claim and reason.
 *
 * @module
 */
import type { Observation } from "../observations/observation.ts";
import { findAnnouncements } from "./find-announcements.ts";
import { findOpaqueChannels, findUnresolved } from "./find-channels.ts";
import type { DestinationBook } from "./destinations.ts";
import type { DeviceUnderTest, Destination, Finding, FindingKind } from "./finding.ts";
import type { NameCollector } from "./names.ts";
import { highest, rankOf, severityOf } from "./severity.ts";
import {
  count,
  describeDestination,
  enumerate,
  nameChannel,
  nameDestination,
  nameValue,
  warrantOf,
  type PropertyLabels,
} from "./wording.ts";

/** What findings follow from. */
export interface FindingsInput {
  readonly book: DestinationBook;
  readonly observations: readonly Observation[];
  readonly device: DeviceUnderTest;
  readonly names: NameCollector;
  /** Plain words for property terms. */
  readonly labels: PropertyLabels;
}

/** Finds what follows; the same input gives the same findings in the same order, weightiest first. */
export function findFindings(input: FindingsInput): Finding[] {
  const sent = input.observations
    .filter((observation) => input.book.deviceSideOf(observation.flow) === observation.side)
    .map((observation) => toSent(observation, input));
  const findings = [
    ...findTransmissions(sent, input),
    ...findWeakTransport(sent, input),
    ...findUnresolved(input),
    ...findOpaqueChannels(input),
    ...findAnnouncements(input),
  ];
  return inOrder(findings, input);
}

/** An observation of something that the device sent. */
interface Sent {
  readonly observation: Observation;
  readonly destination: Destination | undefined;
  readonly channel: Observation["channel"];
}

function toSent(observation: Observation, input: FindingsInput): Sent {
  const destination = input.book.ofObservation(observation);
  return { observation, destination, channel: observation.channel };
}

/** One finding a property, destination, form, channel and source of knowledge. */
function findTransmissions(sent: readonly Sent[], { labels }: FindingsInput): Finding[] {
  return groupBy(sent, keyOfTransmission).map((group) => {
    const [{ observation, destination, channel }] = group;
    const observations = group.map((one) => one.observation);
    const times = group.length > 1 ? `; seen ${count(group.length, "time")}` : "";
    const about = describeDestination(destination);
    return {
      kind: "transmission",
      severity: highest(group.map((one) => severityOf(one.observation, destination, channel))),
      title: `The device sent ${nameValue(observation, labels)} ${nameChannel(observation, channel)} to ${nameDestination(destination)}`,
      claim: "sent-value",
      reason: `${warrantOf(observation)}${times}${about === "" ? "" : `; ${about}`}`,
      destination,
      observations,
    };
  });
}

function keyOfTransmission({ observation, destination, channel }: Sent): string {
  const { property, form, source, placeholder } = observation;
  const by =
    source.kind === "canary"
      ? ["canary", source.canary]
      : ["recognizer", source.recognizer, source.confidence];
  return JSON.stringify([
    property,
    destination?.id ?? null,
    form,
    channel,
    ...by,
    placeholder !== null,
  ]);
}

/** One finding a destination that got personal values which anybody on the way could read. */
function findWeakTransport(sent: readonly Sent[], { labels }: FindingsInput): Finding[] {
  const readable = sent.filter(
    ({ observation, destination, channel }) =>
      channel === "clear" &&
      destination?.kind === "internet" &&
      observation.placeholder === null &&
      isHeld(observation),
  );
  return groupBy(readable, ({ destination }) => destination?.id ?? "").map((group) => {
    const [{ destination }] = group;
    const values = [...new Set(group.map(({ observation }) => nameValue(observation, labels)))];
    const protocols = [...new Set(group.map(({ observation }) => observation.protocol))].sort();
    return {
      kind: "weak-transport",
      severity: highest(
        group.map(({ observation }) => severityOf(observation, destination, "clear")),
      ),
      title: `Anybody on the way to ${nameDestination(destination)} could read ${enumerate(values.sort())}`,
      claim: "sent-value",
      reason: `sent without encryption (${protocols.join(", ")})${describeAfter(destination)}`,
      destination,
      observations: group.map(({ observation }) => observation),
    };
  });
}

/** Whether the value is held to be what it looks like, not merely possible. */
function isHeld({ source }: Observation): boolean {
  return source.kind === "canary" || source.confidence !== "possible";
}

function describeAfter(destination: Destination | undefined): string {
  const about = describeDestination(destination);
  return about === "" ? "" : `; ${about}`;
}

/** Groups in order of first appearance. */
function groupBy<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): readonly (readonly [Value, ...Value[]])[] {
  const groups = new Map<string, [Value, ...Value[]]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

const KIND_ORDER: readonly FindingKind[] = [
  "transmission",
  "weak-transport",
  "unresolved-address",
  "opaque-channel",
  "announcement",
];

/** Weightiest first, then by kind, destination in order of appearance, and wording. */
function inOrder(findings: readonly Finding[], { book }: FindingsInput): Finding[] {
  const place = new Map(book.destinations.map((destination, i) => [destination.id, i]));
  const placeOf = ({ destination }: Finding): number =>
    place.get(destination?.id ?? "") ?? book.destinations.length;
  return [...findings].sort(
    (a, b) =>
      rankOf(b.severity) - rankOf(a.severity) ||
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
      placeOf(a) - placeOf(b) ||
      compare(a.title, b.title) ||
      compare(a.reason, b.reason),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
