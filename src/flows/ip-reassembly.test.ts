import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { recordFlows, tallied } from "../../test/flow-recorder.ts";
import { BYTE_CLASS } from "../ledger.ts";
import {
  FRAGMENT_REPEAT_US,
  FRAGMENT_TIMEOUT_US,
  MAX_PENDING_DATAGRAM_BYTES,
  MAX_PENDING_DATAGRAMS,
} from "../limits.ts";
import { Packet } from "../packets/packet.ts";

/** LINKTYPE_RAW: the frame begins with the IP header. */
const RAW_IP = 101;

interface Fragment {
  /** Bytes above IP, and their place in the datagram. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly more: boolean;
  readonly id?: number;
  readonly ts?: number;
  /** Bytes that the capture cut off. */
  readonly cut?: number;
}

/** RFC 791 §3.1, from 10.0.0.1 to 192.0.2.1, UDP. */
function ipv4Frame({ bytes, offset, more, id = 7, cut = 0 }: Fragment): Uint8Array {
  const total = 20 + bytes.length;
  const field = (offset >> 3) | (more ? 0x2000 : 0);
  const head = [0x45, 0, total >> 8, total & 255, id >> 8, id & 255, field >> 8, field & 255];
  const rest = [64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1];
  return Uint8Array.from([...head, ...rest, ...bytes.subarray(0, bytes.length - cut)]);
}

/** RFC 8200 §3 and §4.5, from fe80::1 to fe80::2; the fragment header names UDP. */
function ipv6Frame({ bytes, offset, more, id = 7 }: Fragment): Uint8Array {
  const length = 8 + bytes.length;
  const address = (last: number): number[] => [0xfe, 0x80, ...new Array<number>(13).fill(0), last];
  const field = offset | (more ? 1 : 0);
  const head = [0x60, 0, 0, 0, length >> 8, length & 255, 44, 64, ...address(1), ...address(2)];
  const header = [17, 0, field >> 8, field & 255, 0, 0, id >> 8, id & 255];
  return Uint8Array.from([...head, ...header, ...bytes]);
}

/** UDP from port 40000 to 53 (RFC 768). */
function udp(data: Uint8Array): Uint8Array {
  const length = 8 + data.length;
  return Uint8Array.from([0x9c, 0x40, 0, 53, length >> 8, length & 255, 0, 0, ...data]);
}

/** Cuts at multiples of eight bytes. */
function cutUp(bytes: Uint8Array, size: number): Fragment[] {
  const fragments: Fragment[] = [];
  for (let offset = 0; offset < bytes.length; offset += size) {
    const end = Math.min(offset + size, bytes.length);
    fragments.push({ bytes: bytes.slice(offset, end), offset, more: end < bytes.length });
  }
  return fragments;
}

function decode(fragments: readonly Fragment[], frame = ipv4Frame): ReturnType<typeof recordFlows> {
  const recorded = recordFlows();
  const packet = new Packet();
  fragments.forEach((fragment, i) => {
    packet.bytes = frame(fragment);
    packet.frame = i + 1;
    packet.ts = fragment.ts ?? i;
    packet.linkType = RAW_IP;
    packet.frameStart = 0;
    packet.frameEnd = packet.bytes.length;
    packet.originalLength = packet.bytes.length + (fragment.cut ?? 0);
    recorded.decoder.decode(packet);
  });
  recorded.stage.end();
  assert.equal(tallied(recorded.stage), recorded.stage.payloadBytesTaken);
  return recorded;
}

const DATA = Uint8Array.from({ length: 100 }, (_, i) => i);
const PIECES = cutUp(udp(DATA), 32);

