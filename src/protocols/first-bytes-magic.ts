/**
 * Marks by which formats and protocols can be guessed from their first bytes: a table of
 * published constants, each with its source, and a few rules.
 *
 * @module
 */
import { fromLatin1 } from "../bytes/text.ts";

/** A plausible name, and which mark suggests it. */
export interface Mark {
  readonly name: string;
  readonly because: string;
}

/** The format or protocol whose marks `bytes` bear; undefined where there is none. */
export function looksLike(bytes: Uint8Array): Mark | undefined {
  const head = fromLatin1(bytes, 0, Math.min(bytes.length, HEAD_BYTES));
  for (const { name, marks, because } of PREFIXES) {
    if (marks.some((mark) => head.startsWith(mark))) return { name, because };
  }
  for (const { name, pattern, because } of BANNERS)
    if (pattern.test(head)) return { name, because };
  for (const rule of RULES) {
    const mark = rule(bytes);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

const HEAD_BYTES = 64;

interface Prefix {
  readonly name: string;
  readonly marks: readonly string[];
  readonly because: string;
}
interface Banner {
  readonly name: string;
  readonly pattern: RegExp;
  readonly because: string;
}

const PREFIXES: readonly Prefix[] = [
  { name: "gzip", marks: ["\x1f\x8b\x08"], because: "begins with 1f 8b 08 (RFC 1952 §2.3)" },
  {
    name: "Zstandard",
    marks: ["\x28\xb5\x2f\xfd"],
    because: "begins with its magic (RFC 8878 §3.1.1)",
  },
  { name: "LZ4 frame", marks: ["\x04\x22\x4d\x18"], because: "begins with its magic number" },
  { name: "xz", marks: ["\xfd7zXZ\x00"], because: "begins with its magic" },
  { name: "bzip2", marks: ["BZh"], because: "begins with BZh" },
  { name: "7-Zip", marks: ["7z\xbc\xaf\x27\x1c"], because: "begins with its signature" },
  {
    name: "ZIP, APK or JAR",
    marks: ["PK\x03\x04"],
    because: "begins with PK 03 04 (APPNOTE 4.3.7)",
  },
  {
    name: "PNG",
    marks: ["\x89PNG\r\n\x1a\n"],
    because: "begins with its signature (RFC 2083 §3.1)",
  },
  { name: "JPEG", marks: ["\xff\xd8\xff"], because: "begins with ff d8 ff (ITU-T T.81 B.1.1.3)" },
  { name: "GIF", marks: ["GIF87a", "GIF89a"], because: "begins with its version" },
  { name: "PDF", marks: ["%PDF-"], because: "begins with %PDF- (ISO 32000-1 §7.5.2)" },
  { name: "ELF", marks: ["\x7fELF"], because: "begins with 7f ELF" },
  { name: "DEX", marks: ["dex\n03"], because: "begins with dex and a version (Android)" },
  { name: "Ogg", marks: ["OggS"], because: "begins with OggS (RFC 3533 §6)" },
  {
    name: "Matroska or WebM",
    marks: ["\x1a\x45\xdf\xa3"],
    because: "begins with an EBML header (RFC 8794)",
  },
  { name: "SQLite", marks: ["SQLite format 3\x00"], because: "begins with its header string" },
  {
    name: "SSH",
    marks: ["SSH-2.0-", "SSH-1.99-", "SSH-1.5-"],
    because: "begins with a version (RFC 4253 §4.2)",
  },
  {
    name: "BitTorrent",
    marks: ["\x13BitTorrent protocol"],
    because: "begins with its handshake (BEP 3)",
  },
  {
    name: "HTTP/2",
    marks: ["PRI * HTTP/2.0\r\n"],
    because: "begins with the preface (RFC 9113 §3.4)",
  },
  {
    name: "RFB (VNC)",
    marks: ["RFB 003.", "RFB 004."],
    because: "begins with a version (RFC 6143 §7.1.1)",
  },
  {
    name: "AMQP",
    marks: ["AMQP\x00", "AMQP\x01", "AMQP\x02", "AMQP\x03"],
    because: "begins with AMQP",
  },
  {
    name: "PROXY protocol",
    marks: ["PROXY TCP", "\r\n\r\n\x00\r\nQUIT\n"],
    because: "begins with its signature",
  },
  {
    name: "XMPP",
    marks: ["<?xml version='1.0'?><stream:", "<stream:stream"],
    because: "opens a stream (RFC 6120 §4.2)",
  },
  {
    name: "WhatsApp (Noise)",
    marks: ["WA\x04", "WA\x05", "WA\x06", "ED\x00\x01"],
    because: "begins as its clients are seen to",
  },
  {
    name: "MTProto (abridged, padded or intermediate)",
    marks: ["\xee\xee\xee\xee", "\xdd\xdd\xdd\xdd"],
    because: "begins with its transport mark",
  },
];

const BANNERS: readonly Banner[] = [
  {
    name: "SMTP",
    pattern: /^220[ -][^\r\n]*(?:E?SMTP|mail)/i,
    because: "greets with 220 and names SMTP (RFC 5321 §4.2)",
  },
  {
    name: "SMTP",
    pattern: /^(?:EHLO|HELO) [\x21-\x7e]+\r\n/i,
    because: "begins with EHLO or HELO (RFC 5321 §4.1.1.1)",
  },
  {
    name: "FTP",
    pattern: /^220[ -][^\r\n]*FTP/i,
    because: "greets with 220 and names FTP (RFC 959 §5.4)",
  },
  {
    name: "FTP",
    pattern: /^USER [\x21-\x7e]+\r\n$/i,
    because: "begins with USER (RFC 959 §4.1.1)",
  },
  {
    name: "IMAP",
    pattern: /^\* (?:OK|PREAUTH|BYE)[ \r]/,
    because: "greets with * OK (RFC 9051 §7.1)",
  },
  { name: "POP3", pattern: /^\+OK[ \r]/, because: "greets with +OK (RFC 1939 §4)" },
  {
    name: "IRC",
    pattern: /^(?:NICK |CAP LS)/,
    because: "begins with a registration command (RFC 2812 §3.1)",
  },
  {
    name: "RTSP",
    pattern: /^(?:[A-Z_]+ \S+ RTSP\/1\.0\r|RTSP\/1\.0 \d{3} )/,
    because: "names RTSP/1.0 (RFC 2326 §6.1)",
  },
  {
    name: "SIP",
    pattern: /^(?:[A-Z]+ sips?:\S+ SIP\/2\.0\r|SIP\/2\.0 \d{3} )/,
    because: "names SIP/2.0 (RFC 3261 §7)",
  },
  {
    name: "JSON",
    pattern: /^\s*[{[]\s*(?:["{[\]}]|$)/,
    because: "opens an object or an array (RFC 8259)",
  },
];

const RULES: readonly ((bytes: Uint8Array) => Mark | undefined)[] = [
  stun,
  mqttConnect,
  zlib,
  wireGuard,
  ikeOrNatT,
  mp4,
  smb,
  mtprotoAbridged,
  socks5,
  rtpOrRtcp,
];

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? -1;
}

function uint(bytes: Uint8Array, from: number, width: number): number {
  if (from + width > bytes.length) return -1;
  let value = 0;
  for (let i = from; i < from + width; i++) value = value * 256 + at(bytes, i);
  return value;
}

function stun(bytes: Uint8Array): Mark | undefined {
  const fits =
    at(bytes, 0) < 0x40 && uint(bytes, 2, 2) % 4 === 0 && uint(bytes, 4, 4) === 0x2112a442;
  return fits
    ? { name: "STUN", because: "has the magic cookie 2112a442 (RFC 8489 §5)" }
    : undefined;
}

function mqttConnect(bytes: Uint8Array): Mark | undefined {
  if (at(bytes, 0) !== 0x10) return undefined;
  let i = 1;
  while (i < 4 && at(bytes, i) >= 0x80) i++;
  const name = fromLatin1(bytes, i + 1, i + 9);
  const fits = name.startsWith("\x00\x04MQTT") || name.startsWith("\x00\x06MQIsdp");
  return fits
    ? { name: "MQTT", because: "begins with CONNECT and the protocol name (MQTT 3.1.1 §3.1)" }
    : undefined;
}

/** CMF and FLG make a multiple of 31, deflate with a window of 32 KiB, no dictionary. */
function zlib(bytes: Uint8Array): Mark | undefined {
  const fits = at(bytes, 0) === 0x78 && uint(bytes, 0, 2) % 31 === 0 && (at(bytes, 1) & 0x20) === 0;
  return fits ? { name: "zlib", because: "begins with a zlib header (RFC 1950 §2.2)" } : undefined;
}

function wireGuard(bytes: Uint8Array): Mark | undefined {
  const type = at(bytes, 0);
  if (type < 1 || type > 4 || uint(bytes, 1, 3) !== 0 || bytes.length < 32) return undefined;
  // Only what is kept of the first bytes is seen, so the exact lengths cannot be checked here.
  return {
    name: "WireGuard",
    because: `has message type ${type} and three zeros (its paper, §5.4)`,
  };
}

function ikeOrNatT(bytes: Uint8Array): Mark | undefined {
  const from = uint(bytes, 0, 4) === 0 && bytes.length >= 32 ? 4 : 0;
  const version = at(bytes, from + 17);
  const exchange = at(bytes, from + 18);
  const isKnown =
    (version === 0x20 && exchange >= 34 && exchange <= 37) ||
    (version === 0x10 && (exchange === 2 || exchange === 4 || exchange === 5));
  const fits = isKnown && uint(bytes, from + 24, 4) >= 28 && uint(bytes, from + 24, 4) < 65_536;
  return fits
    ? { name: "IKE", because: "has an ISAKMP version, exchange type and length (RFC 7296 §3.1)" }
    : undefined;
}

function mp4(bytes: Uint8Array): Mark | undefined {
  return fromLatin1(bytes, 4, 8) === "ftyp"
    ? { name: "MP4", because: "begins with an ftyp box (ISO 14496-12 §4.3)" }
    : undefined;
}

function smb(bytes: Uint8Array): Mark | undefined {
  const magic = fromLatin1(bytes, 4, 8);
  return at(bytes, 0) === 0 && (magic === "\xffSMB" || magic === "\xfeSMB")
    ? { name: "SMB", because: "has its mark after a length (MS-SMB2 §2.2.1)" }
    : undefined;
}

/** One byte ef, then a length in words: the first message asks for a nonce, unencrypted (key id 0). */
function mtprotoAbridged(bytes: Uint8Array): Mark | undefined {
  const isPlain = at(bytes, 0) === 0xef && uint(bytes, 2, 4) === 0 && uint(bytes, 6, 4) === 0;
  const isLength = at(bytes, 1) > 0 && at(bytes, 1) < 0x7f;
  return isPlain && isLength
    ? { name: "MTProto (abridged)", because: "begins with ef and a message with key id 0" }
    : undefined;
}

function socks5(bytes: Uint8Array): Mark | undefined {
  const methods = at(bytes, 1);
  return at(bytes, 0) === 5 && methods >= 1 && bytes.length === 2 + methods && methods < 10
    ? { name: "SOCKS 5", because: "offers authentication methods (RFC 1928 §3)" }
    : undefined;
}

/** Version 2 with a payload type in use; RTCP packet types 200 to 207 (RFC 3550 §5.1, §12.1, RFC 3551 §6). */
function rtpOrRtcp(bytes: Uint8Array): Mark | undefined {
  if (bytes.length < 12 || at(bytes, 0) >> 6 !== 2) return undefined;
  const second = at(bytes, 1);
  if (second >= 200 && second <= 207 && uint(bytes, 2, 2) <= 370) {
    return { name: "RTCP", because: `has version 2 and packet type ${second} (RFC 3550 §6)` };
  }
  const type = second & 0x7f;
  const isUsed = type <= 34 || (type >= 96 && type <= 127);
  const hasNoOddity = (at(bytes, 0) & 0x3f) === 0;
  return isUsed && hasNoOddity
    ? { name: "RTP", because: `has version 2 and payload type ${type} (RFC 3550 §5.1)` }
    : undefined;
}
