/**
 * Data of resource records (RFC 1035 §3.3 and the later types named below).
 *
 * A record is framed by its own length, so that broken data costs that one record and not
 * those behind it.
 *
 * @module
 */
import { Cursor } from "../../bytes/cursor.ts";
import { toIpv4Text, toIpv6Text } from "../../bytes/address-text.ts";
import type { DnsService, Part } from "../message.ts";
import { toDisplayText } from "./display-text.ts";
import type { NameReader } from "./name.ts";

/** Record types whose data is read (IANA, DNS parameters). */
export const RECORD_TYPE = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  naptr: 35,
  dname: 39,
  opt: 41,
  svcb: 64,
  https: 65,
  spf: 99,
} as const;

/** Where a record's data stands, and what to read of it. */
export interface RecordData {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly type: number;
  readonly names: NameReader;
  /** Takes pieces of content; undefined where nobody asked. `offset` is one in `bytes`. */
  readonly part: ((piece: Part) => void) | undefined;
  /** Path of the record: `answer[0]`. */
  readonly path: string;
}

/** What a record's data says. */
export interface RecordValue {
  readonly value: string | null;
  readonly service?: DnsService;
}

/**
 * Reads a record's data.
 *
 * @throws {Malformed} if it breaks the grammar of its type. Empty data is none (RFC 2136 §2.4).
 */
export function readRecordData(data: RecordData): RecordValue {
  if (data.start === data.end) return NO_VALUE;
  const cursor = new Cursor(data.bytes, data.start, data.end);
  switch (data.type) {
    case RECORD_TYPE.a:
      return { value: toIpv4Text(data.bytes, cursor.take(4)) };
    case RECORD_TYPE.aaaa:
      return { value: toIpv6Text(data.bytes, cursor.take(16)) };
    case RECORD_TYPE.ns:
    case RECORD_TYPE.cname:
    case RECORD_TYPE.ptr:
    case RECORD_TYPE.soa:
      return { value: nameAt(data, data.start) };
    case RECORD_TYPE.mx:
      cursor.take(2);
      return { value: nameAt(data, cursor.at) };
    case RECORD_TYPE.srv: // RFC 2782: priority, weight, port
      cursor.take(6);
      return { value: nameAt(data, cursor.at) };
    case RECORD_TYPE.dname: // RFC 6672; of no part in the text that is compared
      nameAt(data, data.start);
      return NO_VALUE;
    case RECORD_TYPE.txt:
      return { value: strings(data, cursor) };
    case RECORD_TYPE.spf:
      strings(data, cursor);
      return NO_VALUE;
    case RECORD_TYPE.naptr:
      return naptr(data, cursor);
    case RECORD_TYPE.svcb:
    case RECORD_TYPE.https:
      return service(data, cursor);
    case RECORD_TYPE.opt:
      options(data, cursor);
      return NO_VALUE;
    default:
      return NO_VALUE;
  }
}

const NO_VALUE: RecordValue = { value: null };

function nameAt(data: RecordData, at: number): string {
  const text = data.names.read(at, data.end);
  data.part?.({
    path: `${data.path}.value`,
    bytes: data.names.octets(),
    offset: -1, // in the message the dots are lengths
    form: "name",
  });
  return text;
}

/** One or more character strings (RFC 1035 §3.3.14); gives the first, as the ground truth has it. */
function strings(data: RecordData, cursor: Cursor): string {
  let first: string | undefined;
  for (let i = 0; cursor.left > 0; i++) {
    const length = cursor.uint(1);
    const at = cursor.take(length);
    first ??= toDisplayText(data.bytes, at, at + length);
    if (length > 0) addPart(data, { path: `value[${i}]`, at, length, form: "text" });
  }
  return first ?? "";
}

/** RFC 3403 §4.1: order, preference, flags, services, regular expression, replacement. */
function naptr(data: RecordData, cursor: Cursor): RecordValue {
  cursor.take(4);
  for (let i = 0; i < 3; i++) {
    const length = cursor.uint(1);
    const at = cursor.take(length);
    if (length > 0) addPart(data, { path: `value[${i}]`, at, length, form: "text" });
  }
  nameAt(data, cursor.at);
  return NO_VALUE;
}

/** RFC 9460 §2.2: priority, target, then parameters, each with key and length. */
function service(data: RecordData, cursor: Cursor): RecordValue {
  const priority = cursor.uint(2);
  const target = nameAt(data, cursor.at);
  cursor.take(data.names.next - cursor.at);
  const alpn: string[] = [];
  const hints: string[] = [];
  let port: number | null = null;
  let ech = false;
  while (cursor.left > 0) {
    const key = cursor.uint(2);
    const value = cursor.sub(cursor.uint(2));
    if (key === PARAMETER.alpn) {
      while (value.left > 0) {
        const length = value.uint(1);
        const at = value.take(length);
        alpn.push(toDisplayText(data.bytes, at, at + length));
      }
    } else if (key === PARAMETER.port) port = value.uint(2);
    else if (key === PARAMETER.ech) ech = true;
    else if (key === PARAMETER.ipv4hint) {
      while (value.left > 0) hints.push(toIpv4Text(data.bytes, value.take(4)));
    } else if (key === PARAMETER.ipv6hint) {
      while (value.left > 0) hints.push(toIpv6Text(data.bytes, value.take(16)));
    }
  }
  return { value: target, service: { priority, target, alpn, port, hints, ech } };
}

/** SvcParamKeys (RFC 9460 §14.3.2; ech: RFC 9848). */
const PARAMETER = { alpn: 1, port: 3, ipv4hint: 4, ech: 5, ipv6hint: 6 } as const;

/** EDNS options (RFC 6891 §6.1.2): client subnets, cookies, and what vendors put there to tell devices apart. */
function options(data: RecordData, cursor: Cursor): void {
  while (cursor.left > 0) {
    const code = cursor.uint(2);
    const length = cursor.uint(2);
    const at = cursor.take(length);
    if (length > 0) addPart(data, { path: `option[${code}]`, at, length, form: "binary" });
  }
}

interface Piece {
  readonly path: string;
  readonly at: number;
  readonly length: number;
  readonly form: Part["form"];
}

function addPart(data: RecordData, { path, at, length, form }: Piece): void {
  if (data.part === undefined) return;
  const bytes = data.bytes.subarray(at, at + length);
  data.part({ path: `${data.path}.${path}`, bytes, offset: at, form });
}
