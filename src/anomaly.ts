/**
 * What breaks a grammar or a limit. Broken input is evidence, not an exception:
 * every stage may emit anomalies beside its output, and goes on.
 *
 * @module
 */

/** The stage that noticed. */
export type Stage =
  "capture" | "packets" | "flows" | "protocols" | "content" | "observations" | "findings";

/** Where in the input. */
export interface Place {
  /** 0-based index of the input in the order in which inputs were given. */
  readonly input: number;
  /** 1-based number of the frame in its input; 0 where no frame is meant. */
  readonly frame: number;
  /** Bytes from the start of the file (capture), frame (packets) or stream and message (later stages). */
  readonly offset?: number;
  /** Id of the flow, where one is meant. */
  readonly flow?: string;
}

/** One oddity of the input. */
export interface Anomaly {
  readonly stage: Stage;
  /** Kebab-case and stable, for counting and filtering: `record-cut-short`. */
  readonly name: string;
  readonly place: Place;
  /** What was found and what was expected, for people. */
  readonly reason: string;
}

/** Takes anomalies; never throws. */
export type AnomalySink = (anomaly: Anomaly) => void;
