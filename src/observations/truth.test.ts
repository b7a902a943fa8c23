/**
 * A real capture: Xiaomi phones on the push service (nDPI's test capture; see the captures' README).
 * What is expected was read from the bytes with tshark (`-T fields -e tcp.payload`), by eye.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { READ_STEP } from "../capture/frame-reader.ts";
import { openFrameReader } from "../capture/identify.ts";
import { decodePart } from "../content/decode.ts";
import { FlowStage } from "../flows/flow-stage.ts";
import { nodePlatform } from "../node/platform.ts";
import { PacketDecoder } from "../packets/decode.ts";
import { Packet } from "../packets/packet.ts";
import { ProtocolStage } from "../protocols/flow-reader.ts";
import { createHttp1Dissector } from "../protocols/http1/index.ts";
import { createRegistry } from "../protocols/registry.ts";
import { createXiaomiPushDissector } from "../protocols/xiaomi-push/index.ts";
import type { Canary } from "./canary.ts";
import type { Observation } from "./observation.ts";
import { ObservationStage } from "./observe.ts";

const CAPTURE = "../shared/captures/ndpi/xiaomi.pcap";

function observe(canaries: readonly Canary[]): {
  given: readonly Observation[];
  stage: ObservationStage;
} {
  const given: Observation[] = [];
  const anomaly = (): void => undefined;
  const sink = { observation: (one: Observation) => void given.push(one), anomaly };
  const stage = new ObservationStage({
    canaries,
    platform: nodePlatform,
    decode: decodePart,
    sink,
  });
  const protocols = new ProtocolStage(
    createRegistry([createHttp1Dissector(), createXiaomiPushDissector()]),
    {
      wantsParts: true,
      wantsRaw: true,
      message: (message) => stage.message(message),
      raw: (flow, side, chunk) => stage.raw(flow, side, chunk),
      protocolKnown: () => undefined,
      flowEnd: (flow) => stage.close(flow),
      anomaly,
    },
  );
  const flows: FlowStage = new FlowStage(protocols, {
    platform: nodePlatform,
    keepFrames: true,
    redecode: (packet) => decoder.decodeDatagram(packet),
  });
  const decoder: PacketDecoder = new PacketDecoder({
    packet: (packet) => flows.packet(packet),
    anomaly,
  });
  const reader = openFrameReader("pcap", 0, {
    anomaly,
    secrets: () => undefined,
    resolvedName: () => undefined,
  });
  reader.feed(readFileSync(CAPTURE));
  reader.finish();
  const packet = new Packet();
  for (let frame = 1; reader.next() === READ_STEP.frame; frame++) {
    packet.bytes = reader.bytes;
    packet.frame = frame;
    packet.ts = reader.ts;
    packet.linkType = reader.linkType;
    packet.frameStart = reader.start;
    packet.frameEnd = reader.start + reader.capturedLength;
    packet.originalLength = reader.originalLength;
    decoder.decode(packet);
  }
  flows.end();
  stage.end();
  return { given, stage };
}

test("the push service is told model, build, hashed id, network and language", (t) => {
  if (!existsSync(CAPTURE)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const byFrame = new Map<number, string[]>();
  for (const { flow, side, frame, property, value } of observe([]).given) {
    if (flow.ends[side === 0 ? 1 : 0].port !== 5222) continue;
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), `${property} ${value}`]);
  }
  const expected = (...[model, build, id, network, locale]: readonly string[]): string[] => [
    `DeviceModel ${model}`,
    `OsBuild ${build}`,
    `HashedDeviceId ${id}`,
    `NetworkType ${network}`,
    `Locale ${locale}`,
  ];
  assert.deepEqual(
    [...byFrame],
    [
      [
        3,
        expected(
          "Redmi Note 9S",
          "V12.5.2.0.RJWMIXM",
          "D7A5D8A9B537529F966E429D0588620324F6C5E2",
          "mobile-lte-taif",
          "ar_EG_#u-nu-latn",
        ),
      ],
      [
        8,
        expected(
          "M2010J19SG",
          "V12.0.9.0.QJQMIXM",
          "C5DF7C8ECCFF3178F9294DBC70578BEFCA59A83C",
          "wifi",
          "ar_EG",
        ),
      ],
      [
        13,
        expected(
          "M2101K7BG",
          "V12.5.15.0.RKLMIXM",
          "AC941D2ADAD8FEC4BF86314CC8C516CB76F6952A",
          "mobile-lte-taif",
          "ar_EG",
        ),
      ],
      [
        22,
        expected(
          "Redmi Note 9 Pro",
          "V12.0.3.0.QJZMIXM",
          "1456E7A60AEFC6D40727D03F60FB0CFAE40A214A",
          "wifi",
          "en_US",
        ),
      ],
      [
        37,
        expected(
          "Redmi Note 8T",
          "V12.5.1.0.RCXRUXM",
          "50583459C750E7E1C050CEC20269EDBB1F9E9782",
          "wifi",
          "ru_RU",
        ),
      ],
    ],
  );
});

test("the name service is told a placeholder in place of the access point, and that is said", (t) => {
  if (!existsSync(CAPTURE)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const http = observe([]).given.filter(({ protocol }) => protocol === "http");
  assert.ok(
    http.every(({ flow, side }) => flow.ends[side === 0 ? 1 : 0].address === "203.107.1.65"),
  );
  const bssid = http.find(({ property }) => property === "Bssid");
  assert.equal(bssid?.value, "02:00:00:00:00:00");
  assert.equal(bssid.placeholder, "the placeholder that Android hands to apps without permission");
  const told = http.map(({ property, value }) => `${property} ${value}`);
  for (const text of [
    "NetworkType wifi",
    "DeviceModel Redmi Note 9 Pro",
    "OsBuild V12.0.3.0.QJZMIXM",
    "OsVersion 10",
  ]) {
    assert.ok(told.includes(text), text);
  }
});

test("canaries of the same capture are found in messages, and nowhere a second time raw", (t) => {
  if (!existsSync(CAPTURE)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const { given, stage } = observe([
    { id: "model", property: "DeviceModel", value: "Redmi Note 8T" },
    { id: "absent", property: "Imei", value: "861234028765439" },
  ]);
  const hits = given.filter(({ source }) => source.kind === "canary");
  assert.deepEqual(
    hits.map(({ frame, protocol, value }) => `${frame} ${protocol} ${value}`),
    ["37 xiaomi-push Redmi Note 8T"],
  );
  const [model, absent] = stage.searches();
  assert.deepEqual([model?.hits, model?.decoyHits, absent?.hits, absent?.decoyHits], [1, 0, 0, 0]);
});
