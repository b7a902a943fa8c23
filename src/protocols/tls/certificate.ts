/**
 * The Certificate message.
 *
 *     TLS 1.2 and older: certificate_list <0..2^24-1> of certificates <1..2^24-1>
 *     TLS 1.3: certificate_request_context <0..255>, then the same with extensions <0..2^16-1> after each
 *
 * Sources: RFC 5246 §7.4.2, RFC 8446 §4.4.2.
 *
 * @module
 */
import { Cursor, Malformed } from "../../bytes/cursor.ts";
import { MAX_TLS_CERTIFICATES } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import { asMalformed } from "./client-hello.ts";
import { readKnownCertificate } from "./known-certificates.ts";
import type { ReadCertificate } from "./x509.ts";

/** The certificates that could be read, leaf first, and where the first fault lies. */
export interface CertificateOutcome {
  readonly certificates: readonly PlacedCertificate[];
  readonly problem: Malformed | undefined;
}

/** A certificate, and where it begins in the buffer that was read; its ranges count from there. */
export interface PlacedCertificate {
  readonly at: number;
  readonly read: ReadCertificate;
}

/** What is read: the body of a whole Certificate message, and which of the two forms it has. */
export interface CertificateMessage {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly tls13: boolean;
}

/** Reads all certificates of a message. Never throws on input; a broken one leaves the others readable. */
export function readCertificates(
  message: CertificateMessage,
  platform: Platform,
): CertificateOutcome {
  const cursor = new Cursor(message.bytes, message.start, message.end);
  const certificates: PlacedCertificate[] = [];
  let problem: Malformed | undefined;
  try {
    if (message.tls13) cursor.vector(1);
    const list = cursor.vector(3);
    for (let i = 0; list.left > 0; i++) {
      if (i >= MAX_TLS_CERTIFICATES) {
        throw new Malformed(list.at, `more than ${MAX_TLS_CERTIFICATES} certificates`);
      }
      const entry = list.vector(3, 1);
      if (message.tls13) list.vector(2);
      try {
        const read = readKnownCertificate(message.bytes, entry.at, entry.end, platform);
        certificates.push({ at: entry.at, read });
      } catch (error) {
        problem ??= asMalformed(error);
      }
    }
  } catch (error) {
    problem ??= asMalformed(error);
  }
  return { certificates, problem };
}
