/**
 * The fields that events of messages have besides their place.
 *
 * @module
 */
import { jsonKeys } from "../bytes/json-bytes.ts";
import type {
  Certificate,
  DhcpMessage,
  DnsMessage,
  HttpHeader,
  HttpRequest,
  HttpResponse,
  Message,
  NtpMessage,
  QuicMessage,
  SsdpMessage,
  TlsClientHello,
  TlsMessage,
  TlsServerHello,
  XiaomiPushMessage,
} from "../protocols/message.ts";
import type { EventSink, EventValue } from "./event-sink.ts";

/** Writes what a message says. */
export function writeMessageFields(sink: EventSink, message: Message): void {
  switch (message.kind) {
    case "dns":
      writeDns(sink, message);
      return;
    case "tls":
      writeTls(sink, message);
      return;
    case "quic":
      writeQuic(sink, message);
      return;
    case "http":
      if (message.type === "request") writeRequest(sink, message);
      else writeResponse(sink, message);
      return;
    case "dhcp":
      writeDhcp(sink, message);
      return;
    case "ssdp":
      writeSsdp(sink, message);
      return;
    case "ntp":
      writeNtp(sink, message);
      return;
    case "xiaomi-push":
      writePush(sink, message);
  }
}

function writeDns(sink: EventSink, message: DnsMessage): void {
  sink.text(KEY.proto, message.protocol);
  sink.text(KEY.over, message.over);
  sink.hex(KEY.id, message.id, 4);
  sink.flag(KEY.response, message.response);
  sink.number(KEY.rcode, message.rcode);
  sink.open(KEY.queries);
  for (const query of message.queries) {
    sink.open(undefined);
    sink.text(undefined, query.name);
    sink.number(undefined, query.type);
    sink.close();
  }
  sink.close();
  sink.open(KEY.answers);
  for (const answer of message.answers) {
    sink.open(undefined);
    sink.text(undefined, answer.name);
    sink.number(undefined, answer.type);
    sink.text(undefined, answer.value);
    sink.close();
  }
  sink.close();
  sink.number(KEY.authority, message.authority);
  sink.number(KEY.additional, message.additional);
  if (message.malformed) sink.flag(KEY.malformed, true);
}

function writeTls(sink: EventSink, message: TlsMessage): void {
  sink.text(KEY.type, message.type);
  sink.text(KEY.transport, message.transport);
  switch (message.type) {
    case "client_hello":
      writeClientHello(sink, message);
      return;
    case "server_hello":
      writeServerHello(sink, message);
      return;
    case "certificate":
      sink.open(KEY.certificates);
      for (const certificate of message.certificates) {
        sink.item(certificate, () => toCertificate(certificate));
      }
      sink.close();
      return;
    case "alert":
      sink.number(KEY.level, message.level);
      sink.number(KEY.description, message.description);
  }
}

function writeClientHello(sink: EventSink, message: TlsClientHello): void {
  sink.text(KEY.sni, message.serverName);
  writeTexts(sink, KEY.alpn, message.alpn);
  sink.hex(KEY.version, message.version, 4);
  sink.open(KEY.supported_versions);
  for (const version of message.supportedVersions) sink.hex(undefined, version, 4);
  sink.close();
  writeNumbers(sink, KEY.extensions, message.extensions);
  sink.number(KEY.ciphers, message.ciphers.length);
  sink.flag(KEY.ech, message.ech);
  sink.flag(KEY.esni, message.esni);
  sink.flag(KEY.early_data, message.earlyData);
  sink.text(KEY.ja3, message.ja3);
  sink.text(KEY.ja4, message.ja4);
}

function writeServerHello(sink: EventSink, message: TlsServerHello): void {
  sink.hex(KEY.version, message.version, 4);
  sink.hex(KEY.cipher, message.cipher, 4);
  writeTexts(sink, KEY.alpn, message.alpn);
  sink.flag(KEY.hello_retry, message.helloRetry);
}

function toCertificate(certificate: Certificate): EventValue {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    names: certificate.names,
    organisation: certificate.organisation,
    country: certificate.country,
    serial: certificate.serial,
    not_before: certificate.notBefore,
    not_after: certificate.notAfter,
    self_signed: certificate.selfSigned,
    sha256: certificate.sha256,
  };
}

function writeQuic(sink: EventSink, message: QuicMessage): void {
  sink.open(KEY.versions);
  for (const version of message.versions) sink.hex(undefined, version, 8);
  sink.close();
  sink.text(KEY.sni, message.serverName);
  writeTexts(sink, KEY.alpn, message.alpn);
  sink.text(KEY.ja4, message.ja4);
  sink.text(KEY.client_hello, message.clientHello);
}

