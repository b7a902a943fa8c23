/**
 * Writing results: text to standard output as it comes, and files that appear whole or not at all.
 *
 * @module
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { InputError, reasonOf } from "./capture-source.ts";

/** Characters gathered before a write: a system call for each line would cost more than the line. */
const BUFFER_CHARACTERS = 64 * 1024;
/** Milliseconds to wait when a pipe is full. */
const PIPE_WAIT_MS = 1;

/** The reader of standard output went away; not an error of ours. */
export class OutputClosed extends Error {}

/** Lines to a file descriptor, buffered. */
export class LineWriter {
  readonly #descriptor: number;
  #pending = "";

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  line(text: string): void {
    this.text(`${text}\n`);
  }

  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= BUFFER_CHARACTERS) this.flush();
  }

  /**
   * Writes bytes at once.
   *
   * @throws {OutputClosed} where nobody reads any more.
   */
  bytes(bytes: Uint8Array): void {
    if (this.#pending !== "") this.flush();
    writeFully(this.#descriptor, bytes);
  }

  /** @throws {OutputClosed} where nobody reads any more. */
  flush(): void {
    const bytes = new TextEncoder().encode(this.#pending);
    this.#pending = "";
    writeFully(this.#descriptor, bytes);
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE") throw new OutputClosed("standard output was closed");
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_WAIT_MS);
    }
  }
}

/**
 * Writes files, each given in pieces, into a folder: all are written beside it first and then moved in, so that a failure
 * leaves nothing half-written.
 *
 * @throws {InputError} where the folder cannot be made or written.
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, Iterable<string>>): void {
  const staging = `${folder.replace(/\/+$/, "")}.part-${process.pid}`;
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new InputError(`${folder}: is a file; a folder is expected for --out`);
    }
    mkdirSync(staging, { recursive: true });
    for (const [name, pieces] of files) {
      const descriptor = openSync(join(staging, name), "w");
      const writer = new LineWriter(descriptor);
      for (const piece of pieces) writer.text(piece);
      writer.flush();
      closeSync(descriptor);
    }
    mkdirSync(folder, { recursive: true });
    for (const name of files.keys()) renameSync(join(staging, name), join(folder, name));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${folder}: cannot be written: ${reasonOf(error)}`);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
