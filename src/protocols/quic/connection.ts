/**
 * One QUIC connection, as far as a passive observer can tell connections apart.
 *
 * @module
 */
import { fromHex } from "../../bytes/hex.ts";
import type { Chunk, Side } from "../../flows/flow.ts";
import { MAX_QUIC_CONNECTION_IDS } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import { CryptoStream } from "./crypto-stream.ts";
import type { LongHeader } from "./header.ts";
import { deriveInitialKeys } from "./initial-keys.ts";
import type { InitialKeys } from "./initial-keys.ts";
import { openPacket } from "./packet-protection.ts";
import type { PacketRange } from "./packet-protection.ts";
import { findVersion } from "./version.ts";

/** Who speaks. */
export type Role = "client" | "server";

/** Where the connection was first seen. */
export interface FirstSeen {
  readonly side: Side;
  readonly input: number;
  readonly frame: number;
  readonly ts: number;
  readonly start: number;
  readonly end: number;
}

/** Why a ClientHello was not read. */
export interface Evidence {
  /** An Initial came that no key opens. */
  sealed: boolean;
  /** A version came that is not read. */
  unread: boolean;
}

export class QuicConnection {
  readonly first: FirstSeen;
  readonly versions: number[] = [];
  readonly evidence: Evidence = { sealed: false, unread: false };
  readonly streams: Readonly<Record<Role, CryptoStream>> = {
    client: new CryptoStream(),
    server: new CryptoStream(),
  };
  /** The side that opened the connection, once an Initial of it was opened. */
  client: Side | undefined = undefined;
  /** Whether the connection's message was given. */
  told = false;
  /** Set once a handshake's data are broken or too many: nothing more is put together. */
  spoilt = false;
  readonly #ids: Set<string> = new Set();
  /** Destination ids from which the client's keys follow, the latest first (a Retry gives a new one). */
  readonly #keyIds: string[] = [];
  readonly #keys: Map<string, InitialKeys> = new Map();
  readonly #largest: Record<Role, number> = { client: -1, server: -1 };

  constructor(side: Side, chunk: Chunk, packet: PacketRange) {
    const { input, frame, ts } = chunk;
    const base = chunk.offset - chunk.start;
    const [start, end] = [base + packet.start, base + Math.min(packet.end, chunk.end)];
    this.first = { side, input, frame, ts, start, end };
  }

  /** Whether one of its peers goes by `id`. */
  has(id: string): boolean {
    return id !== "" && this.#ids.has(id);
  }

  /** Remembers what a header of this connection tells. */
  note({ version, dcid, scid }: LongHeader): void {
    if (!this.versions.includes(version)) this.versions.push(version);
    for (const id of [dcid, scid]) {
      if (id !== "" && this.#ids.size < MAX_QUIC_CONNECTION_IDS) this.#ids.add(id);
    }
  }

  /** From now on the client's keys follow from `id`; older ones still count. */
  addKeyId(id: string): void {
    if (this.#keyIds.includes(id)) return;
    this.#keyIds.unshift(id);
    // Two Retry packets are not allowed (RFC 9000 §17.2.5.2).
    this.#keyIds.length = Math.min(this.#keyIds.length, 3);
  }

  /** Opens an Initial that `role` sent; undefined where none of the connection's keys fits. */
  open(
    platform: Platform,
    role: Role,
    header: LongHeader,
    packet: { readonly bytes: Uint8Array } & PacketRange,
  ): Uint8Array | undefined {
    for (const id of this.#keyIds) {
      const keys = this.#keysOf(platform, header.version, id);
      if (keys === undefined) return undefined;
      const opened = openPacket(platform, keys[role], packet, this.#largest[role]);
      if (opened === undefined) continue;
      this.#largest[role] = Math.max(this.#largest[role], opened.packetNumber);
      return opened.payload;
    }
    return undefined;
  }

  #keysOf(platform: Platform, version: number, id: string): InitialKeys | undefined {
    const name = `${version}-${id}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const read = findVersion(version);
    if (read === undefined) return undefined;
    const keys = deriveInitialKeys(platform, read, fromHex(id));
    if (this.#keys.size >= MAX_KEY_SETS) this.#keys.clear();
    this.#keys.set(name, keys);
    return keys;
  }
}

/** Three ids in two versions (compatible version negotiation, RFC 9368 §2.3). */
const MAX_KEY_SETS = 6;
