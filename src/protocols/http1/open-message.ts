/**
 * An HTTP/1 message of which the head has been read, while its body comes.
 *
 * @module
 */
import type { Flow, Side } from "../../flows/flow.ts";
import type { DissectorSink } from "../dissector.ts";
import type { HttpHeader, HttpRequest, HttpResponse, Part } from "../message.ts";
import type { Framing } from "./body-framing.ts";
import { framingOf, listOf } from "./body-framing.ts";
import { BodyKeeper } from "./body-keeper.ts";
import { ChunkedReader } from "./chunked.ts";
import type { PendingRequests } from "./connection.ts";
import type { HeadBuffer } from "./head-buffer.ts";
import type { Field, FieldSection } from "./header-fields.ts";
import { readFields } from "./header-fields.ts";
import type { HeadBytes } from "./message-parts.ts";
import { bodyParts, fieldParts } from "./message-parts.ts";
import type { StartLine } from "./start-line.ts";
import { fromLatin1 } from "../../bytes/text.ts";

/** What a message is opened with. */
export interface OpenMessageInput {
  readonly flow: Flow;
  readonly out: DissectorSink;
  readonly pending: PendingRequests;
  readonly side: Side;
  readonly line: StartLine;
  /** Its bytes are copied where parts are wanted. */
  readonly head: HeadBuffer;
}

/** Where the last byte of a message came from. */
export interface Arrival {
  readonly frame: number;
  readonly input: number;
  readonly ts: number;
}

/** One message under way. */
export class OpenMessage {
  /** Place of its first byte in the stream. */
  readonly start: number;
  /** What is odd about its head. */
  readonly troubles: readonly { readonly name: string; readonly reason: string }[];
  /** Whether it may turn the connection over to another protocol. */
  readonly mayLeave: boolean;
  /** Whether nothing more belongs to it. */
  isEnded = false;
  /** Bytes of the body's transfer coding: chunk sizes and trailers. */
  codingBytes = 0;

  readonly #input: OpenMessageInput;
  readonly #head: HeadBytes;
  readonly #target: string;
  readonly #section: FieldSection;
  /** End of the last field line that is whole: a value that broke off is searched, but says nothing. */
  readonly #wholeEnd: number;
  readonly #framing: Framing;
  readonly #transferCodings: readonly string[];
  readonly #body: BodyKeeper;
  readonly #chunked: ChunkedReader | undefined;
  #left: number;
  #end: number;
  #isCut = false;

