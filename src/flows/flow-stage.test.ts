import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packetOf, recordFlows, tallied, type PacketWish } from "../../test/flow-recorder.ts";
import { MAX_IP_LAYERS } from "../limits.ts";
import { CARRIER, IP_PROTOCOL, type Packet } from "../packets/packet.ts";

function show(...packets: readonly Packet[]): ReturnType<typeof recordFlows> {
  const recorded = recordFlows();
  for (const packet of packets) recorded.stage.packet(packet);
  recorded.stage.end();
  assert.equal(tallied(recorded.stage), recorded.stage.payloadBytesTaken);
  return recorded;
}

const udp = (wish: PacketWish): Packet => packetOf({ protocol: IP_PROTOCOL.udp, ...wish });

test("FlowStage counts both directions of a flow", () => {
  const { stage, recorder } = show(
    udp({ from: 1, data: "ab", frame: 3, ts: 500 }),
    udp({ from: 0, data: "cde", frame: 4, ts: 200 }),
    udp({ from: 1, data: "f", cut: 9, frame: 9, ts: 900 }),
    udp({ from: 1, data: "g", frame: 10, ts: NaN }),
  );
  const [flow] = stage.flows;
  assert.ok(flow);
  const [a, b] = flow.ends;
  assert.deepEqual([a.address, a.port, b.address, b.port], ["192.0.2.1", 443, "10.0.0.1", 40000]);
  assert.deepEqual([a.packets, b.packets], [3, 1]);
  assert.deepEqual([a.frameBytes, b.frameBytes], [30 + 38 + 29, 31]);
  assert.deepEqual([a.payloadBytes, b.payloadBytes], [2 + 10 + 1, 3]);
  assert.deepEqual([a.missing, b.missing], [9, 0]);
  assert.deepEqual([flow.firstTs, flow.lastTs, flow.firstFrame], [200, 900, 3]);
  assert.deepEqual(recorder.log, [
    "0 data 0 ab",
    "1 data 0 cde",
    "0 data 2 f",
    "0 data 12 g",
    "end",
  ]);
  assert.equal(Buffer.from(a.firstBytes ?? []).toString(), "abfg");
  assert.deepEqual(flow.framesOf(0, 0, 13), [3, 9, 10]);
  assert.deepEqual(flow.framesOf(0, 3, 12), []);
  assert.equal(flow.state, "none");
  assert.equal(flow.originator, 1);
  assert.equal(flow.originatorKnownBy, "port");
  assert.match(flow.id, /^1:[A-Za-z0-9+/]{27}=$/);
});

test("FlowStage keeps frames only where asked to", () => {
  const { stage, recorder } = recordFlows(false);
  stage.packet(udp({ data: "ab" }));
  stage.end();
  assert.equal(recorder.log[0], "0 data 0 ab");
  assert.deepEqual(stage.flows[0]?.framesOf(0, 0, 2), []);
});

test("FlowStage tells a flow inside a tunnel from one outside, and gives no payload of the tunnel", () => {
  const outer = udp({ data: "outer header", ports: [4789, 4789], frame: 1 });
  outer.carrier = CARRIER.vxlan;
  const inner = udp({ data: "in", frame: 1 });
  inner.depth = 1;
  const { stage, recorder } = show(udp({ data: "out" }), outer, inner, udp({ data: "again" }));
  const [plain, tunnel, inside] = stage.flows;
  assert.ok(plain && tunnel && inside);
  assert.equal(stage.flows.length, 3);
  assert.equal(inside.parent, tunnel);
  assert.equal(inside.carrier, "vxlan");
  assert.equal(plain.parent, undefined);
  assert.equal(plain.carrier, undefined);
  assert.equal(plain.id, inside.id);
  assert.deepEqual(tunnel.carried, [1, 0]);
  assert.equal(tunnel.ends[0].payloadBytes, 12);
  assert.equal(tunnel.ends[0].tally, undefined);
  assert.deepEqual(recorder.log, [
    "0 data 0 out",
    "0 data 0 in",
    "0 data 3 again",
    "end",
    "end",
    "end",
  ]);
});

