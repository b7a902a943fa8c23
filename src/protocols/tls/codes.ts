/**
 * Code points of TLS that the readers act on. All others stay numbers.
 *
 * Source: IANA, Transport Layer Security Parameters; section numbers where they are defined.
 *
 * @module
 */

/** ContentType of a record (RFC 8446 §5.1; heartbeat: RFC 6520 §3; tls12_cid: RFC 9146 §4; ack: RFC 9147 §7). */
export const CONTENT = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
  cid: 25,
  ack: 26,
} as const;

/** HandshakeType (RFC 8446 §4, RFC 5246 §7.4). */
export const HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  newSessionTicket: 4,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  certificateStatus: 22,
} as const;

/** ExtensionType (RFC 8446 §4.2). */
export const EXTENSION = {
  serverName: 0, // RFC 6066 §3
  supportedGroups: 10, // RFC 8422 §5.1.1
  ecPointFormats: 11, // RFC 8422 §5.1.2
  signatureAlgorithms: 13,
  alpn: 16, // RFC 7301 §3.1
  earlyData: 42,
  supportedVersions: 43,
  encryptedClientHello: 0xfe0d, // RFC 9849 §5
  encryptedServerName: 0xffce, // draft-ietf-tls-esni-02 §4
} as const;

/** Version of TLS 1.3 on the wire (RFC 8446 §4.2.1). */
export const TLS_1_3 = 0x0304;
/** Whether `value` is one of the 16 reserved values that clients send to keep servers tolerant (RFC 8701 §2). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

/** Whether what `cipher` protects stays readable: suites with NULL encryption (RFC 5246 §A.5 and others). */
export function isNullCipher(cipher: number): boolean {
  return NULL_CIPHERS.has(cipher);
}

const NULL_CIPHERS: ReadonlySet<number> = new Set([
  0x0000,
  0x0001,
  0x0002,
  0x003b, // RFC 5246 §A.5
  0x002c,
  0x002d,
  0x002e, // RFC 4785
  0x00b0,
  0x00b1,
  0x00b4,
  0x00b5,
  0x00b8,
  0x00b9, // RFC 5487
  0xc001,
  0xc006,
  0xc00b,
  0xc010,
  0xc015, // RFC 8422 §6, RFC 4492
  0xc039,
  0xc03a,
  0xc03b, // RFC 5489
  0xc0b4,
  0xc0b5, // RFC 9150: TLS 1.3 with integrity alone
]);