function writeRequest(sink: EventSink, message: HttpRequest): void {
  const { headers } = message;
  sink.text(KEY.type, "request");
  sink.text(KEY.method, message.method);
  sink.text(KEY.authority, message.authority);
  sink.text(KEY.path, message.path);
  sink.text(KEY.version, message.version);
  sink.text(KEY.user_agent, headerOf(headers, "user-agent"));
  sink.text(KEY.cookie, headerOf(headers, "cookie"));
  sink.text(KEY.content_type, headerOf(headers, "content-type"));
  sink.number(KEY.body_bytes, message.bodyBytes);
  sink.flag(KEY.complete, message.complete);
}

function writeResponse(sink: EventSink, message: HttpResponse): void {
  const { headers } = message;
  sink.text(KEY.type, "response");
  sink.number(KEY.status, message.status);
  sink.text(KEY.version, message.version);
  sink.text(KEY.content_type, headerOf(headers, "content-type"));
  sink.text(KEY.content_encoding, headerOf(headers, "content-encoding"));
  sink.text(KEY.transfer_encoding, headerOf(headers, "transfer-encoding"));
  sink.text(KEY.content_length, headerOf(headers, "content-length"));
  sink.number(KEY.body_bytes, message.bodyBytes);
  sink.flag(KEY.complete, message.complete);
}

function writeDhcp(sink: EventSink, message: DhcpMessage): void {
  sink.number(KEY.family, message.family);
  sink.text(KEY.type, message.type);
  sink.text(KEY.host_name, message.hostName);
  sink.text(KEY.vendor_class, message.vendorClass);
  sink.text(KEY.client_mac, message.clientMac);
  sink.text(KEY.requested_address, message.requestedAddress);
  writeNumbers(sink, KEY.parameter_request, message.parameterRequest);
}

function writeSsdp(sink: EventSink, message: SsdpMessage): void {
  sink.text(KEY.type, message.type);
  sink.open(KEY.headers);
  for (const { name, value } of message.headers) {
    sink.open(undefined);
    sink.text(undefined, name);
    sink.text(undefined, value);
    sink.close();
  }
  sink.close();
}

function writeNtp(sink: EventSink, message: NtpMessage): void {
  sink.number(KEY.version, message.version);
  sink.number(KEY.mode, message.mode);
  sink.number(KEY.stratum, message.stratum);
  sink.number(KEY.transmit_ts, message.transmitTs);
}

function writePush(sink: EventSink, message: XiaomiPushMessage): void {
  sink.text(KEY.command, message.command);
  sink.text(KEY.server, message.server);
  sink.number(KEY.body_bytes, message.bodyBytes);
  sink.flag(KEY.encrypted, message.encrypted);
}

type Key = (typeof KEY)[keyof typeof KEY];

function writeTexts(sink: EventSink, key: Key, values: readonly string[]): void {
  sink.open(key);
  for (const value of values) sink.text(undefined, value);
  sink.close();
}

function writeNumbers(sink: EventSink, key: Key, values: readonly number[]): void {
  sink.open(key);
  for (const value of values) sink.number(undefined, value);
  sink.close();
}

/** Value of the first header of a name; names of another length need not be compared. */
function headerOf(headers: readonly HttpHeader[], lowerName: string): string | null {
  for (const { name, value } of headers) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return value;
  }
  return null;
}

const KEY = jsonKeys(
  "proto",
  "over",
  "id",
  "response",
  "rcode",
  "queries",
  "answers",
  "authority",
  "additional",
  "malformed",
  "type",
  "transport",
  "certificates",
  "level",
  "description",
  "sni",
  "alpn",
  "version",
  "supported_versions",
  "extensions",
  "ciphers",
  "ech",
  "esni",
  "early_data",
  "ja3",
  "ja4",
  "cipher",
  "hello_retry",
  "versions",
  "client_hello",
  "method",
  "path",
  "user_agent",
  "cookie",
  "content_type",
  "body_bytes",
  "complete",
  "status",
  "content_encoding",
  "transfer_encoding",
  "content_length",
  "family",
  "host_name",
  "vendor_class",
  "client_mac",
  "requested_address",
  "parameter_request",
  "headers",
  "mode",
  "stratum",
  "transmit_ts",
  "command",
  "server",
  "encrypted",
);
