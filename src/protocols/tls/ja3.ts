/**
 * JA3 of a ClientHello: MD5 over "version,ciphers,extensions,groups,point formats" in decimal,
 * joined by "-", GREASE left out (RFC 8701).
 *
 * Source: https://github.com/salesforce/ja3 (README, "How it works"), BSD-3-Clause.
 *
 * @module
 */
import { toHex } from "../../bytes/hex.ts";
import { toLatin1 } from "../../bytes/text.ts";
import type { Platform } from "../../platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { isGrease } from "./codes.ts";

/** The 32 hexadecimal digits of JA3. */
export function toJa3(hello: ClientHello, platform: Platform): string {
  return toHex(platform.digest("md5", toLatin1(toJa3Text(hello))));
}

/** The text that JA3 is the digest of. */
export function toJa3Text(hello: ClientHello): string {
  const lists = [hello.ciphers, hello.extensions, hello.groups, hello.pointFormats];
  return [hello.version, ...lists.map(joined)].join(",");
}

/** Point formats are single bytes, of which none can look like GREASE. */
function joined(values: readonly number[]): string {
  return values.filter((value) => !isGrease(value)).join("-");
}
