import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { FrameFormat } from "./identify.ts";
import { identifyCapture } from "./identify.ts";
import type { ReadFrame, WholeRead } from "./test-reader.ts";
import { namesOf, readWhole } from "./test-reader.ts";

/** What tshark says of a capture; the fields are described in the captures' own README. */
interface Truth {
  readonly file: string;
  readonly kind: string;
  readonly container: {
    readonly format: string;
    readonly linktypes?: number[];
    readonly interfaces?: number;
    readonly blocks?: Record<string, number>;
    readonly secrets_blocks?: { readonly type: string; readonly bytes: number }[];
  };
  readonly packets: number;
  readonly frames_without_time: number;
  readonly ts_first_frame: string | null;
  readonly ts_last_frame: string | null;
  readonly ts_min: string | null;
  readonly ts_max: string | null;
  readonly frame_bytes: number;
  readonly captured_bytes: number;
  readonly truncated_frames: number;
  readonly encapsulations: Record<string, number>;
}

const ROOT = join(process.cwd(), "../shared/captures");
const ABSENT = "../shared/captures is absent";

/** tshark's numbers (WTAP_ENCAP_) for the link types met here; DLT_RAW has three numbers, one of them apart. */
const ENCAPSULATIONS: ReadonlyMap<number, number> = new Map([
  ...([
    [0, 15],
    [1, 1],
    [9, 4],
    [12, 7],
    [101, 7],
    [105, 20],
    [113, 25],
    [127, 23],
  ] as const),
  ...([
    [160, 58],
    [192, 97],
    [228, 129],
    [253, 158],
    [276, 210],
  ] as const),
]);
/** Block names for the truth's hexadecimal types. */
const BLOCK_NAMES: Readonly<Record<string, string>> = {
  "0x00000001": "interface-description",
  "0x00000003": "simple-packet",
  "0x00000004": "name-resolution",
  "0x00000005": "interface-statistics",
  "0x00000006": "enhanced-packet",
  "0x0000000a": "decryption-secrets",
  "0x00000bad": "custom",
  "0x40000bad": "custom-not-copied",
  "0x0a0d0d0a": "section-header",
};
/** tshark prints nonsense for these times, whose fractions are over one second; the captures' README says so of the first. */
const NONSENSE_TIMES = ["timestamp_invalid_nano.pcap", "fuzz-2021-06-07-c6c72a0a56.pcap"];
/** Damaged at its first block: the lengths before and after it differ, and nothing can be read. */
const DAMAGED = "shb-option-too-long.pcapng";

/** Each binary capture with its truth; those of HAR are compared in `har.test.ts`. */
function* captures(): Generator<{ truth: Truth; file: Uint8Array; kind: FrameFormat }> {
  for (const source of readdirSync(join(ROOT, "truth"), { withFileTypes: true })) {
    if (!source.isDirectory()) continue;
    for (const name of readdirSync(join(ROOT, "truth", source.name))) {
      if (!name.endsWith(".json") || name.includes("expected")) continue;
      const text = readFileSync(join(ROOT, "truth", source.name, name), "utf8");
      const truth = JSON.parse(text) as Truth;
      if (truth.kind !== "capture") continue;
      let file: Uint8Array = readFileSync(join(ROOT, source.name, truth.file));
      if (identifyCapture(file) === "gzip") file = gunzipSync(file);
      const kind = identifyCapture(file);
      assert.ok(kind === "pcap" || kind === "pcapng" || kind === "snoop", truth.file);
      yield { truth, file, kind };
    }
  }
}

test("frames of the real captures are those that tshark sees", (t) => {
  if (!existsSync(ROOT)) {
    t.skip(ABSENT);
    return;
  }
  let count = 0;
  for (const { truth, file, kind } of captures()) {
    count++;
    const read = readWhole(kind, file);
    const { frames, summary } = read;
    const found = {
      packets: frames.length,
      frames_without_time: frames.filter((frame) => Number.isNaN(frame.ts)).length,
      frame_bytes: frames.reduce((sum, frame) => sum + frame.originalLength, 0),
      captured_bytes: frames.reduce((sum, frame) => sum + frame.capturedLength, 0),
      truncated_frames: frames.filter((f) => f.capturedLength < f.originalLength).length,
      encapsulations: countEncapsulations(frames),
    };
    const { packets, frames_without_time, frame_bytes, captured_bytes } = truth;
    const { truncated_frames, encapsulations } = truth;
    const due = {
      ...{ packets, frames_without_time, frame_bytes, captured_bytes },
      ...{ truncated_frames, encapsulations },
    };
    assert.deepEqual(found, due, truth.file);
    assert.equal(summary.frames, packets, truth.file);
    assert.equal(summary.originalBytes, frame_bytes, truth.file);
    assert.equal(summary.capturedBytes, captured_bytes, truth.file);
    assert.equal(summary.fileBytes, file.length, truth.file);
    if (!NONSENSE_TIMES.includes(truth.file)) compareTimes(truth, frames);
    if (truth.file !== DAMAGED) compareContainer(truth, read);
  }
  assert.equal(count, 128);
});

