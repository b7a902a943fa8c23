import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../bytes/hex.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { MAX_IP_LAYERS } from "../limits.ts";
import { PacketDecoder } from "./decode.ts";
import { Packet } from "./packet.ts";
import { collect, decodeFrame, ethernet, hex16, ipv4, ipv6, tcp, udp } from "./test-frames.ts";

const LINK_TYPES = [
  0, 1, 9, 12, 14, 50, 51, 100, 101, 104, 105, 108, 113, 119, 127, 149, 163, 166, 192, 204, 228,
  229, 239, 258, 276, 400,
];

/** Frames of many kinds, from which changed ones are made. */
const SEEDS: readonly (readonly [number, string])[] = [
  [1, ethernet(0x0800, ipv4(6, tcp("aabbccdd")))],
  [1, ethernet(0x86dd, ipv6(44, `3c00 0001 00000007 1100 0104 00000000 ${udp(1, 2, "aa")}`))],
  [1, ethernet(0x8100, `0007 8847 00011140 00000000 ${ethernet(0x0800, ipv4(17, udp(1, 2, "")))}`)],
  [1, ethernet(0x8864, `1100 0001 0023 0021 ${ipv4(17, udp(1025, 53, "c0ffee"))}`)],
  [
    1,
    ethernet(
      0x0800,
      ipv4(47, `b000 6558 00000000 00000001 00000001 ${ethernet(0x0800, ipv4(1, "0800 0000"))}`),
    ),
  ],
  [
    1,
    ethernet(
      0x0800,
      ipv4(17, udp(9, 4789, `08000000 00002a00 ${ethernet(0x0800, ipv4(6, tcp("aa")))}`)),
    ),
  ],
  [
    1,
    ethernet(
      0x0800,
      ipv4(
        17,
        udp(
          2152,
          2152,
          `34ff 0039 00000001 00000085 01100140 0200000000000000 ${ipv4(6, tcp("aa"))}`,
        ),
      ),
    ),
  ],
  [
    101,
    ipv4(
      17,
      udp(9, 3544, `0001 0203 aabbccddee ${"00".repeat(9)} 0000d1abf5ffff51 ${ipv6(59, "")}`),
    ),
  ],
  [
    105,
    `8801 0000 ${"020000000001".repeat(3)} 0000 8000 ${"020000000011".repeat(2)} 0027 aaaa03 000000 0800 ${ipv4(17, udp(1, 2, "aabbcc"))} 00 ${"020000000011".repeat(2)} 000a aaaa03 000000 0806 0001`,
  ],
  [
    127,
    `0000 1100 03000000 ${"00".repeat(8)} 10 0801 0000 ${"020000000001".repeat(3)} 0000 aaaa03 000000 0800 ${ipv4(6, tcp("aa"))} 0a0b0c0d`,
  ],
  [
    192,
    `0000 2000 69000000 0200 1400 ${"00".repeat(8)} 0100 ${"00".repeat(10)} 0801 0000 ${"020000000001".repeat(3)} 0000 aaaa03 000000 0800 ${ipv4(6, tcp("aa"))} 0a0b0c0d`,
  ],
  [239, `02000000 08000b00 0000278b 23000900 ${ipv4(17, udp(1025, 53, "c0ffee"))}00`],
  [
    276,
    `0800 0000 00000002 0001 04 06 0200000000020000 ${ipv4(132, "0b590b5a 00000001 00000000")}`,
  ],
];

