/**
 * What a certificate says of its holder (RFC 5280 §4.1). No signature is checked: that a name is
 * here means that somebody wrote it, not that it is true.
 *
 *     Certificate ::= SEQUENCE { tbsCertificate SEQUENCE {
 *       [0] version, serialNumber, signature, issuer, validity, subject,
 *       subjectPublicKeyInfo, [1] issuerUniqueID, [2] subjectUniqueID, [3] extensions }, … }
 *
 * @module
 */
import { toIpText } from "../../bytes/address-text.ts";
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { toHex } from "../../bytes/hex.ts";
import { fromLatin1 } from "../../bytes/text.ts";
import { digestText, type Platform } from "../../platform.ts";
import type { Certificate } from "../message.ts";
import type { ByteRange } from "./client-hello.ts";
import { expectDer, readDer, readDerTime, TAG, toDerText, toOid } from "./der.ts";

/** A certificate with the places of its texts in the buffer that was read. */
export interface ReadCertificate {
  readonly certificate: Certificate;
  /** Attribute values of the subject as they stand there, by type: `CN`. */
  readonly subject: readonly NamedRange[];
  /** dNSName entries, in the order in which they come. */
  readonly dnsNames: readonly ByteRange[];
}
export interface NamedRange extends ByteRange {
  readonly name: string;
}

/**
 * Reads the DER certificate `bytes[start, end)`.
 *
 * @throws {Malformed} where it is none.
 */
export function readCertificate(
  bytes: Uint8Array,
  start: number,
  end: number,
  platform: Platform,
): ReadCertificate {
  const outer = expectDer(new Cursor(bytes, start, end), TAG.sequence);
  const tbs = expectDer(outer.body, TAG.sequence).body;
  if (tbs.peek() === CONTEXT_0) readDer(tbs); // version
  const serial = expectDer(tbs, TAG.integer);
  expectDer(tbs, TAG.sequence); // signature algorithm
  const issuer = readName(tbs);
  const validity = expectDer(tbs, TAG.sequence).body;
  const notBefore = readDerTime(validity);
  const notAfter = readDerTime(validity);
  const subject = readName(tbs);
  expectDer(tbs, TAG.sequence); // subjectPublicKeyInfo
  const extensions = readExtensions(tbs);
  const sameName =
    toHex(bytes, issuer.start, issuer.end) === toHex(bytes, subject.start, subject.end);
  return {
    certificate: {
      subject: toDistinguishedName(subject.rdns),
      issuer: toDistinguishedName(issuer.rdns),
      names: extensions.names,
      organisation: firstValue(subject.rdns, "O"),
      country: firstValue(subject.rdns, "C"),
      serial: toHex(bytes, serial.body.at, serial.end).replace(/^00(?=.)/, ""),
      notBefore,
      notAfter,
      selfSigned: sameName && !isSignedByOther(extensions),
      sha256: digestText(platform, "sha256", bytes.subarray(start, end), "hex"),
    },
    subject: subject.rdns.flat().map(({ name, start, end }) => ({ name, start, end })),
    dnsNames: extensions.dnsNames,
  };
}

interface Attribute extends NamedRange {
  readonly oid: boolean;
  /** Undefined where the value is of no string type. */
  readonly text: string | undefined;
  /** The value's whole encoding, for the "#" form of RFC 4514 §2.4. */
  readonly hex: string;
}
interface Name extends ByteRange {
  readonly rdns: readonly (readonly Attribute[])[];
}

/** Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value ANY } (RFC 5280 §4.1.2.4). */
function readName(cursor: Cursor): Name {
  const sequence = expectDer(cursor, TAG.sequence);
  const rdns: Attribute[][] = [];
  while (sequence.body.left > 0) {
    const set = expectDer(sequence.body, TAG.set).body;
    const attributes: Attribute[] = [];
    while (set.left > 0) attributes.push(readAttribute(expectDer(set, TAG.sequence).body));
    rdns.push(attributes);
  }
  return { start: sequence.start, end: sequence.end, rdns };
}

function readAttribute(cursor: Cursor): Attribute {
  const oid = toOid(expectDer(cursor, TAG.oid).body);
  const value = readDer(cursor);
  const name = ATTRIBUTE_NAMES.get(oid);
  return {
    name: name ?? oid,
    oid: name === undefined,
    start: value.body.at,
    end: value.end,
    text: toDerText(value),
    hex: toHex(value.body.bytes, value.start, value.end),
  };
}

