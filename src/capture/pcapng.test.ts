import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import { MAX_BLOCK_BYTES, MAX_INTERFACES, MAX_RESOLVED_NAMES } from "../limits.ts";
import { BlockBuilder } from "./test-blocks.ts";
import { namesOf, readWhole } from "./test-reader.ts";

const LITTLE = new BlockBuilder(true);
const BIG = new BlockBuilder(false);
const LINK = 1;

test("enhanced packets of both byte orders", () => {
  for (const b of [LITTLE, BIG]) {
    const file = b.file(
      b.section(),
      b.interface(113, 65535),
      b.packet({ data: [1, 2, 3], original: 60 }),
    );
    const read = readWhole("pcapng", file, () => 1);
    assert.deepEqual(namesOf(read), []);
    const [frame] = read.frames;
    assert.deepEqual([frame?.ts, frame?.linkType, frame?.originalLength], [5e6, 113, 60]);
    assert.deepEqual([...(frame?.data ?? [])], [1, 2, 3]);
    assert.deepEqual([frame?.fileOffset, frame?.interfaceIndex], [28 + 20, 0]);
    assert.equal(read.summary.unreadBytes, 0);
  }
});

test("sections of different byte orders, each with its own interfaces", () => {
  const file = Uint8Array.from([
    ...LITTLE.file(LITTLE.section(), LITTLE.interface(1, 0), LITTLE.interface(101, 0)),
    ...LITTLE.file(LITTLE.packet({ id: 1, data: [1] })),
    ...BIG.file(BIG.section(), BIG.interface(113, 0), BIG.packet({ id: 0, data: [2] })),
    ...BIG.file(BIG.packet({ id: 1, data: [3] })),
  ]);
  const read = readWhole("pcapng", file);
  const found = read.frames.map((f) => [f.linkType, f.interfaceIndex, Number.isNaN(f.ts)]);
  assert.deepEqual(found, [
    [101, 1, false],
    [113, 2, false],
    [-1, -1, true],
  ]);
  assert.deepEqual(namesOf(read), ["interface-unknown"]);
  assert.deepEqual(read.summary.linkTypes, [1, 101, 113]);
  assert.equal(read.summary.blocks?.["section-header"], 2);
});

test("simple packets have no time, and their length from the first interface", () => {
  for (const b of [LITTLE, BIG]) {
    const blocks = [b.interface(LINK, 4), b.block(3, [...b.u32(9), 1, 2, 3, 4])];
    const read = readWhole("pcapng", b.file(b.section(), ...blocks));
    const [frame] = read.frames;
    assert.deepEqual([frame?.capturedLength, frame?.originalLength, frame?.ts], [4, 9, NaN]);
    assert.deepEqual(namesOf(read), []);
    const open = [b.interface(LINK, 0), b.block(3, [...b.u32(3), 1, 2, 3, 0])];
    const unlimited = readWhole("pcapng", b.file(b.section(), ...open));
    assert.deepEqual([...(unlimited.frames[0]?.data ?? [])], [1, 2, 3]);
  }
});

test("obsolete packet blocks have their drops beside a 16-bit interface", () => {
  for (const b of [LITTLE, BIG]) {
    const fields = [...b.u16(0), ...b.u16(3), ...b.u32(0), ...b.u32(7), ...b.u32(2), ...b.u32(5)];
    const flags = b.options([2, b.u32(2)]);
    const block = b.block(2, [...fields, 8, 9, 0, 0, ...flags]);
    const read = readWhole("pcapng", b.file(b.section(), b.interface(LINK, 0), block));
    const [frame] = read.frames;
    assert.deepEqual([frame?.ts, [...(frame?.data ?? [])], frame?.flags], [7, [8, 9], 2]);
    assert.deepEqual([frame?.originalLength, read.summary.droppedFrames], [5, 3]);
    const unknown = b.block(2, [...b.u16(0), ...b.u16(0xffff), ...fields.slice(4), 8, 9, 0, 0]);
    const other = readWhole("pcapng", b.file(b.section(), b.interface(LINK, 0), unknown));
    assert.deepEqual([other.frames.length, other.summary.droppedFrames], [1, undefined]);
  }
});

