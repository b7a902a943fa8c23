/**
 * Makes a large capture from small ones: repeats all Ethernet frames of the captures below a folder,
 * each round with shifted IP addresses and later times, so that every round has its own flows.
 *
 *   npx tsx bench/make-capture.ts OUT MEGABYTES [FOLDER]
 */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { READ_STEP } from "../src/capture/frame-reader.ts";
import { identifyCapture, openFrameReader } from "../src/capture/identify.ts";

const ETHERNET = 1;
const RECORD_HEADER_BYTES = 16;
/** Frames come this far apart, in µs: some ten thousand a second. */
const FRAME_INTERVAL_US = 100;

/** A frame to repeat: its bytes, and where its outermost IP addresses lie. */
interface Sample {
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  /** Offset of the source address, or -1 where the frame has none that is found. */
  readonly addressAt: number;
  readonly addressBytes: number;
}

/** Writes about `megabytes` of frames to `out`, in pcap format; returns frames and rounds. */
export function makeCapture(
  out: string,
  megabytes: number,
  folder: string,
): { frames: number; rounds: number } {
  const samples = collect(folder);
  if (samples.length === 0) throw new Error(`${folder}: no Ethernet capture found there`);
  const descriptor = openSync(out, "w");
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, 262144, true);
  header.setUint32(20, ETHERNET, true);
  writeSync(descriptor, new Uint8Array(header.buffer));
  const limit = megabytes * 1_000_000;
  let written = 24;
  let frames = 0;
  let rounds = 0;
  while (written < limit) {
    const round = oneRound(samples, rounds, frames);
    writeSync(descriptor, round);
    written += round.length;
    frames += samples.length;
    rounds += 1;
  }
  closeSync(descriptor);
  return { frames, rounds };
}

function oneRound(samples: readonly Sample[], round: number, before: number): Uint8Array {
  const size = samples.reduce((sum, { bytes }) => sum + RECORD_HEADER_BYTES + bytes.length, 0);
  const block = new Uint8Array(size);
  const view = new DataView(block.buffer);
  let at = 0;
  for (const [i, sample] of samples.entries()) {
    const ts = 1_700_000_000_000_000 + (before + i) * FRAME_INTERVAL_US;
    view.setUint32(at, Math.floor(ts / 1_000_000), true);
    view.setUint32(at + 4, ts % 1_000_000, true);
    view.setUint32(at + 8, sample.bytes.length, true);
    view.setUint32(at + 12, sample.originalLength, true);
    at += RECORD_HEADER_BYTES;
    block.set(sample.bytes, at);
    if (sample.addressAt >= 0)
      shiftAddresses(block, at + sample.addressAt, sample.addressBytes, round);
    at += sample.bytes.length;
  }
  return block;
}

/** XORs the round into the middle of both addresses: sides stay apart, private nets mostly private. */
function shiftAddresses(block: Uint8Array, at: number, width: number, round: number): void {
  for (const address of [at, at + width]) {
    block[address + width - 2]! ^= round & 0xff;
    block[address + width - 3]! ^= (round >> 8) & 0xff;
  }
}

function collect(folder: string): Sample[] {
  const samples: Sample[] = [];
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  for (const name of names) {
    const path = join(folder, name);
    if (
      !/\.(pcap|pcapng)(\.gz)?$/.test(name) ||
      name.startsWith("truth") ||
      !statSync(path).isFile()
    )
      continue;
    const raw = readFileSync(path);
    const bytes = name.endsWith(".gz") ? gunzipSync(raw) : raw;
    const format = identifyCapture(bytes);
    if (format !== "pcap" && format !== "pcapng") continue;
    const reader = openFrameReader(format, 0, {
      anomaly: () => undefined,
      secrets: () => undefined,
      resolvedName: () => undefined,
    });
    reader.feed(bytes);
    reader.finish();
    while (reader.next() === READ_STEP.frame) {
      if (reader.linkType !== ETHERNET) continue;
      const frame = reader.bytes.slice(reader.start, reader.start + reader.capturedLength);
      samples.push({ bytes: frame, originalLength: reader.originalLength, ...addressesOf(frame) });
    }
  }
  return samples;
}

function addressesOf(frame: Uint8Array): { addressAt: number; addressBytes: number } {
  const etherType = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  if (etherType === 0x0800 && frame.length >= 34) return { addressAt: 26, addressBytes: 4 };
  if (etherType === 0x86dd && frame.length >= 54) return { addressAt: 22, addressBytes: 16 };
  return { addressAt: -1, addressBytes: 0 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [out, megabytes, folder = "../shared/captures"] = process.argv.slice(2);
  if (out === undefined || !(Number(megabytes) > 0)) {
    console.error("usage: npx tsx bench/make-capture.ts OUT MEGABYTES [FOLDER]");
    process.exit(2);
  }
  const { frames, rounds } = makeCapture(out, Number(megabytes), folder);
  console.log(`${out}: ${frames} frames in ${rounds} rounds`);
}
