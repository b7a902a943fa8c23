/**
 * Builds `data/networks/networks.bin` and `networks.json` from the packages of
 * ip-location-db: country by geofeed, registry and announcement; announcing network by
 * RouteViews and DB-IP. Run: `npx tsx tools/build-networks.ts`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Reader } from "mmdb-lib";
import { readAddress } from "../src/findings/address.ts";
import type { DataSet } from "../src/findings/world.ts";
import { encodeRangeTable, type Network, type Range } from "./encode-ranges.ts";

const PACKAGES = "node_modules/@ip-location-db";
const COUNTRY = "geo-whois-asn-country";
const NRO =
  "Contains data of the NRO (https://www.nro.net/), licensed under CC BY 4.0; merged into ranges by ip-location-db and by this project.";

const countryDataSet: DataSet = {
  name: `ip-location-db ${COUNTRY}`,
  ...versionOf(`${COUNTRY}-mmdb`),
  licence: "CC-BY-4.0",
  source: "https://github.com/sapics/ip-location-db (geofeeds, registries' whois, announcements)",
  attribution: NRO,
};
const asnDataSet: DataSet = {
  name: "ip-location-db asn",
  ...versionOf("asn"),
  licence: "CC-BY-4.0",
  source: "https://github.com/sapics/ip-location-db (RouteViews, registries, DB-IP)",
  attribution: `IP Geolocation by DB-IP (https://db-ip.com/). Contains data of the University of Oregon RouteViews project (https://www.routeviews.org/), licensed under CC BY 4.0. ${NRO}`,
};

const { bytes, meta } = encodeRangeTable([
  { kind: "country", dataSet: countryDataSet, v4: countries(4), v6: countries(6) },
  { kind: "asn", dataSet: asnDataSet, v4: networks(4), v6: networks(6) },
]);
writeFileSync("data/networks/networks.bin", bytes);
writeFileSync("data/networks/networks.json", JSON.stringify(meta, undefined, 1) + "\n");
for (const table of meta.tables) {
  const [v4, v6] = [table.sections["low4"]?.length, table.sections["upper6"]?.length];
  console.log(`${table.dataSet.name} ${table.dataSet.date}: ${String(v4)} + ${String(v6)} ranges`);
}
console.log(`networks.bin: ${(bytes.length / 1e6).toFixed(2)} MB`);

/** The packages carry the day of the data in their version: 2.3.2026061719 is 17 June 2026, 19 h. */
function versionOf(name: string): { readonly version: string; readonly date: string } {
  const { version } = JSON.parse(readFileSync(`${PACKAGES}/${name}/package.json`, "utf8")) as {
    version: string;
  };
  const day = /\.(\d{4})(\d{2})(\d{2})\d*$/.exec(version);
  if (day === null) throw new Error(`Cannot read the date of ${name}: version is "${version}"`);
  return { version, date: day.slice(1, 4).join("-") };
}

/** Walks the binary tree of a MaxMind file (format 2.0, "Binary Search Tree Section"), 24-bit records. */
function countries(version: 4 | 6): Range<string>[] {
  const file = readFileSync(`${PACKAGES}/${COUNTRY}-mmdb/${COUNTRY}-ipv${String(version)}.mmdb`);
  // The type of the records is the file's own, not one of MaxMind's products.
  const reader = new Reader<never>(file);
  const { nodeCount, recordSize } = reader.metadata;
  if (recordSize !== 24) throw new Error(`Cannot walk records of ${String(recordSize)} bits`);
  const width = version === 4 ? 32 : 128;
  const codes = new Map<number, string>();
  const ranges: Range<string>[] = [];
  const walk = (node: number, prefix: bigint, depth: number): void => {
    if (node < nodeCount) {
      walk(file.readUIntBE(node * 6, 3), prefix, depth + 1);
      walk(file.readUIntBE(node * 6 + 3, 3), prefix | (1n << BigInt(width - 1 - depth)), depth + 1);
    } else if (node > nodeCount) {
      let code = codes.get(node);
      if (code === undefined) {
        const record: unknown = reader.get(toText(prefix, version));
        code = (record as { country_code: string }).country_code;
        codes.set(node, code);
      }
      const last = prefix | ((1n << BigInt(width - depth)) - 1n);
      if (/^[A-Z]{2}$/.test(code) && code !== "ZZ")
        ranges.push({ first: prefix, last, value: code });
    }
  };
  walk(0, 0n, 0);
  return ranges;
}

/** Rows `first,last,asn,"holder"`. */
function networks(version: 4 | 6): Range<Network>[] {
  const text = readFileSync(`${PACKAGES}/asn/asn-ipv${String(version)}.csv`, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const row = /^([^,]*),([^,]*),(\d+),(.*)$/.exec(line);
      if (row === null) throw new Error(`Cannot read a row of the ASN file: "${line}"`);
      const [, first = "", last = "", asn, name = ""] = row;
      const holder = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
      return {
        first: toInteger(first),
        last: toInteger(last),
        value: { asn: Number(asn), holder },
      };
    });
}

function toInteger(text: string): bigint {
  const address = readAddress(text);
  if (address === undefined) throw new Error(`Cannot read "${text}" as an address`);
  return address.words.reduce((whole, word) => (whole << 32n) | BigInt(word), 0n);
}

/** All groups in full, without the shortening of RFC 5952: for the reader, not for people. */
function toText(address: bigint, version: 4 | 6): string {
  const groups = (count: number, bits: number): bigint[] =>
    Array.from({ length: count }, (_, i) =>
      BigInt.asUintN(bits, address >> BigInt((count - 1 - i) * bits)),
    );
  return version === 4
    ? groups(4, 8).join(".")
    : groups(8, 16)
        .map((group) => group.toString(16))
        .join(":");
}
