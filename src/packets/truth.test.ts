/**
 * The decoder against tshark's reading of real captures: flows by the outermost and by the innermost
 * IP layer, with packets, frame bytes and payload bytes each way, and the frames without an IP layer.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Anomaly } from "../anomaly.ts";
import { READ_STEP } from "../capture/frame-reader.ts";
import { identifyCapture, openFrameReader } from "../capture/identify.ts";
import { FRAME_CLASS } from "../ledger.ts";
import { PacketDecoder } from "./decode.ts";
import { IP_PROTOCOL, Packet } from "./packet.ts";

const CAPTURES = resolve(process.cwd(), "../shared/captures");

/** One IP layer as the truth's make-truth.py sees it. */
interface Layer {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly payload: number;
  /** Key of the datagram, if this is a fragment. */
  readonly fragment: string | undefined;
}

interface Flow {
  readonly proto: string;
  readonly a: string;
  readonly a_port: number | null;
  readonly b: string;
  readonly b_port: number | null;
  packets_ab: number;
  packets_ba: number;
  bytes_ab: number;
  bytes_ba: number;
  payload_ab: number;
  payload_ba: number;
}

interface Truth {
  readonly file: string;
  readonly kind: string;
  readonly packets: number;
  readonly non_ip_frames: number;
  readonly flows: readonly Flow[];
  readonly flows_innermost?: readonly Flow[];
}

interface Frame {
  readonly length: number;
  readonly layers: Layer[];
}

/** In what tshark and we differ, and why; nothing else may differ. */
interface Difference {
  readonly why: string;
  /** Not compared. */
  readonly column: RegExp;
  /** Lines of the truth's innermost flows, and what is due instead. */
  readonly instead?: readonly (readonly [string, readonly string[]])[];
}

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  "ndpi/fuzz-2021-06-07-c6c72a0a56.pcap": {
    why: "a frame length of nearly 4 GiB, which tshark takes for 2^31 - 1",
    column: / bytes \S+/,
  },
  "zeek/gtp1_gn_normal_incl_fragmentation.pcap": {
    why:
      "tshark looks into the first fragment of a tunnel's datagram, we into the whole datagram, and for " +
      "four first fragments (frames 56, 80, 90, 92; 1514 bytes each) the second is not in the capture",
    column: / payload \S+/,
    instead: [
      [
        "tcp 0a832fb9 1923 4f656e8d 80 packets 27/45 bytes 4538/60140",
        [
          "tcp 0a832fb9 1923 4f656e8d 80 packets 27/41 bytes 4538/54084",
          "udp 3f5e95b5 2152 ef729b6f 2152 packets 4/0 bytes 6056/0",
        ],
      ],
    ],
  },
};

const NAMES: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  6: "tcp",
  17: "udp",
  47: "gre",
  50: "esp",
  51: "ah",
  58: "icmpv6",
  132: "sctp",
};

function readFrames(file: string, anomalies: Anomaly[]): Frame[] {
  const raw = readFileSync(file);
  const bytes = new Uint8Array(file.endsWith(".gz") ? gunzipSync(raw) : raw);
  const kind = identifyCapture(bytes);
  if (kind === "gzip" || kind === "har" || kind === "unknown") throw new Error(`${file}: ${kind}`);
  const reader = openFrameReader(kind, 0, {
    anomaly: () => undefined,
    secrets: () => undefined,
    resolvedName: () => undefined,
  });
  const packet = new Packet();
  const frames: Frame[] = [];
  let layers: Layer[] = [];
  const pieces = new Map<string, Piece[]>();
  const decoder: PacketDecoder = new PacketDecoder({
    packet: (shown) => {
      if (shown.reassembled) return;
      layers.push(toLayer(shown));
      if (!shown.isFragment) return;
      const key = `${shown.version}|${toLayer(shown).fragment}`;
      const all = pieces.get(key) ?? [];
      pieces.set(key, [...all, toPiece(shown, layers)]);
      reassemble(pieces.get(key) ?? [], decoder, (inner) => {
        layers = inner;
      });
    },
    anomaly: (anomaly) => anomalies.push(anomaly),
  });
  reader.feed(bytes);
  reader.finish();
  while (reader.next() === READ_STEP.frame) {
    layers = [];
    packet.bytes = reader.bytes;
    packet.frame = frames.length + 1;
    packet.ts = reader.ts;
    packet.linkType = reader.linkType;
    packet.frameStart = reader.start;
    packet.frameEnd = reader.start + reader.capturedLength;
    packet.originalLength = reader.originalLength;
    decoder.decode(packet);
    assert.equal(
      packet.frameClass === FRAME_CLASS.flow,
      layers.length > 0,
      `frame ${packet.frame}`,
    );
    frames.push({ length: reader.originalLength, layers });
  }
  return frames;
}

