/**
 * The figures that the report's first lines are made of, each tied to what was seen.
 *
 * @module
 */
import type { Report } from "../report.ts";

export interface Figures {
  /** Destinations on the Internet to which the device sent at least one packet. */
  readonly contacted: number;
  /** Organisations known behind them. */
  readonly organisations: number;
  /** Destinations on its own network, and groups, likewise. */
  readonly local: number;
  /** Payload bytes that the device sent, and how many of them nothing is known of. */
  readonly sent: number;
  readonly unreadable: number;
  readonly encrypted: number;
  /** Kinds of personal data seen leaving, surely enough to name: planted, or certain or likely by shape. */
  readonly properties: readonly string[];
  /** Further kinds that are only possible by their shape. */
  readonly possible: readonly string[];
  /** Destinations that got any of the first. */
  readonly recipients: number;
}

export function figuresOf(report: Report): Figures {
  const reached = report.destinations.filter(({ bytes }) => bytes.sent > 0);
  const internet = reached.filter(({ kind }) => kind === "internet");
  const known = new Set(internet.map(({ organisation }) => organisation?.id).filter(Boolean));
  const { sent } = report.coverage.payload;
  const encrypted = sent.classes["encrypted"] ?? 0;
  const hidden = (sent.classes["opaque"] ?? 0) + (sent.classes["unsupported"] ?? 0);
  return {
    contacted: internet.length,
    organisations: known.size,
    local: reached.length - internet.length,
    sent: sent.total,
    unreadable: encrypted + hidden,
    encrypted,
    ...valuesOf(report),
  };
}

function valuesOf(report: Report): Pick<Figures, "properties" | "possible" | "recipients"> {
  const left = report.observations.filter(
    ({ direction, placeholder }) => direction === "sent" && placeholder === null,
  );
  const sure = left.filter(
    ({ recognizer, contextual }) => recognizer?.confidence !== "possible" && !contextual,
  );
  const properties = new Set(sure.map(({ property }) => property));
  const possible = new Set(left.map(({ property }) => property));
  for (const property of properties) possible.delete(property);
  const recipients = new Set(sure.map(({ destination }) => destination).filter(Boolean));
  return {
    properties: [...properties].sort(),
    possible: [...possible].sort(),
    recipients: recipients.size,
  };
}
