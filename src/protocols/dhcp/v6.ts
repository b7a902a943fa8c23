/**
 * DHCP for IPv6 (RFC 8415).
 *
 *     message = type transaction(3) *option
 *     relayed = type hops link-address(16) peer-address(16) *option   ; types 12 and 13
 *     option  = code(2) length(2) octets
 *
 * A relayed message is the content of option 9 of the one that relays it.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { MAX_DHCP_RELAYS } from "../../limits.ts";
import { toDisplayText } from "../dns/display-text.ts";
import { toIpv6Text } from "../../bytes/address-text.ts";
import type { Part } from "../message.ts";
import { type DecodedDhcp, type DhcpBytes, toMac } from "./message.ts";
import { toName } from "./v4.ts";

/** RFC 8415 §7.3 and later ones (IANA). */
const TYPES: readonly string[] = [
  "type-0",
  "solicit",
  "advertise",
  "request",
  "confirm",
  "renew",
  "rebind",
  "reply",
  "release",
  "decline",
  "reconfigure",
  "information-request",
  "relay-forward",
  "relay-reply",
  "leasequery",
  "leasequery-reply",
];
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;

const OPTION = {
  clientId: 1,
  associationNonTemporary: 3,
  associationTemporary: 4,
  address: 5,
  optionRequest: 6,
  relayMessage: 9,
  vendorClass: 16,
  clientFqdn: 39,
} as const;

/** Whether `bytes[start, end)` is a message: a known type, and options that end where it ends. */
export function isDhcpV6(bytes: Uint8Array, start: number, end: number): boolean {
  const type = bytes[start] ?? 0;
  if (type === 0 || type >= TYPES.length) return false;
  let at = start + headerBytes(type);
  if (at > end) return false;
  while (at + 4 <= end) at += 4 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  return at === end;
}

function headerBytes(type: number): number {
  return type === RELAY_FORWARD || type === RELAY_REPLY ? 34 : 4;
}

/** Decodes a message with at least a type. Never throws on input. */
export function decodeDhcpV6(message: DhcpBytes): DecodedDhcp {
  const decoder = new Decoder(message);
  decoder.read(new Cursor(message.bytes, message.start, message.end), 0);
  return decoder.decoded();
}

class Decoder {
  readonly #message: DhcpBytes;
  readonly #parts: Part[] = [];
  #type = "";
  #hostName: string | null = null;
  #vendorClass: string | null = null;
  #clientMac: string | null = null;
  #requestedAddress: string | null = null;
  #parameterRequest: readonly number[] = [];
  #fault: { offset: number; reason: string } | undefined;
  #readTo: number;

  constructor(message: DhcpBytes) {
    this.#message = message;
    this.#readTo = message.start;
  }

  decoded(): DecodedDhcp {
    return {
      fields: {
        family: 6,
        type: this.#type,
        hostName: this.#hostName,
        vendorClass: this.#vendorClass,
        clientMac: this.#clientMac,
        requestedAddress: this.#requestedAddress,
        parameterRequest: this.#parameterRequest,
      },
      parts: this.#parts,
      fault: this.#fault,
      readTo: this.#readTo,
    };
  }

  /** Reads one message; the innermost one of a relayed message gives the type. */
  read(cursor: Cursor, depth: number): void {
    try {
      const type = cursor.uint(1);
      this.#type = TYPES[type] ?? `type-${type}`;
      cursor.take(headerBytes(type) - 1);
      this.#noteRead(cursor, depth);
      while (cursor.left > 0) {
        const code = cursor.uint(2);
        const value = cursor.sub(cursor.uint(2));
        this.#option(code, value, depth);
        this.#noteRead(cursor, depth);
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#fault ??= { offset: error.offset, reason: error.message };
    }
  }

  #noteRead(cursor: Cursor, depth: number): void {
    if (depth === 0) this.#readTo = cursor.at;
  }

  #option(code: number, value: Cursor, depth: number): void {
    if (code === OPTION.relayMessage) {
      if (depth >= MAX_DHCP_RELAYS) throw new Malformed(value.at, `more than ${depth} relays`);
      this.read(value, depth + 1);
      return;
    }
    const { wantsParts, base } = this.#message;
    const at = value.at;
    const bytes = value.bytes.subarray(at, value.end);
    if (wantsParts && bytes.length > 0) {
      const form = code === OPTION.clientFqdn ? "text" : "binary";
      this.#parts.push({ path: `option[${code}]`, bytes, offset: at + base, form });
    }
    this.#field(code, value, bytes);
  }

  #field(code: number, value: Cursor, bytes: Uint8Array): void {
    switch (code) {
      case OPTION.clientId:
        this.#clientMac = macOfDuid(bytes);
        break;
      case OPTION.associationNonTemporary: // RFC 8415 §21.4: id, T1, T2, then options
        value.take(12);
        this.#association(value);
        break;
      case OPTION.associationTemporary: // §21.5: id, then options
        value.take(4);
        this.#association(value);
        break;
      case OPTION.optionRequest: {
        const codes: number[] = [];
        while (value.left > 0) codes.push(value.uint(2));
        this.#parameterRequest = codes;
        break;
      }
      case OPTION.vendorClass: // §21.16: enterprise number, then strings behind their lengths
        value.take(4);
        if (value.left > 0) {
          const text = value.view(value.uint(2));
          this.#vendorClass = toDisplayText(text, 0, text.length);
        }
        break;
      case OPTION.clientFqdn: // RFC 4704 §4: flags, then a name in wire form
        if (bytes.length > 1) this.#hostName = toName(bytes, 1);
        break;
      default:
        break;
    }
  }

  /** The first address a client asks for, among the options of an identity association (§21.6). */
  #association(options: Cursor): void {
    while (options.left > 0) {
      const code = options.uint(2);
      const value = options.sub(options.uint(2));
      if (code !== OPTION.address) continue;
      this.#requestedAddress ??= toIpv6Text(value.bytes, value.take(16));
    }
  }
}

/** The link-layer address in a DUID (RFC 8415 §11.2, §11.4), Ethernet only. */
function macOfDuid(duid: Uint8Array): string | null {
  const type = ((duid[0] ?? 0) << 8) | (duid[1] ?? 0);
  const hardware = ((duid[2] ?? 0) << 8) | (duid[3] ?? 0);
  if (hardware !== 1) return null;
  if (type === 1) return toMac(duid.subarray(8)); // DUID-LLT: a time stands before it
  return type === 3 ? toMac(duid.subarray(4)) : null; // DUID-LL
}
