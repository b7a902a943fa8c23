import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_IP_LAYERS } from "../limits.ts";
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

const RAW = 101;
/** 31 bytes. */
const PACKET = ipv4(17, udp(1025, 53, "c0ffee"));
const PACKET_6 = ipv6(17, udp(1025, 53, "c0ffee"));

/** Asserts an outer layer of `carrier`, an inner one that is `PACKET`, and nothing odd. */
function assertCarried(frame: DecodedFrame, carrier: string): void {
  assert.deepEqual(frame.anomalies, []);
  assert.deepEqual(
    frame.layers.map((layer) => [layer.depth, layer.carrier]),
    [
      [0, carrier],
      [1, ""],
    ],
  );
  assert.deepEqual(frame.layers[1]?.ports, [1025, 53]);
  assert.equal(frame.layers[1].data, "c0ffee");
}

/** Asserts that the payload stays with the outer flow. */
function assertNotCarried(frame: DecodedFrame): void {
  assert.equal(frame.frameClass, "flow");
  assert.deepEqual(
    frame.layers.map((layer) => layer.carrier),
    [""],
  );
  assert.notEqual(frame.layers[0]?.data, "");
}

test("IP in IP, all four ways (RFC 2003, RFC 4213, RFC 2473)", () => {
  assertCarried(decodeFrame(RAW, ipv4(4, PACKET)), "ip-in-ip");
  assertCarried(decodeFrame(RAW, ipv4(41, PACKET_6)), "ip-in-ip");
  assertCarried(decodeFrame(RAW, ipv6(4, PACKET)), "ip-in-ip");
  assertCarried(decodeFrame(RAW, ipv6(41, PACKET_6)), "ip-in-ip");
  assertNotCarried(decodeFrame(RAW, ipv4(4, "ffff ffff")));
});

test("the padding of the inner packet is bounded by the outer one", () => {
  const frame = decodeFrame(RAW, ipv4(4, `${PACKET} eeee`));
  assertCarried(frame, "ip-in-ip");
  const offload = PACKET.replace("4500 001f", "4500 0000");
  const inner = decodeFrame(1, ethernet(0x0800, `${ipv4(4, offload)} 5a5a5a`)).layers[1];
  assert.equal(inner?.data, "c0ffee");
});

test("GRE: checksum, key and sequence number shift the packet (RFC 2784, RFC 2890)", () => {
  assertCarried(decodeFrame(RAW, ipv4(47, `0000 0800 ${PACKET}`)), "gre");
  assertCarried(decodeFrame(RAW, ipv4(47, `0000 86dd ${PACKET_6}`)), "gre");
  assertCarried(decodeFrame(RAW, ipv4(47, `8000 0800 00000000 ${PACKET}`)), "gre");
  assertCarried(decodeFrame(RAW, ipv4(47, `2000 0800 0000002a ${PACKET}`)), "gre");
  assertCarried(
    decodeFrame(RAW, ipv4(47, `b000 0800 00000000 0000002a 00000001 ${PACKET}`)),
    "gre",
  );
});

test("GRE with a source route (RFC 1701)", () => {
  const route = "0800 00 04 0a000003 0000 00 00";
  assertCarried(decodeFrame(RAW, ipv4(47, `4000 0800 00000000 ${route} ${PACKET}`)), "gre");
});

test("GRE carries Ethernet, and tagged or labelled packets in it", () => {
  const frame = decodeFrame(
    1,
    ethernet(0x0800, ipv4(47, `0000 6558 0200000000aa 0200000000bb 0800 ${PACKET}`)),
  );
  assertCarried(frame, "gre");
  assert.deepEqual(frame.layers[0]?.macs, ["020000000002", "020000000001"]);
  assert.deepEqual(frame.layers[1]?.macs, ["0200000000bb", "0200000000aa"]);
  assertCarried(
    decodeFrame(RAW, ipv4(47, `0000 6558 ${ethernet(0x8100, `0007 0800 ${PACKET}`)}`)),
    "gre",
  );
  assertCarried(decodeFrame(RAW, ipv4(47, `0000 8847 00011140 ${PACKET}`)), "gre");
});

