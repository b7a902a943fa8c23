/**
 * Whether anybody on the way could read what was observed.
 *
 * @module
 */
import type { Flow } from "../flows/flow.ts";
import type { Observation } from "../observations/observation.ts";
import type { NameCollector } from "./names.ts";

/** `clear`: as it went over the wire; `decrypted`: it lay inside encryption. */
export type Channel = "clear" | "decrypted";

/** What tells the channel. */
export interface ChannelEvidence {
  readonly names: NameCollector;
  /** Protocol of a flow; `https` where a record of decrypted traffic (HAR) says so. */
  readonly applicationOf?: ((flow: Flow) => string | undefined) | undefined;
}

/** The channel that an observation came through. */
export function channelOf(observation: Observation, evidence: ChannelEvidence): Channel {
  const { flow, side, start, protocol } = observation;
  // The hello that sets up encryption is itself in clear, server name and all.
  if (protocol === "tls" || protocol === "quic" || protocol === "dtls") return "clear";
  const isInside =
    evidence.names.isEncryptedAt(flow, side, start) || evidence.applicationOf?.(flow) === "https";
  return isInside ? "decrypted" : "clear";
}
