/**
 * DHCP for IPv4 (RFC 2131, options RFC 2132) and BOOTP (RFC 951).
 *
 *     message = op htype hlen hops xid secs flags ciaddr yiaddr siaddr giaddr
 *               chaddr(16) sname(64) file(128) cookie *option
 *     option  = 0 / 255 / code length octets
 *
 * `sname` and `file` hold further options where option 52 says so (RFC 2132 §9.3); an option
 * that comes several times is one long one (RFC 3396 §5).
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { toDisplayText } from "../dns/display-text.ts";
import { NameReader } from "../dns/name.ts";
import { toIpv4Text } from "../../bytes/address-text.ts";
import type { Part } from "../message.ts";
import { type DecodedDhcp, type DhcpBytes, toMac } from "./message.ts";

/** Bytes up to and with the magic cookie. */
const V4_HEADER_BYTES = 240;
/** Bytes up to and with the client's hardware address. */
const LEAST_BYTES = 44;
const COOKIE = 0x63825363; // RFC 2131 §3
const SNAME_AT = 44;
const FILE_AT = 108;
const CHADDR_AT = 28;

const OPTION = {
  pad: 0,
  hostName: 12,
  requestedAddress: 50,
  overload: 52,
  messageType: 53,
  parameterRequest: 55,
  vendorClass: 60,
  clientId: 61,
  clientFqdn: 81,
  end: 255,
} as const;

/** Names of option 53 (RFC 2132 §9.6 and IANA's registry); those in between by number. */
const TYPES: readonly string[] = [
  "bootp",
  "discover",
  "offer",
  "request",
  "decline",
  "ack",
  "nak",
  "release",
  "inform",
  "forcerenew",
  "leasequery",
  "leaseunassigned",
  "leaseunknown",
  "leaseactive",
];

/** Whether `bytes[start, end)` begins as a message does, with the cookie that tells DHCP anywhere. */
export function isDhcpV4(bytes: Uint8Array, start: number, end: number): boolean {
  return isBootp(bytes, start, end) && hasCookie(bytes, start, end);
}

/** The same without the cookie: BOOTP, or what a short capture leaves. Too weak but on its ports. */
export function isBootp(bytes: Uint8Array, start: number, end: number): boolean {
  const op = bytes[start] ?? 0;
  const hardwareBytes = bytes[start + 2] ?? 0;
  return end - start >= LEAST_BYTES && (op === 1 || op === 2) && hardwareBytes <= 16;
}

function hasCookie(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < V4_HEADER_BYTES) return false;
  return new Cursor(bytes, start + V4_HEADER_BYTES - 4, end).uint(4) === COOKIE;
}

/**
 * Decodes a message that {@link isBootp} knows; its type is `bootp` where no option says more.
 * Never throws on input.
 */
export function decodeDhcpV4(message: DhcpBytes): DecodedDhcp {
  const { bytes, start, base } = message;
  const { end } = message;
  const options = new Options(message);
  if (hasCookie(bytes, start, end)) options.read(start + V4_HEADER_BYTES, end);
  else options.readTo = end;
  const overload = options.first(OPTION.overload)?.[0] ?? 0;
  if ((overload & 1) !== 0) options.read(start + FILE_AT, start + V4_HEADER_BYTES - 4);
  if ((overload & 2) !== 0) options.read(start + SNAME_AT, start + FILE_AT);
  const type = options.first(OPTION.messageType)?.[0] ?? 0;
  const address = options.first(OPTION.requestedAddress);
  const hardware = toMac(bytes.subarray(start + CHADDR_AT, start + CHADDR_AT + 6));
  const isEthernet = bytes[start + 2] === 6;
  const parts = message.wantsParts
    ? [...headerParts(message, overload, base), ...options.parts()]
    : [];
  return {
    fields: {
      family: 4,
      type: TYPES[type] ?? `type-${type}`,
      hostName: options.text(OPTION.hostName) ?? fqdnOf(options.first(OPTION.clientFqdn)),
      vendorClass: options.text(OPTION.vendorClass),
      clientMac: isEthernet ? hardware : macOfClientId(options.first(OPTION.clientId)),
      requestedAddress: address?.length === 4 ? toIpv4Text(address, 0) : null,
      parameterRequest: [...(options.first(OPTION.parameterRequest) ?? [])],
    },
    parts,
    fault: options.fault,
    readTo: options.readTo,
  };
}

