import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CERTIFICATE } from "../../../test/tls-bytes.ts";
import { Malformed } from "../../bytes/cursor.ts";
import { nodePlatform } from "../../node/platform.ts";
import { readKnownCertificate } from "./known-certificates.ts";
import { readCertificate } from "./x509.ts";

/** The certificate behind `lead` other bytes. */
function placed(lead: number, certificate = CERTIFICATE): Uint8Array {
  const bytes = new Uint8Array(lead + certificate.length + 3).fill(0xee);
  bytes.set(certificate, lead);
  return bytes;
}

const read = (lead: number, certificate = CERTIFICATE) =>
  readKnownCertificate(placed(lead, certificate), lead, lead + certificate.length, nodePlatform);

test("readKnownCertificate() gives the same object for the same bytes, with ranges from their start", () => {
  const due = readCertificate(CERTIFICATE, 0, CERTIFICATE.length, nodePlatform);
  assert.deepEqual(read(5), due);
  assert.equal(read(9), read(5));
});

test("readKnownCertificate() reads every other certificate anew, and keeps no view of the buffer", () => {
  fc.assert(
    fc.property(fc.nat(CERTIFICATE.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const other = CERTIFICATE.map((byte, i) => (i === at ? byte ^ bits : byte));
      const outcome = (make: () => unknown): unknown => {
        try {
          return make();
        } catch (error) {
          assert.ok(error instanceof Malformed);
          return error.message;
        }
      };
      read(0);
      const due = outcome(() => readCertificate(other, 0, other.length, nodePlatform));
      assert.deepEqual(
        outcome(() => read(0, other)),
        due,
      );
      assert.deepEqual(read(0), readCertificate(CERTIFICATE, 0, CERTIFICATE.length, nodePlatform));
    }),
  );
  const buffer = placed(0);
  const before = readKnownCertificate(buffer, 0, CERTIFICATE.length, nodePlatform);
  buffer.fill(0);
  assert.equal(read(0), before);
});

test("readKnownCertificate() refuses what is too short to be one", () => {
  for (let end = 0; end < 12; end++) {
    assert.throws(() => readKnownCertificate(CERTIFICATE, 0, end, nodePlatform), Malformed);
  }
});