test("comments, flags and drop counts of a packet", () => {
  for (const b of [LITTLE, BIG]) {
    const options = b.options(
      [1, [...toUtf8("PID: 7")]],
      [2, b.u32(1)],
      [4, b.u64(2n)],
      [1, [...toUtf8("ü")]],
    );
    const packets = [b.packet({ data: [1], options }), b.packet({ data: [2] })];
    const read = readWhole("pcapng", b.file(b.section(), b.interface(LINK, 0), ...packets));
    assert.deepEqual(
      read.frames.map((frame) => [frame.comment, frame.flags]),
      [
        ["PID: 7\nü", 1],
        [undefined, 0],
      ],
    );
    assert.equal(read.summary.droppedFrames, 2);
  }
});

test("what the section and its interfaces say of themselves", () => {
  const b = LITTLE;
  const text = (words: string): number[] => [...toUtf8(words)];
  const section = b.section(
    b.options([4, text("dumpcap")], [3, text("Linux 6\0")], [2, text("arm64")]),
  );
  const options = b.options(
    [2, text("wlan0")],
    [3, text("access point")],
    [11, [0, ...text("tcp")]],
    [12, text("Linux")],
  );
  const { summary } = readWhole("pcapng", b.file(section, b.interface(105, 96, options)));
  assert.equal(summary.application, "dumpcap; Linux 6; arm64");
  assert.deepEqual(summary.interfaces, [
    {
      linkType: 105,
      snapLength: 96,
      name: "wlan0",
      description: "access point",
      filter: "tcp",
      operatingSystem: "Linux",
    },
  ]);
});

test("time resolution and offset of an interface", () => {
  const b = BIG;
  // 2^-10: 5 s and 512/1024 of one; 10^-9 with an offset of -1 s: digits below the µs are dropped.
  const cases: [number[][], bigint, number][] = [
    [[[9, 0x8a]], 5n * 1024n + 512n, 5_500_000],
    [[[9, 9]], 1_700_000_000_123_456_999n, 1_700_000_000_123_456],
    [[[9, 3]], 1_700_000_000_123n, 1_700_000_000_123_000],
    [[[14, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]], 3_000_000n, 2_000_000],
  ];
  for (const [pairs, count, ts] of cases) {
    const options = b.options(...pairs.map(([code = 0, ...value]) => [code, value] as const));
    const file = b.file(b.section(), b.interface(LINK, 0, options), b.packet({ count, data: [] }));
    assert.equal(readWhole("pcapng", file).frames[0]?.ts, ts);
  }
});

test("a time past 2255 is told, and unknown", () => {
  const b = LITTLE;
  const file = b.file(b.section(), b.interface(LINK, 0), b.packet({ count: 2n ** 53n, data: [] }));
  const read = readWhole("pcapng", file);
  assert.deepEqual([namesOf(read), read.frames[0]?.ts], [["timestamp-invalid"], NaN]);
});

test("names, secrets, statistics; custom and unknown blocks are counted", () => {
  for (const b of [LITTLE, BIG]) {
    const names = b.options(
      [1, [10, 0, 0, 1, ...toUtf8("a.example\0b.example\0")]],
      [2, [...fromHex("20010db8000000000000000000000001"), ...toUtf8("six.example\0")]],
      [99, [1, 2, 3]],
    );
    const statistics = [...b.u32(0), ...b.u64(0n), ...b.options([5, b.u64(4n)], [7, b.u64(3n)])];
    const file = b.file(
      b.section(),
      b.interface(LINK, 0),
      b.block(4, names),
      b.block(10, [...b.u32(0x544c534b), ...b.u32(5), ...toUtf8("CLIEN"), 0, 0, 0]),
      b.block(5, statistics),
      b.block(0xbad, b.u32(32473)),
      b.block(0x40000bad, b.u32(32473)),
      b.block(0x77, []),
    );
    const read = readWhole("pcapng", file, () => 3);
    assert.deepEqual(read.names, [
      "10.0.0.1 a.example",
      "10.0.0.1 b.example",
      "2001:db8::1 six.example",
    ]);
    assert.deepEqual(read.secrets, [{ type: 0x544c534b, data: toUtf8("CLIEN") }]);
    assert.equal(read.summary.droppedFrames, 7);
    assert.deepEqual(read.summary.blocks, {
      "section-header": 1,
      "interface-description": 1,
      "name-resolution": 1,
      "decryption-secrets": 1,
      "interface-statistics": 1,
      custom: 1,
      "custom-not-copied": 1,
      "0x00000077": 1,
    });
    assert.deepEqual(namesOf(read), []);
  }
});

