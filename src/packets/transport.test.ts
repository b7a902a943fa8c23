import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import { TCP_FLAG } from "./packet.ts";
import { decodeFrame, ipv4, ipv6, tcp, udp } from "./test-frames.ts";

const RAW = 101;

test("the fields of TCP (RFC 9293 §3.1)", () => {
  // Data offset 6: one word of options.
  const segment = `c001 01bb fffffffe 80000000 6012 faf0 0000 0000 020405b4 aabb`;
  const [layer] = decodeFrame(RAW, ipv4(6, segment)).layers;
  assert.ok(layer);
  assert.deepEqual(layer.ports, [49153, 443]);
  assert.equal(layer.packet.seq, 0xfffffffe);
  assert.equal(layer.packet.ack, 0x80000000);
  assert.equal(layer.packet.flags, TCP_FLAG.syn | TCP_FLAG.ack);
  assert.equal(layer.packet.window, 0xfaf0);
  assert.equal(layer.packet.transportRead, true);
  assert.deepEqual([layer.data, layer.dataLength], ["aabb", 2]);
});

test("TCP options cut off by the snapshot length: sequence numbers and data length still count", () => {
  const packet = fromHex(
    ipv4(6, `c001 01bb 00000001 00000000 8010 0000 0000 0000 ${"01".repeat(12)} aabb`),
  );
  const frame = decodeFrame(RAW, packet.subarray(0, 44), packet.length);
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.layers[0]?.packet.transportRead, true);
  assert.deepEqual([frame.layers[0].data, frame.layers[0].dataLength], ["", 2]);
});

test("a header cut behind the fields that are used counts as read", () => {
  const segment = fromHex(ipv4(6, tcp("aabb")));
  const tcpCut = decodeFrame(RAW, segment.subarray(0, 34), segment.length);
  assert.deepEqual(tcpCut.anomalies, []);
  assert.deepEqual([tcpCut.layers[0]?.data, tcpCut.layers[0]?.dataLength], ["", 2]);
  assert.equal(tcpCut.layers[0]?.packet.flags, TCP_FLAG.psh | TCP_FLAG.ack);
  assert.equal(tcpCut.layers[0].packet.window, 0);
  const datagram = fromHex(ipv4(17, udp(1025, 53, "c0ffee")));
  const udpCut = decodeFrame(RAW, datagram.subarray(0, 26), datagram.length);
  assert.deepEqual([udpCut.layers[0]?.data, udpCut.layers[0]?.dataLength], ["", 3]);
});

test("a TCP header that is cut: ports as far as captured, no data", () => {
  const packet = fromHex(ipv4(6, tcp("aabb")));
  const cut = decodeFrame(RAW, packet.subarray(0, 30), packet.length);
  assert.deepEqual(cut.layers[0]?.ports, [1025, 80]);
  assert.equal(cut.layers[0].packet.transportRead, false);
  assert.deepEqual(cut.anomalyNames, ["header-not-captured"]);
  assert.deepEqual(decodeFrame(RAW, packet.subarray(0, 23), 46).layers[0]?.ports, [-1, -1]);
  const short = decodeFrame(RAW, ipv4(6, "0401 0050 0000 0001"));
  assert.equal(short.frameClass, "flow");
  assert.deepEqual(short.anomalyNames, ["header-cut-short"]);
});

test("a TCP data offset below 5 or beyond the packet is an anomaly", () => {
  for (const offset of ["40", "60"]) {
    const frame = decodeFrame(RAW, ipv4(6, tcp("aabb").replace("5018", `${offset}18`)));
    assert.equal(frame.frameClass, "flow");
    assert.deepEqual(frame.anomalyNames, ["tcp-header-length-invalid"]);
    assert.deepEqual(frame.layers[0]?.ports, [1025, 80]);
    assert.equal(frame.layers[0].packet.transportRead, false);
    assert.deepEqual([frame.layers[0].data, frame.layers[0].dataLength], ["", 0]);
  }
});

