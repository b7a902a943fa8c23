/**
 * Block types of pcapng, and what their bodies besides packets say.
 *
 * Source: draft-ietf-opsawg-pcapng, section 4 and its registry of block types.
 * @module
 */
import { fromUtf8 } from "../bytes/text.ts";
import type { CaptureInterface } from "./frame-reader.ts";
import { readUint16, readUint32, readUint64 } from "./integers.ts";
import { OPTION, type OptionWalker } from "./pcapng-options.ts";
import type { InterfaceClock } from "./pcapng-time.ts";
import { MICROSECOND_CLOCK, toClock } from "./pcapng-time.ts";

/** Block types that are read. */
export const BLOCK = {
  interfaceDescription: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  decryptionSecrets: 10,
  sectionHeader: 0x0a0d0d0a,
} as const;

const BLOCK_NAMES: ReadonlyMap<number, string> = new Map([
  [BLOCK.interfaceDescription, "interface-description"],
  [BLOCK.obsoletePacket, "packet"],
  [BLOCK.simplePacket, "simple-packet"],
  [BLOCK.nameResolution, "name-resolution"],
  [BLOCK.interfaceStatistics, "interface-statistics"],
  [BLOCK.enhancedPacket, "enhanced-packet"],
  [BLOCK.decryptionSecrets, "decryption-secrets"],
  [BLOCK.sectionHeader, "section-header"],
  [9, "systemd-journal"],
  [0x00000bad, "custom"],
  [0x40000bad, "custom-not-copied"],
]);

/** Name of a block type, or the type in hexadecimal (`0x00000007`). */
export function toBlockName(type: number): string {
  return BLOCK_NAMES.get(type) ?? `0x${type.toString(16).padStart(8, "0")}`;
}

/** A block's body: between the first length and the last. */
export interface BlockBody {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
}

/** An interface of the current section, with what its packets need. */
export interface SectionInterface extends CaptureInterface {
  readonly clock: InterfaceClock;
  /** Index over all sections of the file. */
  readonly index: number;
  /** Frames lost, by the drop counts of packets, and by the last statistics (undefined: none seen). */
  droppedBetween: number;
  droppedInTotal: number | undefined;
}

/**
 * An interface description block.
 *
 * @param index Index that the interface gets.
 * @returns The interface, or what is wrong with a body too short for one.
 */
export function readInterface(
  body: BlockBody,
  walker: OptionWalker,
  index: number,
): SectionInterface | string {
  const { bytes, start, end, littleEndian } = body;
  if (end - start < 8) return `${end - start} bytes of body, at least 8 due`;
  const texts = new Map<number, string>();
  let resolution = 6;
  let offset = 0n;
  walker.reset(bytes, start + 8, end, littleEndian);
  while (walker.next()) {
    const value = bytes.subarray(walker.start, walker.start + walker.length);
    if (walker.code === OPTION.interfaceResolution) {
      resolution = value[0] ?? resolution;
    } else if (walker.code === OPTION.interfaceOffset && walker.length === 8) {
      offset = BigInt.asIntN(64, readUint64(bytes, walker.start, littleEndian));
    } else if (walker.code === OPTION.interfaceFilter) {
      texts.set(walker.code, toFilterText(value));
    } else {
      texts.set(walker.code, toText(value));
    }
  }
  return {
    index,
    linkType: readUint16(bytes, start, littleEndian),
    snapLength: readUint32(bytes, start + 4, littleEndian),
    name: texts.get(OPTION.interfaceName),
    description: texts.get(OPTION.interfaceDescription),
    filter: texts.get(OPTION.interfaceFilter),
    operatingSystem: texts.get(OPTION.interfaceSystem),
    clock: resolution === 6 && offset === 0n ? MICROSECOND_CLOCK : toClock(resolution, offset),
    droppedBetween: 0,
    droppedInTotal: undefined,
  };
}

/** The application, hardware and operating system of a section header's options, in one line. */
export function readApplication(body: BlockBody, walker: OptionWalker): string | undefined {
  const { bytes, start, end, littleEndian } = body;
  const texts = new Map<number, string>();
  walker.reset(bytes, start, end, littleEndian);
  while (walker.next()) {
    texts.set(walker.code, toText(bytes.subarray(walker.start, walker.start + walker.length)));
  }
  const codes = [OPTION.sectionApplication, OPTION.sectionSystem, OPTION.sectionHardware];
  const parts = codes.map((code) => texts.get(code) ?? "").filter((text) => text !== "");
  return parts.length > 0 ? parts.join("; ") : undefined;
}

/** Frames lost at the interface and in the operating system, by a statistics block's options; undefined if untold. */
export function readDrops(body: BlockBody, walker: OptionWalker): number | undefined {
  const { bytes, start, end, littleEndian } = body;
  let drops: number | undefined;
  walker.reset(bytes, start, end, littleEndian);
  while (walker.next()) {
    const counts =
      walker.code === OPTION.statisticsInterfaceDrops ||
      walker.code === OPTION.statisticsSystemDrops;
    if (!counts || walker.length !== 8) continue;
    drops = (drops ?? 0) + Number(readUint64(bytes, walker.start, littleEndian));
  }
  return drops;
}

/** UTF-8 text; a zero byte that some writers put at the end is no part of it. */
export function toText(value: Uint8Array): string {
  return fromUtf8(value).replace(/\0+$/, "");
}

/** `if_filter` begins with a byte that tells its kind; 0 is a filter string. */
function toFilterText(value: Uint8Array): string {
  if (value[0] === 0) return toText(value.subarray(1));
  return `filter of kind ${value[0] ?? "unknown"}, ${value.length} bytes`;
}
