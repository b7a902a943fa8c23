import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { InputError, openSource, type CaptureSource } from "./capture-source.ts";

const folder = mkdtempSync(join(tmpdir(), "telltale-source-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function readAll(source: CaptureSource): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) {
    chunks.push(chunk.slice());
  }
  await source.close();
  return Buffer.concat(chunks);
}

/** More than one read of the file. */
const LARGE = Buffer.alloc(9_000_001, "telltale ");

test("a file is given whole, with its size and hash", async () => {
  const source = await openSource(file("plain", LARGE));
  assert.ok((await readAll(source)).equals(LARGE));
  const { bytes, sha256, compression } = source.facts();
  assert.deepEqual([bytes, compression], [LARGE.length, "none"]);
  assert.equal(sha256, createHash("sha256").update(LARGE).digest("hex"));
});

test("a gzipped file is inflated; its hash is that of the file as it lies there", async () => {
  const packed = gzipSync(LARGE);
  const source = await openSource(file("packed", packed));
  assert.ok((await readAll(source)).equals(LARGE));
  const facts = source.facts();
  assert.equal(facts.sha256, createHash("sha256").update(packed).digest("hex"));
  assert.deepEqual(
    [facts.bytes, facts.compression, facts.trouble],
    [packed.length, "gzip", undefined],
  );
});

test("a gzipped file that is cut or broken gives what comes before", async () => {
  const text = Buffer.from(Array.from({ length: 200_000 }, (_, i) => String(i * 7919)).join(" "));
  const packed = gzipSync(text);
  const cut = await openSource(file("cut", packed.subarray(0, packed.length >> 1)));
  const start = await readAll(cut);
  assert.ok(start.length > text.length / 4);
  assert.ok(text.subarray(0, start.length).equals(start));
  const spoilt = Buffer.from(packed);
  spoilt.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
  const broken = await openSource(file("broken", spoilt));
  const before = await readAll(broken);
  assert.ok(before.length > 0);
  assert.match(broken.facts().trouble ?? "", /gzip data are broken/);
});

test("an empty file has no bytes", async () => {
  const source = await openSource(file("empty", new Uint8Array(0)));
  assert.equal((await readAll(source)).length, 0);
  assert.equal(source.facts().bytes, 0);
});

test("what cannot be opened is told in one line", async () => {
  const missing = join(folder, "missing");
  await assert.rejects(openSource(missing), new InputError(`${missing}: no such file`));
  await assert.rejects(openSource(folder), /is a directory; a capture file is expected/);
});
