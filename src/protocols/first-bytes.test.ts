import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../bytes/hex.ts";
import { toUtf8 } from "../bytes/text.ts";
import { classifyFirstBytes, relativeEntropy } from "./first-bytes.ts";

const classOf = (bytes: Uint8Array): string => classifyFirstBytes(bytes).class;
const magicOf = (text: string | Uint8Array): string | undefined => {
  const bytes = typeof text === "string" ? Uint8Array.from(text, (one) => one.charCodeAt(0)) : text;
  return classifyFirstBytes(bytes).magic;
};
/** 64 bytes without a pattern. */
const RANDOM = createHash("sha512").update("telltale").digest();

test("relativeEntropy() is Shannon's, over the most that so many bytes can show", () => {
  assert.equal(relativeEntropy(new Uint8Array(64)), 0);
  assert.equal(relativeEntropy(Uint8Array.from({ length: 64 }, (_, i) => i)), 1);
  assert.equal(relativeEntropy(Uint8Array.from({ length: 256 }, (_, i) => i & 15)), 0.5);
  assert.equal(relativeEntropy(Uint8Array.of(1)), 0);
});

test("classes follow from text and entropy", () => {
  assert.equal(classOf(new Uint8Array(0)), "empty");
  assert.equal(classOf(toUtf8("id=861234028765431&model=Redmi")), "text");
  assert.equal(classOf(toUtf8("電話")), "text");
  assert.equal(classOf(toUtf8("電話").subarray(0, 5)), "text", "a cut character is still text");
  assert.equal(classOf(RANDOM), "high-entropy");
  assert.equal(classOf(new Uint8Array(64)), "low-entropy");
  assert.equal(classOf(Uint8Array.from({ length: 64 }, (_, i) => i & 15)), "binary");
  assert.equal(classOf(RANDOM.subarray(0, 19)), "binary", "under 20 bytes nothing is said");
});

test("known marks are named, and worded as a guess", () => {
  assert.equal(magicOf(gzipSync("x")), "gzip");
  assert.equal(magicOf(deflateSync("x")), "zlib");
  assert.equal(magicOf("SSH-2.0-OpenSSH_9.6\r\n"), "SSH");
  assert.equal(magicOf("\x13BitTorrent protocol"), "BitTorrent");
  assert.equal(magicOf("220 mail.example.org ESMTP ready\r\n"), "SMTP");
  assert.equal(magicOf("220 (vsFTPd 3.0.3)\r\n"), "FTP");
  assert.equal(magicOf("* OK IMAP4rev1 ready\r\n"), "IMAP");
  assert.equal(magicOf("+OK POP3 ready\r\n"), "POP3");
  assert.equal(magicOf("\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04abcd"), "MQTT");
  assert.equal(magicOf("\xef\x0a\0\0\0\0\0\0\0\0\x12\x34"), "MTProto (abridged)");
  assert.equal(magicOf("PK\x03\x04\x14\0"), "ZIP, APK or JAR");
  assert.equal(magicOf("\0\0\0\x18ftypmp42"), "MP4");
  assert.equal(magicOf("\x05\x01\0"), "SOCKS 5");
  const { reason } = classifyFirstBytes(toUtf8("SSH-2.0-x\r\n"));
  assert.match(reason, /^looks like SSH: /);
});

test("a STUN request is known by its cookie (RFC 5769 §2.1)", () => {
  const request = fromHex("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e");
  assert.equal(magicOf(request), "STUN");
});

test("any bytes have a class, an entropy and a reason", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const { entropy, reason } = classifyFirstBytes(bytes);
      return entropy >= 0 && entropy <= 1 && reason.length > 0;
    }),
  );
});
