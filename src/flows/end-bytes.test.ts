import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BYTE_CLASS_COUNT } from "../ledger.ts";
import { FIRST_BYTES_KEPT } from "../limits.ts";
import { EndMacs, EndTallies, FirstBytes } from "./end-bytes.ts";

test("EndTallies counts each end by itself, and sums to all", () => {
  const step = fc.tuple(
    fc.nat(2000),
    fc.nat(BYTE_CLASS_COUNT - 1),
    fc.integer({ min: 1, max: 1e9 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tallies = new EndTallies();
      const due = new Map<number, number[]>();
      const sum = new Array<number>(BYTE_CLASS_COUNT).fill(0);
      for (const [end, byteClass, bytes] of steps) {
        tallies.add(end, byteClass, bytes);
        const counts = due.get(end) ?? new Array<number>(BYTE_CLASS_COUNT).fill(0);
        counts[byteClass] = (counts[byteClass] ?? 0) + bytes;
        due.set(end, counts);
        sum[byteClass] = (sum[byteClass] ?? 0) + bytes;
      }
      for (const [end, counts] of due) assert.deepEqual([...(tallies.of(end) ?? [])], counts);
      assert.equal(tallies.of(2001), undefined);
      const total = new Float64Array(BYTE_CLASS_COUNT);
      tallies.addTo(total);
      assert.deepEqual([...total], sum);
    }),
  );
});

test("FirstBytes keeps the rooms of many ends apart", () => {
  const first = new FirstBytes();
  const source = Uint8Array.from({ length: FIRST_BYTES_KEPT }, (_, i) => i);
  const rooms = Array.from({ length: 1000 }, () => first.open());
  for (const room of rooms) {
    first.put(room, 0, source, { start: 1, count: 3 });
    first.put(room, 3, Uint8Array.of(room & 255), { start: 0, count: 1 });
  }
  for (const room of rooms) assert.deepEqual([...first.of(room, 4)], [1, 2, 3, room & 255]);
});

test("EndMacs gives each end its address, and those that have none none", () => {
  const macs = new EndMacs();
  macs.note(7, Uint8Array.of(9, 2, 0, 0xab, 0xc, 0xff, 7), 1);
  macs.note(3000, new Uint8Array(6), 0);
  assert.equal(macs.of(7), "02:00:ab:0c:ff:07");
  assert.equal(macs.of(3000), "00:00:00:00:00:00");
  assert.equal(macs.of(8), undefined);
  assert.equal(macs.of(1_000_000), undefined);
});
