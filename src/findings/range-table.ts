/**
 * Address ranges with a country or an announcing network: sorted typed arrays, used as they
 * lie in the file, nothing is parsed.
 *
 * IPv4: `first[h]` is the index of the first range that starts at or after `h << 16`, and
 * `low` holds the low half of each start, so that a look-up is one read and a short binary
 * search. IPv6: the upper 64 bits of each start in two arrays of 32-bit words; the sources
 * hold next to nothing finer than a /64, and what is finer has no answer. A range reaches to
 * the start of the next one; value 0 marks a stretch of which the source says nothing.
 *
 * @module
 */
import { readAddress } from "./address.ts";
import type { DataSet, NetworkAnswer, NetworkProvider } from "./world.ts";

/** What `networks.json` says of `networks.bin`. */
export interface RangeTableMeta {
  readonly format: "telltale.networks/1";
  /** Bytes of `networks.bin`, for a check that both files belong together. */
  readonly bytes: number;
  readonly tables: readonly RangeTable[];
}

/** One source's ranges. */
export interface RangeTable {
  /** What a value means: number of a country in `countries`, or of a network in `asn`. Both count from 1. */
  readonly kind: "country" | "asn";
  readonly dataSet: DataSet;
  /** Country codes by value, `""` for 0; empty in a table of networks. */
  readonly countries: readonly string[];
  readonly sections: Readonly<Record<string, Section>>;
}

/** Where a typed array lies in the file: offset in bytes, length in elements. */
export interface Section {
  readonly type: "u8" | "u16" | "u32";
  readonly offset: number;
  readonly length: number;
}

/**
 * Opens the tables of one file; each becomes a provider with its own source and date.
 *
 * @throws Error where the files do not belong together: this is the program's own data, not input.
 */
export function openRangeTable(buffer: ArrayBuffer, meta: RangeTableMeta): NetworkProvider[] {
  if (buffer.byteLength !== meta.bytes) {
    throw new Error(
      `Cannot open the range table: ${String(meta.bytes)} bytes are stated, ${String(buffer.byteLength)} are there`,
    );
  }
  return meta.tables.map((table) => {
    const index = new RangeIndex(buffer, table.sections);
    const answers =
      table.kind === "country"
        ? new CountryAnswers(table.countries)
        : new NetworkAnswers(buffer, table.sections);
    return {
      dataSet: table.dataSet,
      lookup(address: string): NetworkAnswer | undefined {
        const value = index.valueOf(address);
        return value === 0 ? undefined : answers.at(value);
      },
    };
  });
}

/** Finds the value of the range that an address lies in. */
class RangeIndex {
  private readonly first: Uint32Array;
  private readonly low: Uint16Array;
  private readonly value4: WideValues;
  private readonly upper: Uint32Array;
  private readonly lower: Uint32Array;
  private readonly value6: WideValues;

  constructor(buffer: ArrayBuffer, sections: Readonly<Record<string, Section>>) {
    this.first = words(buffer, sections["first4"]);
    this.low = halves(buffer, sections["low4"]);
    this.value4 = new WideValues(buffer, sections, "value4");
    this.upper = words(buffer, sections["upper6"]);
    this.lower = words(buffer, sections["lower6"]);
    this.value6 = new WideValues(buffer, sections, "value6");
  }

  valueOf(text: string): number {
    const address = readAddress(text);
    if (address === undefined) return 0;
    const [word0 = 0, word1 = 0] = address.words;
    return address.version === 4
      ? this.value4.at(this.lastAtOrBelow4(word0))
      : this.value6.at(this.lastAtOrBelow6(word0, word1));
  }

  /** Index of the last range that starts at or below `word`, or -1. */
  private lastAtOrBelow4(word: number): number {
    const high = word >>> 16;
    const low = word & 0xffff;
    let from = this.first[high] ?? 0;
    let to = this.first[high + 1] ?? from;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.low[middle] ?? 0) <= low) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }

  private lastAtOrBelow6(upper: number, lower: number): number {
    let from = 0;
    let to = this.upper.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const word = this.upper[middle] ?? 0;
      if (word < upper || (word === upper && (this.lower[middle] ?? 0) <= lower)) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}

/** Values of up to 24 bits, the upper 8 in an array of their own where any value needs them. */
class WideValues {
  private readonly low: Uint8Array | Uint16Array;
  private readonly high: Uint8Array | undefined;

  constructor(
    buffer: ArrayBuffer,
    sections: Readonly<Record<string, Section>>,
    name: "value4" | "value6",
  ) {
    const low = sections[name];
    const high = sections[`${name}High`];
    this.low = low?.type === "u8" ? octets(buffer, low) : halves(buffer, low);
    this.high = high === undefined ? undefined : octets(buffer, high);
  }

  at(index: number): number {
    return index < 0 ? 0 : (this.low[index] ?? 0) + (this.high?.[index] ?? 0) * 65536;
  }
}

interface Answers {
  at(value: number): NetworkAnswer | undefined;
}

class CountryAnswers implements Answers {
  private readonly answers: readonly NetworkAnswer[];

  constructor(countries: readonly string[]) {
    this.answers = countries.map((country) => ({ asn: null, holder: null, country }));
  }

  at(value: number): NetworkAnswer | undefined {
    return this.answers[value];
  }
}

class NetworkAnswers implements Answers {
  private readonly asn: Uint32Array;
  /** `holders[holderEnd[n - 1], holderEnd[n])` is the UTF-8 name of the holder of network n. */
  private readonly holderEnd: Uint32Array;
  private readonly holders: Uint8Array;
  private readonly decoder = new TextDecoder();

  constructor(buffer: ArrayBuffer, sections: Readonly<Record<string, Section>>) {
    this.asn = words(buffer, sections["asn"]);
    this.holderEnd = words(buffer, sections["holderEnd"]);
    this.holders = octets(buffer, sections["holders"]);
  }

  at(value: number): NetworkAnswer | undefined {
    const asn = this.asn[value];
    const end = this.holderEnd[value];
    if (asn === undefined || end === undefined) return undefined;
    const name = this.decoder.decode(this.holders.subarray(this.holderEnd[value - 1] ?? 0, end));
    return { asn, holder: name === "" ? null : name, country: null };
  }
}

// A table without a section (no IPv6 ranges, say) has none of its ranges.
function words(buffer: ArrayBuffer, section: Section | undefined): Uint32Array {
  return new Uint32Array(buffer, section?.offset ?? 0, section?.length ?? 0);
}
function halves(buffer: ArrayBuffer, section: Section | undefined): Uint16Array {
  return new Uint16Array(buffer, section?.offset ?? 0, section?.length ?? 0);
}
function octets(buffer: ArrayBuffer, section: Section | undefined): Uint8Array {
  return new Uint8Array(buffer, section?.offset ?? 0, section?.length ?? 0);
}
