/**
 * Loads the knowledge that comes with the package, and the address data that the user names.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { openAtlas, type CountryFile } from "../findings/country-atlas.ts";
import { openRangeTable, type RangeTableMeta } from "../findings/range-table.ts";
import type { CountryAtlas, NetworkProvider } from "../findings/world.ts";
import { InputError, reasonOf } from "./capture-source.ts";
import { packageFile } from "./package-files.ts";

/** Address ranges that come with the package: country and network, each with its own source. */
export function loadNetworks(): NetworkProvider[] {
  const bytes = readFileSync(packageFile("data", "networks", "networks.bin"));
  const meta = JSON.parse(
    readFileSync(packageFile("data", "networks", "networks.json"), "utf8"),
  ) as RangeTableMeta;
  // A Buffer may lie anywhere in a larger one; the table's sections count from its own start.
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return openRangeTable(buffer, meta);
}

/** Countries: names, outlines for distances, shapes for the map. */
export function loadCountries(): { atlas: CountryAtlas; file: CountryFile } {
  const text = readFileSync(packageFile("data", "countries", "countries.json"), "utf8");
  const file = JSON.parse(text) as CountryFile;
  return { atlas: openAtlas(file), file };
}

/**
 * A MaxMind-format file that the user names.
 *
 * @throws {InputError} where it cannot be read or is no such file.
 */
export async function loadGeoFile(path: string): Promise<NetworkProvider> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
  const { openMmdb } = await import("./mmdb.ts");
  try {
    return openMmdb(bytes, { name: basename(path) });
  } catch {
    throw new InputError(`${path}: not a MaxMind-format file (.mmdb), which --geo expects`);
  }
}