test("IpReassembler puts a datagram together, in any order, for both versions", () => {
  for (const frame of [ipv4Frame, ipv6Frame]) {
    for (const order of [PIECES, [...PIECES].reverse()]) {
      const { stage, recorder } = decode(order, frame);
      const [flow, ...others] = stage.flows;
      assert.ok(flow);
      assert.deepEqual(others, []);
      assert.deepEqual([flow.ends[0].port, flow.ends[1].port], [40000, 53]);
      assert.deepEqual([...recorder.bytesOf(flow, 0)], [...DATA]);
      assert.equal(flow.ends[0].packets, PIECES.length);
      assert.equal(flow.fragments, PIECES.length);
      assert.equal(flow.ends[0].payloadBytes, DATA.length);
      assert.equal(flow.firstFrame, 1);
      assert.deepEqual([flow.firstTs, flow.lastTs], [0, PIECES.length - 1]);
      assert.deepEqual(recorder.names(), []);
    }
  }
});

test("IpReassembler counts fragments that came twice, and says when they differ", () => {
  const [first, second, ...rest] = PIECES;
  assert.ok(first && second);
  const changed = { ...second, bytes: second.bytes.map((byte, i) => (i < 3 ? byte ^ 1 : byte)) };
  const { stage, recorder } = decode([first, second, changed, ...rest, second]);
  const [flow] = stage.flows;
  assert.ok(flow);
  assert.deepEqual([...recorder.bytesOf(flow, 0)], [...DATA]);
  assert.equal(flow.ends[0].tally?.[BYTE_CLASS.duplicate], 64);
  assert.deepEqual(recorder.names(), ["fragment-overlap-differs"]);
  assert.match(recorder.anomalies[0]?.reason ?? "", /^3 bytes/);
});

/** What the recorder logs for the first `length` bytes of the datagram's data. */
const startOfData = (length: number): string =>
  `0 data 0 ${String.fromCharCode(...DATA.subarray(0, length))}`;

test("IpReassembler gives the start of a datagram with a hole, and counts the rest as incomplete", () => {
  const { stage, recorder } = decode(PIECES.filter((_, i) => i !== 1));
  const [flow] = stage.flows;
  assert.ok(flow);
  // The first piece of 32 bytes holds the header of 8; the second is the one that is missing.
  assert.deepEqual(recorder.log, [startOfData(24), "end"]);
  assert.equal(flow.ends[0].tally?.[BYTE_CLASS.incomplete], DATA.length - 32 - 24);
  assert.deepEqual(recorder.names(), ["datagram-incomplete"]);
});

test("IpReassembler counts fragments without a first one on a flow without ports", () => {
  const { stage } = decode(PIECES.slice(1));
  const [flow] = stage.flows;
  assert.ok(flow);
  assert.deepEqual([flow.ends[0].port, flow.ends[1].port], [-1, -1]);
  assert.equal(flow.protocolName, "udp");
  assert.equal(flow.ends[0].packets, PIECES.length - 1);
  assert.equal(flow.ends[0].tally?.[BYTE_CLASS.incomplete], DATA.length + 8 - 32);
  // RFC 8200 §4.5: only the first fragment may tell the protocol; 44 is the fragment header's number.
  assert.equal(decode(PIECES.slice(1), ipv6Frame).stage.flows[0]?.protocolName, "ip-44");
});

test("IpReassembler gives a datagram that the snapshot length cut up to the cut", () => {
  const { stage, recorder } = decode(
    PIECES.map((piece, i) => (i === 2 ? { ...piece, cut: 5 } : piece)),
  );
  // 24, 32 and 32 - 5 bytes stand before the cut.
  assert.deepEqual(recorder.log, [startOfData(83), "end"]);
  assert.equal(stage.flows[0]?.ends[0].tally?.[BYTE_CLASS.incomplete], DATA.length - 5 - 83);
});

test("IpReassembler starts a new datagram when an identification comes round", () => {
  const later = PIECES.map((piece) => ({ ...piece, ts: FRAGMENT_REPEAT_US + 1000 }));
  const { recorder } = decode([...PIECES, ...later]);
  assert.equal(recorder.log.length, 3);
  const [first, ...rest] = PIECES;
  assert.ok(first);
  const tooLate = rest.map((piece) => ({ ...piece, ts: FRAGMENT_TIMEOUT_US + 1000 }));
  const gone = decode([first, ...tooLate]);
  assert.deepEqual(gone.recorder.log, [startOfData(24), "end", "end"]);
});

