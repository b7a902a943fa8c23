/**
 * Reads a capture file through capture, packets, flows and protocols with chosen dissectors.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Anomaly } from "../src/anomaly.ts";
import { READ_STEP } from "../src/capture/frame-reader.ts";
import { identifyCapture, openFrameReader } from "../src/capture/identify.ts";
import { FlowStage } from "../src/flows/flow-stage.ts";
import type { Flow } from "../src/flows/flow.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { PacketDecoder } from "../src/packets/decode.ts";
import { Packet } from "../src/packets/packet.ts";
import type { Dissector } from "../src/protocols/dissector.ts";
import { ProtocolStage } from "../src/protocols/flow-reader.ts";
import type { Message } from "../src/protocols/message.ts";
import { createRegistry } from "../src/protocols/registry.ts";

/** What a capture gave. */
export interface ReadCapture {
  readonly messages: readonly Message[];
  readonly anomalies: readonly Anomaly[];
  readonly flows: readonly Flow[];
  readonly applications: ReadonlyMap<Flow, string>;
}

/**
 * Reads the capture at `path` with `dissectors` alone. Parts of messages are left out, unless
 * `handle` is given, which then sees each message while its parts are valid.
 *
 * @throws {Error} where it is no capture.
 */
export function readMessages(
  path: string,
  dissectors: readonly Dissector[],
  handle?: (message: Message) => void,
): ReadCapture {
  let bytes: Uint8Array = readFileSync(path);
  if (identifyCapture(bytes) === "gzip") bytes = gunzipSync(bytes);
  const kind = identifyCapture(bytes);
  if (kind !== "pcap" && kind !== "pcapng" && kind !== "snoop") throw new Error(`${path}: ${kind}`);
  const messages: Message[] = [];
  const anomalies: Anomaly[] = [];
  const applications = new Map<Flow, string>();
  const ignore = (): void => undefined;
  const anomaly = (found: Anomaly): void => void anomalies.push(found);
  const protocols = new ProtocolStage(createRegistry(dissectors), {
    wantsParts: handle !== undefined,
    wantsRaw: false,
    message: (message) => {
      messages.push(message);
      handle?.(message);
    },
    raw: ignore,
    protocolKnown: (flow, name) => void applications.set(flow, name),
    flowEnd: ignore,
    anomaly,
  });
  const flows = new FlowStage(protocols, {
    platform: nodePlatform,
    keepFrames: false,
    redecode: (packet) => {
      decoder.decodeDatagram(packet);
    },
  });
  const decoder = new PacketDecoder({
    packet: (packet) => {
      flows.packet(packet);
    },
    anomaly: ignore,
  });
  const handlers = { anomaly: ignore, secrets: ignore, resolvedName: ignore };
  const reader = openFrameReader(kind, 0, handlers);
  reader.feed(bytes);
  reader.finish();
  const packet = new Packet();
  for (let frame = 1; reader.next() === READ_STEP.frame; frame++) {
    packet.bytes = reader.bytes;
    packet.input = 0;
    packet.frame = frame;
    packet.ts = reader.ts;
    packet.linkType = reader.linkType;
    packet.frameStart = reader.start;
    packet.frameEnd = reader.start + reader.capturedLength;
    packet.originalLength = reader.originalLength;
    decoder.decode(packet);
  }
  flows.end();
  return { messages, anomalies, flows: flows.flows, applications };
}
