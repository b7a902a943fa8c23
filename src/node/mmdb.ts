/**
 * Networks by any file in MaxMind's format (https://maxmind.github.io/MaxMind-DB/), such as a
 * user holds it: GeoLite2, DB-IP, IPinfo, iptoasn and ip-location-db name their fields
 * differently, and all are read.
 *
 * @module
 */
import { Reader, type Response } from "mmdb-lib";
import { readAddress } from "../findings/address.ts";
import type { NetworkAnswer, NetworkProvider } from "../findings/world.ts";

/**
 * Opens a file.
 *
 * @param bytes The whole file.
 * @param options.name What to call it in reports; the file's own type stands there otherwise.
 * @throws Error where the bytes are no such file.
 */
export function openMmdb(
  bytes: Uint8Array,
  options: { readonly name?: string; readonly licence?: string } = {},
): NetworkProvider {
  const reader = openReader(bytes);
  const { databaseType, buildEpoch, description, ipVersion } = reader.metadata;
  const name = options.name ?? databaseType;
  const date = buildEpoch.toISOString().slice(0, 10);
  return {
    dataSet: {
      name,
      version: `${databaseType} ${buildEpoch.toISOString()}`,
      date,
      licence: options.licence ?? "as its supplier states",
      source: textIn(description, "en") ?? databaseType,
    },
    lookup(address: string): NetworkAnswer | undefined {
      const read = readAddress(address);
      // A file of IPv4 alone has no tree for IPv6.
      if (read === undefined || (read.version === 6 && ipVersion === 4)) return undefined;
      const plain = read.version === 4 ? dotted(read.words[0] ?? 0) : address;
      return toAnswer(recordOf(reader, plain));
    },
  };
}

/** Reads what a record says, by the names that the suppliers use. */
export function toAnswer(record: unknown): NetworkAnswer | undefined {
  if (!isRecord(record)) return undefined;
  const country =
    // GeoLite2, DB-IP: country.iso_code; IPinfo: country_code, or country where it is a code.
    textIn(record["country"], "iso_code") ??
    codeIn(record["country_code"]) ??
    codeIn(record["country"]) ??
    null;
  const asn = numberIn(record["autonomous_system_number"]) ?? numberIn(record["asn"]) ?? null;
  const holder =
    textIn(record, "autonomous_system_organization") ??
    textIn(record, "as_name") ??
    textIn(record, "as_organization") ??
    null;
  if (country === null && asn === null && holder === null) return undefined;
  return { asn, holder, country };
}

function openReader(bytes: Uint8Array): Reader<Response> {
  try {
    return new Reader<Response>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read the bytes as a file of MaxMind's format: ${reason}`, { cause });
  }
}

/** A broken file must not end an audit: what cannot be read is no answer. */
function recordOf(reader: Reader<Response>, address: string): unknown {
  try {
    return reader.get(address);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(value: unknown, key: string): string | undefined {
  const text = isRecord(value) ? value[key] : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function codeIn(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Z]{2}$/.test(value) && value !== "ZZ"
    ? value
    : undefined;
}

/** A number, or text such as `AS15169`. */
function numberIn(value: unknown): number | undefined {
  const digits = typeof value === "string" ? /^(?:AS)?(\d{1,10})$/i.exec(value)?.[1] : undefined;
  const number = digits === undefined ? value : Number(digits);
  return typeof number === "number" && Number.isInteger(number) && number > 0 ? number : undefined;
}

function dotted(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join(".");
}