/** The options of one message, each code once. */
class Options {
  fault: { offset: number; reason: string } | undefined;
  /** Where the options that stand behind the header were understood up to. */
  readTo = 0;
  readonly #message: DhcpBytes;
  readonly #values = new Map<number, { value: Uint8Array; offset: number }>();

  constructor(message: DhcpBytes) {
    this.#message = message;
  }

  /** Reads the options in `[from, to)`. */
  read(from: number, to: number): void {
    const cursor = new Cursor(this.#message.bytes, from, to);
    let readTo = from;
    try {
      while (cursor.left > 0) {
        const code = cursor.uint(1);
        if (code === OPTION.end) {
          readTo = cursor.end; // what follows is padding
          break;
        }
        if (code !== OPTION.pad) this.#add(code, cursor.view(cursor.uint(1)), cursor.at);
        readTo = cursor.at;
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.fault ??= { offset: error.offset, reason: error.message };
    }
    if (this.readTo === 0) this.readTo = readTo;
  }

  first(code: number): Uint8Array | undefined {
    return this.#values.get(code)?.value;
  }

  text(code: number): string | null {
    const value = this.first(code);
    if (value === undefined) return null;
    const end = value.at(-1) === 0 ? value.length - 1 : value.length; // RFC 2132 §2: may be there
    return toDisplayText(value, 0, end);
  }

  parts(): readonly Part[] {
    const { base } = this.#message;
    return [...this.#values].map(([code, { value, offset }]) => ({
      path: `option[${code}]`,
      bytes: value,
      offset: offset < 0 ? -1 : offset + base,
      form: TEXT_OPTIONS.has(code) ? "text" : "binary",
    }));
  }

  #add(code: number, value: Uint8Array, endAt: number): void {
    const known = this.#values.get(code);
    if (known === undefined) {
      this.#values.set(code, { value, offset: endAt - value.length });
      return;
    }
    const joined = new Uint8Array(known.value.length + value.length);
    joined.set(known.value);
    joined.set(value, known.value.length);
    this.#values.set(code, { value: joined, offset: -1 });
  }
}

/** Host name, domain name, message, vendor class, and names that clients put into 61 and 77. */
const TEXT_OPTIONS: ReadonlySet<number> = new Set([12, 14, 15, 17, 18, 40, 56, 60, 64, 66, 67, 77]);

/** The header fields that can hold more than zeros, unless options stand there. */
function headerParts(
  { bytes, start, end }: DhcpBytes,
  overload: number,
  base: number,
): readonly Part[] {
  const fields = [
    { path: "chaddr", at: start + CHADDR_AT, length: 16, isFree: true },
    { path: "sname", at: start + SNAME_AT, length: 64, isFree: (overload & 2) === 0 },
    { path: "file", at: start + FILE_AT, length: 128, isFree: (overload & 1) === 0 },
  ];
  return fields
    .map((field) => ({
      ...field,
      view: bytes.subarray(field.at, Math.max(field.at, Math.min(end, field.at + field.length))),
    }))
    .filter(({ isFree, view }) => isFree && view.some((byte) => byte !== 0))
    .map(({ path, at, view }) => ({ path, bytes: view, offset: at + base, form: "binary" }));
}

/** RFC 2132 §9.14: a hardware type and address, or anything else. */
function macOfClientId(id: Uint8Array | undefined): string | null {
  return id?.[0] === 1 ? toMac(id.subarray(1)) : null;
}

/** RFC 4702 §2: flags, two codes, then a name, in wire form where the E bit is set. */
function fqdnOf(option: Uint8Array | undefined): string | null {
  if (option === undefined || option.length <= 3) return null;
  const isWireForm = ((option[0] ?? 0) & 4) !== 0;
  return isWireForm ? toName(option, 3) : toDisplayText(option, 3, option.length);
}

/** The name at `at`, which may lack its root; null where it is none. */
export function toName(bytes: Uint8Array, at: number): string | null {
  const closed = new Uint8Array(bytes.length - at + 1);
  closed.set(bytes.subarray(at));
  try {
    return new NameReader(closed, 0, closed.length).read(0);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}
