import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Packet } from "../packets/packet.ts";
import {
  FlowKey,
  hasPorts,
  hashKey,
  KEY_WORD,
  parentOf,
  protocolOf,
  versionOf,
} from "./flow-key.ts";
import { FlowTable } from "./flow-table.ts";

interface Ends {
  readonly source: readonly number[];
  readonly destination: readonly number[];
  readonly ports: readonly [number, number];
}

function keyOf(ends: Ends, protocol = 6, parent = -1): FlowKey {
  const packet = new Packet();
  packet.bytes = Uint8Array.from([...ends.source, ...ends.destination]);
  packet.version = ends.source.length === 4 ? 4 : 6;
  packet.sourceAt = 0;
  packet.destinationAt = ends.source.length;
  [packet.sourcePort, packet.destinationPort] = ends.ports;
  const key = new FlowKey();
  key.read(packet, protocol, parent);
  return key;
}

const back = ({ source, destination, ports }: Ends): Ends => ({
  source: destination,
  destination: source,
  ports: [ports[1], ports[0]],
});

const address = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: length, maxLength: length });
const portNumber = fc.constantFrom(-1, 0, 1, 443, 32768, 65535);
const ends: fc.Arbitrary<Ends> = fc.constantFrom(4, 16).chain((length) =>
  fc
    .record({ source: address(length), destination: address(length), a: portNumber, b: portNumber })
    // Either both ports are known or none is.
    .map(({ source, destination, a, b }) => ({
      source,
      destination,
      ports: a < 0 || b < 0 ? ([-1, -1] as const) : ([a, b] as const),
    })),
);

test("FlowKey is the same for both directions, and says which end sent", () => {
  fc.assert(
    fc.property(ends, (there) => {
      const key = keyOf(there);
      const reverse = keyOf(back(there));
      assert.deepEqual(reverse.words, key.words);
      const isSame =
        there.source.join() === there.destination.join() && there.ports[0] === there.ports[1];
      assert.equal(reverse.senderIsLow, isSame ? key.senderIsLow : !key.senderIsLow);
      const kind = key.words[KEY_WORD.kind] ?? 0;
      assert.equal(versionOf(kind), there.source.length === 4 ? 4 : 6);
      assert.equal(protocolOf(kind), 6);
      assert.equal(hasPorts(kind), there.ports[0] >= 0);
      assert.equal(parentOf(key.words), -1);
    }),
  );
});

test("FlowKey tells protocols, parents and missing ports apart", () => {
  const here: Ends = { source: [10, 0, 0, 1], destination: [10, 0, 0, 2], ports: [0, 0] };
  const table = new FlowTable([1, 2]);
  const keys = [
    keyOf(here),
    keyOf(here, 17),
    keyOf(here, 6, 0),
    keyOf(here, 6, 1),
    keyOf({ ...here, ports: [-1, -1] }),
  ];
  assert.deepEqual(
    keys.map((key) => table.find(key)),
    [0, 1, 2, 3, 4],
  );
});

test("FlowTable.find() numbers keys in order of appearance, whatever its secret", () => {
  fc.assert(
    fc.property(fc.array(ends, { maxLength: 200 }), fc.integer(), (all, secret) => {
      const table = new FlowTable([secret, ~secret]);
      const model = new Map<string, number>();
      for (const each of all) {
        const key = keyOf(each);
        const name = key.words.join();
        const isNew = !model.has(name);
        if (isNew) model.set(name, model.size);
        assert.equal(table.find(key), model.get(name));
        assert.equal(table.added, isNew);
      }
      assert.equal(table.size, model.size);
    }),
  );
});

test("FlowTable.find() still finds all keys after it grew", () => {
  const table = new FlowTable([3, 4]);
  const nth = (i: number): FlowKey =>
    keyOf({
      source: [10, i >> 16, (i >> 8) & 255, i & 255],
      destination: [8, 8, 8, 8],
      ports: [i & 7, 53],
    });
  for (let i = 0; i < 20_000; i++) assert.equal(table.find(nth(i)), i);
  for (let i = 19_999; i >= 0; i--) assert.equal(table.find(nth(i)), i);
});

test("hashKey() spreads keys that differ in few bits, and differently for each secret", () => {
  const buckets = new Set<number>();
  let moved = 0;
  const count = 4096;
  for (let i = 0; i < count; i++) {
    const { words } = keyOf({
      source: [10, 0, i >> 8, i & 255],
      destination: [8, 8, 8, 8],
      ports: [1, 2],
    });
    const bucket = hashKey(words, 5, 6) & 0xffff;
    buckets.add(bucket);
    if ((hashKey(words, 7, 6) & 0xffff) !== bucket) moved++;
  }
  // Of 4096 balls in 65,536 bins, about 124 share a bin with an earlier one.
  assert.ok(buckets.size > count - 250, `${buckets.size} buckets`);
  assert.ok(moved > count - 10);
});