/** RFC 4514 §3; below the line of names of RFC 4519 that are in common use. */
const ATTRIBUTE_NAMES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.6", "C"],
  ["2.5.4.9", "STREET"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.12", "title"],
  ["2.5.4.17", "postalCode"],
  ["2.5.4.42", "givenName"],
  ["2.5.4.97", "organizationIdentifier"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

/** Text of a name, last part first (RFC 4514 §2.1). */
function toDistinguishedName(rdns: readonly (readonly Attribute[])[]): string {
  return rdns
    .map((attributes) => attributes.map(toPair).join("+"))
    .reverse()
    .join(",");
}

function toPair(attribute: Attribute): string {
  const { name, oid, text, hex } = attribute;
  return `${name}=${oid || text === undefined ? `#${hex}` : escaped(text)}`;
}

/** RFC 4514 §2.4. */
function escaped(text: string): string {
  return text
    .replace(/[\\"+,;<>]/g, "\\$&")
    .replace(/\0/g, "\\00")
    .replace(/^[ #]/, "\\$&")
    .replace(/ $/, "\\ ");
}

function firstValue(rdns: readonly (readonly Attribute[])[], name: string): string | null {
  return rdns.flat().find((attribute) => attribute.name === name)?.text ?? null;
}

interface Extensions {
  readonly names: string[];
  readonly dnsNames: ByteRange[];
  subjectKey: string | undefined;
  authorityKey: string | undefined;
}

/** Extensions ::= [3] SEQUENCE OF SEQUENCE { extnID OID, critical BOOLEAN?, extnValue OCTET STRING }. */
function readExtensions(tbs: Cursor): Extensions {
  const found: Extensions = {
    names: [],
    dnsNames: [],
    subjectKey: undefined,
    authorityKey: undefined,
  };
  while (tbs.left > 0) {
    const element = readDer(tbs);
    if (element.tag !== CONTEXT_3) continue;
    const list = expectDer(element.body, TAG.sequence).body;
    while (list.left > 0) {
      const extension = expectDer(list, TAG.sequence).body;
      const oid = toOid(expectDer(extension, TAG.oid).body);
      let value = readDer(extension);
      if (value.tag !== TAG.octetString) value = expectDer(extension, TAG.octetString);
      readExtension(oid, value.body, found);
    }
  }
  return found;
}

function readExtension(oid: string, value: Cursor, found: Extensions): void {
  if (oid === SUBJECT_ALT_NAME) {
    const list = expectDer(value, TAG.sequence).body;
    while (list.left > 0) readGeneralName(list, found);
  } else if (oid === SUBJECT_KEY_ID) {
    const key = expectDer(value, TAG.octetString);
    found.subjectKey = toHex(key.body.bytes, key.body.at, key.end);
  } else if (oid === AUTHORITY_KEY_ID) {
    const list = expectDer(value, TAG.sequence).body;
    if (list.peek() !== KEY_ID) return;
    const key = readDer(list);
    found.authorityKey = toHex(key.body.bytes, key.body.at, key.end);
  }
}

/** GeneralName (RFC 5280 §4.2.1.6); only names of servers are of use here. */
function readGeneralName(list: Cursor, found: Extensions): void {
  const { tag, body, end } = readDer(list);
  if (tag === DNS_NAME) {
    found.names.push(fromLatin1(body.bytes, body.at, end));
    found.dnsNames.push({ start: body.at, end });
  } else if (tag === IP_ADDRESS) {
    const version = body.left === 4 ? 4 : 6;
    if (version === 6 && body.left !== 16) {
      throw new Malformed(end, "iPAddress of neither 4 nor 16 bytes");
    }
    found.names.push(toIpText(body.bytes, body.at, version));
  }
}

/** The keys differ: same name, yet another's signature (a cross-signed or renewed authority). */
function isSignedByOther({ subjectKey, authorityKey }: Extensions): boolean {
  return subjectKey !== undefined && authorityKey !== undefined && subjectKey !== authorityKey;
}

const SUBJECT_KEY_ID = "2.5.29.14";
const SUBJECT_ALT_NAME = "2.5.29.17";
const AUTHORITY_KEY_ID = "2.5.29.35";
const CONTEXT_0 = 0xa0;
const CONTEXT_3 = 0xa3;
const KEY_ID = 0x80; // [0] of AuthorityKeyIdentifier
const DNS_NAME = 0x82; // [2] of GeneralName
const IP_ADDRESS = 0x87; // [7] of GeneralName
