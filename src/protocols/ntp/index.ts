/**
 * NTP (RFC 5905) and SNTP. Which servers a device asks for the time is often fixed in its
 * firmware, and the requests show when it is awake.
 *
 *     packet = LI/VN/mode stratum poll precision delay dispersion refid
 *              reference origin receive transmit                 ; 48 bytes
 *              *extension [key-id digest]
 *
 * Control messages (mode 6, RFC 9327) and private ones (mode 7) are recognised but not read.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { Dissector, DissectorSink, FlowDissector, Opening, Probe } from "../dissector.ts";
import type { NtpMessage, Part } from "../message.ts";

/** A dissector of NTP. */
export function createNtpDissector(): Dissector {
  return {
    name: "ntp",
    over: "datagram",
    ports: [NTP_PORT],
    probe,
    open: (opening) => new NtpFlow(opening),
  };
}

const NTP_PORT = 123;
const HEADER_BYTES = 48;
const CONTROL_HEADER_BYTES = 12;
const PRIVATE_HEADER_BYTES = 8;
const MODE = { reserved: 0, client: 3, control: 6, private: 7 } as const;

/** On its port the first byte decides, elsewhere all of a request or an answer must make sense. */
function probe(bytes: Uint8Array, start: number, end: number, flow: Flow): Probe {
  const length = end - start;
  const first = bytes[start] ?? 0;
  const version = (first >> 3) & 7;
  const mode = first & 7;
  if (length === 0 || version < 1 || version > 4 || mode === MODE.reserved) return "no";
  if (flow.ends.some(({ port }) => port === NTP_PORT)) {
    if (mode === MODE.control) return length >= CONTROL_HEADER_BYTES ? "yes" : "no";
    if (mode === MODE.private) return length >= PRIVATE_HEADER_BYTES ? "yes" : "no";
    return length >= HEADER_BYTES ? "yes" : "no";
  }
  return length === HEADER_BYTES && isPlainPacket(bytes, start, mode) ? "yes" : "no";
}

/** Modes 1 to 5, a stratum and a poll interval in use, a time of our days where one is given. */
function isPlainPacket(bytes: Uint8Array, start: number, mode: number): boolean {
  if (mode >= MODE.control) return false;
  const stratum = bytes[start + 1] ?? 0;
  const poll = bytes[start + 2] ?? 0;
  if (stratum > 16 || poll > 17) return false;
  const seconds = uint32(bytes, start + 40);
  const isEmptyRequest = mode === MODE.client && seconds === 0;
  return isEmptyRequest
    ? bytes.subarray(start + 4, start + HEADER_BYTES).every((byte) => byte === 0)
    : seconds >= SECONDS_2000 && stratum + mode > 3;
}
/** 1 January 2000 in the seconds of era 0, which ends in 2036. */
const SECONDS_2000 = 3_155_673_600;

class NtpFlow implements FlowDissector {
  readonly encrypted = false;
  readonly #flow: Flow;
  readonly #out: DissectorSink;

  constructor({ flow, out }: Opening) {
    this.#flow = flow;
    this.#out = out;
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end, offset, input, frame, ts } = chunk;
    const length = end - start;
    const first = bytes[start] ?? 0;
    const mode = first & 7;
    if (mode >= MODE.control) {
      this.#out.count(side, BYTE_CLASS.unsupported, length);
      return;
    }
    if (length < HEADER_BYTES) {
      this.#short(side, chunk, length);
      return;
    }
    this.#out.count(side, BYTE_CLASS.read, length);
    const message: NtpMessage = {
      kind: "ntp",
      flow: this.#flow,
      side,
      input,
      frame,
      ts,
      start: offset,
      end: offset + length,
      version: (first >> 3) & 7,
      mode,
      stratum: bytes[start + 1] ?? 0,
      transmitTs: toMicros(uint32(bytes, start + 40), uint32(bytes, start + 44)),
      parts: this.#out.wantsParts ? partsOf(chunk) : [],
    };
    this.#out.message(message);
  }

  gap(): void {
    return;
  }

  close(): void {
    return;
  }

  end(): void {
    return;
  }

  #short(side: Side, chunk: Chunk, length: number): void {
    const isCut = (chunk.missing ?? 0) > 0;
    this.#out.count(side, isCut ? BYTE_CLASS.incomplete : BYTE_CLASS.malformed, length);
    if (isCut) return;
    const { input, frame, offset } = chunk;
    this.#out.anomaly({
      stage: "protocols",
      name: "ntp-malformed",
      place: { input, frame, offset, flow: this.#flow.id },
      reason: `${length} bytes, a packet has at least ${HEADER_BYTES}`,
    });
  }
}

/** The reference id of a server is an address or a short name; extensions may hold anything. */
function partsOf({ bytes, start, end, offset }: Chunk): readonly Part[] {
  const parts: Part[] = [
    {
      path: "refid",
      bytes: bytes.subarray(start + 12, start + 16),
      offset: offset + 12,
      form: "binary",
    },
  ];
  if (end - start > HEADER_BYTES) {
    const rest = bytes.subarray(start + HEADER_BYTES, end);
    parts.push({ path: "extensions", bytes: rest, offset: offset + HEADER_BYTES, form: "binary" });
  }
  return parts;
}

/**
 * µs since the Unix epoch of an NTP time stamp (RFC 5905 §6); null where it is zero. Seconds
 * below 2^31 belong to era 1, which begins in 2036 (RFC 4330 §3).
 */
function toMicros(seconds: number, fraction: number): number | null {
  if (seconds === 0 && fraction === 0) return null;
  const era = seconds < 0x80000000 ? 0x100000000 : 0;
  const unix = seconds + era - SECONDS_1900_TO_1970;
  return unix * 1_000_000 + Math.floor((fraction * 1_000_000) / 0x100000000);
}
const SECONDS_1900_TO_1970 = 2_208_988_800;

function uint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return high * 65_536 + low;
}