/** A fragment, copied; `layers` is the list of its frame. */
interface Piece {
  readonly packet: Packet;
  readonly layers: Layer[];
}

function toPiece(packet: Packet, layers: Layer[]): Piece {
  const copy = Object.assign(new Packet(), packet);
  copy.bytes = packet.bytes.slice(0, packet.frameEnd);
  return { packet: copy, layers };
}

/**
 * Puts a datagram together once its fragments are all there, none overlapping; its inner layers then go
 * to the frame of its first fragment, where tshark, told not to reassemble, sees them.
 */
function reassemble(
  pieces: readonly Piece[],
  decoder: PacketDecoder,
  use: (layers: Layer[]) => void,
): void {
  const sorted = [...pieces].sort((x, y) => x.packet.fragmentOffset - y.packet.fragmentOffset);
  let length = 0;
  for (const { packet } of sorted) {
    if (packet.fragmentOffset !== length) return;
    length += packet.payloadLength;
  }
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined || last.packet.moreFragments) return;
  const size = first.packet.version === 4 ? 4 : 16;
  const whole = Object.assign(new Packet(), first.packet);
  whole.bytes = Buffer.concat([
    first.packet.bytes.subarray(first.packet.sourceAt, first.packet.sourceAt + size),
    first.packet.bytes.subarray(first.packet.destinationAt, first.packet.destinationAt + size),
    ...sorted.map(({ packet }) => packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)),
  ]);
  whole.sourceAt = 0;
  whole.destinationAt = size;
  whole.payloadStart = size * 2;
  whole.payloadEnd = size * 2 + length;
  whole.payloadLength = length;
  whole.protocol = first.packet.fragmentProtocol;
  const current = pieces.at(-1);
  use(first.layers);
  decoder.decodeDatagram(whole);
  use(current?.layers ?? []);
}

function toLayer(packet: Packet): Layer {
  const size = packet.version === 4 ? 4 : 16;
  const address = (at: number): string =>
    Buffer.from(packet.bytes.subarray(at, at + size)).toString("hex");
  const source = address(packet.sourceAt);
  const destination = address(packet.destinationAt);
  const hasData = packet.protocol === 6 || packet.protocol === 17;
  // tshark knows the transport behind IPv6 extension headers only where it dissected one.
  const isNamed = packet.version === 4 || (packet.protocol in NAMES && packet.fragmentOffset === 0);
  const port = (value: number): number | null => (value < 0 ? null : value);
  return {
    source,
    destination,
    protocol:
      packet.protocol === IP_PROTOCOL.udplite ? 17 : isNamed ? packet.protocol : packet.firstHeader,
    sourcePort: port(packet.sourcePort),
    destinationPort: port(packet.destinationPort),
    payload: hasData ? packet.dataLength : 0,
    fragment: packet.isFragment ? `${source}|${destination}|${packet.fragmentId}` : undefined,
  };
}