test("mirrored Ethernet in GRE: ERSPAN types I, II and III", () => {
  const inner = ethernet(0x0800, PACKET);
  assertCarried(decodeFrame(RAW, ipv4(47, `0000 88be ${inner}`)), "gre");
  assertCarried(decodeFrame(RAW, ipv4(47, `1000 88be 00000001 10010001 00000000 ${inner}`)), "gre");
  const header = "20010001 00000000 00000000";
  assertCarried(decodeFrame(RAW, ipv4(47, `1000 22eb 00000001 ${header} ${inner}`)), "gre");
  const extended = "20010001 00000000 00000001 0000000000000000";
  assertCarried(decodeFrame(RAW, ipv4(47, `1000 22eb 00000001 ${extended} ${inner}`)), "gre");
});

test("GRE with ARP, an unknown protocol or version 2 stays payload", () => {
  assertNotCarried(decodeFrame(RAW, ipv4(47, `0000 6558 ${ethernet(0x0806, "0001")}`)));
  assertNotCarried(decodeFrame(RAW, ipv4(47, "0000 1234 aabb")));
  assertNotCarried(decodeFrame(RAW, ipv4(47, `0002 0800 ${PACKET}`)));
  assertNotCarried(decodeFrame(RAW, ipv4(47, "2000 0800 00")));
});

test("PPTP: GRE version 1 with PPP (RFC 2637 §4.1)", () => {
  const frame = `ff03 0021 ${PACKET}`;
  const length = hex16(4 + 31);
  assertCarried(decodeFrame(RAW, ipv4(47, `3001 880b ${length} 0001 00000001 ${frame}`)), "gre");
  assertCarried(
    decodeFrame(RAW, ipv4(47, `3081 880b ${length} 0001 00000001 00000000 ${frame}`)),
    "gre",
  );
  // An acknowledgement alone, and compressed data.
  assertNotCarried(decodeFrame(RAW, ipv4(47, "2081 880b 0000 0001 00000001")));
  assertNotCarried(decodeFrame(RAW, ipv4(47, "3001 880b 0006 0001 00000001 00fd 90010203")));
});

test("EtherIP (RFC 3378): version 3, then Ethernet", () => {
  assertCarried(decodeFrame(RAW, ipv4(97, `3000 ${ethernet(0x0800, PACKET)}`)), "etherip");
  assertNotCarried(decodeFrame(RAW, ipv4(97, `2000 ${ethernet(0x0800, PACKET)}`)));
});

test("VXLAN (RFC 7348 §5), on its port and on the one of old Linux", () => {
  const inner = `0800 0000 00002a 00 ${ethernet(0x0800, PACKET)}`;
  for (const port of [4789, 8472]) {
    const frame = decodeFrame(RAW, ipv4(17, udp(50000, port, inner)));
    assertCarried(frame, "vxlan");
    assert.deepEqual(frame.layers[1]?.macs, ["020000000002", "020000000001"]);
  }
  assertNotCarried(decodeFrame(RAW, ipv4(17, udp(50000, 4790, inner))));
  assertNotCarried(decodeFrame(RAW, ipv4(17, udp(50000, 4789, inner.replace("0800", "0000")))));
});

test("GTP-U (TS 29.281 §5): optional fields and extension headers", () => {
  const carry = (header: string, rest: string): string =>
    ipv4(17, udp(2152, 2152, `${header} ${rest} ${PACKET}`));
  assertCarried(decodeFrame(RAW, carry("30ff 001f 00000001", "")), "gtp-u");
  assertCarried(decodeFrame(RAW, carry("32ff 0023 00000001", "00010000")), "gtp-u");
  // PDU session container (85), then one more of 8 bytes.
  const extensions = "00000085 01 1001 40 02 0000000000 00 00";
  assertCarried(decodeFrame(RAW, carry("34ff 002f 00000001", extensions)), "gtp-u");
  assertNotCarried(decodeFrame(RAW, carry("34ff 0027 00000001", "00000085 00000000"))); // length 0
  assertNotCarried(decodeFrame(RAW, carry("3001 001f 00000001", ""))); // echo request
  assertNotCarried(decodeFrame(RAW, carry("2eff 001f 00000001", ""))); // GTP'
});

test("Teredo (RFC 4380 §5.1.1): authentication and origin indications", () => {
  const carry = (indications: string): string =>
    ipv4(17, udp(50000, 3544, `${indications} ${PACKET_6}`));
  assertCarried(decodeFrame(RAW, carry("")), "teredo");
  const origin = "0000 d1ab f5ffff51";
  assertCarried(decodeFrame(RAW, carry(origin)), "teredo");
  const authentication = `0001 02 03 aabb ccddee ${"00".repeat(8)} 00`;
  assertCarried(decodeFrame(RAW, carry(authentication)), "teredo");
  assertCarried(decodeFrame(RAW, carry(`${authentication} ${origin}`)), "teredo");
  assertNotCarried(decodeFrame(RAW, ipv4(17, udp(3544, 3544, PACKET)))); // IPv4 is no Teredo
  assertNotCarried(decodeFrame(RAW, ipv4(17, udp(50000, 3545, PACKET_6)))); // another port
});

