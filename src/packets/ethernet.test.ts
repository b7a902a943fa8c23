import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeFrame,
  ethernet,
  hex16,
  ipv4,
  ipv6,
  tcp,
  udp,
  type DecodedFrame,
} from "./test-frames.ts";

const PACKET = ipv4(17, udp(1025, 53, "c0ffee"));

/** Asserts that the frame holds `PACKET`, and nothing odd. */
function assertPacket(frame: DecodedFrame): void {
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.frameClass, "flow");
  assert.equal(frame.layers.length, 1);
  assert.equal(frame.layers[0]?.source, "0a000001");
  assert.equal(frame.layers[0].destination, "0a000002");
  assert.deepEqual(frame.layers[0].ports, [1025, 53]);
  assert.equal(frame.layers[0].data, "c0ffee");
}

test("Ethernet II carries IPv4 and names both stations", () => {
  const frame = decodeFrame(1, ethernet(0x0800, PACKET));
  assertPacket(frame);
  assert.deepEqual(frame.layers[0]?.macs, ["020000000002", "020000000001"]);
});

test("Ethernet II carries IPv6", () => {
  const frame = decodeFrame(1, ethernet(0x86dd, ipv6(6, tcp("aabb"))));
  assert.equal(frame.frameClass, "flow");
  assert.equal(frame.layers[0]?.source, "20010db8000000000000000000000001");
  assert.deepEqual(frame.layers[0].ports, [1025, 80]);
  assert.equal(frame.layers[0].data, "aabb");
});

test("Ethernet padding behind the IP packet is no payload", () => {
  const frame = decodeFrame(1, ethernet(0x0800, `${PACKET} ${"5a".repeat(15)}`));
  assertPacket(frame);
  assert.equal(frame.layers[0]?.dataLength, 3);
});

test("VLAN tags of every kind nest up to the limit of link headers", () => {
  assertPacket(decodeFrame(1, ethernet(0x8100, `0007 0800 ${PACKET}`)));
  assertPacket(
    decodeFrame(1, ethernet(0x88a8, `0007 9100 0008 9200 0009 8100 000a 0800 ${PACKET}`)),
  );
  const tags = (count: number): string => ethernet(0x8100, "0001 8100".repeat(count));
  // The link type and the Ethernet header are two of the 32 steps, the last tag leads to IPv4.
  assertPacket(decodeFrame(1, `${tags(28)} 0001 0800 ${PACKET}`));
  const tooMany = decodeFrame(1, `${tags(40)} 0001 0800 ${PACKET}`);
  assert.equal(tooMany.frameClass, "malformed");
  assert.deepEqual(tooMany.anomalyNames, ["link-header-limit"]);
});

test("HSR and 802.1CB tags are stepped over", () => {
  assertPacket(decodeFrame(1, ethernet(0x892f, `1048 0001 0800 ${PACKET}`)));
  assertPacket(decodeFrame(1, ethernet(0xf1c1, `0000 0001 0800 ${PACKET}`)));
});

test("802.3 with LLC and SNAP (RFC 1042), bounded by the length field", () => {
  const body = `aaaa03 000000 0800 ${PACKET}`;
  assertPacket(decodeFrame(1, ethernet(8 + 31, `${body} ffffffff`)));
  assertPacket(decodeFrame(1, ethernet(8 + 31, body.replace("000000", "0000f8"))));
  assertPacket(decodeFrame(1, ethernet(3 + 31, `060603 ${PACKET}`)));
});

test("bridged Ethernet in SNAP (RFC 2684 §5.2)", () => {
  const frame = decodeFrame(100, `aaaa03 0080c2 0007 ${ethernet(0x0800, PACKET)}`);
  assertPacket(frame);
});

test("MPLS labels lead to IP by its version nibble (RFC 3032)", () => {
  assertPacket(decodeFrame(1, ethernet(0x8847, `00010040 00011140 ${PACKET}`)));
  assertPacket(decodeFrame(1, ethernet(0x8848, `00011140 ${PACKET}`)));
});

test("MPLS pseudowire: Ethernet with and without a control word (RFC 4448)", () => {
  const inner = ethernet(0x0800, PACKET);
  assertPacket(decodeFrame(1, ethernet(0x8847, `00011140 00000000 ${inner}`)));
  assertPacket(decodeFrame(1, ethernet(0x8847, `00011140 ${inner}`)));
  // A station whose address begins as IPv4 does.
  const frame = decodeFrame(1, ethernet(0x8847, `00011140 4500${inner.slice(4)}`));
  assertPacket(frame);
  assert.equal(frame.layers[0]?.macs[1], "450000000001");
});

