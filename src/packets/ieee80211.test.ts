import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFrame, ipv4, udp, type DecodedFrame } from "./test-frames.ts";

const PACKET = ipv4(17, udp(1025, 53, "c0ffee"));
const LLC = `aaaa03 000000 0800 ${PACKET}`;
/** Addresses 1, 2, 3 and sequence control, IEEE Std 802.11-2020 §9.2.4. */
const ADDRESSES = "020000000001 020000000002 020000000003 0000";
/** A data frame from a station to its access point. */
const DATA = `0801 0000 ${ADDRESSES} ${LLC}`;

function assertPacket(frame: DecodedFrame, note?: string): void {
  assert.deepEqual(frame.anomalies, [], note);
  assert.equal(frame.frameClass, "flow", note);
  assert.deepEqual(frame.layers[0]?.ports, [1025, 53], note);
  assert.equal(frame.layers[0].data, "c0ffee", note);
}

test("whose address is whose, by the DS bits (table 9-30)", () => {
  const expected: readonly (readonly [string, string, string])[] = [
    ["0800", "020000000002", "020000000001"],
    ["0801", "020000000002", "020000000003"],
    ["0802", "020000000003", "020000000001"],
  ];
  for (const [control, source, destination] of expected) {
    const frame = decodeFrame(105, `${control} 0000 ${ADDRESSES} ${LLC}`);
    assertPacket(frame, control);
    assert.deepEqual(frame.layers[0]?.macs, [source, destination], control);
  }
  const relayed = decodeFrame(105, `0803 0000 ${ADDRESSES} 020000000004 ${LLC}`);
  assertPacket(relayed);
  assert.deepEqual(relayed.layers[0]?.macs, ["020000000004", "020000000003"]);
});

test("QoS and HT control are stepped over", () => {
  assertPacket(decodeFrame(105, `8801 0000 ${ADDRESSES} 0500 ${LLC}`));
  assertPacket(decodeFrame(105, `8881 0000 ${ADDRESSES} 0500 01020304 ${LLC}`));
  assertPacket(decodeFrame(105, `8803 0000 ${ADDRESSES} 020000000004 0500 ${LLC}`));
  // Without QoS the last flag is the order bit and nothing follows.
  assertPacket(decodeFrame(105, `0881 0000 ${ADDRESSES} ${LLC}`));
});

test("an A-MSDU shows each packet it aggregates (§9.3.2.2)", () => {
  const other = `aaaa03 000000 0800 ${ipv4(17, udp(1026, 123, "beef"))}`;
  const arp = "aaaa03 000000 0806 0001";
  const frame = decodeFrame(
    105,
    `8801 0000 ${ADDRESSES} 8000` +
      `020000000011 020000000012 0027 ${LLC} 000000` + // 14 + 39 bytes, padded to 56
      `020000000021 020000000022 000a ${arp}` + // 14 + 10 bytes
      `020000000031 020000000032 0026 ${other}`,
  );
  assert.deepEqual(frame.anomalies, []);
  assert.equal(frame.frameClass, "flow");
  assert.deepEqual(
    frame.layers.map(({ depth, ports, data, macs }) => ({ depth, ports, data, macs })),
    [
      { depth: 0, ports: [1025, 53], data: "c0ffee", macs: ["020000000012", "020000000011"] },
      { depth: 0, ports: [1026, 123], data: "beef", macs: ["020000000032", "020000000031"] },
    ],
  );
});

test("an A-MSDU is a flow frame even where only its last packet is IP", () => {
  const frame = decodeFrame(
    105,
    `8801 0000 ${ADDRESSES} 8000` +
      `020000000021 020000000022 000a aaaa03 000000 0806 0001` +
      `020000000011 020000000012 0027 ${LLC}`,
  );
  assert.equal(frame.frameClass, "flow");
  assert.equal(frame.layers.length, 1);
});

