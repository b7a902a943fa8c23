import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PacketWish } from "../../test/flow-recorder.ts";
import type { Side } from "./flow.ts";
import { follow, HANDSHAKE } from "./test-connection.ts";

test("TcpReassembler gives the same bytes however a stream is cut in two", () => {
  const text = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
  for (let cut = 1; cut < text.length; cut++) {
    const parts: PacketWish[] = [
      { flags: "A", seq: 1000, data: text.slice(0, cut) },
      { flags: "A", seq: 1000 + cut, data: text.slice(cut) },
    ];
    const { recorder, flow } = follow(...HANDSHAKE, ...parts);
    assert.equal(Buffer.from(recorder.bytesOf(flow, 0)).toString(), text);
    const swapped = follow(...HANDSHAKE, ...parts.reverse());
    assert.equal(Buffer.from(swapped.recorder.bytesOf(swapped.flow, 0)).toString(), text);
  }
});

/** Bytes, an initial sequence number near the wrap, and parts of the bytes that together cover all. */
const shuffledStream: fc.Arbitrary<{
  bytes: Uint8Array;
  isn: number;
  parts: readonly (readonly [number, number])[];
}> = fc
  .record({
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    isn: fc.integer({ min: 0xffff_ff00, max: 0xffff_ffff }),
  })
  .chain(({ bytes, isn }) => {
    const place = fc.nat({ max: bytes.length });
    return fc
      .record({
        cuts: fc.array(place, { maxLength: 12 }),
        extra: fc.array(fc.tuple(place, place), { maxLength: 12 }),
      })
      .chain(({ cuts, extra }) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const whole = borders.slice(1).map((to, i): [number, number] => [borders[i] ?? 0, to]);
        const again = extra.map(([x, y]): [number, number] => [Math.min(x, y), Math.max(x, y)]);
        const parts = [...whole, ...again].filter(([from, to]) => to > from);
        return fc
          .shuffledSubarray(parts, { minLength: parts.length })
          .map((order) => ({ bytes, isn, parts: order }));
      });
  });

test("TcpReassembler puts any order of any overlapping segments together again", () => {
  fc.assert(
    fc.property(shuffledStream, fc.nat(), ({ bytes, isn, parts }, finAt) => {
      const wishes = parts.map(([from, to]): PacketWish => {
        const data = bytes.slice(from, to);
        return { flags: "A", seq: isn + 1 + from, data };
      });
      wishes.splice(finAt % (parts.length + 1), 0, { flags: "FA", seq: isn + 1 + bytes.length });
      const { recorder, flow } = follow({ flags: "S", seq: isn }, ...wishes);
      assert.deepEqual([...recorder.bytesOf(flow, 0)], [...bytes]);
      assert.deepEqual(recorder.names(), []);
      assert.equal(flow.ends[0].missing, 0);
    }),
  );
});

test("TcpReassembler keeps the first of all contents that a byte was sent with", () => {
  fc.assert(
    fc.property(shuffledStream, ({ bytes, isn, parts }) => {
      const due: (number | undefined)[] = Array.from(bytes, () => undefined);
      const wishes = parts.map(([from, to], i): PacketWish => {
        const data = bytes.slice(from, to).map((byte) => byte ^ i);
        data.forEach((byte, j) => (due[from + j] ??= byte));
        return { flags: "A", seq: isn + 1 + from, data };
      });
      const { recorder, flow } = follow({ flags: "S", seq: isn }, ...wishes);
      assert.deepEqual([...recorder.bytesOf(flow, 0)], due);
    }),
  );
});

test("TcpReassembler tells exactly which bytes are missing", () => {
  fc.assert(
    fc.property(shuffledStream, fc.array(fc.boolean()), ({ bytes, isn, parts }, lost) => {
      const captured = parts.filter((_, i) => lost[i] !== true);
      const due = Array.from(bytes, (byte, i) =>
        captured.some(([from, to]) => i >= from && i < to) ? byte : undefined,
      );
      const wishes = captured.map(([from, to]): PacketWish => {
        return { flags: "A", seq: isn + 1 + from, data: bytes.slice(from, to) };
      });
      // More than one byte: the last one alone may be a FIN that was not captured.
      wishes.push({ from: 1, flags: "A", seq: 1, ack: isn + 1 + bytes.length });
      wishes.push({ flags: "FA", seq: isn + 1 + bytes.length });
      const { recorder, flow } = follow({ flags: "S", seq: isn }, ...wishes);
      assert.deepEqual(
        [...recorder.bytesOf(flow, 0)],
        due.filter((byte) => byte !== undefined),
      );
      const missing = due.filter((byte) => byte === undefined).length;
      assert.equal(flow.ends[0].missing, missing);
      assert.equal(recorder.of(flow)[0].offset, bytes.length);
    }),
  );
});

test("TcpReassembler survives any segments, and accounts for each byte", () => {
  const wish = fc.record({
    from: fc.constantFrom<Side>(0, 1),
    seq: fc.oneof(fc.nat({ max: 40 }), fc.integer({ min: 0, max: 0xffff_ffff })),
    ack: fc.oneof(fc.nat({ max: 40 }), fc.integer({ min: 0, max: 0xffff_ffff })),
    flags: fc.constantFrom("", "A", "S", "SA", "F", "FA", "R", "RA", "SF", "SFRA"),
    data: fc.uint8Array({ maxLength: 20 }),
    cut: fc.nat({ max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 30 }), (wishes) => {
      follow(...wishes);
    }),
    { numRuns: 1000 },
  );
});
