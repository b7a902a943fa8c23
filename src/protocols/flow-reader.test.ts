import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fakeFlow } from "../../test/feed-dissector.ts";
import type { Anomaly } from "../anomaly.ts";
import type { Chunk, Flow, FlowState, Side } from "../flows/flow.ts";
import { BYTE_CLASS, BYTE_CLASS_NAMES } from "../ledger.ts";
import { PROBE_BYTES } from "../limits.ts";
import type { Dissector, DissectorSink } from "./dissector.ts";
import { ProtocolStage } from "./flow-reader.ts";
import { createRegistry } from "./registry.ts";

/** What a made-up protocol does with its bytes. */
interface Behaviour {
  readonly encrypted?: boolean;
  /** Counts so many bytes more than it got. */
  readonly overCount?: number;
  /** Hands over after the byte `!`. */
  readonly handsOver?: boolean;
  /** Counts nothing. */
  readonly idle?: boolean;
}

interface Rig {
  readonly stage: ProtocolStage;
  readonly log: string[];
  readonly anomalies: Anomaly[];
  readonly raw: [string, string];
  readonly flow: (options?: { state?: FlowState; protocol?: number }) => Flow;
  readonly tally: (side: Side) => Record<string, number>;
}

/** A dissector that says yes to `mark`, unsure to its beginnings, and logs what it gets. */
function marked(mark: string, log: string[], behaviour: Behaviour = {}): Dissector {
  return {
    name: mark,
    over: "both",
    ports: [],
    probe: (bytes, start, end) => {
      const head = latin1(bytes, start, Math.min(end, start + mark.length));
      if (!mark.startsWith(head)) return "no";
      return head.length === mark.length ? "yes" : "unsure";
    },
    open: ({ out }) => ({
      encrypted: behaviour.encrypted ?? false,
      push: (side, chunk) => {
        log.push(`${mark} ${side} ${chunk.offset} ${textOf(chunk)}`);
        push(out, side, chunk, behaviour);
      },
      gap: (side, offset, length) => log.push(`${mark} ${side} gap ${offset}+${length}`),
      close: (side) => log.push(`${mark} ${side} close`),
      end: () => log.push(`${mark} end`),
    }),
  };
}

function push(out: DissectorSink, side: Side, chunk: Chunk, behaviour: Behaviour): void {
  const at = behaviour.handsOver === true ? textOf(chunk).indexOf("!") : -1;
  const to = at < 0 ? chunk.end : chunk.start + at + 1;
  if (behaviour.idle !== true) {
    const byteClass = behaviour.encrypted === true ? BYTE_CLASS.encrypted : BYTE_CLASS.read;
    out.count(side, byteClass, to - chunk.start + (behaviour.overCount ?? 0));
  }
  if (at < 0) return;
  const rest = { ...chunk, start: to, offset: chunk.offset + (to - chunk.start) };
  out.handOver(side, to < chunk.end ? rest : undefined);
}

function rig(make: (log: string[]) => readonly Dissector[]): Rig {
  const log: string[] = [];
  const anomalies: Anomaly[] = [];
  const raw: [string, string] = ["", ""];
  const tallies = [new Map<string, number>(), new Map<string, number>()] as const;
  const stage = new ProtocolStage(createRegistry(make(log)), {
    wantsParts: true,
    wantsRaw: true,
    message: () => undefined,
    raw: (_flow, side, chunk) => {
      raw[side] += textOf(chunk);
    },
    protocolKnown: (_flow, name) => log.push(`known ${name}`),
    flowEnd: () => log.push("flow end"),
    anomaly: (anomaly) => anomalies.push(anomaly),
  });
  return {
    stage,
    log,
    anomalies,
    raw,
    flow: ({ state = "established", protocol = 6 } = {}) => ({
      ...fakeFlow(state),
      protocol,
      count: (side, byteClass, bytes) => {
        const name = BYTE_CLASS_NAMES[byteClass] ?? "?";
        tallies[side].set(name, (tallies[side].get(name) ?? 0) + bytes);
      },
    }),
    tally: (side) => Object.fromEntries(tallies[side]),
  };
}

