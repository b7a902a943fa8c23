/**
 * Takes out of a pcapng file what names the machine that recorded it: processor and operating
 * system. Frames, times, program and comments stay byte for byte.
 *
 * Source: pcapng (draft-ietf-opsawg-pcapng) §3.1 (blocks), §3.5 (options), §4.1 (section header),
 * §4.2 (interface description). Little-endian sections only: what dumpcap writes here.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const BYTE_ORDER = 0x1a2b3c4d;

/** Options that name the machine, and where options begin, by block type. */
const NAMING: ReadonlyMap<number, { readonly options: number; readonly codes: readonly number[] }> =
  new Map([
    [SECTION_HEADER, { options: 24, codes: [2, 3] }], // shb_hardware, shb_os
    [INTERFACE_DESCRIPTION, { options: 16, codes: [12, 15] }], // if_os, if_hardware
  ]);

/** A copy of `capture` without those options. */
export function withoutMachine(capture: Buffer): Buffer {
  if (capture.readUInt32LE(8) !== BYTE_ORDER) throw new Error("a little-endian pcapng is expected");
  const blocks: Buffer[] = [];
  for (let at = 0; at < capture.length; at += capture.readUInt32LE(at + 4)) {
    const block = capture.subarray(at, at + capture.readUInt32LE(at + 4));
    const naming = NAMING.get(block.readUInt32LE(0));
    blocks.push(naming === undefined ? block : without(block, naming.options, naming.codes));
  }
  return Buffer.concat(blocks);
}

function without(block: Buffer, from: number, codes: readonly number[]): Buffer {
  const kept = [block.subarray(0, from)];
  const end = block.length - 4; // the length once more
  for (let at = from; at < end;) {
    const length = 4 + Math.ceil(block.readUInt16LE(at + 2) / 4) * 4;
    if (!codes.includes(block.readUInt16LE(at))) kept.push(block.subarray(at, at + length));
    at += length;
  }
  const total = Buffer.alloc(4);
  total.writeUInt32LE(kept.reduce((sum, one) => sum + one.length, 4));
  const made = Buffer.concat([...kept, total]);
  total.copy(made, 4);
  return made;
}
