/**
 * What dissectors read: one object a message, a discriminated union on `kind`.
 * Field names follow the ground truth of Wireshark's fields where the thing is the same.
 *
 * @module
 */
import type { Flow, Side } from "../flows/flow.ts";

/** Common to all messages. */
export interface MessageBase {
  readonly flow: Flow;
  /** Who sent it. */
  readonly side: Side;
  /** Input and frame in which the message became whole. */
  readonly input: number;
  readonly frame: number;
  /** Time of that frame, µs since the epoch; NaN where unknown. */
  readonly ts: number;
  /** The message's bytes in what `side` sent: stream offsets, or offsets in the row of datagrams. */
  readonly start: number;
  readonly end: number;
  /** true where the content was encrypted on the wire and was opened; absent where it went in clear. */
  readonly decrypted?: boolean;
  /** Content to search, in order; empty where nobody asked for it. */
  readonly parts: readonly Part[];
}

/** How the bytes of a part are to be understood. */
export type PartForm =
  | "text" // characters, no further structure known
  | "request-target" // path and query (RFC 9112 §3.2)
  | "cookie" // name=value; … (RFC 6265)
  | "body" // HTTP content: see mediaType and codings
  | "protobuf" // without schema
  | "name" // host name
  | "binary"; // bytes

/** A piece of a message's content. */
export interface Part {
  /** Where in the message: `request-target`, `header:user-agent`, `body`, `question[0].name`, `option[12]`. */
  readonly path: string;
  /** The content, transfer codings removed; a view, valid while the message is being handled. */
  readonly bytes: Uint8Array;
  /** Place of the first byte in what the side sent, where the bytes stand there as they are; else -1. */
  readonly offset: number;
  readonly form: PartForm;
  /** Content-Type as sent, content codings in the order in which they were applied. */
  readonly mediaType?: string;
  readonly codings?: readonly string[];
  /** Bytes of the content that are missing: cut off, not captured or beyond the limit. */
  readonly missing?: number;
}

export interface DnsMessage extends MessageBase {
  readonly kind: "dns";
  readonly protocol: "dns" | "mdns" | "llmnr";
  readonly over: "udp" | "tcp";
  readonly id: number;
  readonly response: boolean;
  /** RCODE; null in a query (Wireshark shows none there). */
  readonly rcode: number | null;
  readonly queries: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  /** Records counted in the authority and additional sections. */
  readonly authority: number;
  readonly additional: number;
  readonly malformed: boolean;
}
export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
}
export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  readonly ttl: number;
  /** Address, name or text by type (A, AAAA, CNAME, PTR, NS, MX, SRV, TXT, SOA, SVCB, HTTPS); else null. */
  readonly value: string | null;
  /** Of SVCB and HTTPS records. */
  readonly service?: DnsService;
}
/** What an SVCB or HTTPS record says of a service (RFC 9460 §2.2). */
export interface DnsService {
  /** 0: an alias. */
  readonly priority: number;
  /** `<Root>`: the owner's name itself. */
  readonly target: string;
  readonly alpn: readonly string[];
  readonly port: number | null;
  /** Addresses of the hints, IPv4 and IPv6. */
  readonly hints: readonly string[];
  /** Whether keys for Encrypted ClientHello are there (RFC 9848). */
  readonly ech: boolean;
}

