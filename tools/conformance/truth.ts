/**
 * The ground truth's shape, as far as it is compared. Field meanings: README.md beside the truth.
 */
export interface TruthFlow {
  readonly proto: string;
  readonly a: string;
  readonly a_port: number | null;
  readonly b: string;
  readonly b_port: number | null;
  readonly packets_ab: number;
  readonly packets_ba: number;
  readonly bytes_ab: number;
  readonly bytes_ba: number;
  readonly payload_ab: number;
  readonly payload_ba: number;
  readonly first: string | null;
  readonly last: string | null;
}

/** One message of the truth: fields by name. */
export type TruthMessage = Readonly<Record<string, unknown>> & { readonly frame: number };

export interface Truth {
  readonly file: string;
  readonly kind: "capture" | "har";
  readonly keys: string | null;
  readonly packets: number;
  readonly ts_first_frame: string | null;
  readonly ts_last_frame: string | null;
  readonly frame_bytes: number;
  readonly captured_bytes: number;
  readonly flows: readonly TruthFlow[];
  readonly flows_innermost?: readonly TruthFlow[];
  readonly dns: readonly TruthMessage[];
  readonly tls: readonly TruthMessage[];
  readonly quic: readonly TruthMessage[];
  readonly http1_requests: readonly TruthMessage[];
  readonly http1_responses: readonly TruthMessage[];
  /** Kinds of messages of which tshark saw fewer with or without out-of-order reassembly. */
  readonly reordering_matters?: Readonly<Record<string, unknown>>;
  /** Absent for a HAR that cannot be parsed. */
  readonly entries?: number;
  readonly requests: readonly (readonly unknown[])[];
}
