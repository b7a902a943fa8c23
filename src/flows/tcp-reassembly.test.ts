import assert from "node:assert/strict";
import { test } from "node:test";
import { recordFlows, packetOf, type PacketWish } from "../../test/flow-recorder.ts";
import { BYTE_CLASS } from "../ledger.ts";
import { MAX_OUT_OF_ORDER_SEGMENTS, MAX_SEQUENCE_JUMP } from "../limits.ts";
import type { Flow, Side } from "./flow.ts";
import { follow, HANDSHAKE, onlyFlow } from "./test-connection.ts";

const classOf = (flow: Flow, side: Side, byteClass: number): number =>
  flow.ends[side].tally?.[byteClass] ?? 0;

const CLOSED = ["0 close", "1 close", "end"];

test("TcpReassembler gives bytes in order, and closes at the FINs", () => {
  const { recorder, flow } = follow(
    ...HANDSHAKE,
    { flags: "A", seq: 1000, ack: 5000, data: "hello" },
    { from: 1, flags: "A", seq: 5000, ack: 1005, data: "world" },
    { flags: "FA", seq: 1005, ack: 5005 },
    { from: 1, flags: "FA", seq: 5005, ack: 1006 },
    { flags: "A", seq: 1006, ack: 5006 },
  );
  assert.deepEqual(recorder.log, ["0 data 0 hello", "1 data 0 world", "0 close", "1 close", "end"]);
  assert.equal(flow.state, "closed");
  assert.equal(flow.originator, 0);
  assert.equal(flow.originatorKnownBy, "handshake");
  assert.equal(flow.handshakeRttUs, 1000);
  assert.deepEqual(recorder.names(), []);
});

test("TcpReassembler says which frame completed a side up to its FIN", () => {
  const [ab, cd, fin]: readonly PacketWish[] = [
    { flags: "A", seq: 1000, ack: 5000, data: "ab" },
    { flags: "A", seq: 1002, ack: 5000, data: "cd" },
    { flags: "FA", seq: 1004, ack: 5000 },
  ];
  assert.ok(ab && cd && fin);
  const inOrder = follow(...HANDSHAKE, ab, cd, fin);
  assert.deepEqual(inOrder.recorder.closings[0], [0, 6]);
  assert.deepEqual(inOrder.recorder.closings[1], [1, -1]);
  const finFirst = follow(...HANDSHAKE, ab, fin, cd);
  assert.deepEqual(finFirst.recorder.closings[0], [0, 6]);
  const withoutFin = follow(...HANDSHAKE, ab, cd);
  assert.deepEqual(withoutFin.recorder.closings[0], [0, -1]);
});

test("TcpReassembler fills a hole with segments that come late, and shows who filled it", () => {
  const frames: number[] = [];
  const { stage, recorder } = recordFlows();
  const stream = recorder.stream.bind(recorder);
  recorder.stream = (flow, side, chunk) => {
    frames.push(chunk.frame);
    stream(flow, side, chunk);
  };
  for (const [frame, seq, data] of [
    [1, 1000, "ab"],
    [2, 1004, "ef"],
    [3, 1006, "gh"],
    [4, 1002, "cd"],
  ] as const) {
    stage.packet(packetOf({ frame, seq, data, flags: "A" }));
  }
  stage.end();
  const flow = onlyFlow(stage);
  assert.deepEqual(recorder.log.slice(0, 4), [
    "0 data 0 ab",
    "0 data 2 cd",
    "0 data 4 ef",
    "0 data 6 gh",
  ]);
  assert.deepEqual(frames, [1, 4, 4, 4]);
  assert.deepEqual(flow.framesOf(0, 0, 8), [1, 4, 2, 3]);
  assert.deepEqual(flow.framesOf(0, 5, 7), [2, 3]);
  assert.equal(flow.outOfOrder, 1);
  assert.equal(flow.ends[0].missing, 0);
});