const SHARED = new Uint8Array(1 << 16);
function chunk(text: string, offset: number): Chunk {
  SHARED.fill(0x7e);
  for (let i = 0; i < text.length; i++) SHARED[5 + i] = text.charCodeAt(i);
  const end = 5 + text.length;
  return { bytes: SHARED, start: 5, end, offset, frame: 1, input: 0, ts: 0 };
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

function textOf({ bytes, start, end }: Chunk): string {
  return latin1(bytes, start, end);
}

test("a first segment that decides is given as it is", () => {
  const { stage, log, raw, flow, tally } = rig((to) => [marked("ONE", to), marked("TWO", to)]);
  const one = flow();
  stage.stream(one, 0, chunk("TWO hi", 0));
  stage.stream(one, 1, chunk("re", 0));
  stage.close(one, 0);
  stage.end(one);
  const wanted = [
    "known TWO",
    "TWO 0 0 TWO hi",
    "TWO 1 0 re",
    "TWO 0 close",
    "TWO end",
    "flow end",
  ];
  assert.deepEqual(log, wanted);
  assert.deepEqual(raw, ["TWO hi", "re"]);
  assert.deepEqual([tally(0), tally(1)], [{ read: 6 }, { read: 2 }]);
});

test("held bytes of both sides come in their order once one side is recognised", () => {
  const { stage, log, flow, tally } = rig((to) => [marked("ONE", to)]);
  const one = flow();
  stage.stream(one, 0, chunk("O", 0));
  stage.stream(one, 1, chunk("re", 0));
  stage.stream(one, 0, chunk("N", 1));
  stage.stream(one, 0, chunk("E!", 2));
  stage.end(one);
  assert.deepEqual(log.slice(0, 5), [
    "known ONE",
    "ONE 0 0 O",
    "ONE 1 0 re",
    "ONE 0 1 N",
    "ONE 0 2 E!",
  ]);
  assert.deepEqual(tally(0), { read: 4 });
});

test("what nobody recognises is opaque, and searched raw", () => {
  const { stage, log, raw, flow, tally } = rig((to) => [marked("ONE", to)]);
  const one = flow();
  stage.stream(one, 0, chunk("xyz", 0));
  stage.stream(one, 1, chunk("abc", 0));
  stage.stream(one, 1, chunk("ONE", 3));
  stage.end(one);
  assert.deepEqual(log, ["flow end"]);
  assert.deepEqual([tally(0), tally(1)], [{ opaque: 3 }, { opaque: 6 }]);
  assert.deepEqual(raw, ["xyz", "abcONE"]);
});

test("encrypted bytes are not given raw", () => {
  const { stage, raw, flow, tally } = rig((to) => [marked("ONE", to, { encrypted: true })]);
  const one = flow();
  stage.stream(one, 0, chunk("ONE secret", 0));
  stage.end(one);
  assert.deepEqual(raw, ["", ""]);
  assert.deepEqual(tally(0), { encrypted: 10 });
});

test("a long refused side is passed on, and is a gap if the other side is recognised later", () => {
  const { stage, log, raw, flow, tally } = rig((to) => [marked("ONE", to)]);
  const one = flow();
  const long = "x".repeat(PROBE_BYTES + 1);
  stage.stream(one, 0, chunk(long, 0));
  assert.equal(raw[0], long);
  stage.stream(one, 1, chunk("ONE", 0));
  stage.stream(one, 0, chunk("more", long.length));
  stage.end(one);
  assert.deepEqual(log.slice(0, 4), [
    "known ONE",
    `ONE 0 gap 0+${long.length}`,
    "ONE 1 0 ONE",
    `ONE 0 ${long.length} more`,
  ]);
  assert.deepEqual(tally(0), { opaque: long.length, read: 4 });
});

test("gaps and closes before the decision reach the dissector in their place", () => {
  const { stage, log, flow } = rig((to) => [marked("ONE", to)]);
  const one = flow();
  stage.stream(one, 0, chunk("zz", 0));
  stage.gap(one, 0, 2, 10);
  stage.close(one, 1);
  stage.stream(one, 0, chunk("ONE", 12));
  stage.end(one);
  assert.deepEqual(log.slice(0, 5), [
    "known ONE",
    "ONE 0 0 zz",
    "ONE 0 gap 2+10",
    "ONE 1 close",
    "ONE 0 12 ONE",
  ]);
});

test("a capture that begins mid-stream is recognised at a later segment", () => {
  const { stage, log, flow, tally } = rig((to) => [marked("ONE", to)]);
  const one = flow({ state: "midstream" });
  stage.stream(one, 0, chunk("half", 0));
  stage.stream(one, 1, chunk("other", 0));
  stage.stream(one, 0, chunk("ONE", 4));
  stage.end(one);
  assert.deepEqual(log.slice(0, 3), ["known ONE", "ONE 1 gap 0+5", "ONE 0 4 ONE"]);
  assert.deepEqual([tally(0), tally(1)], [{ opaque: 4, read: 3 }, { opaque: 5 }]);
});

test("after a hand-over the rest is probed afresh and no byte is given raw twice", () => {
  const { stage, log, raw, flow, tally } = rig((to) => [
    marked("ONE", to, { handsOver: true }),
    marked("TWO", to, { encrypted: true }),
  ]);
  const one = flow();
  stage.stream(one, 0, chunk("ONE a!TWO b", 0));
  stage.stream(one, 1, chunk("c", 0));
  stage.end(one);
  assert.deepEqual(log, [
    "known ONE",
    "ONE 0 0 ONE a!TWO b",
    "known TWO",
    "TWO 0 6 TWO b",
    "TWO 1 0 c",
    "TWO end",
    "flow end",
  ]);
  assert.deepEqual(raw, ["ONE a!", ""]);
  assert.deepEqual(tally(0), { read: 6, encrypted: 5 });
});

test("a dissector that hands over to itself for ever is stopped", () => {
  const { stage, flow, tally } = rig((to) => [marked("!", to, { handsOver: true })]);
  const one = flow();
  stage.stream(one, 0, chunk("!".repeat(1000), 0));
  stage.end(one);
  assert.deepEqual(tally(0), { read: 17, opaque: 983 });
});

test("a new connection on the same ports is read afresh", () => {
  const { stage, log, flow, tally } = rig((to) => [marked("ONE", to), marked("TWO", to)]);
  const one = flow();
  stage.stream(one, 0, chunk("ONE", 0));
  stage.close(one, 0);
  stage.close(one, 1);
  stage.reopened(one);
  stage.stream(one, 0, chunk("TWO", 3));
  stage.end(one);
  assert.deepEqual(log, [
    "known ONE",
    "ONE 0 0 ONE",
    "ONE 0 close",
    "ONE 1 close",
    "ONE end",
    "known TWO",
    "TWO 0 3 TWO",
    "TWO end",
    "flow end",
  ]);
  assert.deepEqual(tally(0), { read: 6 });
});

test("what a dissector leaves uncounted is incomplete", () => {
  const { stage, flow, tally, anomalies } = rig((to) => [marked("ONE", to, { idle: true })]);
  const one = flow();
  stage.stream(one, 0, chunk("ONE more", 0));
  stage.end(one);
  assert.deepEqual(tally(0), { incomplete: 8 });
  assert.deepEqual(anomalies, []);
});

test("counting more than came is a defect that is said, and leaves the sums right", () => {
  const { stage, flow, tally, anomalies } = rig((to) => [marked("ONE", to, { overCount: 5 })]);
  const one = flow();
  stage.stream(one, 0, chunk("ONE", 0));
  stage.end(one);
  assert.deepEqual(tally(0), { read: 3 });
  assert.equal(anomalies[0]?.name, "accounting-defect");
});

test("datagrams that the kept dissector refuses are offered to the others, then given to it", () => {
  const { stage, log, flow, tally } = rig((to) => [marked("ONE", to), marked("TWO", to)]);
  const one = flow({ protocol: 17 });
  for (const [i, text] of ["junk", "ONE", "TWO", "odd!", "ONE"].entries()) {
    stage.datagram(one, 0, chunk(text, i * 4));
  }
  stage.end(one);
  assert.deepEqual(log, [
    "known ONE",
    "ONE 0 4 ONE",
    "TWO 0 8 TWO",
    "ONE 0 12 odd!",
    "ONE 0 16 ONE",
    "ONE end",
    "TWO end",
    "flow end",
  ]);
  assert.deepEqual(tally(0), { opaque: 4, read: 13 });
});

test("packets of other protocols are not probed; ESP is encrypted by its nature", () => {
  const icmp = rig((to) => [marked("ONE", to)]);
  const ping = icmp.flow({ protocol: 1 });
  // RFC 792: type 8 is an echo, which carries what its sender likes; type 3 is an error of the network.
  icmp.stage.datagram(ping, 0, chunk("\bNE", 0));
  icmp.stage.datagram(ping, 0, chunk("\x03NE", 3));
  icmp.stage.end(ping);
  assert.deepEqual(icmp.tally(0), { opaque: 3, read: 3 });
  assert.equal(icmp.raw[0], "\bNE\x03NE");
  const esp = rig((to) => [marked("ONE", to)]);
  const tunnel = esp.flow({ protocol: 50 });
  esp.stage.datagram(tunnel, 0, chunk("ONE", 0));
  esp.stage.end(tunnel);
  assert.deepEqual(esp.tally(0), { encrypted: 3 });
  assert.equal(esp.raw[0], "");
});

test("flows without payload only end", () => {
  const { stage, log, flow } = rig(() => []);
  stage.close(flow(), 0);
  stage.end(flow());
  assert.deepEqual(log, ["flow end"]);
});

test("whatever comes, each byte is counted once and given raw once, in order", () => {
  const step = fc.oneof(
    fc.record({ side: fc.constantFrom<Side>(0, 1), text: fc.stringMatching(/^[ONETW!x]{1,9}$/) }),
    fc.record({ side: fc.constantFrom<Side>(0, 1), gap: fc.integer({ min: 1, max: 9 }) }),
    fc.constant("reopen" as const),
  );
  const state = fc.constantFrom<FlowState>("established", "midstream");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), state, (steps, flowState) => {
      const { stage, raw, flow, tally, anomalies } = rig((to) => [
        marked("ON", to, { handsOver: true }),
        marked("TW", to, { idle: true }),
      ]);
      const one = flow({ state: flowState });
      const offsets: [number, number] = [0, 0];
      const sent: [string, string] = ["", ""];
      for (const now of steps) {
        if (now === "reopen") {
          stage.close(one, 0);
          stage.close(one, 1);
          stage.reopened(one);
        } else if ("gap" in now) {
          stage.gap(one, now.side, offsets[now.side], now.gap);
          offsets[now.side] += now.gap;
        } else {
          stage.stream(one, now.side, chunk(now.text, offsets[now.side]));
          offsets[now.side] += now.text.length;
          sent[now.side] += now.text;
        }
      }
      stage.end(one);
      assert.deepEqual(raw, sent);
      assert.deepEqual(anomalies, []);
      for (const side of [0, 1] as const) {
        const sum = Object.values(tally(side)).reduce((total, n) => total + n, 0);
        assert.equal(sum, sent[side].length);
      }
    }),
  );
});
