import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame, ethernet, hex16, ipv4, ipv6, udp, type DecodedFrame } from "./test-frames.ts";

const PACKET = ipv4(17, udp(1025, 53, "c0ffee"));
const PACKET_6 = ipv6(17, udp(1025, 53, "c0ffee"));

function assertPacket(frame: DecodedFrame, note?: string): void {
  assert.deepEqual(frame.anomalies, [], note);
  assert.equal(frame.frameClass, "flow", note);
  assert.equal(frame.layers.length, 1, note);
  assert.deepEqual(frame.layers[0]?.ports, [1025, 53], note);
  assert.equal(frame.layers[0].data, "c0ffee", note);
}

test("raw IP: link types 12, 14, 101, 228, 229", () => {
  for (const linkType of [12, 14, 101]) {
    assertPacket(decodeFrame(linkType, PACKET));
    assertPacket(decodeFrame(linkType, PACKET_6));
  }
  assertPacket(decodeFrame(228, PACKET));
  assertPacket(decodeFrame(229, PACKET_6));
});

test("loopback: every system's address family, in both byte orders", () => {
  for (const family of ["02", "0a", "17", "18", "1c", "1e"]) {
    const packet = family === "02" ? PACKET : PACKET_6;
    assertPacket(decodeFrame(0, `${family}000000 ${packet}`), `little-endian ${family}`);
    assertPacket(decodeFrame(0, `000000${family} ${packet}`), `big-endian ${family}`);
    assertPacket(decodeFrame(108, `000000${family} ${packet}`), `link type 108, ${family}`);
  }
  // As in PcapPlusPlus' capture NullLoopback.pcap, frame 3.
  assertPacket(decodeFrame(0, `0f000800 ${PACKET}`));
  assert.equal(decodeFrame(0, `07000000 ${PACKET}`).frameClass, "unsupported-network");
});

test("Linux cooked, v1: type, ARPHRD, address, EtherType", () => {
  const frame = decodeFrame(113, `0004 0001 0006 0200000000020000 0800 ${PACKET}`);
  assertPacket(frame);
  assert.deepEqual(frame.layers[0]?.macs, ["020000000002", undefined]);
  // A tunnel device has no address.
  assert.deepEqual(
    decodeFrame(113, `0000 fffe 0000 0000000000000000 86dd ${PACKET_6}`).layers[0]?.macs,
    [undefined, undefined],
  );
  assertPacket(decodeFrame(113, `0000 0001 0006 0200000000020000 8100 0007 0800 ${PACKET}`));
  assertPacket(
    decodeFrame(113, `0000 0001 0006 0200000000020000 0004 aaaa03 000000 0800 ${PACKET}`),
  );
  const arp = decodeFrame(113, "0001 0001 0006 0200000000020000 0806 0001");
  assert.equal(arp.frameClass, "link-only");
});

test("Linux cooked: netlink is no traffic, and Linux's own protocol numbers are not read", () => {
  assert.equal(decodeFrame(113, "0004 0338 0000 0000000000000000 0000 00").frameClass, "link-only");
  const mapped = decodeFrame(113, `0000 0207 0000 0000000000000000 00f9 ${PACKET}`);
  assert.equal(mapped.frameClass, "unsupported-network");
});

test("Linux cooked, v2: EtherType, interface, ARPHRD, type, address", () => {
  const frame = decodeFrame(276, `0800 0000 00000002 0001 04 06 0200000000020000 ${PACKET}`);
  assertPacket(frame);
  assert.deepEqual(frame.layers[0]?.macs, ["020000000002", undefined]);
});

test("PPP: with and without address and control, protocol in one byte or two (RFC 1661 §6.5)", () => {
  for (const head of ["ff03 0021", "0021", "ff03 21", "21"]) {
    assertPacket(decodeFrame(9, `${head} ${PACKET}`), head);
    assertPacket(decodeFrame(50, `${head} ${PACKET}`), head);
  }
  assertPacket(decodeFrame(9, `0057 ${PACKET_6}`));
  assertPacket(decodeFrame(9, `0281 00011140 ${PACKET}`));
  assertPacket(decodeFrame(50, `0f00 0800 ${PACKET}`), "Cisco HDLC under link type 50");
  assertPacket(decodeFrame(51, `1100 0001 ${hex16(33)} 0021 ${PACKET}`), "PPPoE");
  assertPacket(decodeFrame(166, `01 03 0021 ${PACKET}`), "direction in place of the address");
  assertPacket(decodeFrame(204, `00 ff03 0021 ${PACKET}`), "direction before the frame");
});

