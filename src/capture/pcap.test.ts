import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_FRAME_BYTES } from "../limits.ts";
import { namesOf, readWhole } from "./test-reader.ts";

interface PcapOptions {
  readonly magic?: number;
  readonly littleEndian?: boolean;
  readonly linkType?: number;
  readonly minor?: number;
}
interface RecordOptions {
  readonly seconds?: number;
  readonly fraction?: number;
  readonly original?: number;
  readonly captured?: number;
}

const MICRO = 0xa1b2c3d4;
const NANO = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

function integers(littleEndian: boolean, ...values: [width: 2 | 4, value: number][]): number[] {
  return values.flatMap(([width, value]) => {
    const bytes = Array.from({ length: width }, (_, i) => (value / 2 ** (8 * i)) & 0xff);
    return littleEndian ? bytes : bytes.reverse();
  });
}

/** A pcap file of one record for each of `records`: its data, and what its header says. */
function buildPcap(options: PcapOptions, records: [number[], RecordOptions?][]): Uint8Array {
  const { magic = MICRO, littleEndian = true, linkType = 1, minor = 4 } = options;
  const head: [2 | 4, number][] = [
    [4, magic],
    [2, 2],
    [2, minor],
    [4, 0],
    [4, 0],
  ];
  const file = integers(littleEndian, ...head, [4, 65535], [4, linkType]);
  for (const [data, record = {}] of records) {
    const { seconds = 1, fraction = 0, captured = data.length } = record;
    const lengths: [2 | 4, number][] = [
      [4, captured],
      [4, record.original ?? data.length],
    ];
    file.push(...integers(littleEndian, [4, seconds], [4, fraction], ...lengths));
    if (magic === MODIFIED) file.push(...integers(littleEndian, [4, 7], [4, 0]));
    file.push(...data);
  }
  return Uint8Array.from(file);
}

test("frames of both byte orders, both units and the modified format", () => {
  for (const magic of [MICRO, NANO, MODIFIED]) {
    for (const littleEndian of [true, false]) {
      // 0xf2345678 is past 2^31: times are unsigned, till 2106.
      const time = { seconds: 0xf2345678, fraction: magic === NANO ? 123_456_999 : 123_456 };
      const records: [number[], RecordOptions?][] = [
        [[1, 2, 3], time],
        [[], {}],
        [[4], { original: 9 }],
      ];
      const read = readWhole("pcap", buildPcap({ magic, littleEndian, linkType: 113 }, records));
      const header = magic === MODIFIED ? 24 : 16;
      assert.deepEqual(
        read.frames.map((f) => [f.ts, [...f.data], f.originalLength, f.linkType, f.fileOffset]),
        [
          [0xf2345678 * 1e6 + 123_456, [1, 2, 3], 3, 113, 24],
          [1e6, [], 0, 113, 24 + header + 3],
          [1e6, [4], 9, 113, 24 + 2 * header + 3],
        ],
      );
      assert.deepEqual(read.anomalies, []);
      const { frames, capturedBytes, originalBytes, linkTypes } = read.summary;
      assert.deepEqual([frames, capturedBytes, originalBytes, linkTypes], [3, 4, 12, [113]]);
    }
  }
});

test("the upper half of the link type, which tells of frame check sequences, is left out", () => {
  const read = readWhole("pcap", buildPcap({ linkType: 0x24000001 }, [[[1]]]));
  assert.deepEqual(read.summary.linkTypes, [1]);
});

test("a fraction of a second and more is told, and added", () => {
  const read = readWhole("pcap", buildPcap({ magic: NANO }, [[[1], { fraction: 1e9 }]]));
  assert.deepEqual(namesOf(read), ["timestamp-invalid"]);
  assert.equal(read.frames[0]?.ts, 2e6);
  const micro = readWhole("pcap", buildPcap({}, [[[1], { fraction: 999_999 }]]));
  assert.deepEqual(namesOf(micro), []);
});

