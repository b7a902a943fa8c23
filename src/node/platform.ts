/**
 * The platform's services in Node: node:crypto and node:zlib.
 *
 * @module
 */
import * as crypto from "node:crypto";
import { createDecipheriv, createCipheriv, createHash, createHmac } from "node:crypto";
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from "node:zlib";
import type {
  AeadRequest,
  Compression,
  DigestForm,
  DigestName,
  Inflated,
  Platform,
} from "../platform.ts";

/** Services of Node for the core. */
export const nodePlatform: Platform = {
  digest: (name, bytes) => createHash(name).update(bytes).digest(),
  digestText,
  runningDigest: (name: DigestName) => {
    const hash = createHash(name);
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
  hmacSha256: (key, bytes) => createHmac("sha256", key).update(bytes).digest(),
  aesBlock: (key, block) => {
    const cipher = createCipheriv(key.length === 32 ? "aes-256-ecb" : "aes-128-ecb", key, null);
    cipher.setAutoPadding(false);
    return cipher.update(block);
  },
  aesGcmOpen,
  inflate,
};

/** From Node 20.12 on there is a way that makes no objects: it takes a third of the time. */
const hashAtOnce = "hash" in crypto ? crypto.hash : undefined;

function digestText(name: DigestName, data: Uint8Array | string, form: DigestForm): string {
  return hashAtOnce?.(name, data, form) ?? createHash(name).update(data).digest(form);
}

const TAG_BYTES = 16;

function aesGcmOpen({ key, nonce, associated, sealed }: AeadRequest): Uint8Array | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const name = key.length === 32 ? "aes-256-gcm" : "aes-128-gcm";
  const decipher = createDecipheriv(name, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const clear = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  // That a key does not fit is an answer: a trace of the stack would cost more than trying it.
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    decipher.final();
    return clear;
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = depth;
  }
}

/**
 * `finishFlush` lets zlib give what it has when the data end early; broken data throw, and are
 * then tried again up to where they break.
 */
function inflate(format: Compression, bytes: Uint8Array, maxOutput: number): Inflated | undefined {
  if (format === "zstd") return undefined;
  try {
    return { bytes: run(format, bytes, { maxOutput, partial: false }), complete: true };
  } catch {
    // Cut short, broken or too large: below, whatever can be had of it.
  }
  try {
    return { bytes: run(format, bytes, { maxOutput, partial: true }), complete: false };
  } catch {
    return { bytes: longestPrefix(format, bytes, maxOutput), complete: false };
  }
}

function run(
  format: Exclude<Compression, "zstd">,
  bytes: Uint8Array,
  how: { maxOutput: number; partial: boolean },
): Uint8Array {
  const { Z_SYNC_FLUSH, Z_FINISH, BROTLI_OPERATION_FLUSH, BROTLI_OPERATION_PROCESS } = constants;
  const zlib = {
    maxOutputLength: how.maxOutput,
    finishFlush: how.partial ? Z_SYNC_FLUSH : Z_FINISH,
  };
  switch (format) {
    case "gzip":
      return gunzipSync(bytes, zlib);
    case "zlib":
      return inflateSync(bytes, zlib);
    case "deflate-raw":
      return inflateRawSync(bytes, zlib);
    case "brotli":
      return brotliDecompressSync(bytes, {
        maxOutputLength: how.maxOutput,
        finishFlush: how.partial ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_PROCESS,
      });
  }
}

/** The output of the longest prefix that inflates, found by bisection: 20 tries for a megabyte. */
function longestPrefix(
  format: Exclude<Compression, "zstd">,
  bytes: Uint8Array,
  maxOutput: number,
): Uint8Array {
  let best: Uint8Array = new Uint8Array(0);
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      best = run(format, bytes.subarray(0, middle), { maxOutput, partial: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return best;
}
