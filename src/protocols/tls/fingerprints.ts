/**
 * The fingerprints of a ClientHello, remembered: a device has few TLS libraries, and those say the same
 * in every connection but for what is random.
 *
 * @module
 */
import { REMEMBERED_FINGERPRINTS } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { toJa3 } from "./ja3.ts";
import { toJa4, type Transport } from "./ja4.ts";

/** JA3 and JA4 of one hello. */
export interface Fingerprints {
  readonly ja3: string;
  readonly ja4: string;
}

interface Known extends Fingerprints {
  readonly lists: Uint16Array;
}

/** By a hash of what the fingerprints are made of; of two that meet in one place the later one stays. */
const known: (Known | undefined)[] = new Array<Known | undefined>(REMEMBERED_FINGERPRINTS).fill(
  undefined,
);
/** All numbers that fingerprints are made of, one list behind the other, each with its length before it. */
let lists: Uint16Array = new Uint16Array(256);
let size = 0;

/** Both fingerprints of `hello`, whose ranges point into `bytes`. */
export function toFingerprints(
  hello: ClientHello,
  bytes: Uint8Array,
  transport: Transport,
  platform: Platform,
): Fingerprints {
  gather(hello, bytes, transport);
  let hash = size;
  for (let i = 0; i < size; i++) hash = (Math.imul(hash, 31) + (lists[i] ?? 0)) | 0;
  const place = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (REMEMBERED_FINGERPRINTS - 1);
  const one = known[place];
  if (one !== undefined && isGathered(one.lists)) return one;
  const made = {
    lists: lists.slice(0, size),
    ja3: toJa3(hello, platform),
    ja4: toJa4(hello, bytes, transport, platform),
  };
  known[place] = made;
  return made;
}

function gather(hello: ClientHello, bytes: Uint8Array, transport: Transport): void {
  size = 0;
  add(transport.charCodeAt(0));
  add(hello.version);
  addList(hello.ciphers);
  addList(hello.extensions);
  addList(hello.groups);
  addList(hello.pointFormats);
  addList(hello.signatureAlgorithms);
  addList(hello.supportedVersions);
  const alpn = hello.alpn[0];
  if (alpn === undefined) return;
  add(alpn.end - alpn.start);
  for (let at = alpn.start; at < alpn.end; at++) add(bytes[at] ?? 0);
}

function addList(values: readonly number[]): void {
  add(values.length);
  for (const value of values) add(value);
}

/** Every value is one of 16 bits, as it was sent; a list has no more than its message has bytes. */
function add(value: number): void {
  if (size === lists.length) {
    const longer = new Uint16Array(size * 2);
    longer.set(lists);
    lists = longer;
  }
  lists[size++] = value;
}

function isGathered(one: Uint16Array): boolean {
  if (one.length !== size) return false;
  for (let i = 0; i < size; i++) if (one[i] !== lists[i]) return false;
  return true;
}
