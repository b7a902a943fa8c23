/**
 * snoop, the capture format of Solaris; all integers big-endian.
 *
 * ```text
 * file   := "snoop" 00 00 00 version(4) datalink(4) record*
 * record := original(4) included(4) recordLength(4) drops(4) seconds(4) microseconds(4) data pad
 * ```
 * Source: RFC 1761.
 * @module
 */
import type { CaptureSummary, ReadStep } from "./frame-reader.ts";
import { READ_STEP } from "./frame-reader.ts";
import { FedReader } from "./fed-reader.ts";
import { readUint32 } from "./integers.ts";
import { MAX_FRAME_BYTES } from "../limits.ts";

const FILE_HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 24;
const VERSION = 2;
/** "snoop" and three zero bytes, as two integers. */
const MAGIC: readonly [number, number] = [0x736e6f6f, 0x70000000];

/** RFC 1761's datalink types as `LINKTYPE_` numbers; 18 (SunATM) is Solaris's own addition. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1], // IEEE 802.3
  [2, 6], // IEEE 802.5 token ring
  [4, 1], // Ethernet
  [8, 10], // FDDI
  [18, 123], // SunATM
]);

/** Reads a snoop file of version 2. */
export class SnoopReader extends FedReader {
  #headed = false;
  #drops = 0;

  next(): ReadStep {
    if (this.ended) return READ_STEP.end;
    if (!this.#headed) {
      const step = this.#readFileHeader();
      if (step !== READ_STEP.frame) return step;
    }
    const at = this.at;
    const left = this.end - at;
    if (left < RECORD_HEADER_BYTES) return this.starve("record header", RECORD_HEADER_BYTES);
    const bytes = this.bytes;
    const included = readUint32(bytes, at + 4, false);
    const recordBytes = readUint32(bytes, at + 8, false);
    if (included > MAX_FRAME_BYTES || recordBytes < RECORD_HEADER_BYTES + included) {
      return this.#breakOffAtLength(included, recordBytes);
    }
    // The pad only aligns: anything longer is a broken length, not a bigger record.
    if (recordBytes > RECORD_HEADER_BYTES + MAX_FRAME_BYTES) {
      return this.#breakOffAtLength(included, recordBytes);
    }
    if (left < recordBytes) return this.starve("record", recordBytes);

    this.fileOffset = this.toFileOffset(at);
    this.start = at + RECORD_HEADER_BYTES;
    this.capturedLength = included;
    this.originalLength = readUint32(bytes, at, false);
    this.#drops = readUint32(bytes, at + 12, false);
    const microseconds = readUint32(bytes, at + 20, false);
    this.ts = readUint32(bytes, at + 16, false) * 1e6 + microseconds;
    this.at = at + recordBytes;
    const step = this.giveFrame();
    if (microseconds >= 1e6) {
      const reason = `fraction of ${microseconds} µs, less than one second expected; added to the seconds`;
      this.report("timestamp-invalid", reason);
    }
    return step;
  }

  get summary(): CaptureSummary {
    return {
      format: "snoop",
      linkTypes: this.#headed && this.linkType >= 0 ? [this.linkType] : [],
      application: undefined,
      droppedFrames: this.#headed ? this.#drops : undefined,
      ...this.counts,
    };
  }

  /** Gives `READ_STEP.frame` to go on. */
  #readFileHeader(): ReadStep {
    if (this.end - this.at < FILE_HEADER_BYTES)
      return this.starve("file header", FILE_HEADER_BYTES);
    const bytes = this.bytes;
    const at = this.at;
    if (
      readUint32(bytes, at, false) !== MAGIC[0] ||
      readUint32(bytes, at + 4, false) !== MAGIC[1]
    ) {
      return this.breakOff(
        "magic-unknown",
        'file does not begin with "snoop" and three zero bytes',
      );
    }
    const version = readUint32(bytes, at + 8, false);
    if (version !== VERSION) {
      return this.breakOff("version-unsupported", `snoop version ${version}, 2 expected`);
    }
    const datalink = readUint32(bytes, at + 12, false);
    this.linkType = LINK_TYPES.get(datalink) ?? -1;
    if (this.linkType < 0) {
      this.reportNext(
        "link-type-unknown",
        `snoop datalink type ${datalink} has no LINKTYPE_ number`,
      );
    }
    this.#headed = true;
    this.at = at + FILE_HEADER_BYTES;
    return READ_STEP.frame;
  }

  #breakOffAtLength(included: number, recordBytes: number): ReadStep {
    const reason =
      `record of ${recordBytes} bytes with ${included} of data; ${RECORD_HEADER_BYTES} more than the data and ` +
      `at most ${MAX_FRAME_BYTES} of data expected; the rest of the file is not read`;
    return this.breakOff("record-length-implausible", reason);
  }
}