/** Asserts that every offset of `packet` lies inside `[from, to]` and every length is what the offsets allow. */
function assertBounds(packet: Packet, from: number, to: number): void {
  const size = packet.version === 4 ? 4 : 16;
  assert.ok(packet.version === 4 || packet.version === 6, "version");
  assert.ok(packet.sourceAt >= from && packet.sourceAt + size <= to, "source");
  assert.ok(packet.destinationAt >= from && packet.destinationAt + size <= to, "destination");
  assert.ok(packet.payloadStart >= from && packet.payloadStart <= packet.payloadEnd, "payload");
  assert.ok(packet.payloadEnd <= to, "end of the payload");
  assert.ok(packet.payloadLength >= packet.payloadEnd - packet.payloadStart, "payload length");
  assert.ok(packet.dataStart >= packet.payloadStart && packet.dataStart <= packet.dataEnd, "data");
  assert.ok(packet.dataEnd <= packet.payloadEnd, "end of the data");
  assert.ok(packet.dataLength >= packet.dataEnd - packet.dataStart, "data length");
  assert.ok(packet.depth >= 0 && packet.depth < MAX_IP_LAYERS, "depth");
  for (const at of [packet.macSourceAt, packet.macDestinationAt]) {
    assert.ok(at === -1 || (at >= from && at + 6 <= to), "MAC address");
  }
  for (const port of [packet.sourcePort, packet.destinationPort]) {
    assert.ok(port >= -1 && port <= 0xffff, "port");
  }
  assert.ok(
    packet.isFragment || (packet.fragmentOffset === 0 && !packet.moreFragments),
    "fragment",
  );
}

/** Decodes, and asserts what holds for every input. */
function assertSound(linkType: number, bytes: Uint8Array, originalLength: number): void {
  const frame = decodeFrame(linkType, bytes, originalLength);
  assert.equal(frame.frameClass === "flow", frame.layers.length > 0);
  for (const { packet } of frame.layers) {
    assertBounds(packet, packet.frameStart, packet.frameEnd);
    assert.equal(packet.frameClass, FRAME_CLASS.flow);
  }
  for (const { place, name, reason } of frame.anomalies) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.notEqual(reason, "");
    assert.ok(place.offset !== undefined && place.offset >= 0, `offset ${place.offset} of ${name}`);
    assert.ok(place.offset <= Math.max(bytes.length, originalLength), `offset of ${name}`);
  }
  const needsReason = ["truncated", "malformed", "unsupported-link", "unsupported-network"];
  if (needsReason.includes(frame.frameClass)) assert.notEqual(frame.anomalies.length, 0);
}

test("random bytes of any link type never throw and never lead outside the frame", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LINK_TYPES),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(100),
      (linkType, bytes, missing) => {
        assertSound(linkType, bytes, bytes.length + missing);
      },
    ),
    { numRuns: 3000 },
  );
});

test("real frames with bytes changed never throw and never lead outside the frame", () => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(
      fc.constantFrom(...SEEDS),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      ([linkType, seed], changes) => {
        const bytes = fromHex(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        assertSound(linkType, bytes, bytes.length);
      },
    ),
    { numRuns: 5000 },
  );
});

test("a frame cut at any byte is sound, and never malformed where the wire had the rest", () => {
  for (const [linkType, seed] of SEEDS) {
    const bytes = fromHex(seed);
    const whole = decodeFrame(linkType, bytes);
    assert.deepEqual(whole.anomalies, [], seed);
    for (let end = 0; end <= bytes.length; end++) {
      assertSound(linkType, bytes.subarray(0, end), end);
      assertSound(linkType, bytes.subarray(0, end), bytes.length);
      const cut = decodeFrame(linkType, bytes.subarray(0, end), bytes.length);
      assert.notEqual(cut.frameClass, "malformed", `${seed} cut at ${end}`);
      assert.ok(!cut.anomalyNames.includes("header-cut-short"), `${seed} cut at ${end}`);
      // Whatever is read of a cut frame is what is read of the whole one.
      for (const [i, layer] of cut.layers.entries()) {
        assert.deepEqual(
          [layer.source, layer.destination, layer.depth],
          [whole.layers[i]?.source, whole.layers[i]?.destination, whole.layers[i]?.depth],
        );
        if (layer.packet.transportRead) assert.deepEqual(layer.ports, whole.layers[i]?.ports);
      }
    }
  }
});

test("the place of an anomaly counts from the frame's first byte", () => {
  const frame = decodeFrame(1, ethernet(0x6003, "0000"));
  assert.deepEqual(frame.anomalies[0]?.place, { input: 0, frame: 1, offset: 14 });
});

