/**
 * The dissector of QUIC.
 *
 * @module
 */
import { uint8 } from "../../bytes/uint.ts";
import type { Flow } from "../../flows/flow.ts";
import type { Platform } from "../../platform.ts";
import type { Dissector } from "../dissector.ts";
import { QuicFlow } from "./flow-reader.ts";
import { FIXED_BIT, LONG_BIT, probeQuic } from "./header.ts";

/** QUIC versions 1 and 2 and the drafts from 22 on; others are recognised. `platform` opens the Initials. */
export function createQuicDissector(platform: Platform): Dissector {
  // Packets with a short header are recognised by their flow alone.
  const known = new WeakSet<Flow>();
  return {
    name: "quic",
    over: "datagram",
    ports: [443, 80, 853, 784, 8853],
    probe: (bytes, start, end, flow) => {
      const isShort = end > start && (uint8(bytes, start) & (LONG_BIT | FIXED_BIT)) === FIXED_BIT;
      if (isShort && known.has(flow)) return "yes";
      return probeQuic(bytes, start, end) ? "yes" : "no";
    },
    open: (opening) => {
      known.add(opening.flow);
      return new QuicFlow(opening, platform);
    },
  };
}