test("an original length below the captured one is told, and raised", () => {
  const read = readWhole("pcap", buildPcap({}, [[[1, 2, 3], { original: 2 }]]));
  assert.deepEqual(namesOf(read), ["original-length-too-small"]);
  assert.deepEqual(read.frames[0]?.originalLength, 3);
  assert.deepEqual(read.anomalies[0]?.place, { input: 0, frame: 1, offset: 24 });
});

test("a frame longer than any ends the capture, and the rest is counted as unread", () => {
  const file = buildPcap({}, [[[1, 2]], [[3], { captured: MAX_FRAME_BYTES + 1 }], [[4, 5]]]);
  for (const pieceBytes of [file.length, 1]) {
    const read = readWhole("pcap", file, () => pieceBytes);
    assert.deepEqual(namesOf(read), ["record-length-implausible"]);
    assert.equal(read.anomalies[0]?.place.offset, 24 + 18);
    assert.equal(read.frames.length, 1);
    assert.equal(read.summary.fileBytes, file.length);
    assert.equal(read.summary.unreadBytes, file.length - (24 + 18));
  }
});

test("a version that is not 2.4 is told, and the file read", () => {
  const read = readWhole("pcap", buildPcap({ minor: 2 }, [[[1]]]));
  assert.deepEqual([namesOf(read), read.frames.length], [["version-unsupported"], 1]);
});

test("another magic ends the capture", () => {
  const read = readWhole("pcap", buildPcap({ magic: 0xa1b2c3d5 }, [[[1]]]));
  assert.deepEqual([namesOf(read), read.frames.length], [["magic-unknown"], 0]);
  assert.equal(read.summary.unreadBytes, read.summary.fileBytes);
});

test("cut anywhere, the bytes of the broken record are named; cut between records, nothing is", () => {
  const file = buildPcap({}, [[[1, 2, 3]], [[4, 5]]]);
  const ends = [24, 24 + 19, 24 + 19 + 18];
  for (let end = 0; end <= file.length; end++) {
    const read = readWhole("pcap", file.subarray(0, end), () => 1);
    const whole = ends.filter((recordEnd) => recordEnd <= end);
    const unread = end - (whole.at(-1) ?? 0);
    assert.equal(read.frames.length, Math.max(0, whole.length - 1), `cut at ${end}`);
    assert.equal(read.summary.unreadBytes, unread, `cut at ${end}`);
    assert.deepEqual(namesOf(read), unread > 0 ? ["record-cut-short"] : [], `cut at ${end}`);
  }
});

test("the same frames come out whatever the pieces", () => {
  const data = fc.uint8Array({ maxLength: 300 });
  const records = fc.array(data, { maxLength: 20 });
  fc.assert(
    fc.property(
      records,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (all, cuts) => {
        const file = buildPcap(
          {},
          all.map((bytes) => [[...bytes]]),
        );
        let i = 0;
        const read = readWhole("pcap", file, () => cuts[i++ % cuts.length] ?? 1);
        assert.deepEqual(
          read.frames.map((frame) => frame.data),
          all,
        );
        assert.deepEqual(read, readWhole("pcap", file));
      },
    ),
  );
});

test("random bytes after the magic never throw, and are accounted for", () => {
  const magics = [MICRO, NANO, MODIFIED].flatMap((magic) =>
    [true, false].map((littleEndian) => integers(littleEndian, [4, magic])),
  );
  fc.assert(
    fc.property(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 400 }), (magic, rest) => {
      const file = Uint8Array.from([...magic, ...rest]);
      const read = readWhole("pcap", file, () => 7);
      const header = magic.includes(0x34) ? 24 : 16;
      const inFrames = read.frames.reduce((sum, f) => sum + header + f.capturedLength, 0);
      const unread = read.summary.unreadBytes ?? -1;
      assert.equal((file.length < 24 ? 0 : 24) + inFrames + unread, file.length);
    }),
  );
});
