import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLIENT_HELLO } from "../../../test/tls-bytes.ts";
import { readClientHello } from "./client-hello.ts";

const read = (message: Uint8Array) => readClientHello(message, 4, message.length, false);

test("reads the ClientHello of RFC 8448 §3", () => {
  const { hello, problem } = read(CLIENT_HELLO);
  assert.equal(problem, undefined);
  assert.ok(hello);
  assert.equal(hello.version, 0x0303);
  assert.deepEqual(hello.ciphers, [0x1301, 0x1303, 0x1302]);
  assert.deepEqual(hello.extensions, [0, 0xff01, 10, 35, 51, 43, 13, 45, 28]);
  assert.deepEqual(hello.supportedVersions, [0x0304]);
  assert.deepEqual(hello.groups.slice(0, 4), [0x1d, 0x17, 0x18, 0x19]);
  assert.equal(hello.signatureAlgorithms.length, 15);
  assert.ok(hello.serverName);
  const { start, end } = hello.serverName;
  assert.equal(Buffer.from(CLIENT_HELLO.subarray(start, end)).toString(), "server");
});

test("keeps what came before a cut, says where, and never throws", () => {
  for (let end = 4; end < CLIENT_HELLO.length; end++) {
    const { hello, problem } = readClientHello(CLIENT_HELLO, 4, end, false);
    // 45 bytes of fixed fields; one without extensions may end there (RFC 5246 §7.4.1.2).
    if (end === 4 + 2 + 32 + 1 + 2 + 6 + 2) assert.equal(problem, undefined);
    else assert.ok(problem, `cut at ${end}`);
    assert.equal(hello !== undefined, end >= 49, `cut at ${end}`);
  }
});

test("a broken extension leaves the others readable", () => {
  const broken = CLIENT_HELLO.map((byte, i) => (i === 59 ? 7 : byte)); // length of the host name
  const { hello, problem } = read(broken);
  assert.equal(problem?.offset, 60);
  assert.equal(problem.message, "7 bytes due, 6 left");
  assert.equal(hello?.serverName, undefined);
  assert.deepEqual(hello?.supportedVersions, [0x0304]);
});

test("throws on no change of one byte and on no random bytes", () => {
  for (let i = 0; i < CLIENT_HELLO.length; i++) {
    for (const value of [0, 1, 0x7f, 0xff]) read(CLIENT_HELLO.map((b, j) => (i === j ? value : b)));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, dtls) => {
      const { hello, problem } = readClientHello(bytes, 0, bytes.length, dtls);
      assert.ok(hello !== undefined || problem !== undefined);
    }),
  );
});
