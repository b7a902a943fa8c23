/**
 * pcap: a 24-byte header, then records of a header and a frame each.
 *
 * ```text
 * file   := magic(4) major(2) minor(2) reserved(8) snaplen(4) linktype(4) record*
 * record := seconds(4) fraction(4) captured(4) original(4) [ifindex(4) protocol(2) type(1) pad(1)] data
 * ```
 * The writer's byte order shows in the magic, as does the unit of the fraction. The part in
 * brackets belongs to the modified format of some Linux distributions (magic a1b2cd34).
 *
 * Source: draft-ietf-opsawg-pcap, sections 4 and 5.
 * @module
 */
import type { CaptureSummary, ReadStep } from "./frame-reader.ts";
import { READ_STEP } from "./frame-reader.ts";
import { FedReader } from "./fed-reader.ts";
import { readUint16, readUint32 } from "./integers.ts";
import { MAX_FRAME_BYTES } from "../limits.ts";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MODIFIED_RECORD_HEADER_BYTES = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

/** Reads a pcap file of any byte order, time unit and of the modified format. */
export class PcapReader extends FedReader {
  #headerBytes = 0;
  #littleEndian = false;
  #nanoseconds = false;
  #fractionsPerSecond = 0;

  next(): ReadStep {
    if (this.ended) return READ_STEP.end;
    if (this.#headerBytes === 0) {
      const step = this.#readFileHeader();
      if (step !== READ_STEP.frame) return step;
    }
    const headerBytes = this.#headerBytes;
    const at = this.at;
    const left = this.end - at;
    if (left < headerBytes) return this.starve("record header", headerBytes);
    const littleEndian = this.#littleEndian;
    const bytes = this.bytes;
    const captured = readUint32(bytes, at + 8, littleEndian);
    if (captured > MAX_FRAME_BYTES) return this.#breakOffAtLength(captured);
    if (left < headerBytes + captured) return this.starve("record", headerBytes + captured);

    const seconds = readUint32(bytes, at, littleEndian);
    const fraction = readUint32(bytes, at + 4, littleEndian);
    this.fileOffset = this.toFileOffset(at);
    this.start = at + headerBytes;
    this.capturedLength = captured;
    this.originalLength = readUint32(bytes, at + 12, littleEndian);
    // Division of a 32-bit number by 1000 fits an int32: `| 0` is floor.
    this.ts = seconds * 1e6 + (this.#nanoseconds ? (fraction / 1000) | 0 : fraction);
    this.at = at + headerBytes + captured;
    const step = this.giveFrame();
    if (fraction >= this.#fractionsPerSecond) this.#reportFraction(fraction);
    return step;
  }

  get summary(): CaptureSummary {
    return {
      format: "pcap",
      linkTypes: this.#headerBytes === 0 ? [] : [this.linkType],
      application: undefined,
      ...this.counts,
    };
  }

  /** Gives `READ_STEP.frame` to go on. */
  #readFileHeader(): ReadStep {
    if (this.end - this.at < FILE_HEADER_BYTES)
      return this.starve("file header", FILE_HEADER_BYTES);
    const bytes = this.bytes;
    const at = this.at;
    this.#littleEndian = (bytes[at] ?? 0) !== 0xa1;
    const littleEndian = this.#littleEndian;
    const magic = readUint32(bytes, at, littleEndian);
    if (magic !== MICROSECONDS && magic !== NANOSECONDS && magic !== MODIFIED) {
      const found = magic.toString(16).padStart(8, "0");
      return this.breakOff("magic-unknown", `file begins with ${found}, not with a magic of pcap`);
    }
    this.#nanoseconds = magic === NANOSECONDS;
    this.#fractionsPerSecond = this.#nanoseconds ? 1e9 : 1e6;
    const major = readUint16(bytes, at + 4, littleEndian);
    const minor = readUint16(bytes, at + 6, littleEndian);
    if (major !== 2 || minor !== 4) {
      // Before 2.3 the two lengths of a record were swapped; such files are older than 1998.
      const reason = `version ${major}.${minor} of the format, 2.4 expected; read as 2.4`;
      this.reportNext("version-unsupported", reason);
    }
    // The upper 16 bits tell of frame check sequences (draft, section 4: "LinkType and additional information").
    this.linkType = readUint32(bytes, at + 20, littleEndian) & 0xffff;
    this.#headerBytes = magic === MODIFIED ? MODIFIED_RECORD_HEADER_BYTES : RECORD_HEADER_BYTES;
    this.at = at + FILE_HEADER_BYTES;
    return READ_STEP.frame;
  }

  #breakOffAtLength(captured: number): ReadStep {
    const reason = `record of ${captured} bytes, at most ${MAX_FRAME_BYTES} expected; the rest of the file is not read`;
    return this.breakOff("record-length-implausible", reason);
  }

  #reportFraction(fraction: number): void {
    const unit = this.#nanoseconds ? "ns" : "µs";
    const reason = `fraction of ${fraction} ${unit}, less than one second expected; added to the seconds`;
    this.report("timestamp-invalid", reason);
  }
}