test("protected data is encrypted at the link; management, control and null data carry no IP", () => {
  assert.equal(decodeFrame(105, `0841 0000 ${ADDRESSES} 00112233`).frameClass, "encrypted-link");
  assert.equal(decodeFrame(105, `8841 0000 ${ADDRESSES} 0000 00`).frameClass, "encrypted-link");
  assert.equal(decodeFrame(105, `8000 0000 ${ADDRESSES}`).frameClass, "link-only"); // beacon
  assert.equal(decodeFrame(105, "d400 0000 020000000001").frameClass, "link-only"); // acknowledgement
  assert.equal(decodeFrame(105, `4801 0000 ${ADDRESSES}`).frameClass, "link-only"); // null
  assert.equal(decodeFrame(105, `c801 0000 ${ADDRESSES} 0000`).frameClass, "link-only"); // QoS null
  const eapol = `0802 0000 ${ADDRESSES} aaaa03 000000 888e 0103`;
  assert.equal(decodeFrame(105, eapol).frameClass, "link-only");
});

test("a later fragment of an 802.11 frame is said not to be read", () => {
  const addresses = ADDRESSES.replace(/0000$/, "2100");
  const frame = decodeFrame(105, `0801 0000 ${addresses} 00112233`);
  assert.deepEqual(
    [frame.frameClass, frame.anomalyNames],
    ["unsupported-network", ["network-protocol-unknown"]],
  );
});

test("radiotap: skipped by its length; the FCS flag takes four bytes off the frame", () => {
  assertPacket(decodeFrame(127, `0000 0800 00000000 ${DATA}`));
  const withoutLength = DATA.replace("4500 001f", "4500 0000"); // reaches to the end of the frame
  // Present: Flags. Flags: FCS at the end.
  assertPacket(decodeFrame(127, `0000 0900 02000000 10 ${withoutLength} 0a0b0c0d`));
  // Present: TSFT and Flags; TSFT begins at a multiple of 8.
  assertPacket(
    decodeFrame(127, `0000 1100 03000000 ${"00".repeat(8)} 10 ${withoutLength} 0a0b0c0d`),
  );
  // A second word of present bits pushes TSFT to offset 16.
  assertPacket(
    decodeFrame(
      127,
      `0000 1900 03000080 00000000 00000000 ${"00".repeat(8)} 10 ${withoutLength} 0a0b0c0d`,
    ),
  );
});

test("radiotap: padding between header and body, and a wrong checksum", () => {
  const qos = `8801 0000 ${ADDRESSES} 0500`; // 26 bytes, padded to 28
  assertPacket(decodeFrame(127, `0000 0900 02000000 20 ${qos} 0000 ${LLC}`));
  const wrong = decodeFrame(127, `0000 0900 02000000 50 ${DATA} 00000000`);
  assert.deepEqual([wrong.frameClass, wrong.anomalyNames], ["malformed", ["wlan-checksum-wrong"]]);
  const version = decodeFrame(127, `0100 0800 00000000 ${DATA}`);
  assert.equal(version.frameClass, "malformed");
});

test("PPI names its link type, and says in its 802.11-Common field whether there is an FCS", () => {
  assertPacket(decodeFrame(192, `0000 0800 69000000 ${DATA}`));
  const withoutLength = DATA.replace("4500 001f", "4500 0000");
  const common = `0200 1400 ${"00".repeat(8)} 0100 ${"00".repeat(10)}`;
  assertPacket(decodeFrame(192, `0000 2000 69000000 ${common} ${withoutLength} 0a0b0c0d`));
  assertPacket(decodeFrame(192, `0000 0800 65000000 ${PACKET}`), "raw IP in PPI");
});

test("Prism and AVS headers are skipped by their length", () => {
  assertPacket(decodeFrame(119, `44000000 90000000 ${"00".repeat(136)} ${DATA}`));
  assertPacket(decodeFrame(119, `00000044 00000090 ${"00".repeat(136)} ${DATA}`));
  assertPacket(decodeFrame(119, `80211001 00000040 ${"00".repeat(56)} ${DATA}`));
  assertPacket(decodeFrame(163, `80211001 00000040 ${"00".repeat(56)} ${DATA}`));
  assert.equal(decodeFrame(163, `80211001 00000004 ${DATA}`).frameClass, "malformed");
});