test("TcpReassembler counts what was sent again as duplicate, and keeps the first of two contents", () => {
  const { recorder, flow } = follow(
    { flags: "A", seq: 1000, data: "abcdef" },
    { flags: "A", seq: 1000, data: "abcdef" },
    { flags: "A", seq: 1004, data: "XYgh" },
    { flags: "A", seq: 1010, data: "klm" },
    { flags: "A", seq: 1009, data: "jkQ" },
    { flags: "A", seq: 1008, data: "i" },
  );
  assert.deepEqual(recorder.log, [
    "0 data 0 abcdef",
    "0 data 6 gh",
    "0 data 8 i",
    "0 data 9 j",
    "0 data 10 klm",
    ...CLOSED,
  ]);
  assert.equal(classOf(flow, 0, BYTE_CLASS.duplicate), 6 + 2 + 2);
  assert.deepEqual(recorder.names(), ["overlap-differs", "overlap-differs"]);
  assert.equal(flow.retransmissions, 2);
  assert.match(recorder.anomalies[0]?.reason ?? "", /^2 bytes/);
  assert.match(recorder.anomalies[1]?.reason ?? "", /^1 bytes/);
});

test("TcpReassembler waits for a hole until it is acknowledged and some packets have passed", () => {
  const { recorder, flow } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 1006, data: "gh" },
    { from: 1, flags: "A", seq: 1, ack: 1008 },
    { from: 1, flags: "A", seq: 1, ack: 1008 },
    { from: 1, flags: "A", seq: 1, ack: 1008 },
    { from: 1, flags: "A", seq: 1, ack: 1008 },
    { flags: "A", seq: 1008, data: "ij" },
  );
  assert.deepEqual(recorder.log, [
    "0 data 0 ab",
    "0 gap 2 +4",
    "0 data 6 gh",
    "0 data 8 ij",
    ...CLOSED,
  ]);
  assert.equal(flow.ends[0].missing, 4);
  assert.deepEqual(flow.framesOf(0, 0, 10), [1, 2, 7]);
  assert.deepEqual(flow.framesOf(0, 2, 6), []);
});

test("TcpReassembler takes data that was captured just after its acknowledgement", () => {
  const { recorder } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 1004, data: "ef" },
    { from: 1, flags: "A", seq: 1, ack: 1006 },
    { flags: "A", seq: 1002, data: "cd" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 ab", "0 data 2 cd", "0 data 4 ef", ...CLOSED]);
});

test("TcpReassembler counts bytes that come after they were given up, and not as missing", () => {
  const ack = { from: 1, flags: "A", seq: 1, ack: 1008 } as const;
  const { recorder, flow } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 1006, data: "gh" },
    ...[ack, ack, ack, ack],
    { flags: "A", seq: 1002, data: "cdef" },
    { flags: "A", seq: 1002, data: "cdef" },
  );
  assert.deepEqual(recorder.names(), ["data-after-gap"]);
  assert.equal(classOf(flow, 0, BYTE_CLASS.incomplete), 4);
  assert.equal(classOf(flow, 0, BYTE_CLASS.duplicate), 4);
  assert.equal(flow.ends[0].missing, 0);
});

test("TcpReassembler tells what is missing at the end", () => {
  // Acknowledged, though the capture holds none of it; and what a segment's header says beyond the snapshot.
  const { recorder, flow } = follow(
    ...HANDSHAKE,
    { from: 1, flags: "A", seq: 5000, ack: 1500 },
    { from: 1, flags: "A", seq: 5000, ack: 1500, data: "cut", cut: 97 },
  );
  assert.deepEqual(recorder.log, ["1 data 0 cut", "1 gap 3 +97", "0 gap 0 +500", ...CLOSED]);
  assert.equal(flow.ends[0].missing, 500);
  assert.equal(flow.ends[1].missing, 97);
  assert.equal(flow.ends[1].payloadBytes, 100);
});

test("TcpReassembler measures what a side sent that was not captured at all", () => {
  const { recorder, flow } = follow(
    { from: 1, flags: "A", seq: 5000, ack: 1000, data: "ab" },
    { from: 1, flags: "A", seq: 5002, ack: 1300, data: "cd" },
    { from: 1, flags: "FA", seq: 5004, ack: 1300 },
  );
  // The first sender is side 0: here the one that answers.
  assert.deepEqual(recorder.log, [
    "0 data 0 ab",
    "0 data 2 cd",
    "0 close",
    "1 gap 0 +300",
    "1 close",
    "end",
  ]);
  assert.equal(flow.originator, 1);
  assert.equal(flow.originatorKnownBy, "port");
  assert.equal(flow.state, "midstream");
});

