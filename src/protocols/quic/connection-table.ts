/**
 * The QUIC connections of one flow, and to which of them a packet belongs. One pair of addresses
 * and ports can carry several, one after another or at once.
 *
 * Source: RFC 9000 §5.2 (matching packets to connections), §7.2 (how the ids are chosen).
 *
 * @module
 */
import type { Chunk, Side } from "../../flows/flow.ts";
import { MAX_QUIC_CONNECTIONS, MAX_QUIC_CONNECTIONS_TRIED } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import { QuicConnection } from "./connection.ts";
import type { Role } from "./connection.ts";
import type { LongHeader } from "./header.ts";

/** A packet with a long header, in its datagram. */
export interface LongPacket {
  readonly side: Side;
  readonly chunk: Chunk;
  readonly header: LongHeader;
  /** Offset of its first byte in the chunk's bytes. */
  readonly start: number;
}

/** An Initial that was opened. */
export interface OpenedInitial {
  readonly connection: QuicConnection;
  readonly role: Role;
  readonly payload: Uint8Array;
}

export class ConnectionTable {
  readonly #platform: Platform;
  readonly #forgotten: (connection: QuicConnection) => void;
  /** The latest last. */
  #connections: QuicConnection[] = [];

  /** @param forgotten Takes a connection for which there is no more room. */
  constructor(platform: Platform, forgotten: (connection: QuicConnection) => void) {
    this.#platform = platform;
    this.#forgotten = forgotten;
  }

  get all(): readonly QuicConnection[] {
    return this.#connections;
  }

  /**
   * The connection of a packet that is not opened; a new one where none matches. Only Initials
   * begin connections: other packets under an unknown id go to the latest one, whose peers may
   * have agreed on new ids in packets that are encrypted (RFC 9000 §5.1.1).
   */
  of(packet: LongPacket): QuicConnection {
    const { header } = packet;
    const connection = this.find(header) ?? this.#latestOf(header) ?? this.#add(packet);
    connection.note(header);
    return connection;
  }

  /**
   * A client's Initial that cannot be opened, since the capture cut it off: its own id still gives the
   * keys (RFC 9001 §5.2), which the server's answer will prove.
   */
  noteCutInitial(packet: LongPacket): void {
    const connection = this.of(packet);
    if (connection.client !== undefined || packet.header.dcid.length < MIN_FIRST_ID_DIGITS) return;
    connection.client = packet.side;
    connection.addKeyId(packet.header.dcid);
  }

  /** The connection that has one of the header's ids, the destination first. */
  find({ dcid, scid }: LongHeader): QuicConnection | undefined {
    return (
      this.#connections.findLast((connection) => connection.has(dcid)) ??
      this.#connections.findLast((connection) => connection.has(scid))
    );
  }

  /** Opens an Initial with whatever keys may fit; undefined where none does. */
  open(packet: LongPacket): OpenedInitial | undefined {
    const known = this.#connections.findLast((one) => one.has(packet.header.dcid));
    let opened = known && this.#openIn(known, packet);
    // A client's first packet has an id (RFC 9000 §7.2: of 8 bytes at least), and trying costs.
    if (packet.header.dcid === "") opened ??= this.#openInOthers(packet, known);
    opened ??= this.#openNew(packet) ?? this.#openInOthers(packet, known);
    opened?.connection.note(packet.header);
    return opened;
  }

  #latestOf({ type, version }: LongHeader): QuicConnection | undefined {
    if (type !== "handshake" && type !== "0-rtt") return undefined;
    return this.#connections.findLast((connection) => connection.versions.includes(version));
  }

  #openIn(connection: QuicConnection, packet: LongPacket): OpenedInitial | undefined {
    if (connection.client === undefined) return undefined;
    const role = packet.side === connection.client ? "client" : "server";
    const payload = connection.open(this.#platform, role, packet.header, toRange(packet));
    return payload && { connection, role, payload };
  }

  /** A client's first Initial, also the first after a Retry that was not seen: its own id gives the keys. */
  #openNew(packet: LongPacket): OpenedInitial | undefined {
    const { header, side, chunk } = packet;
    const range = toRange(packet);
    const fresh = new QuicConnection(side, chunk, range);
    fresh.addKeyId(header.dcid);
    const payload = fresh.open(this.#platform, "client", header, range);
    if (payload === undefined) return undefined;
    fresh.client = side;
    const earlier = this.#connections.findLast((one) => isEarlier(one, header, side));
    if (earlier === undefined) {
      this.#keep(fresh);
      return { connection: fresh, role: "client", payload };
    }
    earlier.client = side;
    earlier.addKeyId(header.dcid);
    return { connection: earlier, role: "client", payload };
  }

  /** Servers answer to ids of length zero, and clients change to an id that only the answer names. */
  #openInOthers(packet: LongPacket, known: QuicConnection | undefined): OpenedInitial | undefined {
    let tried = 0;
    for (let i = this.#connections.length - 1; i >= 0; i--) {
      const connection = this.#connections[i];
      if (connection === undefined || connection === known) continue;
      if (++tried > MAX_QUIC_CONNECTIONS_TRIED) return undefined;
      const opened = this.#openIn(connection, packet);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  #add({ side, chunk, start, header }: LongPacket): QuicConnection {
    const { body, end } = header;
    return this.#keep(new QuicConnection(side, chunk, { start, body, end }));
  }

  #keep(connection: QuicConnection): QuicConnection {
    const oldest = this.#connections[0];
    if (this.#connections.length >= MAX_QUIC_CONNECTIONS && oldest !== undefined) {
      this.#connections.shift();
      this.#forgotten(oldest);
    }
    this.#connections.push(connection);
    return connection;
  }
}

/** Hexadecimal digits of the shortest id to which a client's first packet goes (RFC 9000 §7.2). */
const MIN_FIRST_ID_DIGITS = 16;

/** Whether `connection` is the one that a client's Initial with ids of its own goes on with. */
function isEarlier(connection: QuicConnection, header: LongHeader, side: Side): boolean {
  if (!connection.versions.every((version) => version === header.version)) return false;
  if (connection.client === undefined)
    return connection.has(header.dcid) || connection.has(header.scid);
  return connection.client === side && connection.has(header.scid);
}

function toRange({ chunk, start, header }: LongPacket) {
  return { bytes: chunk.bytes, start, body: header.body, end: header.end };
}
