/**
 * Capture files and standard input as a row of chunks, inflated where they are gzipped.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import { readSync, type Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { constants, createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../user-error.ts";

/** Bytes asked of the file at a time: large enough that the system call does not show, and small enough for a processor's cache. */
const CHUNK_BYTES = 256 * 1024;

/** An input that cannot be read. The message is one line for people. */
export class InputError extends UserError {}

/** What identifies an input, known when all of it was read. */
export interface SourceFacts {
  readonly file: string;
  /** SHA-256 of the file as it lies on the disk, hexadecimal; undefined where nobody asked for it. */
  readonly sha256: string | undefined;
  readonly bytes: number;
  readonly compression: "none" | "gzip";
  /** What went wrong while inflating, if anything did; the bytes before it were given. */
  readonly trouble: string | undefined;
}

/** One input, read from start to end. */
export interface CaptureSource {
  readonly name: string;
  /** The next bytes, valid until the next call; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  facts(): SourceFacts;
  /** Bytes of the file as it lies on the disk that were read so far, and in all where known. */
  progress(): { readonly done: number; readonly total: number | undefined };
  close(): Promise<void>;
}

/**
 * Opens a file, or standard input for `-`.
 *
 * @param digest Whether to digest what is read; it costs as much as decoding the packets.
 * @throws {InputError} where it cannot be opened or is a directory.
 */
export async function openSource(path: string, digest = true): Promise<CaptureSource> {
  const raw = path === "-" ? new StreamBytes(process.stdin) : await FileBytes.open(path);
  const name = path === "-" ? "standard input" : basename(path);
  const head = await raw.read();
  const isGzip = head?.[0] === 0x1f && head[1] === 0x8b;
  const tally = new Tally(digest);
  return isGzip ? new GzipSource(name, raw, head, tally) : new PlainSource(name, raw, head, tally);
}

interface RawBytes {
  read(): Promise<Uint8Array | undefined>;
  readonly total: number | undefined;
  close(): Promise<void>;
}

/** A file in chunks, in one buffer that is used again. */
class FileBytes implements RawBytes {
  readonly #handle: FileHandle;
  readonly #buffer = new Uint8Array(CHUNK_BYTES);
  readonly total: number;
  readonly #path: string;
  /** Pipes and devices may have to be waited for. */
  readonly #isRegular: boolean;

  private constructor(handle: FileHandle, path: string, stat: Stats) {
    this.#handle = handle;
    this.#path = path;
    this.total = stat.size;
    this.#isRegular = stat.isFile();
  }

  static async open(path: string): Promise<FileBytes> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, "r");
      const stat = await handle.stat();
      if (stat.isDirectory())
        throw new InputError(`${path}: is a directory; a capture file is expected`);
      return new FileBytes(handle, path, stat);
    } catch (error) {
      await handle?.close();
      if (error instanceof InputError) throw error;
      throw new InputError(`${path}: ${reasonOf(error)}`);
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      // Of a file on a disk the bytes are mostly there already: waiting for them costs more than reading.
      const bytesRead = this.#isRegular
        ? readSync(this.#handle.fd, this.#buffer, 0, CHUNK_BYTES, null)
        : (await this.#handle.read(this.#buffer, 0, CHUNK_BYTES, null)).bytesRead;
      return bytesRead === 0 ? undefined : this.#buffer.subarray(0, bytesRead);
    } catch (error) {
      throw new InputError(`${this.#path}: ${reasonOf(error)}`);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** A stream in the pieces in which it comes. */
class StreamBytes implements RawBytes {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly total = undefined;

  constructor(stream: Readable) {
    this.#iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async read(): Promise<Uint8Array | undefined> {
    const step = await this.#iterator.next();
    return step.done === true ? undefined : step.value;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** Counts what passes, and digests it where that is wanted. */
class Tally {
  readonly #hash: Hash | undefined;
  bytes = 0;

  constructor(digest: boolean) {
    this.#hash = digest ? createHash("sha256") : undefined;
  }

  add(chunk: Uint8Array | undefined): void {
    if (chunk === undefined) return;
    this.#hash?.update(chunk);
    this.bytes += chunk.length;
  }

  sha256(): string | undefined {
    return this.#hash?.copy().digest("hex");
  }
}

class PlainSource implements CaptureSource {
  readonly name: string;
  readonly #raw: RawBytes;
  readonly #tally: Tally;
  #head: Uint8Array | undefined;

  constructor(name: string, raw: RawBytes, head: Uint8Array | undefined, tally: Tally) {
    this.name = name;
    this.#raw = raw;
    this.#head = head;
    this.#tally = tally;
  }

  async read(): Promise<Uint8Array | undefined> {
    const chunk = this.#head ?? (await this.#raw.read());
    this.#head = undefined;
    this.#tally.add(chunk);
    return chunk;
  }

  facts(): SourceFacts {
    const { bytes } = this.#tally;
    const sha256 = this.#tally.sha256();
    return { file: this.name, sha256, bytes, compression: "none", trouble: undefined };
  }

  progress(): { done: number; total: number | undefined } {
    return { done: this.#tally.bytes, total: this.#raw.total };
  }

  close(): Promise<void> {
    return this.#raw.close();
  }
}

/** Inflates as it reads. A file cut short gives all that can be inflated. */
class GzipSource implements CaptureSource {
  readonly name: string;
  readonly #raw: RawBytes;
  readonly #tally: Tally;
  readonly #inflated: AsyncIterator<Uint8Array>;
  #trouble: string | undefined;

  constructor(name: string, raw: RawBytes, head: Uint8Array, tally: Tally) {
    this.name = name;
    this.#raw = raw;
    this.#tally = tally;
    const gunzip = createGunzip({ chunkSize: 1024 * 1024, finishFlush: constants.Z_SYNC_FLUSH });
    async function* compressed(): AsyncGenerator<Uint8Array> {
      for (
        let chunk: Uint8Array | undefined = head;
        chunk !== undefined;
        chunk = await raw.read()
      ) {
        tally.add(chunk);
        // The file's buffer is used again, and the inflater may still hold what it was given.
        yield chunk.slice();
      }
    }
    // A failure shows up at the reading end as well; there it is kept as trouble.
    pipeline(compressed, gunzip).catch(() => undefined);
    this.#inflated = gunzip[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      const step = await this.#inflated.next();
      return step.done === true ? undefined : step.value;
    } catch (error) {
      this.#trouble = `gzip data are broken: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  }

  facts(): SourceFacts {
    const { bytes } = this.#tally;
    const sha256 = this.#tally.sha256();
    return { file: this.name, sha256, bytes, compression: "gzip", trouble: this.#trouble };
  }

  progress(): { done: number; total: number | undefined } {
    return { done: this.#tally.bytes, total: this.#raw.total };
  }

  close(): Promise<void> {
    return this.#raw.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  EISDIR: "is a directory; a file is expected",
  ENAMETOOLONG: "the name is too long",
};

/** A system error in plain words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}
