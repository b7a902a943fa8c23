/**
 * The flows stage against tshark's reading of real captures.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { gunzipSync } from "node:zlib";
import { type FlowRecorder, recordFlows, tallied } from "../../test/flow-recorder.ts";
import { READ_STEP } from "../capture/frame-reader.ts";
import { identifyCapture, openFrameReader } from "../capture/identify.ts";
import { Packet } from "../packets/packet.ts";
import type { FlowStage } from "./flow-stage.ts";
import type { Flow, Side } from "./flow.ts";

const CAPTURES = join(process.cwd(), "../shared/captures");

interface TruthFlow {
  readonly proto: string;
  readonly a: string;
  readonly a_port: number | null;
  readonly b: string;
  readonly b_port: number | null;
  readonly packets_ab: number;
  readonly packets_ba: number;
  readonly bytes_ab: number;
  readonly bytes_ba: number;
  readonly payload_ab: number;
  readonly payload_ba: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly fragments?: number;
  readonly tcp_streams?: readonly number[];
}
interface TruthStream {
  readonly stream: number;
  readonly node0: string;
  readonly node1: string;
  readonly gaps: boolean;
  readonly bytes: readonly [number, number] | null;
  readonly sha256: readonly [string, string] | null;
}
interface Truth {
  readonly flows: readonly TruthFlow[];
  readonly flows_innermost?: readonly TruthFlow[];
  readonly tcp_bytes: readonly TruthStream[];
}

/** Reads a capture file through capture, packets and flows. */
function readFlows(file: string): {
  readonly stage: FlowStage;
  readonly recorder: FlowRecorder;
  readonly captured: number;
} {
  let bytes: Uint8Array = readFileSync(file);
  if (identifyCapture(bytes) === "gzip") bytes = gunzipSync(bytes);
  const kind = identifyCapture(bytes);
  if (kind !== "pcap" && kind !== "pcapng" && kind !== "snoop") throw new Error(`${file}: ${kind}`);
  const ignore = (): void => undefined;
  const reader = openFrameReader(kind, 0, {
    anomaly: ignore,
    secrets: ignore,
    resolvedName: ignore,
  });
  const { stage, decoder, recorder } = recordFlows();
  recorder.keepsLog = false;
  reader.feed(bytes);
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
  stage.end();
  return { stage, recorder, captured: reader.summary.capturedBytes };
}

/** Every capture that has a ground truth, as file and truth. */
function eachCapture(
  t: TestContext,
  check: (name: string, file: string, truth: Truth) => void,
): void {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  let seen = 0;
  for (const source of readdirSync(join(CAPTURES, "truth"))) {
    if (source.endsWith(".tsv")) continue;
    for (const name of readdirSync(join(CAPTURES, "truth", source))) {
      if (!/\.(pcap|pcapng|snoop|gz)\.json$/.test(name)) continue;
      const file = join(CAPTURES, source, name.replace(/\.json$/, ""));
      const text = readFileSync(join(CAPTURES, "truth", source, name), "utf8");
      check(`${source}/${name.replace(/\.json$/, "")}`, file, JSON.parse(text) as Truth);
      seen++;
    }
  }
  assert.ok(seen > 100);
}

const port = (value: number | null): number => value ?? -1;
const micros = (text: string | null): number =>
  text === null ? NaN : Number(text.replace(/\.(\d{6})\d*$/, "$1"));

function truthLine(flow: TruthFlow): string {
  return [
    flow.proto,
    `${flow.a} ${port(flow.a_port)}`,
    `${flow.b} ${port(flow.b_port)}`,
    `packets ${flow.packets_ab} ${flow.packets_ba}`,
    `bytes ${flow.bytes_ab} ${flow.bytes_ba}`,
    `payload ${flow.payload_ab} ${flow.payload_ba}`,
    `time ${micros(flow.first)} ${micros(flow.last)}`,
    `fragments ${flow.fragments ?? 0}`,
  ].join(", ");
}

