/**
 * The dissectors of TLS over TCP and of DTLS over UDP.
 *
 * @module
 */
import type { Platform } from "../../platform.ts";
import type { Dissector } from "../dissector.ts";
import { DtlsFlow } from "./dtls.ts";
import { probeDtls } from "./dtls-record.ts";
import { probeTls } from "./probe.ts";
import { TlsStream } from "./stream.ts";

/** TLS 1.0 to 1.3 and SSL 3.0, with the SSL 2.0 form of the ClientHello; `platform` does the hashing. */
export function createTlsDissector(platform: Platform): Dissector {
  return {
    name: "tls",
    over: "stream",
    ports: [443, 8443, 993, 995, 465, 853, 5228, 8883],
    probe: (bytes, start, end) => probeTls(bytes, start, end),
    open: (opening) => new TlsStream(opening, platform),
  };
}

/** DTLS 1.0 to 1.3; `platform` does the hashing. */
export function createDtlsDissector(platform: Platform): Dissector {
  return {
    name: "dtls",
    over: "datagram",
    ports: [443, 4433, 5684, 853],
    probe: (bytes, start, end) => (probeDtls(bytes, start, end) ? "yes" : "no"),
    open: (opening) => new DtlsFlow(opening, platform),
  };
}
