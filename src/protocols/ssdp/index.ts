/**
 * SSDP: how devices find each other (UPnP Device Architecture 2.0 §1). Messages have the form
 * of HTTP/1.1 in single datagrams:
 *
 *     message = ( "M-SEARCH * HTTP/1.1" / "NOTIFY * HTTP/1.1" / "HTTP/1.1 200 OK" ) CRLF
 *               *( name ":" value CRLF ) CRLF
 *
 * What a device announces (USN, SERVER, LOCATION) names its maker, model and serial.
 *
 * @module
 */
import { fromLatin1 } from "../../bytes/text.ts";
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { MAX_HTTP_HEADERS } from "../../limits.ts";
import type { Dissector, DissectorSink, FlowDissector, Opening, Probe } from "../dissector.ts";
import type { HttpHeader, Part, SsdpMessage } from "../message.ts";

/** A dissector of SSDP. */
export function createSsdpDissector(): Dissector {
  return {
    name: "ssdp",
    over: "datagram",
    ports: [1900],
    probe: (bytes, start, end): Probe => (startOf(bytes, start, end) ? "yes" : "no"),
    open: (opening) => new SsdpFlow(opening),
  };
}

interface Start {
  readonly line: string;
  readonly type: SsdpMessage["type"];
}

/** Beginnings of start lines; SIP has a NOTIFY too, but not for `*`. */
const STARTS: readonly Start[] = [
  { line: "M-SEARCH * HTTP/1.", type: "search" },
  { line: "NOTIFY * HTTP/1.", type: "notify" },
  { line: "HTTP/1.", type: "response" },
];

function startOf(bytes: Uint8Array, start: number, end: number): Start | undefined {
  return STARTS.find(({ line }) => {
    if (end - start < line.length) return false;
    for (let i = 0; i < line.length; i++) {
      if (bytes[start + i] !== line.charCodeAt(i)) return false;
    }
    return true;
  });
}

class SsdpFlow implements FlowDissector {
  readonly encrypted = false;
  readonly #flow: Flow;
  readonly #out: DissectorSink;

  constructor({ flow, out }: Opening) {
    this.#flow = flow;
    this.#out = out;
  }

  push(side: Side, chunk: Chunk): void {
    const { bytes, start, end, offset, input, frame, ts } = chunk;
    const found = startOf(bytes, start, end);
    if (found === undefined) {
      this.#fault(side, chunk, start, "no start line of SSDP");
      return;
    }
    const read = readFields(bytes, lineEnd(bytes, start, end).next, end);
    const { wantsParts } = this.#out;
    const parts = wantsParts ? partsOf(chunk, read) : [];
    const message: SsdpMessage = {
      kind: "ssdp",
      flow: this.#flow,
      side,
      input,
      frame,
      ts,
      start: offset,
      end: offset + (end - start),
      type: found.type,
      headers: read.fields.map(({ name, value }) => ({ name, value })),
      parts,
    };
    if (read.fault === undefined) this.#out.count(side, BYTE_CLASS.read, end - start);
    else {
      this.#out.count(side, BYTE_CLASS.read, read.fault.at - start);
      this.#fault(side, chunk, read.fault.at, read.fault.reason);
    }
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

  #fault(side: Side, chunk: Chunk, at: number, reason: string): void {
    const isCut = (chunk.missing ?? 0) > 0;
    const byteClass = isCut ? BYTE_CLASS.incomplete : BYTE_CLASS.malformed;
    this.#out.count(side, byteClass, chunk.end - at);
    if (isCut) return;
    const { input, frame } = chunk;
    const place = { input, frame, offset: chunk.offset + (at - chunk.start), flow: this.#flow.id };
    this.#out.anomaly({ stage: "protocols", name: "ssdp-malformed", place, reason });
  }
}

interface Field extends HttpHeader {
  /** Where the value stands in the buffer. */
  readonly from: number;
  readonly to: number;
}

interface Fields {
  readonly fields: readonly Field[];
  /** Where the body begins; the end where there is none. */
  readonly bodyAt: number;
  /** Where the fields break their grammar, and why. */
  readonly fault: { readonly at: number; readonly reason: string } | undefined;
}

/** Header fields up to the empty line, or to the end of a sender that leaves it out. */
function readFields(bytes: Uint8Array, from: number, end: number): Fields {
  const fields: Field[] = [];
  for (let at = from; at < end;) {
    const line = lineEnd(bytes, at, end);
    if (line.end === at) return { fields, bodyAt: line.next, fault: undefined };
    const colon = find(bytes, COLON, at, line.end);
    if (colon <= at) {
      return {
        fields,
        bodyAt: end,
        fault: { at, reason: "a header line without a name and a colon" },
      };
    }
    if (fields.length >= MAX_HTTP_HEADERS) {
      return {
        fields,
        bodyAt: end,
        fault: { at, reason: `more than ${MAX_HTTP_HEADERS} headers` },
      };
    }
    fields.push(fieldOf(bytes, at, colon, line.end));
    at = line.next;
  }
  return { fields, bodyAt: end, fault: undefined };
}

function fieldOf(bytes: Uint8Array, at: number, colon: number, lineEndAt: number): Field {
  let from = colon + 1;
  let to = lineEndAt;
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  return {
    name: fromLatin1(bytes, at, colon).trimEnd(),
    value: fromLatin1(bytes, from, to),
    from,
    to,
  };
}

/** End of the line that begins at `at`, without CR LF or a bare LF, and the start of the next. */
function lineEnd(bytes: Uint8Array, at: number, end: number): { end: number; next: number } {
  const found = find(bytes, LF, at, end);
  if (found < 0) return { end, next: end };
  return { end: found > at && bytes[found - 1] === CR ? found - 1 : found, next: found + 1 };
}

/** Place of `byte` in `[from, to)`, or -1; `indexOf` would search the capture's whole buffer. */
function find(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return i;
  return -1;
}

function partsOf(chunk: Chunk, { fields, bodyAt }: Fields): readonly Part[] {
  const { bytes, start, end, offset } = chunk;
  const at = (place: number): number => offset + (place - start);
  const parts: Part[] = fields
    .filter(({ from, to }) => to > from)
    .map(({ name, from, to }) => ({
      path: `header:${name.toLowerCase()}`,
      bytes: bytes.subarray(from, to),
      offset: at(from),
      form: "text",
    }));
  if (bodyAt < end) {
    parts.push({
      path: "body",
      bytes: bytes.subarray(bodyAt, end),
      offset: at(bodyAt),
      form: "text",
    });
  }
  return parts;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
