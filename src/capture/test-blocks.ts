/**
 * Builds pcapng files block by block, for tests.
 *
 * @module
 */

/** Fields of an enhanced packet block; left out, they are those of a whole packet at 5 s on interface 0. */
export interface PacketFields {
  readonly data: readonly number[];
  readonly id?: number;
  /** The 64-bit time stamp, in the interface's unit. */
  readonly count?: bigint;
  readonly captured?: number;
  readonly original?: number;
  readonly options?: readonly number[];
}

/** Writes blocks in one byte order. */
export class BlockBuilder {
  readonly #littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  u16(value: number): number[] {
    return this.#ordered([value & 0xff, (value >> 8) & 0xff]);
  }

  u32(value: number): number[] {
    return this.#ordered([0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff));
  }

  /** In the section's byte order as a whole, as options have it. */
  u64(value: bigint): number[] {
    const low = this.u32(Number(value & 0xffffffffn));
    const high = this.u32(Number(value >> 32n));
    return this.#littleEndian ? [...low, ...high] : [...high, ...low];
  }

  options(...list: readonly (readonly [code: number, value: readonly number[]])[]): number[] {
    const all = list.flatMap(([code, value]) => [
      ...this.u16(code),
      ...this.u16(value.length),
      ...pad(value),
    ]);
    return [...all, 0, 0, 0, 0];
  }

  /** @param body A multiple of 4 bytes. */
  block(type: number, body: readonly number[]): number[] {
    const length = this.u32(body.length + 12);
    return [...this.u32(type), ...length, ...body, ...length];
  }

  section(options: readonly number[] = []): number[] {
    const version = [...this.u16(1), ...this.u16(0)];
    const unknownLength = Array<number>(8).fill(0xff);
    const body = [...this.u32(0x1a2b3c4d), ...version, ...unknownLength, ...options];
    return this.block(0x0a0d0d0a, body);
  }

  interface(linkType: number, snapLength: number, options: readonly number[] = []): number[] {
    return this.block(1, [...this.u16(linkType), 0, 0, ...this.u32(snapLength), ...options]);
  }

  packet(fields: PacketFields): number[] {
    const { data, id = 0, count = 5_000_000n } = fields;
    const { captured = data.length, original = captured, options = [] } = fields;
    // The halves of a time stamp stand with the upper one first in either byte order.
    const time = [...this.u32(Number(count >> 32n)), ...this.u32(Number(count & 0xffffffffn))];
    const lengths = [...this.u32(captured), ...this.u32(original)];
    return this.block(6, [...this.u32(id), ...time, ...lengths, ...pad(data), ...options]);
  }

  file(...blocks: readonly (readonly number[])[]): Uint8Array {
    return Uint8Array.from(blocks.flat());
  }

  #ordered(bytes: number[]): number[] {
    return this.#littleEndian ? bytes : bytes.reverse();
  }
}

function pad(bytes: readonly number[]): number[] {
  return [...bytes, ...Array<number>(-bytes.length & 3).fill(0)];
}