/** The flow table of make-truth.py. */
function toFlows(frames: readonly Frame[], pick: (frame: Frame) => Layer | undefined): Flow[] {
  const firsts = new Map<string, Layer>();
  for (const frame of frames) {
    const layer = pick(frame);
    if (layer?.fragment !== undefined && layer.sourcePort !== null && !firsts.has(layer.fragment)) {
      firsts.set(layer.fragment, layer);
    }
  }
  const flows = new Map<string, Flow>();
  for (const frame of frames) {
    const layer = pick(frame);
    if (layer === undefined) continue;
    const first = layer.fragment !== undefined && layer.sourcePort === null;
    const ports = (first ? firsts.get(layer.fragment) : undefined) ?? layer;
    const a = `${layer.source}|${ports.sourcePort}`;
    const b = `${layer.destination}|${ports.destinationPort}`;
    const key = [String(ports.protocol), ...[a, b].sort()].join(" ");
    let flow = flows.get(key);
    if (flow === undefined) {
      flow = {
        proto: NAMES[ports.protocol] ?? `ip-${ports.protocol}`,
        a: layer.source,
        a_port: ports.sourcePort,
        b: layer.destination,
        b_port: ports.destinationPort,
        packets_ab: 0,
        packets_ba: 0,
        bytes_ab: 0,
        bytes_ba: 0,
        payload_ab: 0,
        payload_ba: 0,
      };
      flows.set(key, flow);
    }
    if (flow.a === layer.source && flow.a_port === ports.sourcePort) {
      flow.packets_ab++;
      flow.bytes_ab += frame.length;
      flow.payload_ab += layer.payload;
    } else {
      flow.packets_ba++;
      flow.bytes_ba += frame.length;
      flow.payload_ba += layer.payload;
    }
  }
  return [...flows.values()];
}

/** Lines that can be compared as text. */
function toLines(flows: readonly Flow[]): string[] {
  return flows
    .map((flow) =>
      [
        flow.proto,
        toHexAddress(flow.a),
        flow.a_port,
        toHexAddress(flow.b),
        flow.b_port,
        `packets ${flow.packets_ab}/${flow.packets_ba}`,
        `bytes ${flow.bytes_ab}/${flow.bytes_ba}`,
        `payload ${flow.payload_ab}/${flow.payload_ba}`,
      ].join(" "),
    )
    .sort();
}

/** Hexadecimal of tshark's address text; ours is so already. */
function toHexAddress(text: string): string {
  if (text.includes(".") && !text.includes(":")) {
    return text
      .split(".")
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("");
  }
  if (!text.includes(":")) return text;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [, head = "", ...parts] = dotted;
    const [w = 0, x = 0, y = 0, z = 0] = parts.map(Number);
    return toHexAddress(`${head}${(w * 256 + x).toString(16)}:${(y * 256 + z).toString(16)}`);
  }
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill("0"), ...right]
    .map((group) => group.padStart(4, "0"))
    .join("");
}

test("PacketDecoder reads what tshark reads, in every capture", async (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  for (const name of readdirSync(join(CAPTURES, "truth"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json") || name.includes(".ja4-expected.")) continue;
    const truth = JSON.parse(readFileSync(join(CAPTURES, "truth", name), "utf8")) as Truth;
    if (truth.kind !== "capture") continue;
    const file = name.slice(0, -".json".length);
    await t.test(file, () => {
      const anomalies: Anomaly[] = [];
      const frames = readFrames(join(CAPTURES, file), anomalies);
      const ignored = DIFFERENCES[file]?.column;
      const lines = (flows: readonly Flow[]): string[] =>
        toLines(flows).map((line) => (ignored === undefined ? line : line.replace(ignored, "")));
      assert.deepEqual(
        lines(toFlows(frames, (frame) => frame.layers[0])),
        lines(truth.flows),
        "outermost layer",
      );
      if (truth.flows_innermost !== undefined) {
        assert.deepEqual(
          lines(toFlows(frames, (frame) => frame.layers.at(-1))),
          lines(truth.flows_innermost).flatMap((line) => [
            ...(DIFFERENCES[file]?.instead?.find(([theirs]) => theirs === line)?.[1] ?? [line]),
          ]),
          "innermost layer",
        );
      }
      const bare = frames.filter((frame) => frame.layers.length === 0).length;
      assert.equal(bare, truth.non_ip_frames, "frames without an IP layer");
    });
  }
});
