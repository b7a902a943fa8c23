/**
 * QUIC in one UDP flow: cuts datagrams into packets, opens the Initials, and says what becomes of
 * each byte. Packets with a short header, nearly all of the traffic, cost a comparison each.
 *
 * Sources: RFC 9000 §12.2 (coalesced packets), §17; RFC 9443 §3 (other protocols on the same ports).
 *
 * @module
 */
import { Malformed } from "../../bytes/cursor.ts";
import { toHex } from "../../bytes/hex.ts";
import { uint8, uint32 } from "../../bytes/uint.ts";
import type { Chunk, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { ByteClass } from "../../ledger.ts";
import { MAX_QUIC_CRYPTO_BYTES } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import type { FlowDissector, Opening } from "../dissector.ts";
import type { QuicMessage, TlsClientHello } from "../message.ts";
import { emitHandshake, reportAnomaly } from "../tls/messages.ts";
import type { HandshakeContext, HandshakePlace } from "../tls/messages.ts";
import type { QuicConnection } from "./connection.ts";
import { ConnectionTable } from "./connection-table.ts";
import type { LongPacket, OpenedInitial } from "./connection-table.ts";
import { readFrames } from "./frames.ts";
import { FIXED_BIT, isPublicHeader, LONG_BIT, readLongHeader } from "./header.ts";
import type { LongHeader } from "./header.ts";
import { isUnreadVersion } from "./version.ts";

export class QuicFlow implements FlowDissector {
  readonly #context: HandshakeContext;
  readonly #table: ConnectionTable;
  /** Class of packets with a short header: encrypted, unless only versions were seen that are not read. */
  #shortClass: ByteClass = BYTE_CLASS.encrypted;
  #encrypted = false;
  /** Destination id of the latest long header. */
  #lastDcid = "";

  constructor({ flow, out }: Opening, platform: Platform) {
    this.#context = { flow, out, platform, transport: "quic" };
    this.#table = new ConnectionTable(platform, (connection) => this.#tell(connection));
  }

  get encrypted(): boolean {
    return this.#encrypted;
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end } = chunk;
    this.#encrypted = true;
    let at = start;
    while (at < end) {
      const first = uint8(bytes, at);
      if ((first & LONG_BIT) === 0) {
        this.#readShort(side, chunk, at, first);
        return;
      }
      at = this.#readLong(side, chunk, at);
    }
  }

  gap(): void {
    // Datagrams stand alone; what is lost shows as a handshake that never becomes whole.
  }

  close(): void {
    // The other side may go on: connections are told of at the end.
  }

  end(): void {
    for (const connection of this.#table.all) this.#tell(connection);
  }

  /** A packet with a short header takes the rest of its datagram. */
  #readShort(side: Side, chunk: Chunk, at: number, first: number): void {
    const { bytes, end } = chunk;
    if (at === chunk.start && (first & FIXED_BIT) !== 0) {
      this.#count(side, this.#shortClass, end - at); // nearly all of the traffic
    } else if (at > chunk.start && isZero(bytes, at, end))
      this.#count(side, BYTE_CLASS.read, end - at);
    else if (at === chunk.start && isStun(bytes, at, end)) {
      this.#count(side, BYTE_CLASS.opaque, end - at);
    } else if (at === chunk.start && isPublicHeader(bytes, at, end)) {
      const header: LongHeader = {
        type: "unread",
        version: uint32(bytes, at + 9),
        dcid: "",
        scid: "",
        body: at,
        end,
      };
      this.#readUnread({ side, chunk, header, start: at });
    } else if (at > chunk.start && (first & FIXED_BIT) === 0 && !this.#isCoalesced(chunk, at)) {
      this.#count(side, BYTE_CLASS.opaque, end - at);
    } else this.#count(side, this.#shortClass, end - at);
  }

  /**
   * Whether what follows a packet has its destination id, as coalesced packets must (RFC 9000
   * §12.2); the fixed bit may be cleared where peers agreed on it (RFC 9287 §3).
   */
  #isCoalesced({ bytes, end }: Chunk, at: number): boolean {
    const length = this.#lastDcid.length / 2;
    return at + 1 + length <= end && toHex(bytes, at + 1, at + 1 + length) === this.#lastDcid;
  }

  /** @returns Where the next packet of the datagram begins. */
  #readLong(side: Side, chunk: Chunk, at: number): number {
    const { bytes, end } = chunk;
    const header = readLongHeader(bytes, at, end);
    if (header instanceof Malformed) {
      this.#report(chunk, at, "quic-header-malformed", header.message);
      this.#count(side, BYTE_CLASS.malformed, end - at);
      return end;
    }
    this.#lastDcid = header.dcid;
    const packet = { side, chunk, header, start: at };
    if (header.end > end) {
      if (!chunk.missing) {
        const reason = `packet of ${header.end - at} bytes, of which the datagram has ${end - at}`;
        this.#report(chunk, at, "quic-packet-cut-short", reason);
      }
      const initial = header.type === "initial";
      const fromClient = side === this.#context.flow.originator;
      if (initial && fromClient && chunk.missing) this.#table.noteCutInitial(packet);
      else this.#table.of(packet);
      this.#count(side, initial ? BYTE_CLASS.incomplete : BYTE_CLASS.encrypted, end - at);
      return end;
    }
    switch (header.type) {
      case "unread":
        if (isForeign(bytes, at, header)) this.#count(side, BYTE_CLASS.opaque, end - at);
        else this.#readUnread(packet);
        break;
      case "version-negotiation":
        this.#count(side, BYTE_CLASS.read, end - at);
        break;
      case "retry":
        this.#readRetry(packet);
        break;
      case "initial":
        this.#readInitial(packet);
        break;
      default:
        this.#table.of(packet);
        this.#count(side, BYTE_CLASS.encrypted, header.end - at);
    }
    return header.end;
  }

  #readUnread(packet: LongPacket): void {
    const { side, header, start } = packet;
    const known = this.#table.all.some((one) => !one.evidence.unread);
    if (header.dcid === "" && header.scid === "" && this.#table.all.length > 0 && !known) {
      this.#table.all[0]?.note(header); // Google's older headers: ids are not read, one connection a flow.
    } else this.#table.of(packet).evidence.unread = true;
    if (!known) this.#shortClass = BYTE_CLASS.unsupported;
    this.#count(side, BYTE_CLASS.unsupported, header.end - start);
  }

  /** RFC 9001 §5.2: after a Retry the keys follow from the id that the server chose. */
  #readRetry(packet: LongPacket): void {
    const { side, header, start } = packet;
    const connection =
      this.#table.find(header) ?? this.#table.all.findLast((one) => one.client !== undefined);
    if (connection !== undefined && connection.client !== side) {
      connection.note(header);
      connection.addKeyId(header.scid);
    } else if (connection === undefined) this.#table.of(packet);
    this.#count(side, BYTE_CLASS.read, header.end - start);
  }

  #readInitial(packet: LongPacket): void {
    const { side, header, start } = packet;
    const opened = this.#table.open(packet);
    this.#shortClass = BYTE_CLASS.encrypted;
    if (opened === undefined) {
      this.#table.of(packet).evidence.sealed = true;
      this.#count(side, BYTE_CLASS.encrypted, header.end - start);
      return;
    }
    this.#count(side, BYTE_CLASS.read, header.end - start);
    this.#readHandshake(packet, opened);
  }

  #readHandshake(packet: LongPacket, { connection, role, payload }: OpenedInitial): void {
    const { chunk, start } = packet;
    const stream = connection.streams[role];
    const place = chunk.offset + (start - chunk.start);
    const problem = readFrames(payload, (offset, from, to) => {
      if (connection.spoilt || stream.write(offset, payload, { from, to }, place)) return;
      connection.spoilt = true;
      const reason = `CRYPTO data at ${offset}: more than ${MAX_QUIC_CRYPTO_BYTES} bytes, or too many pieces`;
      this.#report(chunk, start, "quic-crypto-too-long", reason);
    });
    if (problem !== undefined) {
      this.#report(chunk, start, "quic-frame-malformed", problem.message);
    }
    for (let message = stream.take(); message !== undefined; message = stream.take()) {
      const where = toPlace(packet, message.start);
      const result = emitHandshake(this.#context, message.body, where);
      if (result.kind !== "client_hello" || role !== "client") continue;
      this.#tell(connection, result.message);
    }
  }

  /** Gives a connection's message, once. */
  #tell(connection: QuicConnection, hello?: TlsClientHello): void {
    if (connection.told) return;
    connection.told = true;
    const { flow } = this.#context;
    const { first, versions } = connection;
    const { side, input, frame, ts, start, end } = hello ?? first;
    const message: QuicMessage = {
      kind: "quic",
      flow,
      side,
      input,
      frame,
      ts,
      start,
      end,
      parts: [],
      versions: [...versions],
      serverName: hello?.serverName ?? null,
      alpn: hello?.alpn ?? [],
      ja4: hello?.ja4 ?? null,
      clientHello: hello === undefined ? this.#whyUnread(connection) : "read",
    };
    this.#context.out.message(message);
  }

  #whyUnread({ evidence, client, first }: QuicConnection): QuicMessage["clientHello"] {
    if (evidence.unread) return "unsupported-version";
    // What only the server sent cannot be opened, since the client's first id is not known.
    const fromClient = first.side === this.#context.flow.originator;
    return evidence.sealed && client === undefined && fromClient ? "undecryptable" : "not-captured";
  }

  #count(side: Side, byteClass: ByteClass, bytes: number): void {
    if (byteClass !== BYTE_CLASS.encrypted) this.#encrypted = false;
    this.#context.out.count(side, byteClass, bytes);
  }

  #report(chunk: Chunk, at: number, name: string, reason: string): void {
    const { input, frame, offset, start } = chunk;
    reportAnomaly(this.#context, { input, frame, offset: offset + (at - start) }, name, reason);
  }
}

/** A message that ends in `packet`. What it says is encrypted on the wire, though anybody can read it. */
function toPlace({ side, chunk, header }: LongPacket, start: number): HandshakePlace {
  const { input, frame, ts, offset } = chunk;
  const end = offset + (header.end - chunk.start);
  return { side, input, frame, ts, start, end, streamOffset: () => -1 };
}

function isZero(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (uint8(bytes, at) !== 0) return false;
  return true;
}

/** RTP and others share the long form's first bit, but not the fixed one (RFC 9443 §3). */
function isForeign(bytes: Uint8Array, at: number, { version }: LongHeader): boolean {
  return (uint8(bytes, at) & FIXED_BIT) === 0 && !isUnreadVersion(version);
}

/** STUN by its magic cookie (RFC 8489 §5). */
function isStun(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 20 && uint8(bytes, at) < 4 && uint32(bytes, at + 4) === 0x2112a442;
}
