/**
 * Versions of QUIC: which Initial keys they use, and how they number their packets.
 *
 * Sources: RFC 9001 §5.2, RFC 9369 §3, draft-ietf-quic-tls-22 to -34 §5.2, RFC 9000 §15
 * (reserved versions); IANA, QUIC Versions.
 *
 * @module
 */
import { fromHex } from "../../bytes/hex.ts";

/** The packets with a long header (RFC 9000 §17.2). */
export type LongType = "initial" | "0-rtt" | "handshake" | "retry";

/** How Initial packets of a version are read. */
export interface QuicVersion {
  /** Salt of HKDF-Extract. */
  readonly salt: Uint8Array;
  /** Begins the labels "… key", "… iv", "… hp". */
  readonly label: "quic" | "quicv2";
  /** Packet type by the two bits of the first byte. */
  readonly types: readonly [LongType, LongType, LongType, LongType];
}

/** A version that is read, or undefined. */
export function findVersion(version: number): QuicVersion | undefined {
  return VERSIONS.get(version);
}

/** Whether `version` is one that is recognised, though not read. */
export function isUnreadVersion(version: number): boolean {
  return (
    isGoogleVersion(version) ||
    (version & 0x0f0f0f0f) === 0x0a0a0a0a || // reserved to exercise negotiation (RFC 9000 §15)
    (version > 0xff000000 && version < 0xff000016) || // drafts before 22
    version === 0xff020000 || // drafts of version 2
    version === 0x709a50c4
  );
}

/** Google's own QUIC: "Q" or "T" and three digits in ASCII. */
export function isGoogleVersion(version: number): boolean {
  const letter = version >>> 24;
  return (letter === 0x51 || letter === 0x54) && (version & 0xfff0f0) === 0x303030;
}

const TYPES_1 = ["initial", "0-rtt", "handshake", "retry"] as const;
const TYPES_2 = ["retry", "initial", "0-rtt", "handshake"] as const; // RFC 9369 §3.2

const SALT_22 = "7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a";
const SALT_23 = "c3eef712c72ebb5a11a7d2432bb46365bef9f502";
const SALT_29 = "afbfec289993d24c9e9786f19c6111e04390a899";
const SALT_1 = "38762cf7f55934b34d179ae6a4c80cadccbb7f0a"; // RFC 9001 §5.2, from draft 33 on
const SALT_2 = "0dede3def700a6db819381be6e269dcbf9bd2ed9"; // RFC 9369 §3.3.1

const VERSIONS: ReadonlyMap<number, QuicVersion> = new Map([
  [0x00000001, version1(SALT_1)],
  [0x6b3343cf, { salt: fromHex(SALT_2), label: "quicv2", types: TYPES_2 }],
  ...drafts(22, 22, SALT_22),
  ...drafts(23, 28, SALT_23),
  ...drafts(29, 32, SALT_29),
  ...drafts(33, 34, SALT_1),
  // Facebook's mvfst, made after drafts 22 and 27.
  [0xfaceb001, version1(SALT_22)],
  [0xfaceb002, version1(SALT_23)],
]);

function version1(salt: string): QuicVersion {
  return { salt: fromHex(salt), label: "quic", types: TYPES_1 };
}

function drafts(first: number, last: number, salt: string): [number, QuicVersion][] {
  const versions: [number, QuicVersion][] = [];
  for (let draft = first; draft <= last; draft++) {
    versions.push([0xff000000 + draft, version1(salt)]);
  }
  return versions;
}