export interface TlsClientHello extends MessageBase {
  readonly kind: "tls";
  readonly type: "client_hello";
  readonly transport: "tcp" | "quic" | "dtls";
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  /** legacy_version, and supported_versions as sent. */
  readonly version: number;
  readonly supportedVersions: readonly number[];
  /** Extension types in order as sent, GREASE included; number of cipher suites, GREASE included. */
  readonly extensions: readonly number[];
  readonly ciphers: readonly number[];
  /** Extension 0xfe0d (RFC 9849), the older 0xffce, early_data. */
  readonly ech: boolean;
  readonly esni: boolean;
  readonly earlyData: boolean;
  readonly ja3: string | null;
  readonly ja4: string;
}
export interface TlsServerHello extends MessageBase {
  readonly kind: "tls";
  readonly type: "server_hello";
  readonly transport: "tcp" | "quic" | "dtls";
  /** Selected version: supported_versions if present, else the header's. */
  readonly version: number;
  readonly cipher: number;
  readonly alpn: readonly string[];
  readonly helloRetry: boolean;
}
export interface TlsCertificates extends MessageBase {
  readonly kind: "tls";
  readonly type: "certificate";
  readonly transport: "tcp" | "quic" | "dtls";
  /** Leaf first. */
  readonly certificates: readonly Certificate[];
}
/** What is read of an X.509 certificate (RFC 5280 §4.1). */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** dNSName and iPAddress of subjectAltName. */
  readonly names: readonly string[];
  /** Organisation and country of the subject (RFC 4519 `O`, `C`), if any. */
  readonly organisation: string | null;
  readonly country: string | null;
  readonly serial: string;
  /** RFC 3339, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly selfSigned: boolean;
  readonly sha256: string;
}
export interface TlsAlert extends MessageBase {
  readonly kind: "tls";
  readonly type: "alert";
  readonly transport: "tcp" | "quic" | "dtls";
  readonly level: number;
  readonly description: number;
}
export type TlsMessage = TlsClientHello | TlsServerHello | TlsCertificates | TlsAlert;

/** A QUIC connection, given once: at its first Initial that can be read, or at the flow's end. */
export interface QuicMessage extends MessageBase {
  readonly kind: "quic";
  /** Version numbers in order of appearance. */
  readonly versions: readonly number[];
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly ja4: string | null;
  /** Whether the ClientHello was read, and why not. */
  readonly clientHello: "read" | "not-captured" | "undecryptable" | "unsupported-version";
}

export interface HttpRequest extends MessageBase {
  readonly kind: "http";
  readonly type: "request";
  readonly method: string;
  /** Request target as sent. */
  readonly path: string;
  /** Host header or authority; null where there is none. */
  readonly authority: string | null;
  /** Null where the capture lacks the end of the request line. */
  readonly version: string | null;
  readonly headers: readonly HttpHeader[];
  readonly bodyBytes: number;
  readonly complete: boolean;
}
export interface HttpResponse extends MessageBase {
  readonly kind: "http";
  readonly type: "response";
  readonly status: number;
  readonly version: string;
  readonly headers: readonly HttpHeader[];
  readonly bodyBytes: number;
  readonly complete: boolean;
}
export interface HttpHeader {
  /** As sent. */
  readonly name: string;
  /** Field value without surrounding blanks, one character a byte. */
  readonly value: string;
}

export interface DhcpMessage extends MessageBase {
  readonly kind: "dhcp";
  readonly family: 4 | 6;
  /** Message type name of RFC 2132 §9.6 or RFC 8415 §7.3, lower case: `discover`, `solicit`. */
  readonly type: string;
  readonly hostName: string | null;
  readonly vendorClass: string | null;
  /** Client hardware address as `aa:bb:…`; null in DHCPv6 where no DUID holds one. */
  readonly clientMac: string | null;
  readonly requestedAddress: string | null;
  /** Option 55, or the DHCPv6 option request option: what is asked for fingerprints the system. */
  readonly parameterRequest: readonly number[];
}

export interface SsdpMessage extends MessageBase {
  readonly kind: "ssdp";
  readonly type: "search" | "notify" | "response";
  readonly headers: readonly HttpHeader[];
}

export interface NtpMessage extends MessageBase {
  readonly kind: "ntp";
  readonly version: number;
  readonly mode: number;
  readonly stratum: number;
  /** Transmit timestamp in µs since the Unix epoch; null where zero. */
  readonly transmitTs: number | null;
}

/** One message of Xiaomi's push protocol (binary framing on port 5222). */
export interface XiaomiPushMessage extends MessageBase {
  readonly kind: "xiaomi-push";
  /** Command of the header, where readable: `CONN`, `PING`, … */
  readonly command: string | null;
  readonly server: string | null;
  readonly bodyBytes: number;
  /** Whether its payload cannot be read. */
  readonly encrypted: boolean;
}

export type Message =
  | DnsMessage
  | TlsMessage
  | QuicMessage
  | HttpRequest
  | HttpResponse
  | DhcpMessage
  | SsdpMessage
  | NtpMessage
  | XiaomiPushMessage;