  constructor(input: OpenMessageInput) {
    const { line, head, side, pending } = input;
    this.#input = input;
    this.start = head.offset;
    // Parts are views of the head, and wait for the body.
    const kept = input.out.wantsParts ? head.view().slice() : head.view();
    this.#head = { bytes: kept, offset: head.offset };
    this.#end = head.offset + head.length;
    const { bytes } = this.#head;
    this.#target =
      line.type === "request" ? fromLatin1(bytes, line.targetStart, line.targetEnd) : "";
    // Of a head that broke off in its first line there is nothing more.
    const fieldsAt = head.firstLineEnd > 0 ? head.firstLineEnd : bytes.length;
    this.#section = readFields(bytes, fieldsAt, bytes.length);
    this.#wholeEnd = head.wholeEnd;
    const { fields } = this.#section;
    if (line.type === "request") pending.add(side, line.method);
    const status = line.type === "response" ? line.status : undefined;
    const method = status === undefined ? undefined : pending.answer(side, status);
    const { framing, transferCodings, trouble } = framingOf({ fields, status, method });
    this.#framing = framing;
    this.#transferCodings = transferCodings;
    this.troubles = headTroubles(this.#section, trouble);
    this.mayLeave =
      line.type === "request" &&
      (line.method === "CONNECT" || fields.some((field) => field.lowerName === "upgrade"));
    this.#body = new BodyKeeper(input.out.wantsParts);
    this.#left = framing.kind === "length" ? framing.length : 0;
    this.isEnded =
      framing.kind === "none" ||
      framing.kind === "switch" ||
      (framing.kind === "length" && framing.length === 0);
    this.#chunked =
      framing.kind === "chunked"
        ? new ChunkedReader((from, start, end, offset) => this.#body.push(from, start, end, offset))
        : undefined;
  }

  /** Body bytes that came. */
  get bodyBytes(): number {
    return this.#body.bytes;
  }

  /** Whether the connection speaks another protocol after this message. */
  get switches(): boolean {
    return this.#framing.kind === "switch" && !this.#isCut;
  }

  /** Whether all of it came. */
  get isComplete(): boolean {
    return this.isEnded && !this.#isCut && this.#body.missing === 0;
  }

  /** What broke the body's transfer coding. */
  get trouble(): string | undefined {
    return this.#chunked?.trouble;
  }

  /** Whether nothing after it can be trusted. */
  get isAttack(): boolean {
    return this.#chunked?.overflows ?? false;
  }

  /**
   * Takes body bytes `bytes[start, end)`, which stand at `offset` of the stream.
   *
   * @returns Where it stopped.
   */
  push(bytes: Uint8Array, start: number, end: number, offset: number): number {
    const before = this.#body.bytes;
    let at = end;
    if (this.#chunked !== undefined) {
      at = this.#chunked.push(bytes, start, end, offset);
      this.codingBytes += at - start - (this.#body.bytes - before);
      this.isEnded = this.#chunked.done;
    } else {
      if (this.#framing.kind === "length") {
        at = Math.min(end, start + this.#left);
        this.#left -= at - start;
        this.isEnded = this.#left === 0;
      }
      this.#body.push(bytes, start, at, offset);
    }
    this.#end = offset + at - start;
    return at;
  }

  /** Notes lost bytes; false where they reach past the body, so that the place is lost. */
  gap(length: number): boolean {
    const { kind } = this.#framing;
    const isInside =
      kind === "until-close" ||
      (kind === "length" && length <= this.#left) ||
      this.#chunked?.skip(length) === true;
    if (!isInside) {
      this.#body.gap(kind === "length" ? this.#left : 0);
      this.#left = 0;
      this.#isCut = true;
      return false;
    }
    this.#body.gap(length);
    this.#end += length;
    if (kind === "length") {
      this.#left -= length;
      this.isEnded = this.#left === 0;
    }
    return true;
  }

  /**
   * The stream is over: that ends a body without a length, unless the connection was reset or only the
   * capture ended (RFC 9112 §8).
   */
  close(isEndSeen: boolean): void {
    this.isEnded =
      isEndSeen && this.#framing.kind === "until-close" && this.#input.flow.state !== "reset";
  }

  /** The head itself is not whole. */
  cut(): void {
    this.#isCut = true;
  }

  /** The message as it is now. */
  toMessage(arrival: Arrival): HttpRequest | HttpResponse {
    const { line } = this.#input;
    // Written out twice: spreading a common part costs more than reading the message.
    return line.type === "request"
      ? this.#toRequest(arrival, line.method, line.version)
      : this.#toResponse(arrival, line.status, line.version);
  }

  #toRequest(arrival: Arrival, method: string, version: string | null): HttpRequest {
    const host = this.#wholeFields().find((field) => field.lowerName === "host")?.value;
    return {
      kind: "http",
      type: "request",
      flow: this.#input.flow,
      side: this.#input.side,
      input: arrival.input,
      frame: arrival.frame,
      ts: arrival.ts,
      start: this.start,
      end: this.#end,
      parts: this.#parts(),
      method,
      path: this.#target,
      authority: authorityOf(method, this.#target) ?? host ?? null,
      version,
      headers: this.#headers(),
      bodyBytes: this.#body.bytes,
      complete: this.isComplete,
    };
  }

  #toResponse(arrival: Arrival, status: number, version: string): HttpResponse {
    return {
      kind: "http",
      type: "response",
      flow: this.#input.flow,
      side: this.#input.side,
      input: arrival.input,
      frame: arrival.frame,
      ts: arrival.ts,
      start: this.start,
      end: this.#end,
      parts: this.#parts(),
      status,
      version,
      headers: this.#headers(),
      bodyBytes: this.#body.bytes,
      complete: this.isComplete,
    };
  }

  #headers(): HttpHeader[] {
    return this.#wholeFields().map((field) => ({ name: field.name, value: field.value }));
  }

  #wholeFields(): readonly Field[] {
    const { fields } = this.#section;
    return this.#isCut ? fields.filter((field) => field.end <= this.#wholeEnd) : fields;
  }

  #parts(): Part[] {
    const { line, out } = this.#input;
    if (!out.wantsParts) return [];
    const head = this.#head;
    const parts: Part[] = [];
    if (line.type === "request") {
      const bytes = head.bytes.subarray(line.targetStart, line.targetEnd);
      const offset = head.offset + line.targetStart;
      parts.push({ path: "request-target", bytes, offset, form: "request-target" });
    }
    parts.push(...fieldParts(head, this.#section, "header"));
    const { fields } = this.#section;
    const codings = [...listOf(fields, "content-encoding"), ...this.#transferCodings].filter(
      (coding) => coding !== "identity",
    );
    parts.push(...bodyParts({ body: this.#body, fields, codings, due: this.#left }));
    const trailer = this.#chunked?.trailer;
    if (trailer !== undefined && trailer.length > 0) {
      const section = readFields(trailer, 0, trailer.length);
      // The trailer's bytes end where the message ends, if it came whole.
      const offset = this.#end - trailer.length;
      parts.push(...fieldParts({ bytes: trailer, offset }, section, "trailer"));
    }
    return parts;
  }
}

/** Authority of a target in absolute form or authority form (RFC 9112 §3.2.2, §3.2.3). */
function authorityOf(method: string, target: string): string | undefined {
  if (method === "CONNECT") return target;
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
}

function headTroubles(
  section: FieldSection,
  framing: string | undefined,
): readonly { readonly name: string; readonly reason: string }[] {
  const troubles: { readonly name: string; readonly reason: string }[] = [];
  if (framing !== undefined) troubles.push({ name: "http-body-length-unclear", reason: framing });
  if (section.badLines > 0) {
    const reason = `${section.badLines} header lines without a name and a colon, the first ${section.badAt} bytes into the message`;
    troubles.push({ name: "http-header-broken", reason });
  }
  if (section.restAt >= 0) {
    const reason = `more header fields than are read, from byte ${section.restAt} of the message on`;
    troubles.push({ name: "http-headers-too-many", reason });
  }
  return troubles;
}
