/**
 * Compressed content: by the content codings that were announced (RFC 9110 §8.4.1), or by the
 * magic numbers of gzip (RFC 1952 §2.3.1), zlib (RFC 1950 §2.2) and zstd (RFC 8878 §3.1.1).
 *
 * @module
 */
import { MAX_INFLATED_BYTES } from "../../limits.ts";
import type { Compression, Inflated, Platform } from "../../platform.ts";
import type { Recoded, Recoder, Value } from "../codec.ts";

export const COMPRESSION: Recoder = {
  kind: "recode",
  name: "compression",
  opaque: true,
  applies: ({ bytes, hint }) => hint.codings.length > 0 || magicOf(bytes) !== undefined,
  recode: (value, platform, maxBytes) =>
    value.hint.codings.length > 0
      ? byCoding(value, platform, maxBytes)
      : byMagic(value, platform, maxBytes),
};

/** Undoes the coding that was applied last. */
function byCoding(
  { bytes, hint }: Value,
  platform: Platform,
  maxBytes: number,
): Recoded | undefined {
  const coding = hint.codings.at(-1) ?? "";
  const rest = { ...hint, codings: hint.codings.slice(0, -1) };
  const max = Math.min(maxBytes, MAX_INFLATED_BYTES);
  const format = CODINGS.get(coding);
  const inflated = format && inflate(format, { bytes, platform, max });
  if (
    inflated === undefined ||
    (inflated.outcome.bytes.length === 0 && !inflated.outcome.complete)
  ) {
    const reason = troubleOfNothing(format, inflated !== undefined);
    const trouble = `coding "${coding.slice(0, 40)}" ${reason}`;
    // Perhaps the label is wrong: the bytes may speak for themselves.
    return { operation: "identity", bytes, hint: rest, trouble };
  }
  const { outcome, operation } = inflated;
  const trouble = troubleOf(outcome, operation, hint.missing);
  return {
    operation,
    bytes: outcome.bytes,
    hint: rest,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function troubleOfNothing(format: Compression | undefined, isTried: boolean): string {
  if (format === undefined) return "is not known";
  return isTried ? "was announced, but the content is not in it" : "cannot be undone here";
}

/** What was not announced is believed only if something comes out. */
function byMagic(
  { bytes, hint }: Value,
  platform: Platform,
  maxBytes: number,
): Recoded | undefined {
  const format = magicOf(bytes);
  if (format === undefined) return undefined;
  const outcome = platform.inflate(format, bytes, Math.min(maxBytes, MAX_INFLATED_BYTES));
  if (outcome === undefined || outcome.bytes.length === 0) return undefined;
  // Two bytes of zlib's header are met by chance: nothing but a whole stream is proof.
  if (format === "zlib" && !outcome.complete) return undefined;
  const trouble = troubleOf(outcome, format, hint.missing);
  const inner = { ...hint, form: hint.form === "body" ? hint.form : ("binary" as const) };
  return {
    operation: format,
    bytes: outcome.bytes,
    hint: inner,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

interface InflateInput {
  readonly bytes: Uint8Array;
  readonly platform: Platform;
  readonly max: number;
}

function inflate(
  format: Compression,
  { bytes, platform, max }: InflateInput,
): { readonly outcome: Inflated; readonly operation: Compression } | undefined {
  const outcome = platform.inflate(format, bytes, max);
  // "deflate" means zlib, but servers have sent raw deflate under that name (RFC 9110 §8.4.1.2).
  if (format === "zlib" && outcome?.bytes.length === 0) {
    const raw = platform.inflate("deflate-raw", bytes, max);
    if (raw !== undefined && raw.bytes.length > 0)
      return { outcome: raw, operation: "deflate-raw" };
  }
  return outcome && { outcome, operation: format };
}

function troubleOf(outcome: Inflated, format: string, missing: number): string | undefined {
  if (outcome.complete) return undefined;
  const why =
    missing > 0 ? `${missing} bytes of it are missing` : "it ends early, breaks or is too large";
  return `only the first ${outcome.bytes.length} bytes came out of ${format}: ${why}`;
}

function magicOf(bytes: Uint8Array): Compression | undefined {
  const first = bytes[0];
  const second = bytes[1] ?? 0;
  if (bytes.length < MIN_BYTES) return undefined;
  if (first === 0x1f && second === 0x8b && bytes[2] === 8) return "gzip";
  // zlib: deflate with a window of up to 32 KiB; the header is a multiple of 31; no preset dictionary.
  if (
    first !== undefined &&
    (first & 0x8f) === 0x08 &&
    (first * 256 + second) % 31 === 0 &&
    (second & 0x20) === 0
  ) {
    return "zlib";
  }
  const isZstd = first === 0x28 && second === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
  return isZstd ? "zstd" : undefined;
}

const MIN_BYTES = 8; // a zlib stream of nothing
const CODINGS: ReadonlyMap<string, Compression> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "zlib"],
  ["br", "brotli"],
  ["zstd", "zstd"],
]);
