/**
 * What the blocks of a pcapng file say besides packets: sections, interfaces and
 * their statistics, names, secrets.
 *
 * Source: draft-ietf-opsawg-pcapng, section 4.
 * @module
 */
import { MAX_INTERFACES, MAX_RESOLVED_NAMES } from "../limits.ts";
import type { CaptureInterface, CaptureSink, CaptureSummary } from "./frame-reader.ts";
import { readUint16, readUint32 } from "./integers.ts";
import type { BlockBody, SectionInterface } from "./pcapng-blocks.ts";
import { BLOCK, readApplication, readDrops, readInterface } from "./pcapng-blocks.ts";
import { readNames } from "./pcapng-names.ts";
import type { OptionWalker } from "./pcapng-options.ts";

/** Byte-order magic, version and section length. */
const SECTION_FIXED_BYTES = 16;

/** Takes what the blocks give; the reader knows the place of an anomaly. */
export interface SectionsSink extends Pick<CaptureSink, "secrets" | "resolvedName"> {
  anomaly(name: string, reason: string): void;
}

/** What is known of a file's sections so far. */
export class PcapngSections {
  /** Interfaces of the current section, by the id that its packets use. */
  current: SectionInterface[] = [];

  readonly #walker: OptionWalker;
  readonly #sink: SectionsSink;
  readonly #interfaces: SectionInterface[] = [];
  readonly #linkTypes = new Set<number>();
  #application: string | undefined = undefined;
  #names = 0;

  constructor(walker: OptionWalker, sink: SectionsSink) {
    this.#walker = walker;
    this.#sink = sink;
  }

  /**
   * Opens a section by its header: magic(4) major(2) minor(2) length(8) options
   *
   * @returns What forbids to read on, or undefined.
   */
  open(body: BlockBody): string | undefined {
    const found = body.end - body.start;
    const due = SECTION_FIXED_BYTES;
    if (found < due) return `section header with ${found} bytes of body, ${due} due`;
    const major = readUint16(body.bytes, body.start + 4, body.littleEndian);
    if (major !== 1) return `section of version ${major}, 1 expected`;
    this.current = [];
    const options = { ...body, start: body.start + due };
    const application = readApplication(options, this.#walker);
    this.#application ??= application;
    this.#reportOptions();
    return undefined;
  }

  /** Reads a block that is neither a section header nor a packet; unknown types are stepped over. */
  read(type: number, body: BlockBody): void {
    if (type === BLOCK.interfaceDescription) this.#readInterfaceDescription(body);
    else if (type === BLOCK.interfaceStatistics) this.#readInterfaceStatistics(body);
    else if (type === BLOCK.nameResolution) this.#readNameResolution(body);
    else if (type === BLOCK.decryptionSecrets) this.#readDecryptionSecrets(body);
  }

  /** The part of the file's summary that comes from these blocks. */
  get summary(): Pick<
    CaptureSummary,
    "linkTypes" | "application" | "interfaces" | "droppedFrames"
  > {
    return {
      linkTypes: [...this.#linkTypes],
      application: this.#application,
      interfaces: this.#interfaces.map(toPublicInterface),
      droppedFrames: toDroppedFrames(this.#interfaces),
    };
  }

  #readInterfaceDescription(body: BlockBody): void {
    if (this.#interfaces.length >= MAX_INTERFACES) {
      this.#sink.anomaly(
        "interface-limit",
        `more than ${MAX_INTERFACES} interfaces; the rest are not known`,
      );
      return;
    }
    const found = readInterface(body, this.#walker, this.#interfaces.length);
    if (typeof found === "string") {
      this.#sink.anomaly("block-too-short", found);
      return;
    }
    this.current.push(found);
    this.#interfaces.push(found);
    this.#linkTypes.add(found.linkType);
    this.#reportOptions();
  }

  /** interface(4) high(4) low(4) options */
  #readInterfaceStatistics(body: BlockBody): void {
    if (body.end - body.start < 12) {
      this.#reportShort(body.end - body.start, 12);
      return;
    }
    const source = this.current[readUint32(body.bytes, body.start, body.littleEndian)];
    const drops = readDrops({ ...body, start: body.start + 12 }, this.#walker);
    if (source !== undefined && drops !== undefined) source.droppedInTotal = drops;
    this.#reportOptions();
  }

  #readNameResolution(body: BlockBody): void {
    this.#walker.reset(body.bytes, body.start, body.end, body.littleEndian);
    const fault = readNames(this.#walker, body.bytes, (address, name) => {
      this.#names++;
      if (this.#names <= MAX_RESOLVED_NAMES) this.#sink.resolvedName(address, name);
    });
    if (fault !== undefined) this.#sink.anomaly("name-record-invalid", fault);
    if (this.#names > MAX_RESOLVED_NAMES) {
      this.#sink.anomaly(
        "name-limit",
        `more than ${MAX_RESOLVED_NAMES} names; the rest are not known`,
      );
    }
  }

  /** type(4) length(4) data options */
  #readDecryptionSecrets(body: BlockBody): void {
    const room = body.end - body.start - 8;
    if (room < 0) {
      this.#reportShort(room + 8, 8);
      return;
    }
    const type = readUint32(body.bytes, body.start, body.littleEndian);
    const length = readUint32(body.bytes, body.start + 4, body.littleEndian);
    if (length > room) {
      this.#sink.anomaly(
        "secrets-cut-short",
        `${length} bytes of secrets, ${room} left in their block`,
      );
    }
    const from = body.start + 8;
    this.#sink.secrets(type, body.bytes.slice(from, from + Math.min(length, room)));
  }

  #reportShort(found: number, due: number): void {
    this.#sink.anomaly(
      "block-too-short",
      `block with ${found} bytes of body, ${due} due; not read`,
    );
  }

  #reportOptions(): void {
    const fault = this.#walker.fault;
    if (fault !== undefined) this.#sink.anomaly("option-length-invalid", fault);
  }
}

function toPublicInterface(source: SectionInterface): CaptureInterface {
  const { linkType, snapLength, name, description, filter, operatingSystem } = source;
  return { linkType, snapLength, name, description, filter, operatingSystem };
}

/** Statistics count what the packets' own drop counts tell as well: the larger of the two, summed over interfaces. */
function toDroppedFrames(interfaces: readonly SectionInterface[]): number | undefined {
  let total: number | undefined;
  for (const { droppedBetween, droppedInTotal } of interfaces) {
    if (droppedInTotal === undefined && droppedBetween === 0) continue;
    total = (total ?? 0) + Math.max(droppedInTotal ?? 0, droppedBetween);
  }
  return total;
}
