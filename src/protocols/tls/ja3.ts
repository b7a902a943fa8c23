/**
 * JA3 of a ClientHello: MD5 over "version,ciphers,extensions,groups,point formats" in decimal,
 * joined by "-", GREASE left out (RFC 8701).
 *
 * Source: https://github.com/salesforce/ja3 (README, "How it works"), BSD-3-Clause.
 *
 * @module
 */
import { digestText, type Platform } from "../../platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { isGrease } from "./codes.ts";

/** The 32 hexadecimal digits of JA3. */
export function toJa3(hello: ClientHello, platform: Platform): string {
  return digestText(platform, "md5", toJa3Text(hello), "hex");
}

/** The text that JA3 is the digest of. */
export function toJa3Text(hello: ClientHello): string {
  const { version, ciphers, extensions, groups, pointFormats } = hello;
  return `${version},${joined(ciphers)},${joined(extensions)},${joined(groups)},${joined(pointFormats)}`;
}

/** Point formats are single bytes, of which none can look like GREASE. */
function joined(values: readonly number[]): string {
  let text = "";
  for (const value of values) {
    if (!isGrease(value)) text += text === "" ? String(value) : `-${value}`;
  }
  return text;
}
