/**
 * DTLS over datagrams: records, and handshake messages put together from their fragments.
 *
 *     handshake: msg_type 1, length 3, message_seq 2, fragment_offset 3, fragment_length 3
 *
 * Sources: RFC 6347 §4.2.2 and §4.2.3, RFC 9147 §5.2; RFC 7983 (other protocols on the same ports).
 *
 * @module
 */
import { toHex } from "../../bytes/hex.ts";
import { uint8, uint16 } from "../../bytes/uint.ts";
import type { Chunk, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { ByteClass } from "../../ledger.ts";
import {
  MAX_DTLS_PENDING_MESSAGES,
  MAX_SPARSE_RANGES,
  MAX_TLS_HANDSHAKE_BYTES,
} from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import type { FlowDissector, Opening } from "../dissector.ts";
import { CONTENT, HANDSHAKE, isNullCipher } from "./codes.ts";
import { DTLS_HEADER_BYTES, readDtlsRecord } from "./dtls-record.ts";
import type { DtlsRecord } from "./dtls-record.ts";
import { emitAlert, emitHandshake, isReadHandshake, reportAnomaly } from "./messages.ts";
import type { HandshakeContext, HandshakePlace, HandshakeResult } from "./messages.ts";
import { SparseBuffer } from "./sparse-buffer.ts";

/** Bytes of a handshake fragment's header. */
const FRAGMENT_HEADER_BYTES = 12;
/** Version and random: what tells a hello sent again from a new one. */
const HELLO_MARK_BYTES = 34;

/** A handshake message of which fragments came. */
interface PendingMessage {
  readonly type: number;
  readonly length: number;
  readonly body: SparseBuffer;
  /** Payload bytes that await its end, and the offset of the first fragment's datagram in what the side sent. */
  bytes: number;
  readonly start: number;
}

interface SideState {
  readonly pending: Map<number, PendingMessage>;
  /** Messages already read, by message_seq, with their first bytes. */
  readonly done: Map<number, string>;
}

/** Reads one DTLS association after another on the same addresses. */
export class DtlsFlow implements FlowDissector {
  readonly #context: HandshakeContext;
  readonly #sides: readonly [SideState, SideState] = [newSide(), newSide()];
  readonly #record: DtlsRecord = { kind: "none", type: 0, epoch: 0, body: 0, end: 0 };
  #cipher: number | undefined = undefined;
  #encrypted = false;

  constructor({ flow, out }: Opening, platform: Platform) {
    this.#context = { flow, out, platform, transport: "dtls" };
  }

  get encrypted(): boolean {
    return this.#encrypted;
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end } = chunk;
    const record = this.#record;
    this.#encrypted = true;
    for (let at = start; at < end;) {
      readDtlsRecord(bytes, at, end, record);
      switch (record.kind) {
        case "record":
          this.#readRecord(side, chunk, at);
          break;
        case "ciphertext":
          this.#count(side, BYTE_CLASS.encrypted, record.end - at);
          break;
        case "cut-short":
          if (!chunk.missing) {
            this.#report(chunk, at, "dtls-record-cut-short", "record longer than its datagram");
          }
          this.#count(side, BYTE_CLASS.incomplete, end - at);
          record.end = end;
          break;
        case "none": // STUN, RTP, … share the ports (RFC 7983 §7).
          this.#count(side, at === start ? BYTE_CLASS.opaque : BYTE_CLASS.malformed, end - at);
          if (at > start) this.#report(chunk, at, "dtls-record-malformed", "no DTLS record here");
          record.end = end;
          break;
      }
      at = record.end;
    }
  }

  gap(): void {
    // Datagrams stand alone; a lost one shows as a message that never becomes whole.
  }

  close(): void {
    // The other fragments may still come: accounts are settled at the end.
  }

  end(): void {
    this.#drop(0);
    this.#drop(1);
  }

  #readRecord(side: Side, chunk: Chunk, at: number): void {
    const { type, epoch, body, end } = this.#record;
    if (epoch > 0) {
      const readable = this.#cipher !== undefined && isNullCipher(this.#cipher);
      this.#count(side, readable ? BYTE_CLASS.read : BYTE_CLASS.encrypted, end - at);
    } else if (type === CONTENT.handshake) this.#readFragments(side, chunk, at);
    else {
      this.#count(side, BYTE_CLASS.read, end - at);
      if (type !== CONTENT.alert || end - body < 2) return;
      const place = toPlace(side, chunk, { from: at, to: end, start: undefined, body });
      emitAlert(this.#context, place, uint8(chunk.bytes, body), uint8(chunk.bytes, body + 1));
    }
  }

  /** The fragments of the record at `at`; its header counts with the first. */
  #readFragments(side: Side, chunk: Chunk, at: number): void {
    const { body, end } = this.#record;
    let header = DTLS_HEADER_BYTES;
    let from = body;
    while (from < end) {
      const length = end - from < FRAGMENT_HEADER_BYTES ? 0 : uint24(chunk.bytes, from + 9);
      const to = from + FRAGMENT_HEADER_BYTES + length;
      if (to > end || uint24(chunk.bytes, from + 6) + length > uint24(chunk.bytes, from + 1)) {
        this.#report(
          chunk,
          from,
          "dtls-handshake-malformed",
          "fragment longer than its record or message",
        );
        this.#count(side, BYTE_CLASS.malformed, end - from + header);
        return;
      }
      this.#count(
        side,
        this.#readFragment(side, chunk, { at, from, to, header }),
        to - from + header,
      );
      header = 0;
      from = to;
    }
    if (header > 0) this.#count(side, BYTE_CLASS.read, end - at); // an empty record
  }

  /**
   * One fragment: `[from, to)` in a record at `at`, counted with `header` bytes of it.
   *
   * @returns The class of its bytes; undefined where a message that is not whole holds them.
   */
  #readFragment(
    side: Side,
    chunk: Chunk,
    where: { at: number; from: number; to: number; header: number },
  ): ByteClass | undefined {
    const { bytes } = chunk;
    const type = uint8(bytes, where.from);
    const length = uint24(bytes, where.from + 1);
    if (!isReadHandshake(type)) return BYTE_CLASS.read;
    if (length > MAX_TLS_HANDSHAKE_BYTES) return BYTE_CLASS.unsupported;
    const key = uint16(bytes, where.from + 4);
    if (this.#isRepeated(side, type, bytes, where)) return BYTE_CLASS.duplicate;
    const { pending, done } = this.#sides[side];
    let message = pending.get(key);
    if (message?.type !== type || message.length !== length) {
      if (message !== undefined) this.#count(side, BYTE_CLASS.incomplete, message.bytes);
      else if (pending.size >= MAX_DTLS_PENDING_MESSAGES) this.#drop(side);
      const start = chunk.offset + (where.at - chunk.start);
      message = { type, length, body: new SparseBuffer(length), bytes: 0, start };
      pending.set(key, message);
    }
    const body = where.from + FRAGMENT_HEADER_BYTES;
    if (!message.body.write(uint24(bytes, where.from + 6), bytes, body, where.to)) {
      this.#report(
        chunk,
        where.from,
        "dtls-handshake-too-scattered",
        `more than ${MAX_SPARSE_RANGES} pieces`,
      );
      return BYTE_CLASS.unsupported;
    }
    message.bytes += where.to - where.from + where.header;
    if (message.body.filled < length) return undefined;
    pending.delete(key);
    if (done.size >= MAX_DTLS_PENDING_MESSAGES) done.clear();
    done.set(key, toHex(message.body.bytes, 0, Math.min(length, HELLO_MARK_BYTES)));
    const place = toPlace(side, chunk, {
      from: where.at,
      to: where.to,
      start: message.start,
      body,
    });
    const result = emitHandshake(
      this.#context,
      { type, bytes: message.body.bytes, start: 0, end: length },
      place,
    );
    this.#learn(result);
    const earlier = message.bytes - (where.to - where.from + where.header);
    const byteClass = result.kind === "malformed" ? BYTE_CLASS.malformed : BYTE_CLASS.read;
    this.#count(side, byteClass, earlier);
    return byteClass;
  }

  #learn(result: HandshakeResult): void {
    if (result.kind === "server_hello") this.#cipher = result.message.cipher;
  }

  /** Whether a message already read comes again; a new hello under the same number begins a new association. */
  #isRepeated(
    side: Side,
    type: number,
    bytes: Uint8Array,
    { from, to }: { readonly from: number; readonly to: number },
  ): boolean {
    const state = this.#sides[side];
    const known = state.done.get(uint16(bytes, from + 4));
    if (known === undefined) return false;
    const body = from + FRAGMENT_HEADER_BYTES;
    if (uint24(bytes, from + 6) > 0) return true;
    const mark = toHex(bytes, body, Math.min(to, body + HELLO_MARK_BYTES));
    if (known.startsWith(mark)) return true;
    if (type === HANDSHAKE.clientHello) {
      this.#sides[0].done.clear();
      this.#sides[1].done.clear();
    } else state.done.delete(uint16(bytes, from + 4));
    return false;
  }

  #drop(side: Side): void {
    const { pending } = this.#sides[side];
    for (const message of pending.values()) this.#count(side, BYTE_CLASS.incomplete, message.bytes);
    pending.clear();
  }

  #count(side: Side, byteClass: ByteClass | undefined, bytes: number): void {
    if (byteClass !== BYTE_CLASS.encrypted) this.#encrypted = false;
    if (byteClass !== undefined && bytes > 0) this.#context.out.count(side, byteClass, bytes);
  }

  #report(chunk: Chunk, at: number, name: string, reason: string): void {
    const { input, frame, offset, start } = chunk;
    reportAnomaly(this.#context, { input, frame, offset: offset + (at - start) }, name, reason);
  }
}

function newSide(): SideState {
  return { pending: new Map(), done: new Map() };
}

/** A message that ends at `to` in the chunk and begins at `from`, or at `start` in what the side sent. */
function toPlace(
  side: Side,
  chunk: Chunk,
  at: { from: number; to: number; start: number | undefined; body: number },
): HandshakePlace {
  const { input, frame, ts } = chunk;
  const base = chunk.offset - chunk.start;
  const first = base + at.from;
  const start = at.start ?? first;
  // In one fragment the body stands as it is; in several it was put together.
  const streamOffset = (i: number): number => (start === first ? base + at.body + i : -1);
  return { side, input, frame, ts, start, end: base + at.to, streamOffset };
}

/** Big-endian 24-bit unsigned integer; the caller has checked the bounds. */
function uint24(bytes: Uint8Array, at: number): number {
  return uint8(bytes, at) * 65536 + uint16(bytes, at + 1);
}
