/**
 * Findings on whole channels: contacted without a name, or carrying what cannot be read.
 *
 * @module
 */
import type { Flow, FlowEnd } from "../flows/flow.ts";
import { BYTE_CLASS } from "../ledger.ts";
import type { DestinationBook } from "./destinations.ts";
import type { Destination, Finding } from "./finding.ts";
import { count, describeDestination, nameDestination } from "./wording.ts";

/** Ports on which resolvers of DNS are asked: they are configured by address, not looked up (RFC 1035, RFC 7858). */
const RESOLVER_PORTS: ReadonlySet<number> = new Set([53, 853]);

/** Destinations that the device contacted by a bare address. */
export function findUnresolved({ book }: { readonly book: DestinationBook }): Finding[] {
  return book.destinations.flatMap((destination) => {
    if (!destination.neverLookedUp || isResolver(destination)) return [];
    const opened = destination.flows.filter(
      (flow) => book.deviceSideOf(flow) === flow.originator && deviceEnd(flow, book).packets > 0,
    );
    if (opened.length === 0) return [];
    // A flow that began before the capture may have been looked up before it, too.
    const fresh = opened.filter((flow) => flow.state !== "midstream");
    return [
      {
        kind: "unresolved-address",
        severity: fresh.length > 0 ? "low" : "info",
        title: `The device contacted ${nameDestination(destination)} without looking up a name`,
        claim: "contacted",
        reason: join(
          "no answer of DNS in the capture gave this address, and no name was used towards it; it was built in, handed over by another server, looked up before the capture, or looked up over encrypted DNS",
          fresh.length > 0 ? "" : "the connection began before the capture",
          describeDestination(destination),
        ),
        destination,
        observations: [],
      } satisfies Finding,
    ];
  });
}

/** Destinations that got bytes which cannot be read: of no recognised protocol, or encrypted. */
export function findOpaqueChannels({ book }: { readonly book: DestinationBook }): Finding[] {
  return book.destinations.flatMap((destination) => {
    if (destination.kind === "multicast" || destination.kind === "broadcast") return [];
    const ends = destination.flows.map((flow) => deviceEnd(flow, book));
    const opaque = sum(ends, BYTE_CLASS.opaque) + sum(ends, BYTE_CLASS.unsupported);
    const encrypted = sum(ends, BYTE_CLASS.encrypted);
    if (opaque + encrypted === 0) return [];
    const to = nameDestination(destination);
    const title =
      opaque === 0
        ? `The device sent ${count(encrypted, "encrypted byte")} to ${to}; what they say cannot be told`
        : encrypted === 0
          ? `The device sent ${count(opaque, "byte")} to ${to} in a form that is not read`
          : `The device sent ${count(opaque, "byte")} in a form that is not read and ${count(encrypted, "encrypted byte")} to ${to}`;
    return [
      {
        kind: "opaque-channel",
        severity: opaque > 0 ? "low" : "info",
        title,
        claim: "sent-unreadable",
        reason: join(
          opaque > 0
            ? "no dissector recognises or reads these bytes; they were searched as they stand, and nothing follows from finding nothing in them"
            : "the encryption hides the content; nothing follows from finding nothing in it",
          describeDestination(destination),
        ),
        destination,
        observations: [],
      } satisfies Finding,
    ];
  });
}

function isResolver(destination: Destination): boolean {
  return (
    destination.ports.length > 0 && destination.ports.every((port) => RESOLVER_PORTS.has(port))
  );
}

function deviceEnd(flow: Flow, book: DestinationBook): FlowEnd {
  return flow.ends[book.deviceSideOf(flow) ?? 0];
}

function sum(ends: readonly FlowEnd[], byteClass: number): number {
  return ends.reduce((total, end) => total + (end.tally?.[byteClass] ?? 0), 0);
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("; ");
}