test("FlowStage makes one flow of an address pair's ICMP messages, with the id of the first", () => {
  const icmp = (from: 0 | 1, type: number): Packet => {
    const packet = packetOf({ from, protocol: IP_PROTOCOL.icmp, data: "ping", ports: [-1, -1] });
    packet.icmpType = type;
    return packet;
  };
  const { stage } = show(icmp(0, 8), icmp(1, 0), icmp(1, 3));
  const [flow] = stage.flows;
  assert.ok(flow);
  assert.equal(stage.flows.length, 1);
  assert.deepEqual(
    flow.ends.map((end) => end.packets),
    [1, 2],
  );
  assert.equal(flow.ends[0].port, -1);
  assert.equal(flow.ends[0].payloadBytes, 0);
  // The same two hosts and the reply alone: echo request and reply have one identifier.
  assert.equal(show(icmp(1, 0)).stage.flows[0]?.id, flow.id);
  assert.notEqual(show(icmp(1, 3)).stage.flows[0]?.id, flow.id);
});

test("FlowStage reads a flow whose two ends are the same", () => {
  const packet = udp({ data: "self", ports: [53, 53] });
  packet.destinationAt = packet.sourceAt;
  const { stage } = show(packet, packet);
  assert.deepEqual(
    stage.flows[0]?.ends.map((end) => end.packets),
    [2, 0],
  );
});

test("FlowStage keeps the MAC address of each side and the app, not those of a tunnel's inside", () => {
  const packet = udp({ data: "ab" });
  packet.bytes.set([2, 0, 0, 0, 0, 7], 8);
  packet.macSourceAt = 8;
  packet.app = "org.example.app";
  const { stage } = show(packet);
  const [flow] = stage.flows;
  assert.ok(flow);
  assert.equal(flow.ends[0].mac, "02:00:00:00:00:07");
  assert.equal(flow.ends[1].mac, undefined);
  assert.equal(flow.app, "org.example.app");
  packet.depth = 1;
  assert.equal(show(packet).stage.flows[0]?.ends[0].mac, undefined);
});

test("FlowStage gives nothing after a transport header that was not read, and ends once", () => {
  const packet = packetOf({ data: "", ports: [-1, -1] });
  packet.transportRead = false;
  const { stage, recorder } = show(packet);
  stage.end();
  assert.deepEqual(recorder.log, ["end"]);
  assert.equal(stage.flows[0]?.state, "midstream");
});

test("FlowStage survives any packets, and accounts for each byte", () => {
  const wish = fc.record({
    protocol: fc.constantFrom(1, 6, 17, 50, 132),
    from: fc.constantFrom<0 | 1>(0, 1),
    data: fc.uint8Array({ maxLength: 10 }),
    flags: fc.constantFrom("", "S", "SA", "A", "FA", "R"),
    seq: fc.nat({ max: 20 }),
    ack: fc.nat({ max: 20 }),
    cut: fc.nat({ max: 3 }),
    depth: fc.nat({ max: MAX_IP_LAYERS - 1 }),
    carrier: fc.constantFrom(CARRIER.none, CARRIER.none, CARRIER.gre, CARRIER.teredo),
    transportRead: fc.boolean(),
    ts: fc.constantFrom(0, 5, NaN, -7),
    fragment: fc.option(fc.record({ offset: fc.nat({ max: 4 }), more: fc.boolean() })),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
      const packets = wishes.map((each) => {
        const packet = packetOf(each);
        Object.assign(packet, {
          depth: each.depth,
          carrier: each.fragment === null ? each.carrier : CARRIER.none,
          transportRead: each.transportRead,
          isFragment: each.fragment !== null,
          fragmentOffset: (each.fragment?.offset ?? 0) * 8,
          moreFragments: each.fragment?.more ?? false,
          fragmentProtocol: each.protocol,
        });
        return packet;
      });
      show(...packets);
    }),
    { numRuns: 500 },
  );
});
