/**
 * Handshake messages as the protocol stage gives them: read, fingerprinted, and with the parts
 * that are worth searching. TLS, DTLS and QUIC all end here.
 *
 * @module
 */
import type { Malformed } from "../../bytes/cursor.ts";
import { fromLatin1, fromUtf8 } from "../../bytes/text.ts";
import type { Flow, Side } from "../../flows/flow.ts";
import type { Platform } from "../../platform.ts";
import type { DissectorSink } from "../dissector.ts";
import type { Part, PartForm, TlsAlert, TlsClientHello, TlsServerHello } from "../message.ts";
import { readCertificates, type PlacedCertificate } from "./certificate.ts";
import { readClientHello } from "./client-hello.ts";
import type { ByteRange, ClientHello } from "./client-hello.ts";
import { EXTENSION, HANDSHAKE } from "./codes.ts";
import { toFingerprints } from "./fingerprints.ts";
import type { Transport } from "./ja4.ts";
import { readServerHello } from "./server-hello.ts";

/** The connection whose handshake is read, and where messages go. */
export interface HandshakeContext {
  readonly flow: Flow;
  readonly out: DissectorSink;
  readonly platform: Platform;
  readonly transport: Transport;
}

/** Where a message stands. */
export interface HandshakePlace {
  readonly side: Side;
  readonly input: number;
  readonly frame: number;
  readonly ts: number;
  /** Offsets in what the side sent. */
  readonly start: number;
  readonly end: number;
  /** Place of `length` bytes at `at` in the message's buffer in what the side sent; -1 where they are not there as they are. */
  streamOffset(at: number, length: number): number;
}

