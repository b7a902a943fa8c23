/**
 * The options at the end of a pcapng block.
 *
 * ```text
 * options := (code(2) length(2) value(length) pad to 4)* [0(2) 0(2)]
 * ```
 * Source: draft-ietf-opsawg-pcapng, section 3.5.
 * @module
 */
import { readUint16 } from "./integers.ts";

/** Option codes that are read (sections 3.5.1, 4.1 to 4.6). Codes above 1 mean different things in each block. */
export const OPTION = {
  end: 0,
  comment: 1,
  sectionHardware: 2,
  sectionSystem: 3,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceResolution: 9,
  interfaceFilter: 11,
  interfaceSystem: 12,
  interfaceOffset: 14,
  packetFlags: 2,
  packetDropCount: 4,
  statisticsInterfaceDrops: 5,
  statisticsSystemDrops: 7,
} as const;

/** Walks the options of one block after another; one walker serves a whole file, so that a frame costs no object. */
export class OptionWalker {
  /** The option that {@link next} stepped to: its code, and its value in the bytes walked. */
  code = 0;
  start = 0;
  length = 0;
  /** What broke the list, or undefined while it is whole. */
  fault: string | undefined = undefined;

  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #littleEndian = false;

  /** Starts over at the options in `bytes` from `from` to `end`. */
  reset(bytes: Uint8Array, from: number, end: number, littleEndian: boolean): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
    this.#littleEndian = littleEndian;
    this.fault = undefined;
  }

  /** Steps to the next option; false at the end of the list, or where it breaks (see {@link fault}). */
  next(): boolean {
    const left = this.#end - this.#at;
    if (left === 0 || this.fault !== undefined) return false;
    if (left < 4) {
      this.fault = `${left} bytes left for an option, 4 due`;
      return false;
    }
    this.code = readUint16(this.#bytes, this.#at, this.#littleEndian);
    this.length = readUint16(this.#bytes, this.#at + 2, this.#littleEndian);
    this.start = this.#at + 4;
    if (this.code === OPTION.end) return false;
    if (this.length > left - 4) {
      this.fault = `option ${this.code} of ${this.length} bytes, ${left - 4} left in its block`;
      return false;
    }
    // The last value may lack its pad, where a writer miscounts.
    this.#at = Math.min(this.start + ((this.length + 3) & ~3), this.#end);
    return true;
  }
}
