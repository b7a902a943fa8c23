/**
 * The coverage ledger: every frame and every byte of every input falls in exactly
 * one class, and the classes sum to the input. Classes are small integers, so that
 * counting costs one addition a packet.
 *
 * @module
 */

/** What became of a frame. */
export const FRAME_CLASS = {
  /** Counted in a flow. */
  flow: 0,
  /** A link-layer protocol that carries no IP (ARP, LLDP, EAPOL, 802.11 management, …). */
  linkOnly: 1,
  /** Headers cut off by the capture's snapshot length. */
  truncated: 2,
  /** Headers that break their grammar. */
  malformed: 3,
  /** A link type that is not read. */
  unsupportedLink: 4,
  /** A network protocol that is not read (unknown EtherType or PPP protocol). */
  unsupportedNetwork: 5,
  /** Encrypted at the link (802.11 protected data). */
  encryptedLink: 6,
} as const;
export type FrameClass = (typeof FRAME_CLASS)[keyof typeof FRAME_CLASS];

/** Names of the frame classes in the report, by number. */
export const FRAME_CLASS_NAMES: readonly string[] = [
  "flow",
  "link-only",
  "truncated",
  "malformed",
  "unsupported-link",
  "unsupported-network",
  "encrypted-link",
];

/** What became of a byte of payload: the bytes above TCP, UDP or, elsewhere, IP. */
export const BYTE_CLASS = {
  /** Read in clear by a dissector. */
  read: 0,
  /** Encrypted, by a protocol that is recognised. */
  encrypted: 1,
  /** Of a protocol that is not recognised; searched as raw bytes. */
  opaque: 2,
  /** Sent again: a retransmission or an overlap, or a fragment that came twice. */
  duplicate: 3,
  /** Broken against the grammar of its protocol. */
  malformed: 4,
  /** Part of a message or datagram of which the rest is missing. */
  incomplete: 5,
  /** Of a recognised protocol, in a version or a form that is not read. */
  unsupported: 6,
} as const;
export type ByteClass = (typeof BYTE_CLASS)[keyof typeof BYTE_CLASS];

/** Names of the byte classes in the report, by number. */
export const BYTE_CLASS_NAMES: readonly string[] = [
  "read",
  "encrypted",
  "opaque",
  "duplicate",
  "malformed",
  "incomplete",
  "unsupported",
];
export const BYTE_CLASS_COUNT = 7;