test("VXLAN-GPE: the next protocol is named, Ethernet or IP", () => {
  const over = (inner: string): DecodedFrame => decodeFrame(RAW, ipv4(17, udp(50000, 4790, inner)));
  assertCarried(over(`0c00 0001 00002a 00 ${PACKET}`), "vxlan");
  assertCarried(over(`0c00 0002 00002a 00 ${PACKET_6}`), "vxlan");
  assertCarried(over(`0c00 0003 00002a 00 ${ethernet(0x0800, PACKET)}`), "vxlan");
  assertNotCarried(over(`0c00 0002 00002a 00 ${PACKET}`)); // not the version that it names
  assertNotCarried(over(`0800 0001 00002a 00 ${PACKET}`)); // P is not set
  assertNotCarried(over(`0d00 0001 00002a 00 ${PACKET}`)); // operation and maintenance
});

test("Geneve (RFC 8926): options, Ethernet or an EtherType", () => {
  const over = (inner: string): DecodedFrame => decodeFrame(RAW, ipv4(17, udp(50000, 6081, inner)));
  assertCarried(over(`0000 6558 00002a 00 ${ethernet(0x0800, PACKET)}`), "geneve");
  assertCarried(
    over(`0200 6558 00002a 00 0102 0301 61626364 ${ethernet(0x86dd, PACKET_6)}`),
    "geneve",
  );
  assertCarried(over(`0040 0800 00002a 00 ${PACKET}`), "geneve");
  assertNotCarried(over(`4000 0800 00002a 00 ${PACKET}`)); // version 1
  assertNotCarried(over(`0080 0800 00002a 00 ${PACKET}`)); // a control packet
  assertNotCarried(over("3f00 0800 00002a 00 4500")); // options longer than the datagram
});

test("MPLS in IP (RFC 4023) and in UDP (RFC 7510)", () => {
  assertCarried(decodeFrame(RAW, ipv4(137, `00010040 00021140 ${PACKET}`)), "mpls");
  assertCarried(decodeFrame(RAW, ipv6(137, `00021140 ${PACKET_6}`)), "mpls");
  assertCarried(decodeFrame(RAW, ipv4(17, udp(50000, 6635, `00021140 ${PACKET}`))), "mpls");
  assertNotCarried(decodeFrame(RAW, ipv4(17, udp(50000, 6635, "00021140 ffffffff"))));
});

test("IPv6 in Teredo in VXLAN in GRE", () => {
  const teredo = ipv4(17, udp(50000, 3544, ipv6(6, tcp("aabb"))));
  const vxlan = ipv4(17, udp(50000, 4789, `08000000 00002a00 ${ethernet(0x0800, teredo)}`));
  const frame = decodeFrame(1, ethernet(0x0800, ipv4(47, `0000 0800 ${vxlan}`)));
  assert.deepEqual(
    frame.layers.map((layer) => layer.carrier),
    ["gre", "vxlan", "teredo", ""],
  );
  assert.equal(frame.layers[3]?.data, "aabb");
});

test("the number of IP layers is limited; what lies deeper is payload", () => {
  const nest = (layers: number): string => {
    let packet = PACKET;
    for (let i = 1; i < layers; i++) packet = ipv4(4, packet);
    return packet;
  };
  const deepest = decodeFrame(RAW, nest(MAX_IP_LAYERS));
  assert.deepEqual([deepest.layers.length, deepest.anomalies], [MAX_IP_LAYERS, []]);
  assert.equal(deepest.layers.at(-1)?.data, "c0ffee");
  const deeper = decodeFrame(RAW, nest(MAX_IP_LAYERS + 1));
  assert.deepEqual(
    [deeper.layers.length, deeper.anomalyNames],
    [MAX_IP_LAYERS, ["ip-layer-limit"]],
  );
  assert.equal(deeper.layers.at(-1)?.carrier, "");
  assert.equal(deeper.layers.at(-1)?.dataLength, 31);
});

test("a fragment carries nothing until it is whole", () => {
  const frame = decodeFrame(RAW, ipv4(4, PACKET, 0x2000));
  assert.deepEqual([frame.layers.length, frame.layers[0]?.carrier], [1, ""]);
});
