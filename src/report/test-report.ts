/**
 * An empty report, for tests that fill in what they need.
 */
import { REPORT_SCHEMA, type Report } from "./report.ts";

export function emptyReport(): Report {
  const none = { total: 0, classes: {} };
  return {
    schema: REPORT_SCHEMA,
    tool: { name: "telltale", version: "0.0.0", dataSets: [] },
    inputs: [],
    coverage: { frames: none, bytes: none, payload: { sent: none, received: none, other: none } },
    device: {
      make: null,
      model: null,
      build: null,
      addresses: [],
      addressesFrom: "inferred",
      reason: "no flows",
      ambiguous: false,
      capturePoint: null,
    },
    phases: [],
    flows: [],
    destinations: [],
    observations: [],
    findings: [],
    verdicts: [],
    canaries: [],
    notObservable: [],
    anomalies: [],
  };
}
