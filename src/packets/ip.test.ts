import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import { MAX_EXTENSION_HEADERS } from "../limits.ts";
import { looksLikeIp } from "./ip.ts";
import { decodeFrame, ethernet, hex16, ipv4, ipv6, tcp, udp } from "./test-frames.ts";

const RAW = 101;

test("looksLikeIp() wants the fixed header and its grammar", () => {
  const four = fromHex(ipv4(17, udp(1, 2, "")));
  assert.equal(looksLikeIp(four, 0, four.length), true);
  assert.equal(looksLikeIp(four, 0, 19), false);
  assert.equal(looksLikeIp(four, 1, four.length), false);
  const six = fromHex(ipv6(59, ""));
  assert.equal(looksLikeIp(six, 0, 40), true);
  assert.equal(looksLikeIp(six, 0, 39), false);
  assert.equal(looksLikeIp(new Uint8Array(0), 0, 0), false);
});

test("the fields of IPv4 (RFC 791 §3.1)", () => {
  // IHL 6: one option word; identification abcd; hop limit 17; protocol TCP.
  const packet = `46b8 0030 abcd 4000 1106 0000 c0a80001 c0a80002 01010100 ${tcp("aabbccdd")}`;
  const frame = decodeFrame(RAW, packet);
  assert.deepEqual(frame.anomalies, []);
  const shown = frame.layers[0]?.packet;
  assert.ok(shown);
  assert.equal(shown.version, 4);
  assert.equal(shown.hopLimit, 17);
  assert.equal(shown.firstHeader, 6);
  assert.equal(shown.isFragment, false);
  assert.equal(shown.payloadStart - shown.frameStart, 24);
  assert.equal(shown.payloadEnd - shown.frameStart, 48);
  assert.equal(shown.payloadLength, 24);
  assert.equal(frame.layers[0]?.source, "c0a80001");
  assert.equal(frame.layers[0].data, "aabbccdd");
});

test("IPv4 total length 0 reaches to the end of the frame (TSO, BIG TCP)", () => {
  const packet = ipv4(6, tcp("aabbccdd")).replace(/^4500 \S+/, "4500 0000");
  const frame = decodeFrame(1, ethernet(0x0800, packet));
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.layers[0]?.data, "aabbccdd");
  // Of which the capture may hold a part only.
  assert.equal(decodeFrame(1, ethernet(0x0800, packet), 70_000).layers[0]?.dataLength, 69_946);
});

test("an IPv4 length beyond the frame is an anomaly; what is there counts", () => {
  const packet = ipv4(6, tcp("aabbccdd")).replace(/^4500 \S+/, "4500 0100");
  const frame = decodeFrame(1, ethernet(0x0800, packet));
  assert.equal(frame.frameClass, "flow");
  assert.deepEqual(frame.anomalyNames, ["ip-length-exceeds-frame"]);
  assert.equal(frame.anomalies[0]?.place.offset, 16);
  assert.equal(frame.layers[0]?.data, "aabbccdd");
  assert.equal(frame.layers[0].dataLength, 4);
});

test("a snapshot length inside the data leaves the lengths on the wire", () => {
  const whole = fromHex(ethernet(0x0800, ipv4(6, tcp("aabbccdd"))));
  const frame = decodeFrame(1, whole.subarray(0, 56), 58);
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.layers[0]?.data, "aabb");
  assert.equal(frame.layers[0].dataLength, 4);
});

test("options cut off by the snapshot length: the addresses still count", () => {
  const packet = fromHex("4f00 0100 1234 0000 4006 0000 0a000001 0a000002 0101");
  const frame = decodeFrame(RAW, packet, 256);
  assert.equal(frame.frameClass, "flow");
  assert.equal(frame.layers[0]?.source, "0a000001");
  assert.equal(frame.layers[0].packet.transportRead, false);
  assert.deepEqual(frame.layers[0].ports, [-1, -1]);
  assert.deepEqual(new Set(frame.anomalyNames), new Set(["header-not-captured"]));
});

test("IPv4 fragments (RFC 791 §3.2): ports of the first, data of none", () => {
  const first = decodeFrame(RAW, ipv4(17, `0401 0035 0fa0 0000 aabbccdd`, 0x2000)).layers[0];
  assert.ok(first);
  assert.deepEqual(first.ports, [1025, 53]);
  assert.equal(first.packet.isFragment, true);
  assert.equal(first.packet.moreFragments, true);
  assert.equal(first.packet.fragmentId, 0x1234);
  assert.equal(first.dataLength, 0x0fa0 - 8); // what the UDP header states
  const later = decodeFrame(RAW, ipv4(17, "0401 0035 0010 0000", 0x00b9)).layers[0];
  assert.ok(later);
  assert.deepEqual(later.ports, [-1, -1]);
  assert.equal(later.packet.fragmentOffset, 185 * 8);
  assert.equal(later.packet.moreFragments, false);
  assert.deepEqual([later.data, later.dataLength], ["", 0]);
  assert.equal(later.packet.payloadLength, 8);
  const segment = decodeFrame(RAW, ipv4(6, tcp("aabb"), 0x2000)).layers[0];
  assert.deepEqual([segment?.ports, segment?.dataLength], [[1025, 80], 0]);
});

