/**
 * pcapng: sections of blocks, each with its length before and after its body.
 *
 * ```text
 * block := type(4) length(4) body length(4)      length counts the whole block
 * ```
 * A section header block sets the byte order and forgets the interfaces of the section before.
 *
 * Source: draft-ietf-opsawg-pcapng, sections 3.1 and 4; section 4.4 of its predecessors for
 * the obsolete packet block.
 * @module
 */
import { MAX_BLOCK_BYTES, MAX_BLOCK_TYPES, MAX_FRAME_BYTES } from "../limits.ts";
import { FedReader } from "./fed-reader.ts";
import type { CaptureSink, CaptureSummary, ReadStep } from "./frame-reader.ts";
import { READ_STEP } from "./frame-reader.ts";
import { readUint16, readUint32, readUint64 } from "./integers.ts";
import type { BlockBody, SectionInterface } from "./pcapng-blocks.ts";
import { BLOCK, toBlockName, toText } from "./pcapng-blocks.ts";
import { OPTION, OptionWalker } from "./pcapng-options.ts";
import { PcapngSections } from "./pcapng-sections.ts";
import { toMicroseconds } from "./pcapng-time.ts";

const LEAST_BLOCK_BYTES = 12;
const PACKET_FIXED_BYTES = 20;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** "Not known" in the drop count of the obsolete packet block. */
const DROPS_UNKNOWN = 0xffff;

/** Reads a pcapng file. */
export class PcapngReader extends FedReader {
  #inSection = false;
  #littleEndian = false;
  #hasComment = false;
  #optionsStart = 0;
  #optionsEnd = 0;
  readonly #blocks = new Map<number, number>();
  #enhancedBlocks = 0;
  #otherBlocks = 0;
  readonly #walker = new OptionWalker();
  readonly #sections: PcapngSections;