function flowLine(flow: Flow): string {
  const [a, b] = flow.ends;
  return [
    flow.protocolName,
    `${a.address} ${a.port}`,
    `${b.address} ${b.port}`,
    `packets ${a.packets} ${b.packets}`,
    `bytes ${a.frameBytes} ${b.frameBytes}`,
    `payload ${a.payloadBytes} ${b.payloadBytes}`,
    `time ${flow.firstTs} ${flow.lastTs}`,
    `fragments ${flow.fragments}`,
  ].join(", ");
}

/**
 * Where the truth is known not to hold, by capture, with the lines that differ: `-` is only in the truth,
 * `+` only here.
 */
const FLOWS_READ_OTHERWISE: Readonly<Record<string, readonly RegExp[]>> = {
  // Its times are nonsense (README of the captures).
  "tcpdump/timestamp_invalid_nano.pcap": [
    /^[-+] tcp, 131\.155\.215\.69 46656, .*payload 0 0, time/,
  ],
  // Fuzzed: tshark's time is negative.
  "ndpi/fuzz-2021-06-07-c6c72a0a56.pcap": [
    /^[-+] udp, 102\.110\.128\.32 2152, .*payload 2251 0, time/,
  ],
  // The truth finds a datagram's first fragment by its ports, which ICMPv6 has none of; its fragments
  // (3 packets, 1386 bytes) are here in the flow of their first one.
  "suricata-verify/ipv6-malformed-fragments-1.pcap": [
    /^- icmpv6, .* packets 3 2, bytes 614 144, .* fragments 1$/,
    /^- ip-44, .* packets 3 0, bytes 1386 0, .* fragments 3$/,
    /^\+ icmpv6, .* packets 6 2, bytes 2000 144, .* fragments 4$/,
  ],
};

test("FlowStage finds the flows of tshark, with its counts", (t) => {
  const wrong: string[] = [];
  let compared = 0;
  eachCapture(t, (name, file, truth) => {
    const { stage } = readFlows(file);
    const outer = stage.flows.filter((flow) => flow.parent === undefined);
    const got = outer.map(flowLine);
    const due = truth.flows.map(truthLine);
    compared += due.length;
    const odd = [
      ...due.filter((line) => !got.includes(line)).map((line) => `- ${line}`),
      ...got.filter((line) => !due.includes(line)).map((line) => `+ ${line}`),
    ];
    const known = FLOWS_READ_OTHERWISE[name] ?? [];
    wrong.push(
      ...odd.filter((line) => !known.some((known) => known.test(line))).map((l) => `${name} ${l}`),
    );
    // Flows of fragments whose first one never came are found last.
    if (odd.length === 0 && !outer.some((flow) => flow.fragments > 0))
      assert.deepEqual(got, due, name);
  });
  assert.deepEqual(wrong, []);
  if (existsSync(CAPTURES)) assert.ok(compared > 1300, `${compared} flows compared`);
});

/** Packets that are no outside of a tunnel, by their five values, whatever carries them. */
function innermost(flows: readonly Flow[]): string[] {
  const counts = new Map<string, [number, number]>();
  for (const flow of flows) {
    const [a, b] = flow.ends;
    const [there, back] = [a.packets - flow.carried[0], b.packets - flow.carried[1]];
    if (there + back === 0) continue;
    const ends = [`${a.address} ${a.port}`, `${b.address} ${b.port}`];
    const swapped = `${flow.protocolName}, ${ends[1]}, ${ends[0]}`;
    const name = counts.has(swapped) ? swapped : `${flow.protocolName}, ${ends[0]}, ${ends[1]}`;
    const [x, y] = counts.get(name) ?? [0, 0];
    counts.set(name, name === swapped ? [x + back, y + there] : [x + there, y + back]);
  }
  return [...counts].map(([name, [there, back]]) => `${name}, packets ${there} ${back}`);
}