/** A datagram as the flows stage lays it out: both addresses, then the payload. */
function datagram(version: 4 | 6, protocol: number, payload: string): Packet {
  const size = version === 4 ? 4 : 16;
  const packet = new Packet();
  packet.bytes = fromHex("0a".repeat(size) + "0b".repeat(size) + payload);
  packet.version = version;
  packet.protocol = protocol;
  packet.sourceAt = 0;
  packet.destinationAt = size;
  packet.payloadStart = 2 * size;
  packet.payloadEnd = packet.bytes.length;
  packet.payloadLength = packet.payloadEnd - packet.payloadStart;
  packet.isFragment = true;
  packet.fragmentOffset = 1480;
  packet.moreFragments = true;
  packet.macSourceAt = 6;
  return packet;
}

test("decodeDatagram() reads the transport of a reassembled datagram", () => {
  const packet = datagram(4, 17, udp(1025, 53, "c0ffee"));
  const { layers, anomalies } = collect(packet, (decoder) => {
    decoder.decodeDatagram(packet);
  });
  assert.deepEqual(anomalies, []);
  assert.equal(layers.length, 1);
  assert.deepEqual([layers[0]?.ports, layers[0]?.data], [[1025, 53], "c0ffee"]);
  const shown = layers[0]?.packet;
  assert.deepEqual([shown?.reassembled, shown?.isFragment, shown?.macSourceAt], [true, false, -1]);
});

test("decodeDatagram() steps over extension headers in the fragmented part", () => {
  const packet = datagram(6, 60, `1100 0104 00000000 ${udp(1025, 53, "c0ffee")}`);
  const { layers } = collect(packet, (decoder) => {
    decoder.decodeDatagram(packet);
  });
  assert.deepEqual([layers[0]?.protocol, layers[0]?.data], [17, "c0ffee"]);
});

test("decodeDatagram() goes on into a tunnel; the inner packet is a new one", () => {
  const packet = datagram(4, 47, `0000 0800 ${ipv4(17, udp(1025, 53, "c0ffee"))}`);
  packet.depth = 1;
  const { layers } = collect(packet, (decoder) => {
    decoder.decodeDatagram(packet);
  });
  assert.deepEqual(
    layers.map((layer) => [layer.depth, layer.carrier, layer.packet.reassembled]),
    [
      [1, "gre", true],
      [2, "", false],
    ],
  );
});

test("an anomaly in a reassembled datagram has no place in one frame", () => {
  const packet = datagram(4, 17, "0401 0035 0007 0000");
  packet.frame = 9;
  const { anomalies } = collect(packet, (decoder) => {
    decoder.decodeDatagram(packet);
  });
  assert.deepEqual(anomalies[0]?.place, { input: 0, frame: 9 });
});

test("the sink may decode a datagram while a frame with several packets is being shown", () => {
  const msdu = (packet: string): string =>
    `020000000011 020000000012 ${hex16(8 + fromHex(packet).length)} aaaa03 000000 0800 ${packet}`;
  const fragment = ipv4(17, "0401 0035 000c 0000 aabbccdd", 0x2000); // 32 bytes; 54 with its headers
  const bytes = fromHex(
    `8801 0000 ${"020000000001".repeat(3)} 0000 8000 ${msdu(fragment)} 0000 ` +
      msdu(ipv4(17, udp(1026, 123, "beef"))),
  );
  const shown: (readonly [number, boolean])[] = [];
  const packet = new Packet();
  const decoder: PacketDecoder = new PacketDecoder({
    packet: (current) => {
      shown.push([current.destinationPort, current.reassembled]);
      if (!current.isFragment) return;
      Object.assign(current, datagram(4, 17, udp(1025, 53, "c0ffee")));
      decoder.decodeDatagram(current);
    },
    anomaly: (anomaly) => assert.fail(anomaly.reason),
  });
  packet.bytes = bytes;
  packet.linkType = 105;
  packet.frameEnd = bytes.length;
  packet.originalLength = bytes.length;
  decoder.decode(packet);
  assert.deepEqual(shown, [
    [53, false],
    [53, true],
    [123, false],
  ]);
  assert.equal(packet.frameClass, FRAME_CLASS.flow);
});
