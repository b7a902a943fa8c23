/**
 * Findings on what the device tells everybody on its own network.
 *
 * @module
 */
import type { Announcement } from "./announcements.ts";
import type { DestinationBook } from "./destinations.ts";
import type { Destination, Finding } from "./finding.ts";
import type { NameCollector } from "./names.ts";
import { enumerate, nameDestination } from "./wording.ts";

/** One finding a group address to which the device sent. */
export function findAnnouncements(input: {
  readonly book: DestinationBook;
  readonly names: NameCollector;
}): Finding[] {
  return input.book.destinations.flatMap((destination) => {
    if (destination.kind !== "multicast" && destination.kind !== "broadcast") return [];
    const told = announcedBy(destination, input);
    const packets = destination.flows.reduce((sum, flow) => {
      const side = input.book.deviceSideOf(flow);
      return sum + (side === undefined ? 0 : flow.ends[side].packets);
    }, 0);
    if (packets === 0) return [];
    return [toFinding(destination, told)];
  });
}

function announcedBy(
  destination: Destination,
  { book, names }: { readonly book: DestinationBook; readonly names: NameCollector },
): readonly Announcement[] {
  return destination.flows.flatMap((flow) =>
    names.announcements.on(flow).filter((one) => one.side === book.deviceSideOf(flow)),
  );
}

function toFinding(destination: Destination, told: readonly Announcement[]): Finding {
  const what = [...new Set(told.map((one) => one.what))].sort();
  const to = nameDestination(destination);
  const ports = destination.ports.map(String).join(", ");
  const by = ports === "" ? "" : ` on port ${ports}`;
  return {
    kind: "announcement",
    severity: told.some((one) => one.identifies) ? "low" : "info",
    title:
      what.length > 0
        ? `The device told ${to} ${enumerate(what)}`
        : `The device sent packets to ${to}`,
    claim: what.length > 0 ? "sent-value" : "sent-bytes",
    reason: `${destination.label}${by} is a group or broadcast address: every machine that listens gets what is sent there`,
    destination,
    observations: [],
  };
}
