/**
 * Events: what the dissectors read, one flat object each (design 4.4). Names follow Wireshark's
 * ground truth where the thing is the same, so that both can be compared field by field.
 *
 * @module
 */
import type { Anomaly } from "../anomaly.ts";
import type { Flow, Side } from "../flows/flow.ts";
import type {
  DhcpMessage,
  DnsMessage,
  HttpHeader,
  HttpRequest,
  HttpResponse,
  Message,
  NtpMessage,
  QuicMessage,
  SsdpMessage,
  TlsMessage,
  XiaomiPushMessage,
} from "../protocols/message.ts";

/** A value of an event's field. */
export type EventValue =
  string | number | boolean | null | readonly EventValue[] | { readonly [key: string]: EventValue };
/** One line of `telltale events`. */
export type Event = { readonly kind: string } & Readonly<Record<string, EventValue>>;

/** The event of one message. */
export function toEvent(message: Message): Event {
  const { flow, side } = message;
  return {
    kind: message.kind,
    ts: toTime(message.ts),
    flow: flow.id,
    input: message.input,
    frame: message.frame,
    src: endpoint(flow, side),
    dst: endpoint(flow, side === 0 ? 1 : 0),
    ...fieldsOf(message),
  };
}

function fieldsOf(message: Message): Readonly<Record<string, EventValue>> {
  switch (message.kind) {
    case "dns":
      return dnsFields(message);
    case "tls":
      return tlsFields(message);
    case "quic":
      return quicFields(message);
    case "http":
      return message.type === "request" ? requestFields(message) : responseFields(message);
    case "dhcp":
      return dhcpFields(message);
    case "ssdp":
      return ssdpFields(message);
    case "ntp":
      return ntpFields(message);
    case "xiaomi-push":
      return pushFields(message);
  }
}

function dnsFields(message: DnsMessage): Readonly<Record<string, EventValue>> {
  return {
    proto: message.protocol,
    over: message.over,
    id: hex(message.id, 4),
    response: message.response,
    rcode: message.rcode,
    queries: message.queries.map((query) => [query.name, query.type]),
    answers: message.answers.map((answer) => [answer.name, answer.type, answer.value]),
    authority: message.authority,
    additional: message.additional,
    ...(message.malformed ? { malformed: true } : {}),
  };
}

function tlsFields(message: TlsMessage): Readonly<Record<string, EventValue>> {
  const { type, transport } = message;
  switch (message.type) {
    case "client_hello":
      return {
        type,
        transport,
        sni: message.serverName,
        alpn: message.alpn,
        version: hex(message.version, 4),
        supported_versions: message.supportedVersions.map((version) => hex(version, 4)),
        extensions: message.extensions,
        ciphers: message.ciphers.length,
        ech: message.ech,
        esni: message.esni,
        early_data: message.earlyData,
        ja3: message.ja3,
        ja4: message.ja4,
      };
    case "server_hello":
      return {
        type,
        transport,
        version: hex(message.version, 4),
        cipher: hex(message.cipher, 4),
        alpn: message.alpn,
        hello_retry: message.helloRetry,
      };
    case "certificate":
      return {
        type,
        transport,
        certificates: message.certificates.map((certificate) => ({
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
        })),
      };
    case "alert":
      return { type, transport, level: message.level, description: message.description };
  }
}

function quicFields(message: QuicMessage): Readonly<Record<string, EventValue>> {
  return {
    versions: message.versions.map((version) => hex(version, 8)),
    sni: message.serverName,
    alpn: message.alpn,
    ja4: message.ja4,
    client_hello: message.clientHello,
  };
}

function requestFields(message: HttpRequest): Readonly<Record<string, EventValue>> {
  return {
    type: "request",
    method: message.method,
    authority: message.authority,
    path: message.path,
    version: message.version,
    user_agent: headerOf(message.headers, "user-agent"),
    cookie: headerOf(message.headers, "cookie"),
    content_type: headerOf(message.headers, "content-type"),
    body_bytes: message.bodyBytes,
    complete: message.complete,
  };
}

