/**
 * Tells capture formats by their first bytes, and makes the reader for one.
 *
 * @module
 */
import { fromLatin1, fromStrictUtf8 } from "../bytes/text.ts";
import type { CaptureSink, FrameReader } from "./frame-reader.ts";
import { PcapReader } from "./pcap.ts";
import { PcapngReader } from "./pcapng.ts";
import { SnoopReader } from "./snoop.ts";

/** Formats read frame by frame. */
export type FrameFormat = "pcap" | "pcapng" | "snoop";
/** What a file is; `gzip` holds another of these, `har` is for `readHar`. */
export type CaptureKind = FrameFormat | "gzip" | "har" | "unknown";

/** Bytes of a file's start that {@link identifyCapture} and {@link describeUnknown} look at; fewer will do. */
export const HEAD_BYTES = 512;

const MAGICS: readonly (readonly [string, FrameFormat | "gzip"])[] = [
  ["\xd4\xc3\xb2\xa1", "pcap"],
  ["\xa1\xb2\xc3\xd4", "pcap"],
  ["\x4d\x3c\xb2\xa1", "pcap"],
  ["\xa1\xb2\x3c\x4d", "pcap"],
  ["\x34\xcd\xb2\xa1", "pcap"],
  ["\xa1\xb2\xcd\x34", "pcap"],
  ["\x0a\x0d\x0d\x0a", "pcapng"],
  ["snoop\0\0\0", "snoop"],
  ["\x1f\x8b", "gzip"],
];

/** What other files begin with, for the message that refuses them. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ["\x28\xb5\x2f\xfd", "looks like zstd-compressed data: decompress it first"],
  ["\xfd7zXZ\0", "looks like xz-compressed data: decompress it first"],
  ["BZh", "looks like bzip2-compressed data: decompress it first"],
  ["\x04\x22\x4d\x18", "looks like lz4-compressed data: decompress it first"],
  ["PK\x03\x04", "looks like a zip archive: unpack it first"],
  ["7z\xbc\xaf\x27\x1c", "looks like a 7z archive: unpack it first"],
  ["GMBU", "looks like a capture of Microsoft Network Monitor 2: convert it with editcap"],
  ["RTSS", "looks like a capture of Microsoft Network Monitor 1: convert it with editcap"],
  ["btsnoop\0", "looks like a Bluetooth HCI log (btsnoop), which holds no network traffic"],
  ["TRSNIFF data    \x1a", "looks like a capture of NetXRay or Sniffer: convert it with editcap"],
  ["XCP\0", "looks like a capture of NetXRay or Sniffer: convert it with editcap"],
  ["\x89PNG\r\n\x1a\n", "looks like a PNG image"],
  ["\xff\xd8\xff", "looks like a JPEG image"],
  ["GIF8", "looks like a GIF image"],
  ["%PDF-", "looks like a PDF document"],
  ["SQLite format 3\0", "looks like an SQLite database"],
  ["\x7fELF", "looks like a program (ELF)"],
  ["MZ", "looks like a program for Windows"],
];

/**
 * The format of a file, by its first bytes; file names are not looked at.
 *
 * @param head At least 8 bytes of the start where the file has them; more for a HAR that begins with blanks.
 */
export function identifyCapture(head: Uint8Array): CaptureKind {
  const text = fromLatin1(head, 0, HEAD_BYTES);
  for (const [magic, kind] of MAGICS) if (text.startsWith(magic)) return kind;
  return /^(?:\xef\xbb\xbf)?[ \t\r\n]*\{/.test(text) ? "har" : "unknown";
}

/**
 * Why `head` is of no known format, to follow a file's name: "is empty", "looks like a PNG image".
 *
 * @param head As for {@link identifyCapture}.
 */
export function describeUnknown(head: Uint8Array): string {
  if (head.length === 0) return "is empty";
  const text = fromLatin1(head, 0, HEAD_BYTES);
  for (const [magic, words] of STRANGERS) if (text.startsWith(magic)) return words;
  for (const [magic, kind] of MAGICS) {
    if (magic.startsWith(text)) return `ends within the first bytes of a ${kind} file`;
  }
  if (text.slice(257, 262) === "ustar") return "looks like a tar archive: unpack it first";
  if (/^(?:\xff\xfe|\xfe\xff)/.test(text)) return "is text in UTF-16, where a HAR has UTF-8";
  if (isText(head)) return "is text, and not a HAR, which begins with {";
  const first = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return `begins with ${first.join(" ")}, which is no capture format that is read`;
}

/** Whether `head` is UTF-8 without control characters; its last character may be cut. */
function isText(head: Uint8Array): boolean {
  for (let cut = 0; cut < 4; cut++) {
    const text = fromStrictUtf8(head.subarray(0, Math.min(head.length, HEAD_BYTES) - cut));
    if (text !== undefined) return !Array.from(text).some(isControl);
  }
  return false;
}

function isControl(char: string): boolean {
  const codePoint = char.codePointAt(0) ?? 0;
  const isBlank = codePoint === 0x09 || codePoint === 0x0a || codePoint === 0x0d;
  return (codePoint < 0x20 && !isBlank) || codePoint === 0x7f;
}

/**
 * The reader for one capture file.
 *
 * @param kind Format, as {@link identifyCapture} told it.
 * @param input 0-based index of the input, for the place of anomalies.
 * @param sink Takes what the file gives besides frames.
 */
export function openFrameReader(kind: FrameFormat, input: number, sink: CaptureSink): FrameReader {
  switch (kind) {
    case "pcap":
      return new PcapReader(input, sink);
    case "pcapng":
      return new PcapngReader(input, sink);
    case "snoop":
      return new SnoopReader(input, sink);
  }
}
