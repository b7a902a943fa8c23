import assert from "node:assert/strict";
import { test } from "node:test";
import { packetOf, recordFlows, type PacketWish } from "../../test/flow-recorder.ts";

test("TcpReassembler shows bytes behind a given-up hole in the frames that brought them", () => {
  const places: string[] = [];
  const { stage, recorder } = recordFlows();
  const stream = recorder.stream.bind(recorder);
  recorder.stream = (flow, side, chunk) => {
    places.push(`${String(chunk.offset)} in ${String(chunk.frame)} at ${String(chunk.ts)}`);
    stream(flow, side, chunk);
  };
  const wishes: PacketWish[] = [
    { seq: 1000, data: "ab" },
    { from: 1, seq: 5000, ack: 1006, flags: "A" },
    // Bytes 1002 to 1005 were acknowledged, so the capture lost them; what follows came in reverse.
    { seq: 1008, data: "ij" },
    { seq: 1006, data: "gh" },
    { from: 1, seq: 5000, ack: 1010, flags: "A" },
    { from: 1, seq: 5000, ack: 1010, flags: "A" },
    { seq: 1010, data: "kl" },
    { from: 1, seq: 5000, ack: 1012, flags: "A" },
  ];
  wishes.forEach((wish, i) => {
    stage.packet(packetOf({ flags: "A", frame: i + 1, ts: (i + 1) * 1000, ...wish }));
  });
  stage.end();
  assert.deepEqual(places, [
    "0 in 1 at 1000",
    "6 in 4 at 4000",
    "8 in 4 at 4000",
    "10 in 7 at 7000",
  ]);
  assert.equal(stage.flows[0]?.ends[0].missing, 4);
});