test("only the captures that are broken have anomalies", (t) => {
  if (!existsSync(ROOT)) {
    t.skip(ABSENT);
    return;
  }
  const found: Record<string, string[]> = {};
  for (const { truth, file, kind } of captures()) {
    const names = [...new Set(namesOf(readWhole(kind, file)))];
    if (names.length > 0) found[truth.file] = names;
  }
  assert.deepEqual(found, {
    [DAMAGED]: ["block-length-invalid"],
    "timestamp_invalid_nano.pcap": ["timestamp-invalid"],
    "fuzz-2021-06-07-c6c72a0a56.pcap": ["original-length-implausible", "timestamp-invalid"],
  });
});

test("the real captures fed in pieces of any length give the same", (t) => {
  if (!existsSync(ROOT)) {
    t.skip(ABSENT);
    return;
  }
  let seed = 20141;
  /** Park and Miller's generator: the same pieces in every run. */
  const random = (limit: number): number => {
    seed = (seed * 48271) % 0x7fffffff;
    return 1 + (seed % limit);
  };
  for (const { truth, file, kind } of captures()) {
    const whole = readWhole(kind, file);
    assert.deepEqual(
      readWhole(kind, file, () => random(5000)),
      whole,
      truth.file,
    );
    if (file.length > 50_000) continue;
    assert.deepEqual(
      readWhole(kind, file, () => random(20)),
      whole,
      truth.file,
    );
  }
});

test("a capture cut at any byte keeps the frames before the cut and names the rest", (t) => {
  if (!existsSync(ROOT)) {
    t.skip(ABSENT);
    return;
  }
  for (const { truth, file, kind } of captures()) {
    if (file.length > 3000) continue;
    const whole = readWhole(kind, file);
    for (let end = 0; end < file.length; end++) {
      const read = readWhole(kind, file.subarray(0, end));
      const before = whole.frames.filter((frame) => toRecordEnd(kind, file, frame) <= end);
      assert.deepEqual(read.frames, before, `${truth.file} cut at ${end}`);
      const unread = read.summary.unreadBytes ?? -1;
      assert.equal(unread > 0, namesOf(read).some(isBroken), `${truth.file} cut at ${end}`);
    }
  }
});

/** Where the frame's record ends in the file; the captures here are small, and their blocks whole. */
function toRecordEnd(kind: FrameFormat, file: Uint8Array, frame: ReadFrame): number {
  const end = frame.fileOffset + frame.capturedLength;
  if (kind === "snoop") return end + 24;
  if (kind === "pcap") return end + (file[0] === 0x34 ? 24 : 16);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const isLittle = view.getUint32(frame.fileOffset, true) < 0x10000;
  return frame.fileOffset + view.getUint32(frame.fileOffset + 4, isLittle);
}

function isBroken(name: string): boolean {
  return name === "record-cut-short" || name === "block-length-invalid";
}

function compareTimes(truth: Truth, frames: readonly ReadFrame[]): void {
  const times = frames.map((frame) => frame.ts);
  const known = times.filter((ts) => !Number.isNaN(ts));
  const found = [known[0], known.at(-1), known.length > 0 ? Math.min(...known) : undefined];
  assert.deepEqual(
    [...found, known.length > 0 ? Math.max(...known) : undefined],
    [truth.ts_first_frame, truth.ts_last_frame, truth.ts_min, truth.ts_max].map(toTs),
    truth.file,
  );
}

/** "1340954905.298858000" in µs, its finer digits dropped. */
function toTs(text: string | null): number | undefined {
  if (text === null) return undefined;
  const [seconds = "", fraction = ""] = text.split(".");
  return Number(seconds) * 1e6 + Number(fraction.padEnd(9, "0").slice(0, 6));
}

function countEncapsulations(frames: readonly ReadFrame[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { linkType } of frames) {
    const name = String(ENCAPSULATIONS.get(linkType) ?? `link type ${linkType}`);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function compareContainer(truth: Truth, read: WholeRead): void {
  const { container } = truth;
  const { summary } = read;
  assert.equal(summary.format, container.format, truth.file);
  assert.equal(summary.unreadBytes, 0, truth.file);
  if (container.linktypes !== undefined) {
    const linkTypes = [...summary.linkTypes].sort((a, b) => a - b);
    assert.deepEqual(linkTypes, container.linktypes, truth.file);
  }
  if (container.blocks === undefined) return;
  assert.equal(summary.interfaces?.length, container.interfaces, truth.file);
  const blocks = Object.entries(container.blocks).map(([type, n]) => [BLOCK_NAMES[type], n]);
  assert.deepEqual(summary.blocks, Object.fromEntries(blocks), truth.file);
  assert.deepEqual(
    read.secrets.map(({ type, data }) => [type, data.length]),
    container.secrets_blocks?.map(({ type, bytes }) => [Number(type), bytes]),
    truth.file,
  );
}
