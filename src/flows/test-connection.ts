/**
 * Shows a TCP connection to a flow stage, for tests of reassembly.
 */
import assert from "node:assert/strict";
import { packetOf, recordFlows, tallied, type PacketWish } from "../../test/flow-recorder.ts";
import type { FlowStage } from "./flow-stage.ts";
import type { Flow } from "./flow.ts";

export type Recorded = ReturnType<typeof recordFlows> & { readonly flow: Flow };

/** Shows the packets to a stage, in frames 1, 2, 3, …, checks the ledger, and gives all that came of it. */
export function follow(...wishes: readonly PacketWish[]): Recorded {
  const recorded = recordFlows();
  let taken = 0;
  wishes.forEach((wish, i) => {
    const packet = packetOf({ frame: i + 1, ts: i * 1000, ...wish });
    taken += packet.dataEnd - packet.dataStart;
    recorded.stage.packet(packet);
  });
  recorded.stage.end();
  assert.equal(recorded.stage.payloadBytesTaken, taken);
  assert.equal(tallied(recorded.stage), taken);
  return { ...recorded, flow: onlyFlow(recorded.stage) };
}

export function onlyFlow(stage: FlowStage): Flow {
  assert.equal(stage.flows.length, 1);
  const [flow] = stage.flows;
  assert.ok(flow);
  return flow;
}

export const HANDSHAKE: readonly PacketWish[] = [
  { flags: "S", seq: 999 },
  { from: 1, flags: "SA", seq: 4999, ack: 1000 },
  { flags: "A", seq: 1000, ack: 5000 },
];
