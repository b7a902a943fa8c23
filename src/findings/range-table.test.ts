import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { encodeRangeTable, type Network, type Range } from "../../tools/encode-ranges.ts";
import { openRangeTable, type RangeTableMeta } from "./range-table.ts";
import type { NetworkProvider } from "./world.ts";

const dataSet = { name: "made up", version: "1", date: "2026", licence: "none", source: "a test" };

function open(v4: readonly Range<Network>[], v6: readonly Range<Network>[] = []): NetworkProvider {
  const { bytes, meta } = encodeRangeTable([{ kind: "asn", dataSet, v4, v6 }]);
  const [provider] = openRangeTable(toBuffer(bytes), meta);
  assert.ok(provider !== undefined);
  return provider;
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

test("look-ups agree with the ranges, at edges, in gaps and across halves of the address", () => {
  const edge = fc.oneof(
    fc.nat({ max: 0xffffffff }),
    fc.nat({ max: 0xffff }).map((high) => high * 65536),
    fc.nat({ max: 0xffff }).map((high) => high * 65536 + 65535),
  );
  fc.assert(
    fc.property(fc.uniqueArray(edge, { maxLength: 24 }), fc.array(edge), (edges, more) => {
      const sorted = [...edges].sort((a, b) => a - b);
      const ranges: Range<Network>[] = [];
      for (let i = 0; i + 1 < sorted.length; i += 2) {
        const asn = 100_000 + (i % 6);
        const [first = 0, last = 0] = sorted.slice(i, i + 2);
        ranges.push({
          first: BigInt(first),
          last: BigInt(last),
          value: { asn, holder: `n${String(asn)}` },
        });
      }
      const provider = open(ranges);
      const probes = [...edges, ...more].flatMap((at) => [at - 1, at, at + 1]);
      for (const at of probes.filter((one) => one >= 0 && one <= 0xffffffff)) {
        const expected = ranges.find((one) => one.first <= BigInt(at) && BigInt(at) <= one.last);
        assert.equal(provider.lookup(dotted(at))?.asn, expected?.value.asn, dotted(at));
      }
    }),
    { numRuns: 60 },
  );
});

test("IPv6 is answered by whole /64, and what is finer has no answer", () => {
  const value = { asn: 64500, holder: "Beispiel ©" };
  const at = 0x20010db8n << 96n;
  const provider = open(
    [],
    [
      { first: at, last: at + (1n << 64n) - 1n, value },
      { first: at + (2n << 64n) + 5n, last: at + (4n << 64n) - 1n, value },
    ],
  );
  assert.deepEqual(provider.lookup("2001:db8::1"), {
    asn: 64500,
    holder: "Beispiel ©",
    country: null,
  });
  assert.equal(provider.lookup("2001:db8:0:1::1"), undefined);
  assert.equal(provider.lookup("2001:db8:0:2::9"), undefined);
  assert.equal(provider.lookup("2001:db8:0:3::")?.asn, 64500);
  assert.equal(provider.lookup("2001:db8:0:4::"), undefined);
  assert.equal(provider.lookup("no address"), undefined);
});

test("where two rows claim the same addresses there is no answer", () => {
  const provider = open([
    { first: 10n, last: 20n, value: { asn: 1, holder: "a" } },
    { first: 15n, last: 30n, value: { asn: 2, holder: "b" } },
  ]);
  assert.deepEqual(
    ["0.0.0.14", "0.0.0.15", "0.0.0.20", "0.0.0.21"].map((at) => provider.lookup(at)?.asn),
    [1, undefined, undefined, 2],
  );
});

test("files that do not belong together are refused", () => {
  const { bytes, meta } = encodeRangeTable([{ kind: "asn", dataSet, v4: [], v6: [] }]);
  assert.throws(() => openRangeTable(toBuffer(bytes.subarray(4)), meta), /bytes are stated/);
});

test("the table shipped answers for well-known addresses, each source with its own date", () => {
  const bytes = readFileSync("data/networks/networks.bin");
  const meta = JSON.parse(readFileSync("data/networks/networks.json", "utf8")) as RangeTableMeta;
  const [country, network] = openRangeTable(toBuffer(bytes), meta);
  assert.equal(network?.lookup("8.8.8.8")?.asn, 15169);
  assert.equal(network.lookup("1.1.1.1")?.asn, 13335);
  assert.equal(network.lookup("168.95.1.1")?.asn, 3462);
  assert.equal(network.lookup("2606:4700:4700::1111")?.asn, 13335);
  assert.equal(country?.lookup("168.95.1.1")?.country, "TW");
  assert.equal(country.lookup("2001:b000:168::1")?.country, "TW");
  for (const provider of [country, network]) {
    assert.match(provider.dataSet.date, /^\d{4}-\d{2}-\d{2}$/);
    assert.match(provider.dataSet.attribution ?? "", /CC BY 4\.0/);
  }
});
