import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CERTIFICATE, certificateMessage, concat } from "../../../test/tls-bytes.ts";
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { fromHex } from "../../bytes/hex.ts";
import { nodePlatform } from "../../node/platform.ts";
import { readCertificates } from "./certificate.ts";
import { readDer, readDerTime, toDerText, toOid } from "./der.ts";
import { readCertificate } from "./x509.ts";

const read = (bytes: Uint8Array) => readCertificate(bytes, 0, bytes.length, nodePlatform);

test("reads what OpenSSL says of its own certificate", () => {
  // openssl x509 -noout -subject -issuer -serial -dates -fingerprint -sha256 -nameopt RFC2253,
  // but for the order inside of the set, which the certificate has as here.
  const name = "CN=device.example.org,OU=Lab+OU=Test,O=Example\\, Inc.,C=TW";
  const { certificate, subject, dnsNames } = read(CERTIFICATE);
  assert.deepEqual(certificate, {
    subject: name,
    issuer: name,
    names: ["device.example.org", "*.example.net", "192.0.2.1", "2001:db8::1:0:0:1"],
    organisation: "Example, Inc.",
    country: "TW",
    serial: "0123456789abcdef",
    notBefore: "2026-11-23T00:49:51Z",
    notAfter: "2036-11-20T00:49:51Z",
    selfSigned: true,
    sha256: "1ffeb96f597f31e2bf142acf725288e19ccbf09587c675629b4586563fe056de",
  });
  const text = ({ start, end }: { start: number; end: number }): string =>
    Buffer.from(CERTIFICATE.subarray(start, end)).toString();
  assert.deepEqual(
    subject.map((value) => `${value.name}=${text(value)}`),
    ["C=TW", "O=Example, Inc.", "OU=Lab", "OU=Test", "CN=device.example.org"],
  );
  assert.deepEqual(dnsNames.map(text), ["device.example.org", "*.example.net"]);
});

test("a certificate under its own name, signed with another key, is not self-signed", () => {
  const at = Buffer.from(CERTIFICATE).indexOf("0603551d23", 0, "hex"); // authorityKeyIdentifier
  const other = CERTIFICATE.map((byte, i) => (i === at + 12 ? byte ^ 1 : byte));
  assert.equal(read(other).certificate.selfSigned, false);
});

test("reads a chain, and what is left of one with a broken certificate", () => {
  const message = certificateMessage(CERTIFICATE, fromHex("3003020101"), CERTIFICATE);
  const body = { bytes: message, start: 4, end: message.length, tls13: false };
  const { certificates, problem } = readCertificates(body, nodePlatform);
  assert.equal(certificates.length, 2);
  assert.equal(problem?.message, "tag 2, 48 due");
});

test("reads the form of TLS 1.3 (RFC 8446 §4.4.2)", () => {
  const size = [CERTIFICATE.length >> 8, CERTIFICATE.length & 255];
  const entry = concat([0, ...size], CERTIFICATE, [0, 0]);
  const bytes = concat([0], [0, entry.length >> 8, entry.length & 255], entry);
  const body = { bytes, start: 0, end: bytes.length, tls13: true };
  const { certificates, problem } = readCertificates(body, nodePlatform);
  assert.equal(problem, undefined);
  assert.equal(certificates.length, 1);
});

test("a cut certificate is malformed, wherever it is cut", () => {
  for (let end = 0; end < CERTIFICATE.length; end++) {
    assert.throws(() => read(CERTIFICATE.subarray(0, end)), Malformed, `cut at ${end}`);
  }
});

test("random changes give a certificate or Malformed, nothing else", () => {
  const place = fc.tuple(fc.nat(CERTIFICATE.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = CERTIFICATE.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof Malformed);
      }
    }),
    { numRuns: 500 },
  );
});

test("object identifiers (X.690 §8.19.5 and RFC 5280 §A)", () => {
  const oid = (hex: string): string => toOid(new Cursor(fromHex(hex)));
  assert.equal(oid("883703"), "2.999.3");
  assert.equal(oid("550403"), "2.5.4.3");
  assert.equal(oid("2a864886f70d010901"), "1.2.840.113549.1.9.1");
});

test("times (RFC 5280 §4.1.2.5)", () => {
  const time = (tag: number, text: string): string =>
    readDerTime(new Cursor(concat([tag, text.length], Buffer.from(text))));
  assert.equal(time(0x17, "491231235959Z"), "2049-12-31T23:59:59Z");
  assert.equal(time(0x17, "500101000000Z"), "1950-01-01T00:00:00Z");
  assert.equal(time(0x18, "99991231235959Z"), "9999-12-31T23:59:59Z");
  assert.throws(() => time(0x17, "491331235959Z"), Malformed);
  assert.throws(() => time(0x18, "4912312359"), Malformed);
});

test("texts by their tags", () => {
  const text = (hex: string): string | undefined => toDerText(readDer(new Cursor(fromHex(hex))));
  assert.equal(text("1e0453f06e7e"), "\u53f0\u6e7e");
  assert.equal(text("0c02c3a9"), "é");
  assert.equal(text("1401e9"), "é");
  assert.equal(text("020101"), undefined);
});