  /** @param input Index of the input, for the place of anomalies. */
  constructor(input: number, sink: CaptureSink) {
    super(input, sink);
    this.#sections = new PcapngSections(this.#walker, {
      anomaly: (name, reason) => this.reportNext(name, reason),
      secrets: (type, data) => sink.secrets(type, data),
      resolvedName: (address, name) => sink.resolvedName(address, name),
    });
  }

  next(): ReadStep {
    if (this.ended) return READ_STEP.end;
    for (;;) {
      const at = this.at;
      const left = this.end - at;
      if (left < LEAST_BLOCK_BYTES) return this.starve("block header", LEAST_BLOCK_BYTES);
      const bytes = this.bytes;
      // The same in both byte orders, so that it can be told before the order is known.
      const type = readUint32(bytes, at, this.#littleEndian);
      if (type === BLOCK.sectionHeader) {
        const order = readUint32(bytes, at + 8, true);
        this.#littleEndian = order === BYTE_ORDER_MAGIC;
        if (!this.#littleEndian && readUint32(bytes, at + 8, false) !== BYTE_ORDER_MAGIC) {
          return this.breakOff("byte-order-invalid", "section header without a byte-order magic");
        }
      } else if (!this.#inSection) {
        return this.breakOff("magic-unknown", "file does not begin with a section header block");
      }
      const length = readUint32(bytes, at + 4, this.#littleEndian);
      if (length < LEAST_BLOCK_BYTES || length > MAX_BLOCK_BYTES)
        return this.#breakOffAtLength(length);
      const padded = (length + 3) & ~3;
      if (left < padded) return this.starve(`${toBlockName(type)} block`, padded);
      if (readUint32(bytes, at + padded - 4, this.#littleEndian) !== length) {
        return this.#breakOffAtEnd(length, at + padded - 4);
      }
      if (padded !== length) this.#reportUnaligned(length);
      this.#count(type);
      if (type === BLOCK.sectionHeader) {
        const fault = this.#sections.open(this.#toBody(at + 8, at + padded - 4));
        if (fault !== undefined) return this.breakOff("section-header-invalid", fault);
        this.#inSection = true;
      }
      const isFrame = this.#readBlock(type, at + 8, at + padded - 4);
      this.at = at + padded;
      if (isFrame) return READ_STEP.frame;
    }
  }

  /** Comments of the frame; read only where asked for, as they cost a string. */
  override get comment(): string | undefined {
    if (!this.#hasComment) return undefined;
    const walker = this.#walker;
    const comments: string[] = [];
    walker.reset(this.bytes, this.#optionsStart, this.#optionsEnd, this.#littleEndian);
    while (walker.next()) {
      if (walker.code !== OPTION.comment) continue;
      comments.push(toText(this.bytes.subarray(walker.start, walker.start + walker.length)));
    }
    return comments.join("\n");
  }

  get summary(): CaptureSummary {
    const blocks: Record<string, number> = {};
    for (const [type, count] of this.#blocks) blocks[toBlockName(type)] = count;
    if (this.#enhancedBlocks > 0) blocks[toBlockName(BLOCK.enhancedPacket)] = this.#enhancedBlocks;
    if (this.#otherBlocks > 0) blocks["other"] = this.#otherBlocks;
    return {
      format: "pcapng",
      ...this.#sections.summary,
      blocks,
      ...this.counts,
    };
  }

  /** Reads the body from `start` to `end` of `bytes`; whether it gave a frame. */
  #readBlock(type: number, start: number, end: number): boolean {
    this.#hasComment = false;
    switch (type) {
      case BLOCK.enhancedPacket:
        return this.#readEnhancedPacket(start, end);
      case BLOCK.simplePacket:
        return this.#readSimplePacket(start, end);
      case BLOCK.obsoletePacket:
        return this.#readObsoletePacket(start, end);
    }
    this.#sections.read(type, this.#toBody(start, end));
    return false;
  }

  /** interface(4), then as {@link #givePacket} reads it. */
  #readEnhancedPacket(start: number, end: number): boolean {
    if (end - start < PACKET_FIXED_BYTES) return this.#skipShort(end - start, PACKET_FIXED_BYTES);
    this.#givePacket(readUint32(this.bytes, start, this.#littleEndian), start, end);
    return true;
  }

  /** interface(2) drops(2), then as the enhanced packet block. */
  #readObsoletePacket(start: number, end: number): boolean {
    if (end - start < PACKET_FIXED_BYTES) return this.#skipShort(end - start, PACKET_FIXED_BYTES);
    const id = readUint16(this.bytes, start, this.#littleEndian);
    const drops = readUint16(this.bytes, start + 2, this.#littleEndian);
    const source = this.#sections.current[id];
    if (source !== undefined && drops !== DROPS_UNKNOWN) source.droppedBetween += drops;
    this.#givePacket(id, start, end);
    return true;
  }

  /** original(4) data, of the section's first interface; the captured length is left to its snapshot length. */
  #readSimplePacket(start: number, end: number): boolean {
    if (end - start < 4) return this.#skipShort(end - start, 4);
    this.originalLength = readUint32(this.bytes, start, this.#littleEndian);
    this.start = start + 4;
    this.fileOffset = this.toFileOffset(this.at);
    const source = this.#sections.current[0];
    const snapLength = source?.snapLength ?? 0;
    const due = snapLength === 0 ? this.originalLength : Math.min(this.originalLength, snapLength);
    this.capturedLength = Math.min(due, end - this.start, MAX_FRAME_BYTES);
    this.ts = NaN;
    this.flags = 0;
    this.linkType = source?.linkType ?? -1;
    this.interfaceIndex = source?.index ?? -1;
    this.giveFrame();
    if (source === undefined) this.#reportInterface(0);
    if (due > this.capturedLength) this.#reportCaptured(due);
    return true;
  }

  /** 4 bytes for the interface, high(4) low(4) captured(4) original(4) data options */
  #givePacket(id: number, start: number, end: number): void {
    const bytes = this.bytes;
    const littleEndian = this.#littleEndian;
    const captured = readUint32(bytes, start + 12, littleEndian);
    this.fileOffset = this.toFileOffset(this.at);
    this.start = start + PACKET_FIXED_BYTES;
    const room = end - this.start;
    this.capturedLength = captured <= room ? captured : room;
    if (this.capturedLength > MAX_FRAME_BYTES) this.capturedLength = MAX_FRAME_BYTES;
    this.originalLength = readUint32(bytes, start + 16, littleEndian);
    this.flags = 0;
    const source = this.#sections.current[id];
    if (source === undefined) {
      this.linkType = -1;
      this.interfaceIndex = -1;
      this.ts = NaN;
    } else {
      const high = readUint32(bytes, start + 4, littleEndian);
      const low = readUint32(bytes, start + 8, littleEndian);
      this.linkType = source.linkType;
      this.interfaceIndex = source.index;
      this.ts = toMicroseconds(source.clock, high, low);
    }
    this.giveFrame();
    if (source === undefined) this.#reportInterface(id);
    else if (Number.isNaN(this.ts)) this.#reportTime(start);
    if (captured > this.capturedLength) this.#reportCaptured(captured);
    const options = this.start + ((captured + 3) & ~3);
    if (captured <= room && options < end) this.#readPacketOptions(source, options, end);
  }

  #readPacketOptions(source: SectionInterface | undefined, start: number, end: number): void {
    const walker = this.#walker;
    this.#optionsStart = start;
    this.#optionsEnd = end;
    walker.reset(this.bytes, start, end, this.#littleEndian);
    while (walker.next()) {
      if (walker.code === OPTION.comment) {
        this.#hasComment = true;
      } else if (walker.code === OPTION.packetFlags && walker.length === 4) {
        this.flags = readUint32(this.bytes, walker.start, this.#littleEndian);
      } else if (walker.code === OPTION.packetDropCount && walker.length === 8) {
        const drops = Number(readUint64(this.bytes, walker.start, this.#littleEndian));
        if (source !== undefined) source.droppedBetween += drops;
      }
    }
    if (walker.fault !== undefined) this.report("option-length-invalid", walker.fault);
  }

  #toBody(start: number, end: number): BlockBody {
    return { bytes: this.bytes, start, end, littleEndian: this.#littleEndian };
  }

  #count(type: number): void {
    if (type === BLOCK.enhancedPacket) {
      this.#enhancedBlocks++;
      return;
    }
    const count = this.#blocks.get(type);
    if (count === undefined && this.#blocks.size >= MAX_BLOCK_TYPES) this.#otherBlocks++;
    else this.#blocks.set(type, (count ?? 0) + 1);
  }

  #skipShort(found: number, due: number): false {
    this.reportNext("block-too-short", `block with ${found} bytes of body, ${due} due; not read`);
    return false;
  }

  #reportUnaligned(length: number): void {
    const reason = `block of ${length} bytes, a multiple of 4 expected; rounded up`;
    this.reportNext("block-length-unaligned", reason);
  }

  #reportInterface(id: number): void {
    const reason = `packet of interface ${id}, ${this.#sections.current.length} described in its section`;
    this.report("interface-unknown", reason);
  }

  #reportTime(start: number): void {
    const high = readUint32(this.bytes, start + 4, this.#littleEndian);
    const low = readUint32(this.bytes, start + 8, this.#littleEndian);
    const reason = `time of ${high} * 2^32 + ${low} units is past the year 2255; taken as unknown`;
    this.report("timestamp-invalid", reason);
  }

  #reportCaptured(due: number): void {
    const reason = `packet with ${due} captured bytes, ${this.capturedLength} can be in its block`;
    this.report("captured-length-implausible", reason);
  }

  #breakOffAtLength(length: number): ReadStep {
    const reason = `block of ${length} bytes, ${LEAST_BLOCK_BYTES} to ${MAX_BLOCK_BYTES} expected; the rest of the file is not read`;
    return this.breakOff("block-length-invalid", reason);
  }

  #breakOffAtEnd(length: number, at: number): ReadStep {
    const found = readUint32(this.bytes, at, this.#littleEndian);
    const reason = `block of ${length} bytes says at its end that it has ${found}; the rest of the file is not read`;
    return this.breakOff("block-length-invalid", reason);
  }
}
