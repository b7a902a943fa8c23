/**
 * Keys of Initial packets: anybody who sees the client's first packet can derive them.
 *
 * Sources: RFC 9001 §5.1 and §5.2, RFC 9369 §3.3.
 *
 * @module
 */
import type { Platform } from "../../platform.ts";
import { hkdfExpandLabel, hkdfExtract } from "../tls/hkdf.ts";
import type { QuicVersion } from "./version.ts";

/** Packet protection of one sender: AES-128-GCM. */
export interface PacketKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Header protection key. */
  readonly hp: Uint8Array;
}

/** Both senders' keys. */
export interface InitialKeys {
  readonly client: PacketKeys;
  readonly server: PacketKeys;
}

/** Derives the keys that follow from `dcid`, the Destination Connection ID of the client's first Initial. */
export function deriveInitialKeys(
  platform: Platform,
  version: QuicVersion,
  dcid: Uint8Array,
): InitialKeys {
  const secret = hkdfExtract(platform, version.salt, dcid);
  const keysOf = (label: string): PacketKeys =>
    derivePacketKeys(platform, version, hkdfExpandLabel(platform, secret, label, 32));
  let client: PacketKeys | undefined;
  let server: PacketKeys | undefined;
  // Each takes four digests, and often one side alone is captured or speaks.
  return {
    get client() {
      return (client ??= keysOf("client in"));
    },
    get server() {
      return (server ??= keysOf("server in"));
    },
  };
}

/** Keys of AES-128-GCM that follow from a sender's `secret`. */
export function derivePacketKeys(
  platform: Platform,
  { label }: QuicVersion,
  secret: Uint8Array,
): PacketKeys {
  return {
    key: hkdfExpandLabel(platform, secret, `${label} key`, 16),
    iv: hkdfExpandLabel(platform, secret, `${label} iv`, 12),
    hp: hkdfExpandLabel(platform, secret, `${label} hp`, 16),
  };
}