test("IpReassembler refuses fragments that contradict the datagram's length", () => {
  const last = PIECES[PIECES.length - 1];
  assert.ok(last);
  const { recorder } = decode([last, { bytes: DATA.slice(0, 16), offset: 200, more: true }]);
  assert.deepEqual(recorder.names(), ["fragment-end-differs", "datagram-incomplete"]);
  const far = decode([{ bytes: DATA.slice(0, 88), offset: 65_528, more: true }]);
  assert.deepEqual(far.recorder.names(), ["fragment-too-far"]);
});

test("IpReassembler holds a bounded number of datagrams and bytes", () => {
  const firsts = Array.from({ length: MAX_PENDING_DATAGRAMS + 10 }, (_, id): Fragment => {
    return { bytes: udp(DATA.slice(0, 24)), offset: 0, more: true, id };
  });
  const { recorder } = decode(firsts);
  assert.equal(
    recorder.names().filter((name) => name === "datagram-incomplete").length,
    firsts.length,
  );
  const large = new Uint8Array(60_000);
  const count = Math.ceil(MAX_PENDING_DATAGRAM_BYTES / large.length) + 3;
  const { stage } = decode(
    Array.from({ length: count }, (_, id) => ({ bytes: large, offset: 8, more: true, id })),
  );
  assert.equal(stage.payloadBytesTaken, count * large.length);
});

test("IpReassembler puts any order of any overlapping fragments together again", () => {
  const plan = fc
    .record({ data: fc.uint8Array({ maxLength: 400 }), isV6: fc.boolean() })
    .chain(({ data, isV6 }) => {
      const whole = udp(data);
      const blocks = Math.ceil(whole.length / 8);
      const place = fc.nat({ max: blocks });
      const range = fc.tuple(place, place);
      return fc
        .record({
          cuts: fc.array(place, { minLength: 1, maxLength: 8 }),
          extra: fc.array(range, { maxLength: 8 }),
        })
        .chain(({ cuts, extra }) => {
          const borders = [0, ...cuts.sort((a, b) => a - b), blocks];
          const ranges = borders.slice(1).map((to, i): [number, number] => [borders[i] ?? 0, to]);
          for (const [x, y] of extra) ranges.push([Math.min(x, y), Math.max(x, y)]);
          const parts = ranges.filter(([from, to]) => to > from && to - from < blocks);
          return fc
            .shuffledSubarray(parts, { minLength: parts.length })
            .map((order) => ({ data, isV6, whole, order }));
        });
    });
  fc.assert(
    fc.property(plan, ({ data, isV6, whole, order }) => {
      const fragments = order.map(([from, to]): Fragment => {
        const end = Math.min(to * 8, whole.length);
        return { bytes: whole.slice(from * 8, end), offset: from * 8, more: end < whole.length };
      });
      const covered = new Set(
        fragments.flatMap(({ offset, bytes }) => [...bytes.keys()].map((i) => i + offset)),
      );
      const { stage, recorder } = decode(fragments, isV6 ? ipv6Frame : ipv4Frame);
      if (covered.size < whole.length) return;
      const [flow] = stage.flows;
      assert.ok(flow);
      assert.deepEqual([...recorder.bytesOf(flow, 0)], [...data]);
      assert.equal(flow.ends[0].packets, fragments.length);
      assert.deepEqual(recorder.names(), []);
    }),
  );
});

test("IpReassembler survives any fragments, and accounts for each byte", () => {
  const fragment = fc.record({
    bytes: fc.uint8Array({ maxLength: 40 }),
    offset: fc.nat({ max: 10 }).map((block) => block * 8),
    more: fc.boolean(),
    id: fc.nat({ max: 1 }),
  });
  fc.assert(
    fc.property(fc.array(fragment, { minLength: 1, maxLength: 20 }), fc.boolean(), (all, isV6) => {
      decode(all, isV6 ? ipv6Frame : ipv4Frame);
    }),
    { numRuns: 500 },
  );
});
