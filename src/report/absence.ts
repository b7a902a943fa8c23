/**
 * What was searched, and what could not be seen: the parts of a report that give absence its weight
 * (design invariant 6).
 *
 * @module
 */
import { hiddenOf, type LedgerSums } from "../coverage.ts";
import type { DestinationBook } from "../findings/destinations.ts";
import type { Flow } from "../flows/flow.ts";
import type { CanarySearch, Observation } from "../observations/observation.ts";
import type { Report } from "./report.ts";

/** What the results of canaries are made of. */
export interface SearchMaterial {
  readonly flows: readonly Flow[];
  readonly book: DestinationBook;
  readonly observations: readonly Observation[];
  readonly canaries: readonly { readonly id: string; readonly property: string }[];
  readonly searches: readonly CanarySearch[];
  readonly bytesSearched: number;
}

/** Per canary: what was searched, how much could not be, and where it was found. */
export function canaryResults(material: SearchMaterial): Report["canaries"] {
  const { searches, canaries, bytesSearched, observations, book } = material;
  const bytesNotSearchable = hiddenBytes(material.flows);
  return searches.map((search) => {
    const destinations = new Set<string>();
    for (const observation of observations) {
      const { source } = observation;
      if (source.kind !== "canary" || source.canary !== search.canary) continue;
      const destination = book.ofObservation(observation);
      if (destination !== undefined) destinations.add(destination.id);
    }
    return {
      id: search.canary,
      property: canaries.find(({ id }) => id === search.canary)?.property ?? "",
      forms: [...search.forms],
      bytesSearched,
      bytesNotSearchable,
      hits: search.hits,
      decoys: search.decoys,
      decoyHits: search.decoyHits,
      destinations: [...destinations].sort(),
    };
  });
}

function hiddenBytes(flows: readonly Flow[]): number {
  let hidden = 0;
  for (const flow of flows) {
    for (const { tally, missing } of flow.ends) {
      hidden += missing + (tally === undefined ? 0 : hiddenOf(tally));
    }
  }
  return hidden;
}

/** What an audit with this coverage could not see, and why. */
export function notObservable({ frames, payload }: Report["coverage"]): Report["notObservable"] {
  const { sent, received } = payload;
  const items: Report["notObservable"] = [];
  const add = (what: string, bytes: number, reason: string): void => {
    if (bytes > 0) items.push({ what, bytes, reason });
  };
  const both = (name: string): number => classOf(sent, name) + classOf(received, name);
  add(
    "Encrypted content that the device sent",
    classOf(sent, "encrypted"),
    "The bytes were sent, to known destinations; what they say cannot be read without the keys.",
  );
  add(
    "Encrypted content that the device received",
    classOf(received, "encrypted"),
    "What servers answered cannot be read without the keys.",
  );
  add(
    "Content in a form that is not recognised",
    both("opaque"),
    "The bytes were searched as they stand; values in a compressed or encrypted form stay hidden.",
  );
  add(
    "Recognised protocols in a version that is not read",
    both("unsupported"),
    "The protocol is known, this version or form of it is not read.",
  );
  add(
    "Payload that was sent but is not in the capture",
    both("not-captured"),
    "The capture has gaps or was cut to a snapshot length.",
  );
  const unread = frames.total - classOf(frames, "flow") - classOf(frames, "link-only");
  if (unread > 0) {
    items.push({
      what: `${unread} of ${frames.total} frames`,
      bytes: null,
      reason:
        "Their link or network layer is encrypted, broken, cut off or not read; see the ledger.",
    });
  }
  items.push({
    what: "Traffic that did not pass the capture point",
    bytes: null,
    reason:
      "What went by cellular network, SMS, Bluetooth or another access point is not in these captures.",
  });
  return items;
}

function classOf(ledger: LedgerSums, name: string): number {
  return ledger.classes[name] ?? 0;
}