test("PPPoE session (RFC 2516 §4), bounded by its length", () => {
  const length = hex16(2 + 31);
  assertPacket(decodeFrame(1, ethernet(0x8864, `1100 0001 ${length} 0021 ${PACKET} 0000`)));
  const discovery = decodeFrame(1, ethernet(0x8863, "1109 0000 0000"));
  assert.equal(discovery.frameClass, "link-only");
  const odd = decodeFrame(1, ethernet(0x8864, `2200 0001 ${length} 0021 ${PACKET}`));
  assert.deepEqual([odd.frameClass, odd.anomalyNames], ["malformed", ["pppoe-header-invalid"]]);
});

test("MACsec in clear is read, encrypted it is said to be so (IEEE 802.1AE §9.3)", () => {
  const check = "00".repeat(16);
  assertPacket(decodeFrame(1, ethernet(0x88e5, `0000 00000001 0800 ${PACKET} ${check}`)));
  assertPacket(
    decodeFrame(1, ethernet(0x88e5, `2000 00000001 0200000000020001 0800 ${PACKET} ${check}`)),
  );
  assert.equal(
    decodeFrame(1, ethernet(0x88e5, `0c00 00000001 ${check}`)).frameClass,
    "encrypted-link",
  );
});

test("what carries no IP is link-only, without an anomaly", () => {
  const arp = "0001 0800 0604 0001 020000000002 0a000001 000000000000 0a000002";
  const frames = [
    ethernet(0x0806, arp),
    ethernet(0x88cc, "0207 04 020000000002"),
    ethernet(0x888e, "0100 0000"),
    ethernet(0x9000, "0000"),
    ethernet(0x0026, `424203 ${"00".repeat(35)}`), // spanning tree
    ethernet(0x0008, "aaaa03 00000c 2000"), // CDP
  ];
  for (const frame of frames) {
    const decoded = decodeFrame(1, frame);
    assert.deepEqual([decoded.frameClass, decoded.anomalies], ["link-only", []], frame);
  }
});

test("an EtherType that is not known is an unsupported network", () => {
  const frame = decodeFrame(1, ethernet(0x6003, "0000"));
  assert.equal(frame.frameClass, "unsupported-network");
  assert.deepEqual(frame.anomalyNames, ["network-protocol-unknown"]);
  assert.equal(frame.anomalies[0]?.place.offset, 14);
  assert.match(frame.anomalies[0].reason, /EtherType 0x6003/);
  assert.equal(decodeFrame(1, ethernet(3, "ffff00")).frameClass, "unsupported-network"); // raw IPX
});

test("a length/type between 1501 and 1535 is malformed", () => {
  const frame = decodeFrame(1, ethernet(1501, PACKET));
  assert.deepEqual(
    [frame.frameClass, frame.anomalyNames],
    ["malformed", ["ethernet-length-invalid"]],
  );
});

test("a header is truncated where the wire had more, malformed where it had not", () => {
  const cut = decodeFrame(1, "020000000001 0200", 60);
  assert.deepEqual([cut.frameClass, cut.anomalyNames], ["truncated", ["header-not-captured"]]);
  const short = decodeFrame(1, "020000000001 0200");
  assert.deepEqual([short.frameClass, short.anomalyNames], ["malformed", ["header-cut-short"]]);
  const cutTag = decodeFrame(1, ethernet(0x8100, "0001"), 60);
  assert.equal(cutTag.frameClass, "truncated");
  const cutIp = decodeFrame(1, ethernet(0x0800, "4500 0030 0000"), 62);
  assert.equal(cutIp.frameClass, "truncated");
});

test("EtherType IPv4 before something else is malformed", () => {
  const frame = decodeFrame(1, ethernet(0x0800, "5500 001f 0000"));
  assert.deepEqual([frame.frameClass, frame.anomalyNames], ["malformed", ["ip-version-unknown"]]);
  const short = decodeFrame(1, ethernet(0x0800, PACKET.replace("4500", "4400")));
  assert.deepEqual(
    [short.frameClass, short.anomalyNames],
    ["malformed", ["ip-header-length-invalid"]],
  );
});