test("PPP: control protocols are link-only, encryption is encrypted, others are not read", () => {
  assert.equal(decodeFrame(9, "ff03 c021 0101 0004").frameClass, "link-only");
  assert.equal(decodeFrame(9, "ff03 0053 0001").frameClass, "encrypted-link");
  assert.equal(decodeFrame(9, "ff03 00fd 9001").frameClass, "unsupported-network");
});

test("Cisco HDLC: address, control, EtherType; keepalives are link-only", () => {
  assertPacket(decodeFrame(104, `0f00 0800 ${PACKET}`));
  assertPacket(decodeFrame(104, `8f00 86dd ${PACKET_6}`));
  assert.equal(decodeFrame(104, "8f00 8035 00000002").frameClass, "link-only");
});

test("NFLOG: the payload attribute, in either byte order; the user is the app", () => {
  const little = `02 00 0000  0800 0b00 0000278b  0500 0400 00 000000  2300 0900 ${PACKET} 00`;
  const frame = decodeFrame(239, little);
  assertPacket(frame);
  assert.equal(frame.layers[0]?.app, "uid 10123");
  assertPacket(decodeFrame(239, `02 00 0000  0008 000b 0000278b  0023 0009 ${PACKET} 00`));
  const none = decodeFrame(239, "02 00 0000  0800 0b00 0000278b");
  assert.equal(none.frameClass, "malformed");
});

/** A PKTAP header of 108 bytes: process names in the fields at 56 and 88. */
function pktap(linkType: number, names: readonly [string, string]): string {
  const [command, effective] = names.map((name) =>
    Buffer.from(name.padEnd(20, "\0")).toString("hex"),
  );
  const type = linkType.toString(16).padStart(2, "0");
  const before = `6c000000 01000000 ${type}000000 ${"00".repeat(40)} 2a000000`;
  return `${before} ${command} 00000000 00000000 ffffffff ${effective}`;
}

test("PKTAP: the inner link type, and the effective process before the sending one", () => {
  const frame = decodeFrame(258, pktap(1, ["nsurlsessiond", "com.app"]) + ethernet(0x0800, PACKET));
  assertPacket(frame);
  assert.equal(frame.layers[0]?.app, "com.app");
  assert.deepEqual(frame.layers[0].macs, ["020000000002", "020000000001"]);
  const own = decodeFrame(149, pktap(12, ["apsd", ""]) + PACKET);
  assertPacket(own);
  assert.equal(own.layers[0]?.app, "apsd");
  assert.equal(decodeFrame(149, PACKET).frameClass, "unsupported-link");
});

/** PCAPdroid's trailer: magic, user, name, checksum. */
function trailer(name: string, nameBytes: number): string {
  const text = Buffer.from(name.padEnd(nameBytes, "\0")).toString("hex");
  return `01072021 0000278b ${text} deadbeef`;
}

test("PCAPdroid's trailer names the app and is no payload", () => {
  const bogus = `000000000000 000000000000 0800`;
  for (const size of [20, 16]) {
    const frame = decodeFrame(1, `${bogus} ${PACKET} 000000 ${trailer("Weibo", size)}`);
    assertPacket(frame);
    assert.equal(frame.layers[0]?.app, "Weibo");
  }
  // Segmentation offload: without a length in the IP header the packet would reach into the trailer.
  const offload = PACKET.replace("4500 001f", "4500 0000");
  assertPacket(decodeFrame(1, `${bogus} ${offload} ${trailer("Weibo", 20)}`));
});

test("PCAPdroid's magic number in real Ethernet is payload", () => {
  const data = trailer("Weibo", 20).replaceAll(" ", "");
  const frame = decodeFrame(1, ethernet(0x0800, ipv4(17, udp(1025, 53, data))));
  assert.equal(frame.layers[0]?.app, undefined);
  assert.equal(frame.layers[0]?.data, data);
});

test("the app of one frame does not stick to the next", () => {
  const bogus = `000000000000 000000000000 0800 ${PACKET}`;
  assert.equal(decodeFrame(1, `${bogus} ${trailer("", 20)}`).layers[0]?.app, undefined);
  assert.equal(decodeFrame(1, bogus).layers[0]?.app, undefined);
});

test("a link type that is not known is unsupported", () => {
  const frame = decodeFrame(201, PACKET);
  assert.deepEqual(
    [frame.frameClass, frame.anomalyNames, frame.layers],
    ["unsupported-link", ["link-type-unknown"], []],
  );
});
