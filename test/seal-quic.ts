/**
 * Initial packets of QUIC made for tests with node:crypto, apart from the code under test.
 *
 * Sources: RFC 9001 §5, RFC 9369 §3.
 *
 * @module
 */
import { createCipheriv, createHmac } from "node:crypto";

/** Packet protection of one sender. */
export interface SealingKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly hp: Uint8Array;
}

const SALTS: Readonly<Record<number, string>> = {
  0x00000001: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a",
  0x6b3343cf: "0dede3def700a6db819381be6e269dcbf9bd2ed9",
};

/** Keys of Initials by the version, the client's first destination id and the sender. */
export function sealingKeys(
  version: number,
  dcid: Uint8Array,
  sender: "client" | "server",
): SealingKeys {
  const prefix = version === 1 ? "quic" : "quicv2";
  const initial = hmac(Buffer.from(SALTS[version] ?? "", "hex"), dcid);
  const secret = expandLabel(initial, `${sender} in`, 32);
  return {
    key: expandLabel(secret, `${prefix} key`, 16),
    iv: expandLabel(secret, `${prefix} iv`, 12),
    hp: expandLabel(secret, `${prefix} hp`, 16),
  };
}

/** Protects a packet: `header` ends with the packet number. */
export function sealPacket(
  keys: SealingKeys,
  header: Uint8Array,
  packetNumber: number,
  payload: Uint8Array,
): Uint8Array {
  const nonce = Buffer.from(keys.iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ packetNumber) >>> 0, 8);
  const cipher = createCipheriv("aes-128-gcm", keys.key, nonce);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const packet = Buffer.concat([header, sealed]);
  const numberBytes = ((header[0] ?? 0) & 3) + 1;
  const numberAt = header.length - numberBytes;
  const block = createCipheriv("aes-128-ecb", keys.hp, null);
  const mask = block.update(packet.subarray(numberAt + 4, numberAt + 20));
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < numberBytes; i++) {
    packet[numberAt + i] = (packet[numberAt + i] ?? 0) ^ (mask[i + 1] ?? 0);
  }
  return packet;
}

/** An Initial of version 1 or 2. */
export interface InitialFields {
  readonly version: number;
  readonly dcid: Uint8Array;
  readonly scid: Uint8Array;
  readonly packetNumber: number;
  readonly payload: Uint8Array;
  readonly token?: Uint8Array;
}

/** Makes a whole Initial with a packet number of two bytes. */
export function sealInitial(keys: SealingKeys, fields: InitialFields): Uint8Array {
  const { version, dcid, scid, packetNumber, payload, token = new Uint8Array(0) } = fields;
  const first = version === 1 ? 0xc1 : 0xd1;
  const length = 2 + payload.length + 16;
  const header = Buffer.concat([
    longHeader(first, version, dcid, scid),
    Uint8Array.of(token.length),
    token,
    Uint8Array.of(0x40 | (length >> 8), length & 255),
    Uint8Array.of(packetNumber >> 8, packetNumber & 255),
  ]);
  return sealPacket(keys, header, packetNumber, payload);
}

/** First byte, version and both ids. */
export function longHeader(
  first: number,
  version: number,
  dcid: Uint8Array,
  scid: Uint8Array,
): Uint8Array {
  const head = Buffer.alloc(5);
  head[0] = first;
  head.writeUInt32BE(version, 1);
  return Buffer.concat([head, [dcid.length], dcid, [scid.length], scid].map((b) => Buffer.from(b)));
}

/** A CRYPTO frame (RFC 9000 §19.6). */
export function cryptoFrame(offset: number, data: Uint8Array): Uint8Array {
  const numbers = [
    0x06,
    0x40 | (offset >> 8),
    offset & 255,
    0x40 | (data.length >> 8),
    data.length & 255,
  ];
  return Buffer.concat([Uint8Array.from(numbers), data]);
}

/** HKDF-Expand-Label for at most 32 bytes: one block (RFC 5869 §2.3). */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Uint8Array.of(0, length, full.length), full, Uint8Array.of(0, 1)]);
  return hmac(secret, info).subarray(0, length);
}

function hmac(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac("sha256", key).update(bytes).digest();
}