test("IPv6 extension headers lead to the transport (RFC 8200 §4)", () => {
  const options = (next: string): string => `${next}00 0104 00000000`; // PadN
  const chain =
    options("2b") + // hop-by-hop, then routing
    "3c00 0000 00000000" + // routing, then destination options
    options("33") + // then authentication
    "8704 0000 00000001 00000001 000000000000000000000000" + // 24 bytes, then mobility
    "8b00 0000 0000 0000" + // mobility, then HIP
    "8c00 0000 00000000" + // HIP, then Shim6
    "1100 0000 00000000"; // Shim6, then UDP
  const frame = decodeFrame(RAW, ipv6(0, `${chain} ${udp(1025, 53, "c0ffee")}`));
  assert.deepEqual(frame.anomalies, []);
  const [layer] = frame.layers;
  assert.equal(layer?.protocol, 17);
  assert.equal(layer.packet.firstHeader, 0);
  assert.deepEqual(layer.ports, [1025, 53]);
  assert.equal(layer.data, "c0ffee");
  assert.equal(layer.packet.payloadLength, 11);
});

test("IPsec authentication in IPv4 leaves the packet readable (RFC 4302)", () => {
  const header = "1104 0000 00000001 00000001 000000000000000000000000";
  const [layer] = decodeFrame(RAW, ipv4(51, `${header} ${udp(1025, 53, "c0ffee")}`)).layers;
  assert.equal(layer?.protocol, 17);
  assert.equal(layer.packet.firstHeader, 51);
  assert.equal(layer.data, "c0ffee");
});

test("an IPv6 first fragment: the fragmented part begins behind the fragment header", () => {
  const part = `1100 0104 00000000 ${udp(1025, 53, "c0ffee")}`; // destination options, then UDP
  const [first] = decodeFrame(RAW, ipv6(44, `3c00 0001 00000007 ${part}`)).layers;
  assert.ok(first);
  assert.equal(first.packet.isFragment, true);
  assert.equal(first.packet.fragmentId, 7);
  assert.equal(first.packet.fragmentProtocol, 60);
  assert.equal(first.protocol, 17);
  assert.deepEqual(first.ports, [1025, 53]);
  assert.equal(first.packet.payloadLength, 8 + 11);
  const [later] = decodeFrame(RAW, ipv6(44, `3c00 0010 00000007 aabb`)).layers;
  assert.equal(later?.packet.fragmentOffset, 16);
  assert.equal(later.protocol, 60);
  assert.deepEqual(later.ports, [-1, -1]);
});

test("an atomic fragment is whole (RFC 6946)", () => {
  const [layer] = decodeFrame(
    RAW,
    ipv6(44, `1100 0000 00000007 ${udp(1025, 53, "c0ffee")}`),
  ).layers;
  assert.equal(layer?.packet.isFragment, false);
  assert.equal(layer.data, "c0ffee");
});

test("a chain of extension headers that breaks is an anomaly, the flow remains", () => {
  const short = decodeFrame(RAW, ipv6(60, "1105 0000 00000000"));
  assert.equal(short.frameClass, "flow");
  assert.deepEqual(short.anomalyNames, ["header-cut-short"]);
  assert.equal(short.layers[0]?.protocol, 60);
  assert.equal(short.layers[0].packet.transportRead, false);
  const long = decodeFrame(RAW, ipv6(60, "3c00 0104 00000000".repeat(MAX_EXTENSION_HEADERS + 1)));
  assert.deepEqual(long.anomalyNames, ["extension-header-limit"]);
  const twice = decodeFrame(RAW, ipv6(44, "2c00 0001 00000007 1100 0001 00000008 0000"));
  assert.deepEqual(twice.anomalyNames, ["fragment-header-twice"]);
});

test("IPv6 payload length 0: jumbo payload (RFC 2675), offload, or nothing", () => {
  const segment = tcp("aabbccdd");
  const jumbo = `0600 c204 00000020 ${segment}`; // 8 + 24 bytes
  const withoutLength = (packet: string): string =>
    packet.replace(/^60000000 \S+/, "60000000 0000");
  const [layer] = decodeFrame(RAW, `${withoutLength(ipv6(0, jumbo))} ffff`).layers;
  assert.equal(layer?.data, "aabbccdd");
  assert.equal(layer.dataLength, 4);
  const [offload] = decodeFrame(RAW, withoutLength(ipv6(6, segment))).layers;
  assert.equal(offload?.data, "aabbccdd");
  const [none] = decodeFrame(1, ethernet(0x86dd, `${ipv6(59, "")} 000000000000`)).layers;
  assert.equal(none?.packet.payloadLength, 0);
});

test("a UDP jumbogram reaches to the end of the packet (RFC 2675 §4)", () => {
  const size = 70_000;
  const header = `6000 0000 0000 0040 20010db8000000000000000000000001 20010db8000000000000000000000002`;
  const option = `1100 c204 ${hex16(size >> 16)} ${hex16(size & 0xffff)}`;
  const frame = `${header} ${option} 0401 0035 0000 0000 ${"ab".repeat(size - 16)}`;
  const decoded = decodeFrame(RAW, frame);
  assert.deepEqual(decoded.anomalies, []);
  assert.equal(decoded.layers[0]?.dataLength, size - 16);
});