test("FlowStage finds the flows inside tunnels", (t) => {
  const wrong: string[] = [];
  let compared = 0;
  eachCapture(t, (name, file, truth) => {
    if (truth.flows_innermost === undefined) return;
    compared++;
    const read = readFlows(file);
    if (name === "zeek/gtp1_gn_normal_incl_fragmentation.pcap") {
      // Four of the outer datagrams never became whole: their beginnings show inner packets, as in the truth.
      // Frames with later fragments only count to the outer flow, which has no ports in the truth.
      assert.deepEqual(innermost(read.stage.flows), [
        "udp, 239.114.155.111 2152, 63.94.149.181 2152, packets 1 35",
        "tcp, 10.131.47.185 1923, 79.101.110.141 80, packets 27 45",
      ]);
      return;
    }
    const due = truth.flows_innermost.map((flow) => truthLine(flow).replace(/, bytes.*/, ""));
    const got = innermost(read.stage.flows);
    for (const line of due.filter((l) => !got.includes(l))) wrong.push(`${name} - ${line}`);
    for (const line of got.filter((l) => !due.includes(l))) wrong.push(`${name} + ${line}`);
  });
  assert.deepEqual(wrong, []);
  if (existsSync(CAPTURES)) assert.ok(compared >= 5, `${compared} captures compared`);
});

/** Streams that tshark follows less far, with the bytes that are here, counted by hand from its list of segments. */
const STREAMS_FOLLOWED_FURTHER: Readonly<Record<string, readonly [number, number]>> = {
  // An acknowledgement ahead of the data was captured first; tshark leaves the data out.
  "iot/iot-inspector-application_data.pcap 0": [1400 * 3 + 186, 517],
  "iot/iot-inspector-application_data.pcap 1": [1400 * 3 + 146, 517],
  // Bytes after a hole that nobody acknowledged.
  "iot/iot-inspector-application_data.pcap 11": [517 + 70, 0],
  "pcapplusplus/unidirectional_tcp_stream_with_missing_packet.pcap 0": [
    1420 + 31 + 4 * 1420 + 1397,
    0,
  ],
  // A second SYN-ACK with another number came after the first one was acknowledged.
  "ndpi/KakaoTalk_chat.pcap 2": [1505, 1280 * 2 + 987 + 47 + 29 + 43 + 27 + 29],
};
/** Keep-alives on both sides, which tshark takes for a byte that is missing. */
const WITHOUT_GAP = "ndpi/nest_log_sink.pcap 0";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("FlowStage gives the streams that tshark follows", (t) => {
  let compared = 0;
  eachCapture(t, (name, file, truth) => {
    if (truth.tcp_bytes.length === 0) return;
    const { stage, recorder } = readFlows(file);
    for (const stream of truth.tcp_bytes) {
      const place = `${name} ${stream.stream}`;
      const flow = flowBetween(stage, stream);
      assert.ok(flow, `${place} is absent`);
      const sides: readonly [Side, Side] = isEnd(flow, 0, stream.node0) ? [0, 1] : [1, 0];
      const gaps = recorder.of(flow)[0].gaps + recorder.of(flow)[1].gaps;
      if (stream.bytes === null || stream.sha256 === null) {
        assert.equal(gaps > 0, place !== WITHOUT_GAP, place);
        continue;
      }
      compared++;
      const due = STREAMS_FOLLOWED_FURTHER[place] ?? stream.bytes;
      for (const i of [0, 1] as const) {
        const got = recorder.bytesOf(flow, sides[i]);
        assert.equal(got.length, due[i], place);
        assert.equal(sha256(got.subarray(0, stream.bytes[i])), stream.sha256[i], place);
      }
    }
  });
  if (existsSync(CAPTURES)) assert.ok(compared > 300, `${compared} streams compared`);
});

function flowBetween(stage: FlowStage, { node0, node1 }: TruthStream): Flow | undefined {
  return stage.flows.find(
    (flow) =>
      flow.protocol === 6 &&
      ((isEnd(flow, 0, node0) && isEnd(flow, 1, node1)) ||
        (isEnd(flow, 1, node0) && isEnd(flow, 0, node1))),
  );
}

function isEnd(flow: Flow, side: Side, node: string): boolean {
  const { address, port } = flow.ends[side];
  return node === `${address}:${port}` || node === `[${address}]:${port}`;
}

test("FlowStage accounts for every payload byte that it takes", (t) => {
  eachCapture(t, (name, file) => {
    const { stage, recorder, captured } = readFlows(file);
    let given = 0;
    for (const flow of stage.flows) for (const heard of recorder.of(flow)) given += heard.bytes;
    assert.equal(tallied(stage), stage.payloadBytesTaken, name);
    assert.ok(given <= stage.payloadBytesTaken && stage.payloadBytesTaken <= captured, name);
  });
});
