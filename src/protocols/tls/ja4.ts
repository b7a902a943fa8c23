/**
 * JA4 of a ClientHello: a fingerprint of the client's TLS library and its settings.
 *
 *     t13d1516h2_8daaf6152771_e5627efa2ab1
 *     | | || | |  |            +- SHA-256 over sorted extensions without SNI and ALPN, "_", signature algorithms as sent
 *     | | || | |  +- SHA-256 over sorted cipher suites; each cut to 12 digits, zeros where there are none
 *     | | || | +- first and last character of the first ALPN value
 *     | | || +- number of extensions;  | number of cipher suites; both without GREASE, at most 99
 *     | | |+- "d" with server_name, "i" without
 *     | +- highest version offered
 *     +- t: TCP, q: QUIC, d: DTLS
 *
 * Source: FoxIO, JA4 technical details (https://github.com/FoxIO-LLC/ja4), the part under BSD-3-Clause.
 *
 * @module
 */
import { toHex } from "../../bytes/hex.ts";
import { digestText, type Platform } from "../../platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { EXTENSION, isGrease } from "./codes.ts";

/** What carries a TLS handshake. */
export type Transport = "tcp" | "quic" | "dtls";

/** JA4 of `hello`, whose ranges point into `bytes`. */
export function toJa4(
  hello: ClientHello,
  bytes: Uint8Array,
  transport: Transport,
  platform: Platform,
): string {
  const ciphers = hello.ciphers.filter(isReal);
  const extensions = hello.extensions.filter(isReal);
  const hashed = extensions.filter((e) => e !== EXTENSION.serverName && e !== EXTENSION.alpn);
  const algorithms = toHexList(hello.signatureAlgorithms.filter(isReal));
  const head =
    TRANSPORT_LETTER[transport] +
    versionText(hello, transport) +
    (extensions.includes(EXTENSION.serverName) ? "d" : "i") +
    toCount(ciphers.length) +
    toCount(extensions.length) +
    alpnText(hello, bytes);
  const tail = sorted(hashed) + (algorithms === "" ? "" : "_" + algorithms);
  return `${head}_${digest12(sorted(ciphers), platform)}_${digest12(tail, platform)}`;
}

const TRANSPORT_LETTER = { tcp: "t", quic: "q", dtls: "d" } as const;

function isReal(value: number): boolean {
  return !isGrease(value);
}

/** The highest version offered; DTLS counts downwards (RFC 9147 §5.3). */
function versionText(hello: ClientHello, transport: Transport): string {
  const offered = hello.supportedVersions.filter(isReal);
  let best = offered[0] ?? hello.version;
  for (const version of offered) {
    if (transport === "dtls" ? version < best : version > best) best = version;
  }
  return VERSION_TEXT.get(best) ?? "00";
}

const VERSION_TEXT: ReadonlyMap<number, string> = new Map([
  [0x0304, "13"],
  [0x0303, "12"],
  [0x0302, "11"],
  [0x0301, "10"],
  [0x0300, "s3"],
  [0x0002, "s2"],
  [0xfeff, "d1"],
  [0xfefd, "d2"],
  [0xfefc, "d3"],
]);

/** First and last character; where one is not alphanumeric, first and last hexadecimal digit of the whole. */
function alpnText(hello: ClientHello, bytes: Uint8Array): string {
  const range = hello.alpn[0];
  if (range === undefined || range.end <= range.start) return "00";
  const value = bytes.subarray(range.start, range.end);
  const first = value[0] ?? 0;
  const last = value[value.length - 1] ?? 0;
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  const digits = toHex(value);
  return digits.charAt(0) + digits.charAt(digits.length - 1);
}

function isAlphanumeric(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  );
}

/** Four digits each: numbers in order are texts in order. */
function sorted(values: number[]): string {
  return toHexList(values.sort(ascending));
}

function ascending(a: number, b: number): number {
  return a - b;
}

function toHexList(values: readonly number[]): string {
  let text = "";
  for (const value of values) {
    const digits = value.toString(16).padStart(4, "0");
    text += text === "" ? digits : `,${digits}`;
  }
  return text;
}

function toCount(count: number): string {
  return String(Math.min(count, 99)).padStart(2, "0");
}

function digest12(text: string, platform: Platform): string {
  if (text === "") return "000000000000";
  return digestText(platform, "sha256", text, "hex").slice(0, 12);
}
