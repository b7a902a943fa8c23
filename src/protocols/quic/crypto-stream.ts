/**
 * The handshake of one sender: CRYPTO data of several frames and packets, in any order, put
 * together and cut into handshake messages.
 *
 * Source: RFC 9000 §7.5 and §19.6, RFC 9001 §4.1.3.
 *
 * @module
 */
import { uint8, uint16 } from "../../bytes/uint.ts";
import { MAX_QUIC_CRYPTO_BYTES } from "../../limits.ts";
import { HANDSHAKE_HEADER_BYTES } from "../tls/handshake.ts";
import type { HandshakeBody } from "../tls/messages.ts";
import { SparseBuffer } from "../tls/sparse-buffer.ts";

/** Handshake data of one sender. What was read is let go of, so that a flow that lives on costs little. */
export class CryptoStream {
  #data: SparseBuffer = new SparseBuffer(MAX_QUIC_CRYPTO_BYTES);
  /** Offset in the handshake at which `data` begins. */
  #base = 0;
  /** Offset in `data` of the first message that was not yet taken. */
  #at = 0;
  /** Offset in what the side sent of the first packet that holds a piece of it; undefined while none came. */
  #start: number | undefined = undefined;

  /**
   * Takes `bytes[from, to)` at `offset` of the handshake, sent in a packet at `place` of what the side sent.
   *
   * @returns Whether it was taken; not where it goes over the limits.
   */
  write(
    offset: number,
    bytes: Uint8Array,
    data: { readonly from: number; readonly to: number },
    place: number,
  ): boolean {
    const known = Math.max(0, this.#base - offset); // read before, and sent again
    const from = data.from + known;
    if (from >= data.to) return true;
    const at = offset + known - this.#base;
    if (at + (data.to - from) > this.#at) this.#start ??= place;
    return this.#data.write(at, bytes, from, data.to);
  }

  /** The next message that is whole, with the place where it begins; undefined while there is none. */
  take(): { readonly body: HandshakeBody; readonly start: number } | undefined {
    const { bytes, filled, extent } = this.#data;
    const from = this.#at + HANDSHAKE_HEADER_BYTES;
    if (from > filled) return undefined;
    const end = from + uint8(bytes, this.#at + 1) * 65536 + uint16(bytes, this.#at + 2);
    if (end > filled) return undefined;
    const body = { type: uint8(bytes, this.#at), bytes, start: from, end };
    const start = this.#start ?? 0;
    this.#at = end;
    if (end === extent) {
      this.#data = new SparseBuffer(MAX_QUIC_CRYPTO_BYTES);
      this.#base += end;
      this.#at = 0;
      this.#start = undefined;
    }
    return { body, start };
  }
}
