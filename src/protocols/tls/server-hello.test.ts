import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { concat, oldServerHello, SERVER_HELLO } from "../../../test/tls-bytes.ts";
import { readServerHello } from "./server-hello.ts";

const read = (message: Uint8Array) => readServerHello(message, 4, message.length);

test("reads the ServerHello of RFC 8448 §3: the version is that of supported_versions", () => {
  const { hello, problem } = read(SERVER_HELLO);
  assert.equal(problem, undefined);
  assert.deepEqual(hello, { version: 0x0304, cipher: 0x1301, alpn: [], helloRetry: false });
});

test("reads one without extensions", () => {
  const { hello } = read(oldServerHello(0x0301, 0x002f));
  assert.deepEqual(hello, { version: 0x0301, cipher: 0x2f, alpn: [], helloRetry: false });
});

test("knows a HelloRetryRequest by the digest that RFC 8446 §4.1.3 names", () => {
  const random = createHash("sha256").update("HelloRetryRequest").digest();
  const retry = concat(SERVER_HELLO.subarray(0, 6), random, SERVER_HELLO.subarray(38));
  assert.equal(read(retry).hello?.helloRetry, true);
});

test("never throws, cut anywhere or at random", () => {
  for (let end = 4; end < SERVER_HELLO.length; end++) {
    // 40 bytes: up to the compression method, where TLS 1.2 may end.
    const { problem } = readServerHello(SERVER_HELLO, 4, end);
    assert.equal(problem === undefined, end === 42, `cut at ${end}`);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readServerHello(bytes, 0, bytes.length);
    }),
  );
});