test("UDP data is what the UDP length says (RFC 768)", () => {
  const [layer] = decodeFrame(RAW, ipv4(17, udp(5353, 5353, "aabbcc"))).layers;
  assert.deepEqual([layer?.data, layer?.dataLength], ["aabbcc", 3]);
  const [empty] = decodeFrame(RAW, ipv4(17, udp(5353, 5353, ""))).layers;
  assert.deepEqual([empty?.data, empty?.packet.transportRead], ["", true]);
});

test("a UDP length that differs from the packet's is an anomaly either way", () => {
  const more = decodeFrame(RAW, ipv4(17, "0401 0035 0020 0000 aabb"));
  assert.deepEqual(more.anomalyNames, ["udp-length-exceeds-packet"]);
  assert.deepEqual([more.layers[0]?.data, more.layers[0]?.dataLength], ["aabb", 24]);
  const fewer = decodeFrame(RAW, ipv4(17, "0401 0035 0009 0000 aabb"));
  assert.deepEqual(fewer.anomalyNames, ["udp-surplus-bytes"]);
  assert.deepEqual([fewer.layers[0]?.data, fewer.layers[0]?.dataLength], ["aa", 1]);
});

test("a UDP length below 8 is an anomaly; 0 reaches to the end of the packet", () => {
  const broken = decodeFrame(RAW, ipv4(17, "0401 0035 0007 0000 aabb"));
  assert.deepEqual(broken.anomalyNames, ["udp-length-invalid"]);
  assert.equal(broken.layers[0]?.packet.transportRead, false);
  assert.equal(broken.layers[0].data, "");
  const zero = decodeFrame(RAW, ipv4(17, "0401 0035 0000 0000 aabb"));
  assert.deepEqual(zero.anomalyNames, ["udp-length-invalid"]);
  assert.deepEqual([zero.layers[0]?.data, zero.layers[0]?.dataLength], ["aabb", 2]);
});

test("UDP-Lite: the third field is a checksum coverage, not a length (RFC 3828 §3.1)", () => {
  const [layer] = decodeFrame(RAW, ipv4(136, "0401 0035 0008 0000 aabb")).layers;
  assert.deepEqual(layer?.ports, [1025, 53]);
  assert.deepEqual([layer.data, layer.dataLength], ["aabb", 2]);
});

test("SCTP: ports; all above IP is data", () => {
  const header = "0b59 0b5a 00000001 00000000";
  const [layer] = decodeFrame(RAW, ipv4(132, `${header} 00030010`)).layers;
  assert.deepEqual(layer?.ports, [2905, 2906]);
  assert.equal(layer.dataLength, 16);
  assert.equal(layer.packet.transportRead, true);
});

test("ICMP and ICMPv6: type and code; all above IP is data", () => {
  const [four] = decodeFrame(RAW, ipv4(1, "0301 0000 00000000 4500")).layers;
  assert.deepEqual([four?.packet.icmpType, four?.packet.icmpCode], [3, 1]);
  assert.equal(four?.dataLength, 10);
  assert.deepEqual(four.ports, [-1, -1]);
  const [six] = decodeFrame(RAW, ipv6(58, "8700 0000 00000000")).layers;
  assert.equal(six?.packet.icmpType, 135);
});

test("any other protocol: all above IP is data, and nothing is odd", () => {
  const frame = decodeFrame(RAW, ipv4(50, "00000001 00000001 aabb"));
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.layers[0]?.dataLength, 10);
  assert.equal(frame.layers[0].packet.transportRead, true);
});

test("a value of one packet does not stick to the next one in the same frame", () => {
  const frame = decodeFrame(RAW, ipv4(17, udp(3544, 3544, ipv6(59, ""))));
  assert.equal(frame.layers.length, 2);
  assert.deepEqual(frame.layers[1]?.ports, [-1, -1]);
  assert.deepEqual([frame.layers[1].data, frame.layers[1].dataLength], ["", 0]);
});
