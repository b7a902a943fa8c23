/**
 * What both versions of DHCP share: the decoded message, and how its content is collected.
 *
 * @module
 */
import { toHex } from "../../bytes/hex.ts";
import type { DhcpMessage, Part } from "../message.ts";

/** What one message says. */
export type DhcpFields = Pick<
  DhcpMessage,
  | "family"
  | "type"
  | "hostName"
  | "vendorClass"
  | "clientMac"
  | "requestedAddress"
  | "parameterRequest"
>;

/** A decoded message, as far as it could be read. */
export interface DecodedDhcp {
  readonly fields: DhcpFields;
  readonly parts: readonly Part[];
  /** Where the grammar first breaks, an offset in the buffer, and why. */
  readonly fault: { readonly offset: number; readonly reason: string } | undefined;
  /** Offset in the buffer up to which it was understood. */
  readonly readTo: number;
}

/** Bytes of one message, and what to read of it. */
export interface DhcpBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Place of `bytes[0]` in what the side sent; may be negative. */
  readonly base: number;
  readonly wantsParts: boolean;
}

/** A hardware address of 6 bytes as `aa:bb:…`; null for other lengths. */
export function toMac(bytes: Uint8Array): string | null {
  if (bytes.length !== 6) return null;
  return Array.from(bytes, (byte) => toHex(Uint8Array.of(byte))).join(":");
}
