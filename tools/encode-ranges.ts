/**
 * Writes the file that `src/findings/range-table.ts` reads.
 *
 * @module
 */
import type { DataSet } from "../src/findings/world.ts";
import type { RangeTable, RangeTableMeta, Section } from "../src/findings/range-table.ts";

/** An inclusive range of addresses as integers (32 or 128 bits) and its value: a country code or a network. */
export interface Range<Value> {
  readonly first: bigint;
  readonly last: bigint;
  readonly value: Value;
}

/** A network: number and name of its holder. */
export interface Network {
  readonly asn: number;
  readonly holder: string;
}

/** One source, ranges in any order; where two overlap, there is no answer. */
export type RangeSource =
  | {
      readonly kind: "country";
      readonly dataSet: DataSet;
      readonly v4: readonly Range<string>[];
      readonly v6: readonly Range<string>[];
    }
  | {
      readonly kind: "asn";
      readonly dataSet: DataSet;
      readonly v4: readonly Range<Network>[];
      readonly v6: readonly Range<Network>[];
    };

/** Encodes all sources in one file with its description. */
export function encodeRangeTable(sources: readonly RangeSource[]): {
  readonly bytes: Uint8Array;
  readonly meta: RangeTableMeta;
} {
  const file = new FileWriter();
  const tables = sources.map((source) =>
    source.kind === "country" ? encodeCountries(file, source) : encodeNetworks(file, source),
  );
  const bytes = file.bytes();
  return { bytes, meta: { format: "telltale.networks/1", bytes: bytes.length, tables } };
}

function encodeCountries(
  file: FileWriter,
  source: Extract<RangeSource, { kind: "country" }>,
): RangeTable {
  const codes = [...new Set([...source.v4, ...source.v6].map((range) => range.value))].sort();
  const countries = ["", ...codes];
  const number = new Map(countries.map((code, i) => [code, i]));
  const sections = encodeIndex(file, source, (code) => number.get(code) ?? 0);
  return { kind: "country", dataSet: source.dataSet, countries, sections };
}

function encodeNetworks(
  file: FileWriter,
  source: Extract<RangeSource, { kind: "asn" }>,
): RangeTable {
  const holders = new Map<number, string>();
  for (const { value } of [...source.v4, ...source.v6]) {
    if (!holders.has(value.asn)) holders.set(value.asn, value.holder);
  }
  const numbers = [...holders.keys()].sort((a, b) => a - b);
  const valueOf = new Map(numbers.map((asn, i) => [asn, i + 1]));
  const names = numbers.map((asn) => new TextEncoder().encode(holders.get(asn) ?? ""));
  const ends = new Uint32Array(numbers.length + 1);
  for (const [i, name] of names.entries()) ends[i + 1] = (ends[i] ?? 0) + name.length;
  const text = new Uint8Array(ends[numbers.length] ?? 0);
  for (const [i, name] of names.entries()) text.set(name, ends[i] ?? 0);
  const sections = {
    ...encodeIndex(file, source, (network) => valueOf.get(network.asn) ?? 0),
    asn: file.put(Uint32Array.from([0, ...numbers])),
    holderEnd: file.put(ends),
    holders: file.put(text),
  };
  return { kind: "asn", dataSet: source.dataSet, countries: [], sections };
}

function encodeIndex<Value>(
  file: FileWriter,
  source: { readonly v4: readonly Range<Value>[]; readonly v6: readonly Range<Value>[] },
  toNumber: (value: Value) => number,
): Record<string, Section> {
  const v4 = toSteps(source.v4, toNumber, 1n);
  // IPv6 by whole /64: a /64 of which only a part has a value, or that has several, has none.
  const v6 = toSteps(source.v6, toNumber, 1n << 64n);

  const first = new Uint32Array(65537);
  for (const step of v4) {
    const high = Number(step.at >> 16n);
    first[high + 1] = (first[high + 1] ?? 0) + 1;
  }
  for (let i = 1; i < first.length; i++) first[i] = (first[i] ?? 0) + (first[i - 1] ?? 0);
  return {
    first4: file.put(first),
    low4: file.put(Uint16Array.from(v4, (step) => Number(step.at & 0xffffn))),
    ...file.putValues("value4", v4),
    upper6: file.put(Uint32Array.from(v6, (step) => Number(step.at >> 32n))),
    lower6: file.put(Uint32Array.from(v6, (step) => Number(step.at & 0xffffffffn))),
    ...file.putValues("value6", v6),
  };
}

/** A place from which on a value holds, in units of the grain. */
interface Step {
  readonly at: bigint;
  readonly value: number;
}

/** Ranges as steps on a grain: equal neighbours merged, gaps as value 0, unaligned edges left out. */
function toSteps<Value>(
  ranges: readonly Range<Value>[],
  toNumber: (value: Value) => number,
  grain: bigint,
): readonly Step[] {
  const merged: { first: bigint; last: bigint; value: number }[] = [];
  for (const range of [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1))) {
    const value = toNumber(range.value);
    const before = merged.at(-1);
    let { first } = range;
    if (before !== undefined && first <= before.last) {
      // Two rows for the same addresses: where they overlap there is no answer.
      [before.last, first] = [first - 1n, before.last + 1n];
      if (first > range.last) continue;
    }
    if (before?.value === value && before.last + 1n === first) before.last = range.last;
    else merged.push({ first, last: range.last, value });
  }
  const steps: Step[] = [];
  let next = 0n;
  for (const { first, last, value } of merged) {
    const from = (first + grain - 1n) / grain;
    const to = (last + 1n) / grain;
    if (from >= to) continue;
    if (from > next && (steps.at(-1)?.value ?? 0) !== 0) steps.push({ at: next, value: 0 });
    if (steps.at(-1)?.value !== value) steps.push({ at: from, value });
    next = to;
  }
  const end = grain === 1n ? 1n << 32n : 1n << 64n;
  if (next < end && (steps.at(-1)?.value ?? 0) !== 0) steps.push({ at: next, value: 0 });
  return steps;
}

/** Lays typed arrays one after the other, each aligned to 4 bytes. */
class FileWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  put(array: Uint8Array | Uint16Array | Uint32Array): Section {
    const offset = this.length;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const padding = new Uint8Array(-bytes.length & 3);
    this.parts.push(bytes, padding);
    this.length += bytes.length + padding.length;
    const type =
      array.BYTES_PER_ELEMENT === 1 ? "u8" : array.BYTES_PER_ELEMENT === 2 ? "u16" : "u32";
    return { type, offset, length: array.length };
  }

  /** Values in as few bytes each as the largest needs: 1, 2 or 3. */
  putValues(name: string, steps: readonly Step[]): Record<string, Section> {
    const largest = steps.reduce((most, step) => Math.max(most, step.value), 0);
    if (largest < 256) return { [name]: this.put(Uint8Array.from(steps, (step) => step.value)) };
    const low = this.put(Uint16Array.from(steps, (step) => step.value & 0xffff));
    if (largest < 65536) return { [name]: low };
    return {
      [name]: low,
      [`${name}High`]: this.put(Uint8Array.from(steps, (step) => step.value >> 16)),
    };
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