test("a broken block length ends the capture where it stands; what came before is kept", () => {
  const b = LITTLE;
  const before = [b.section(), b.interface(LINK, 0), b.packet({ data: [1] })];
  const at = before.flat().length;
  const mismatch = b.block(5, [0, 0, 0, 0]);
  mismatch[mismatch.length - 4] = 20;
  const broken = [
    [...b.u32(6), ...b.u32(8), ...b.u32(8)],
    [...b.u32(6), ...b.u32(MAX_BLOCK_BYTES + 4), ...b.u32(0)],
    mismatch,
  ];
  for (const block of broken) {
    const file = b.file(...before, block, b.packet({ data: [2] }));
    for (const pieceBytes of [1, file.length]) {
      const read = readWhole("pcapng", file, () => pieceBytes);
      assert.deepEqual([namesOf(read), read.frames.length], [["block-length-invalid"], 1]);
      assert.equal(read.anomalies[0]?.place.offset, at);
      assert.equal(read.summary.unreadBytes, file.length - at);
    }
  }
});

test("faults inside a block are told, and the next block is read", () => {
  const b = LITTLE;
  const cases: [string, number[]][] = [
    ["captured-length-implausible", b.packet({ data: [1], captured: 99 })],
    ["block-too-short", b.block(6, b.u32(0))],
    ["block-too-short", b.block(1, b.u32(0))],
    ["block-too-short", b.block(5, b.u32(0))],
    ["block-too-short", b.block(10, b.u32(0))],
    [
      "option-length-invalid",
      b.packet({ data: [1], options: [...b.u16(1), ...b.u16(5), 0, 0, 0, 0] }),
    ],
    ["name-record-invalid", b.block(4, [...b.u16(1), ...b.u16(2), 10, 0, 0, 0])],
    ["secrets-cut-short", b.block(10, [...b.u32(1), ...b.u32(9), 1, 2, 3, 4])],
    ["interface-unknown", b.packet({ id: 9, data: [1] })],
    ["original-length-too-small", b.packet({ data: [1, 2], original: 1 })],
  ];
  for (const [name, block] of cases) {
    const file = b.file(b.section(), b.interface(LINK, 0), block, b.packet({ data: [7, 7] }));
    const read = readWhole("pcapng", file);
    assert.deepEqual(namesOf(read), [name]);
    assert.deepEqual([...(read.frames.at(-1)?.data ?? [])], [7, 7], name);
    assert.equal(read.summary.unreadBytes, 0, name);
  }
});

test("a block length that is not a multiple of 4 is told, and rounded up", () => {
  const b = LITTLE;
  const block = [...b.u32(0x77), ...b.u32(13), 1, 0, 0, 0, ...b.u32(13)];
  const file = b.file(b.section(), b.interface(LINK, 0), block, b.packet({ data: [1] }));
  const read = readWhole("pcapng", file);
  assert.deepEqual([namesOf(read), read.frames.length], [["block-length-unaligned"], 1]);
});