test("TcpReassembler knows a keep-alive from data", () => {
  const { recorder, flow } = follow(
    { flags: "A", seq: 999 },
    { flags: "A", seq: 999, data: "\0" },
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 1001, data: "\0" },
    { flags: "A", seq: 1002, data: "cd" },
  );
  // Midstream, the first keep-alive's byte cannot be told from data.
  assert.deepEqual(recorder.log, ["0 data 0 \0", "0 data 1 ab", "0 data 3 cd", ...CLOSED]);
  assert.deepEqual(recorder.names(), []);
  assert.equal(classOf(flow, 0, BYTE_CLASS.duplicate), 1);
  const silent = follow({ flags: "A", seq: 999 }, { flags: "A", seq: 1000, data: "ab" });
  assert.deepEqual(silent.recorder.log, ["0 data 0 ab", ...CLOSED]);
});

test("TcpReassembler reads data in the SYN, and across the wrap of sequence numbers", () => {
  const { recorder } = follow(
    { flags: "S", seq: 0xffff_fffc, data: "abc" },
    { from: 1, flags: "SA", seq: 0xffff_ffff, ack: 0 },
    { flags: "A", seq: 0, ack: 0, data: "def" },
    { from: 1, flags: "A", seq: 0, ack: 3, data: "xyz" },
    { flags: "A", seq: 0xffff_fffd, ack: 3, data: "abc" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 abc", "0 data 3 def", "1 data 0 xyz", ...CLOSED]);
});

test("TcpReassembler begins afresh at a new SYN on the same ports, and goes on counting", () => {
  const { recorder, flow } = follow(
    ...HANDSHAKE,
    { flags: "A", seq: 1000, ack: 5000, data: "one" },
    { flags: "S", seq: 700_000 },
    { from: 1, flags: "SA", seq: 800_000, ack: 700_001 },
    { flags: "A", seq: 700_001, ack: 800_001, data: "two" },
  );
  assert.deepEqual(recorder.log, [
    "0 data 0 one",
    "0 close",
    "1 close",
    "reopened",
    "0 data 3 two",
    ...CLOSED,
  ]);
  assert.equal(flow.state, "established");
});

test("TcpReassembler takes a repeated SYN, and one with another number before any data, as the same connection", () => {
  const again = follow({ flags: "S", seq: 999 }, { flags: "S", seq: 999 }, ...HANDSHAKE.slice(1));
  assert.deepEqual(again.recorder.log, CLOSED);
  assert.equal(again.flow.handshakeRttUs, undefined, "which SYN was answered cannot be told");
  const cookies = follow(
    ...HANDSHAKE,
    { from: 1, flags: "SA", seq: 77_000_000, ack: 1000 },
    { from: 1, flags: "A", seq: 5000, ack: 1000, data: "ok" },
  );
  assert.deepEqual(cookies.recorder.log, ["1 data 0 ok", ...CLOSED]);
});

test("TcpReassembler joins a SYN that was captured after the data", () => {
  const { recorder, flow } = follow(
    { from: 1, flags: "SA", seq: 4999, ack: 1000 },
    { flags: "A", seq: 1000, ack: 5000, data: "ab" },
    { flags: "S", seq: 999 },
    { flags: "A", seq: 1002, ack: 5000, data: "cd" },
  );
  assert.deepEqual(recorder.log, ["1 data 0 ab", "1 data 2 cd", ...CLOSED]);
  assert.equal(flow.originator, 1);
  assert.equal(flow.handshakeRttUs, undefined);
});

test("TcpReassembler goes on after a reset, and leaves the words of the reset out", () => {
  const { recorder, flow } = follow(
    ...HANDSHAKE,
    { from: 1, flags: "R", seq: 5000, data: "go away" },
    { flags: "A", seq: 1000, ack: 5000, data: "in flight" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 in flight", ...CLOSED]);
  assert.equal(flow.state, "reset");
  assert.deepEqual(recorder.names(), ["reset-with-data"]);
  assert.equal(classOf(flow, 1, BYTE_CLASS.unsupported), 7);
});

test("TcpReassembler tells apart how connections went", () => {
  const stateOf = (...wishes: readonly PacketWish[]): string => follow(...wishes).flow.state;
  assert.equal(stateOf({ flags: "S", seq: 1 }), "attempt");
  assert.equal(stateOf({ flags: "S", seq: 1 }, { from: 1, flags: "RA", ack: 2 }), "rejected");
  assert.equal(stateOf(...HANDSHAKE), "established");
  assert.equal(stateOf(...HANDSHAKE, { flags: "R", seq: 1000 }), "reset");
  assert.equal(stateOf({ flags: "A", seq: 1, data: "x" }), "midstream");
  assert.equal(stateOf({ flags: "S", seq: 1 }, { flags: "A", seq: 2, data: "x" }), "established");
});

test("TcpReassembler counts bytes behind the FIN as malformed", () => {
  const { recorder, flow } = follow(
    { flags: "FA", seq: 1000, data: "ab" },
    { flags: "A", seq: 1002, data: "cd" },
    { flags: "A", seq: 1001, data: "be" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 ab", "0 close", "1 close", "end"]);
  assert.deepEqual(recorder.names(), ["data-after-fin", "data-after-fin"]);
  assert.equal(classOf(flow, 0, BYTE_CLASS.malformed), 3);
  assert.equal(classOf(flow, 0, BYTE_CLASS.duplicate), 1);
});

test("TcpReassembler takes no bytes for missing that would lie behind the FIN", () => {
  const { recorder, flow } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 1010, data: "behind" },
    { flags: "FA", seq: 1005 },
  );
  assert.deepEqual(recorder.log, ["0 data 0 ab", "0 gap 2 +3", ...CLOSED]);
  assert.equal(flow.ends[0].missing, 3);
  assert.equal(classOf(flow, 0, BYTE_CLASS.malformed), 6);
});

test("TcpReassembler closes at a FIN that came before the last bytes", () => {
  const { recorder } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "FA", seq: 1004, data: "ef" },
    { flags: "A", seq: 1002, data: "cd" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 ab", "0 data 2 cd", "0 data 4 ef", ...CLOSED]);
});

test("TcpReassembler takes a sequence number far off for another connection only when two agree", () => {
  const far = 1000 + MAX_SEQUENCE_JUMP * 4;
  const alone = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: far, data: "forged" },
    { flags: "A", seq: 1002, data: "cd" },
  );
  assert.deepEqual(alone.recorder.log, ["0 data 0 ab", "0 data 2 cd", ...CLOSED]);
  assert.deepEqual(alone.recorder.names(), ["sequence-jump"]);
  assert.equal(classOf(alone.flow, 0, BYTE_CLASS.incomplete), 6);
  const both = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: far, data: "new" },
    { flags: "A", seq: far + 3, data: "er" },
  );
  assert.deepEqual(both.recorder.log, [
    "0 data 0 ab",
    "0 close",
    "1 close",
    "reopened",
    "0 data 2 new",
    "0 data 5 er",
    ...CLOSED,
  ]);
});

test("TcpReassembler counts bytes before the first captured one as incomplete", () => {
  const { recorder, flow } = follow(
    { flags: "A", seq: 1000, data: "ab" },
    { flags: "A", seq: 996, data: "wxyzab" },
  );
  assert.deepEqual(recorder.log, ["0 data 0 ab", ...CLOSED]);
  assert.deepEqual(recorder.names(), ["data-before-start"]);
  assert.equal(classOf(flow, 0, BYTE_CLASS.incomplete), 4);
  assert.equal(classOf(flow, 0, BYTE_CLASS.duplicate), 2);
});

test("TcpReassembler gives a hole up when too many segments wait behind it", () => {
  const wishes: PacketWish[] = [{ flags: "A", seq: 0, data: "a" }];
  for (let i = 0; i <= MAX_OUT_OF_ORDER_SEGMENTS; i++) {
    wishes.push({ flags: "A", seq: 10 + i, data: "b" });
  }
  const { recorder } = follow(...wishes);
  assert.deepEqual(recorder.log.slice(0, 3), ["0 data 0 a", "0 gap 1 +9", "0 data 10 b"]);
  assert.deepEqual(recorder.names(), ["out-of-order-limit"]);
});
