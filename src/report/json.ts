/**
 * The report as JSON, in pieces: one element of a list a line, so that a report of a large run needs
 * no string of its whole size, and two reports compare line by line.
 *
 * @module
 */
import type { Report } from "./report.ts";

/** Pieces of `report.json`, in order; joined they are one JSON text that ends with a line feed. */
export function* toJson(report: Report): Generator<string> {
  let separator = "{\n";
  for (const [key, value] of Object.entries(report)) {
    yield `${separator}${JSON.stringify(key)}: `;
    separator = ",\n";
    if (Array.isArray(value)) yield* elements(value);
    else yield JSON.stringify(value);
  }
  yield "\n}\n";
}

function* elements(values: readonly unknown[]): Generator<string> {
  let separator = "[\n";
  for (const value of values) {
    yield separator + JSON.stringify(value);
    separator = ",\n";
  }
  yield values.length === 0 ? "[]" : "\n]";
}