/** A whole message: its type, and its body `bytes[start, end)` without the handshake header. */
export interface HandshakeBody {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What a message told. */
export type HandshakeResult =
  | { readonly kind: "client_hello"; readonly message: TlsClientHello }
  | { readonly kind: "server_hello"; readonly message: TlsServerHello }
  | { readonly kind: "other" }
  | { readonly kind: "malformed" };

/** Whether {@link emitHandshake} reads messages of `type`. */
export function isReadHandshake(type: number): boolean {
  return (
    type === HANDSHAKE.clientHello ||
    type === HANDSHAKE.serverHello ||
    type === HANDSHAKE.certificate
  );
}

/** Reads one whole message, gives the sink what is in it, and tells the caller what it has to know. */
export function emitHandshake(
  context: HandshakeContext,
  body: HandshakeBody,
  place: HandshakePlace,
): HandshakeResult {
  switch (body.type) {
    case HANDSHAKE.clientHello:
      return emitClientHello(context, body, place);
    case HANDSHAKE.serverHello:
      return emitServerHello(context, body, place);
    case HANDSHAKE.certificate:
      return emitCertificates(context, body, place);
    default:
      return { kind: "other" };
  }
}

/** Gives the sink an alert (RFC 8446 §6). */
export function emitAlert(
  context: HandshakeContext,
  place: HandshakePlace,
  level: number,
  description: number,
): void {
  const alert: TlsAlert = {
    kind: "tls",
    type: "alert",
    transport: context.transport,
    ...baseOf(context, place),
    parts: [],
    level,
    description,
  };
  context.out.message(alert);
}

/** An anomaly of this connection; `offset` is in what the side sent. */
export function reportAnomaly(
  context: Pick<HandshakeContext, "flow" | "out">,
  where: { readonly input: number; readonly frame: number; readonly offset: number },
  name: string,
  reason: string,
): void {
  const { input, frame, offset } = where;
  const place = { input, frame, offset, flow: context.flow.id };
  context.out.anomaly({ stage: "protocols", name, place, reason });
}

function emitClientHello(
  context: HandshakeContext,
  body: HandshakeBody,
  place: HandshakePlace,
): HandshakeResult {
  const { bytes, start, end } = body;
  const { hello, problem } = readClientHello(bytes, start, end, context.transport === "dtls");
  if (problem !== undefined) reportProblem(context, place, "client-hello-malformed", problem);
  if (hello === undefined) return { kind: "malformed" };
  const serverName = hello.serverName === undefined ? null : toText(bytes, hello.serverName);
  // RFC 6066 §3: a host name is ASCII, without a trailing dot.
  if (serverName !== null && !isVisibleAscii(serverName)) {
    const { input, frame, start: offset } = place;
    const reason = `${JSON.stringify(serverName)} is not visible ASCII`;
    reportAnomaly(context, { input, frame, offset }, "server-name-not-ascii", reason);
  }
  const { side, input, frame, ts, start: from, end: to } = place;
  const { ja3, ja4 } = toFingerprints(hello, bytes, context.transport, context.platform);
  const message: TlsClientHello = {
    kind: "tls",
    type: "client_hello",
    transport: context.transport,
    flow: context.flow,
    side,
    input,
    frame,
    ts,
    start: from,
    end: to,
    parts: context.out.wantsParts ? helloParts(hello, bytes, place) : [],
    serverName,
    alpn: hello.alpn.map((range) => toText(bytes, range)),
    version: hello.version,
    supportedVersions: hello.supportedVersions,
    extensions: hello.extensions,
    ciphers: hello.ciphers,
    ech: hello.extensions.includes(EXTENSION.encryptedClientHello),
    esni: hello.extensions.includes(EXTENSION.encryptedServerName),
    earlyData: hello.extensions.includes(EXTENSION.earlyData),
    ja3,
    ja4,
  };
  context.out.message(message);
  return { kind: "client_hello", message };
}

function emitServerHello(
  context: HandshakeContext,
  body: HandshakeBody,
  place: HandshakePlace,
): HandshakeResult {
  const { hello, problem } = readServerHello(body.bytes, body.start, body.end);
  if (problem !== undefined) reportProblem(context, place, "server-hello-malformed", problem);
  if (hello === undefined) return { kind: "malformed" };
  const { side, input, frame, ts, start, end } = place;
  const message: TlsServerHello = {
    kind: "tls",
    type: "server_hello",
    transport: context.transport,
    flow: context.flow,
    side,
    input,
    frame,
    ts,
    start,
    end,
    parts: [],
    version: hello.version,
    cipher: hello.cipher,
    alpn: hello.alpn.map((range) => toText(body.bytes, range)),
    helloRetry: hello.helloRetry,
  };
  context.out.message(message);
  return { kind: "server_hello", message };
}

function emitCertificates(
  context: HandshakeContext,
  body: HandshakeBody,
  place: HandshakePlace,
): HandshakeResult {
  // In TLS 1.3 certificates are encrypted: one in clear has the older form (RFC 8446 §2).
  const message = { ...body, tls13: false };
  const { certificates, problem } = readCertificates(message, context.platform);
  if (problem !== undefined) reportProblem(context, place, "certificate-malformed", problem);
  if (certificates.length === 0) return { kind: problem === undefined ? "other" : "malformed" };
  context.out.message({
    kind: "tls",
    type: "certificate",
    transport: context.transport,
    ...baseOf(context, place),
    parts: context.out.wantsParts
      ? certificates.flatMap((one, i) => certificateParts(one, i, body.bytes, place))
      : [],
    certificates: certificates.map(({ read }) => read.certificate),
  });
  return { kind: "other" };
}

function baseOf({ flow }: HandshakeContext, place: HandshakePlace) {
  const { side, input, frame, ts, start, end } = place;
  return { flow, side, input, frame, ts, start, end };
}

function reportProblem(
  context: HandshakeContext,
  place: HandshakePlace,
  name: string,
  problem: Malformed,
): void {
  const offset = place.streamOffset(problem.offset, 0);
  const where = {
    input: place.input,
    frame: place.frame,
    offset: offset < 0 ? place.start : offset,
  };
  reportAnomaly(context, where, name, problem.message);
}

function helloParts(hello: ClientHello, bytes: Uint8Array, place: HandshakePlace): Part[] {
  const parts: Part[] = [];
  const source = { bytes, place };
  if (hello.serverName !== undefined) {
    parts.push(toPart("server_name", "name", hello.serverName, source));
  }
  hello.alpn.forEach((range, i) => parts.push(toPart(`alpn[${i}]`, "text", range, source)));
  return parts;
}

function certificateParts(
  { at, read }: PlacedCertificate,
  index: number,
  bytes: Uint8Array,
  place: HandshakePlace,
): Part[] {
  const source = { bytes, place };
  const path = `certificate[${index}]`;
  return [
    ...read.subject.map((v) => toPart(`${path}.subject.${v.name}`, "text", moved(v, at), source)),
    ...read.dnsNames.map((v, i) => toPart(`${path}.names[${i}]`, "name", moved(v, at), source)),
  ];
}

function moved({ start, end }: ByteRange, by: number): ByteRange {
  return { start: start + by, end: end + by };
}

function toPart(
  path: string,
  form: PartForm,
  range: ByteRange,
  source: { readonly bytes: Uint8Array; readonly place: HandshakePlace },
): Part {
  const offset = source.place.streamOffset(range.start, range.end - range.start);
  return { path, bytes: source.bytes.subarray(range.start, range.end), offset, form };
}

function isVisibleAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return text !== "";
}

/** Names are bytes (RFC 7301 §3.1), nearly always ASCII; what is not UTF-8 shows as U+FFFD, as in Wireshark. */
function toText(bytes: Uint8Array, { start, end }: ByteRange): string {
  for (let at = start; at < end; at++) {
    if ((bytes[at] ?? 0) >= 0x80) return fromUtf8(bytes.subarray(start, end));
  }
  return fromLatin1(bytes, start, end);
}