test("a file that is none, or of another version, is told", () => {
  const b = LITTLE;
  assert.deepEqual(namesOf(readWhole("pcapng", b.file(b.packet({ data: [1] })))), [
    "magic-unknown",
  ]);
  const noMagic = b.block(0x0a0d0d0a, [...b.u32(1), ...b.u32(1), ...b.u64(0n)]);
  assert.deepEqual(namesOf(readWhole("pcapng", b.file(noMagic))), ["byte-order-invalid"]);
  const version2 = b.block(0x0a0d0d0a, [...b.u32(0x1a2b3c4d), ...b.u32(2), ...b.u64(0n)]);
  assert.deepEqual(namesOf(readWhole("pcapng", b.file(version2))), ["section-header-invalid"]);
});

test("more block types than are counted apart are counted together", () => {
  const b = LITTLE;
  const blocks = Array.from({ length: 300 }, (_, i) => b.block(0x1000 + i, []));
  const { blocks: counts = {} } = readWhole("pcapng", b.file(b.section(), ...blocks)).summary;
  assert.deepEqual([Object.keys(counts).length, counts["other"]], [257, 45]);
});

test("interfaces and names beyond their limits are told, and not kept", () => {
  const b = LITTLE;
  const interfaces = Array<number[]>(MAX_INTERFACES + 1).fill(b.interface(LINK, 0));
  const last = b.packet({ id: MAX_INTERFACES, data: [1] });
  const many = readWhole("pcapng", b.file(b.section(), ...interfaces, last));
  assert.deepEqual(namesOf(many), ["interface-limit", "interface-unknown"]);
  assert.equal(many.summary.interfaces?.length, MAX_INTERFACES);
  const record = [10, 0, 0, 1, ...toUtf8("a\0".repeat(32_000))];
  const names = Array<number[]>(Math.floor(MAX_RESOLVED_NAMES / 32_000) + 1).fill(
    b.block(4, b.options([1, record])),
  );
  const named = readWhole("pcapng", b.file(b.section(), ...names));
  assert.deepEqual([namesOf(named), named.names.length], [["name-limit"], MAX_RESOLVED_NAMES]);
});

test("the same comes out whatever the pieces", () => {
  const b = BIG;
  const packet = fc.record({
    data: fc.uint8Array({ maxLength: 100 }).map((bytes) => [...bytes]),
    count: fc.bigInt({ min: 0n, max: 2n ** 52n }),
    comment: fc.string({ maxLength: 20 }),
  });
  const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 20 }), pieces, (packets, cuts) => {
      const blocks = packets.map(({ data, count, comment }) =>
        b.packet({ data, count, options: b.options([1, [...toUtf8(comment)]]) }),
      );
      const file = b.file(b.section(), b.interface(LINK, 0), ...blocks);
      let i = 0;
      const read = readWhole("pcapng", file, () => cuts[i++ % cuts.length] ?? 1);
      assert.deepEqual(
        read.frames.map((frame) => [...frame.data]),
        packets.map(({ data }) => data),
      );
      assert.deepEqual(
        read.frames.map((frame) => BigInt(frame.ts)),
        packets.map(({ count }) => count),
      );
      assert.deepEqual(read, readWhole("pcapng", file));
    }),
  );
});

test("random bodies in blocks of known types never throw", () => {
  const types = fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 0xbad);
  const body = fc
    .array(fc.nat(255), { maxLength: 25 })
    .map((bytes) => bytes.flatMap((x) => [x, 0, 0, 0]));
  fc.assert(
    fc.property(fc.array(fc.tuple(types, fc.oneof(body, fc.array(fc.nat(255))))), (blocks) => {
      const b = LITTLE;
      const all = blocks.map(([type, bytes]) => b.block(type, bytes.slice(0, bytes.length & ~3)));
      const file = b.file(b.section(), b.interface(LINK, 0), ...all);
      const read = readWhole("pcapng", file, () => 11);
      assert.equal(read.summary.unreadBytes, 0);
      const total = Object.values(read.summary.blocks ?? {}).reduce((sum, n) => sum + n, 0);
      assert.equal(total, blocks.length + 2);
    }),
  );
});

test("random bytes after a section header never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const file = Uint8Array.from([...LITTLE.section(), ...bytes]);
      assert.deepEqual(
        readWhole("pcapng", file, () => 13),
        readWhole("pcapng", file),
      );
    }),
  );
});