function responseFields(message: HttpResponse): Readonly<Record<string, EventValue>> {
  return {
    type: "response",
    status: message.status,
    version: message.version,
    content_type: headerOf(message.headers, "content-type"),
    content_encoding: headerOf(message.headers, "content-encoding"),
    transfer_encoding: headerOf(message.headers, "transfer-encoding"),
    content_length: headerOf(message.headers, "content-length"),
    body_bytes: message.bodyBytes,
    complete: message.complete,
  };
}

function dhcpFields(message: DhcpMessage): Readonly<Record<string, EventValue>> {
  return {
    family: message.family,
    type: message.type,
    host_name: message.hostName,
    vendor_class: message.vendorClass,
    client_mac: message.clientMac,
    requested_address: message.requestedAddress,
    parameter_request: message.parameterRequest,
  };
}

function ssdpFields(message: SsdpMessage): Readonly<Record<string, EventValue>> {
  return { type: message.type, headers: message.headers.map(({ name, value }) => [name, value]) };
}

function ntpFields(message: NtpMessage): Readonly<Record<string, EventValue>> {
  return {
    version: message.version,
    mode: message.mode,
    stratum: message.stratum,
    transmit_ts: message.transmitTs,
  };
}

function pushFields(message: XiaomiPushMessage): Readonly<Record<string, EventValue>> {
  return {
    command: message.command,
    server: message.server,
    body_bytes: message.bodyBytes,
    encrypted: message.encrypted,
  };
}

/** The event that closes a flow. `ts` is the time at which it is written, so that lines stay in order. */
export function toFlowEvent(flow: Flow, ts: number, application: string | null): Event {
  const [a, b] = flow.ends;
  const [carriedAb, carriedBa] = flow.carried;
  return {
    kind: "flow",
    ts: toTime(ts),
    flow: flow.id,
    input: flow.input,
    frame: flow.firstFrame,
    proto: flow.protocolName,
    application,
    a: a.address,
    a_port: toPort(a.port),
    b: b.address,
    b_port: toPort(b.port),
    originator: flow.originator === 0 ? "a" : "b",
    packets_ab: a.packets,
    packets_ba: b.packets,
    bytes_ab: a.frameBytes,
    bytes_ba: b.frameBytes,
    payload_ab: a.payloadBytes,
    payload_ba: b.payloadBytes,
    missing_ab: a.missing,
    missing_ba: b.missing,
    first: toTime(flow.firstTs),
    last: toTime(flow.lastTs),
    state: flow.state,
    ...(flow.fragments > 0 ? { fragments: flow.fragments } : {}),
    ...(flow.handshakeRttUs === undefined ? {} : { handshake_rtt_us: flow.handshakeRttUs }),
    ...(flow.app === undefined ? {} : { app: flow.app }),
    ...(flow.parent === undefined ? {} : { parent: flow.parent.id, carrier: flow.carrier ?? null }),
    ...(carriedAb + carriedBa > 0 ? { carried_ab: carriedAb, carried_ba: carriedBa } : {}),
  };
}

/** The event of an anomaly. */
export function toAnomalyEvent(anomaly: Anomaly, ts: number): Event {
  return {
    kind: "anomaly",
    ts: toTime(ts),
    flow: anomaly.place.flow ?? null,
    input: anomaly.place.input,
    frame: anomaly.place.frame,
    offset: anomaly.place.offset ?? null,
    stage: anomaly.stage,
    name: anomaly.name,
    reason: anomaly.reason,
  };
}

/** Port in the report: null where the protocol has none. */
export function toPort(port: number): number | null {
  return port < 0 ? null : port;
}

/** Time in the report: null where the capture gives none. */
export function toTime(ts: number): number | null {
  return Number.isFinite(ts) ? ts : null;
}

/** `address:port` of one side, as the ground truth writes it. */
export function endpoint(flow: Flow, side: Side): string {
  const end = flow.ends[side];
  return end.port < 0 ? end.address : `${end.address}:${end.port}`;
}

function headerOf(headers: readonly HttpHeader[], lowerName: string): string | null {
  return headers.find(({ name }) => name.toLowerCase() === lowerName)?.value ?? null;
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
