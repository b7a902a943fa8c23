/**
 * Reads the HTTP/1 messages that one side of a connection sends.
 *
 * The reader is always in one of four states: in a head, in a body, lost (looking for the next
 * start line), or done, because the connection has been handed over. Each byte is counted when
 * its fate is known: a head's when it has been read, a body's when the message ends.
 *
 * @module
 */
import type { Arrival, Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { ByteClass } from "../../ledger.ts";
import { MAX_HTTP_HEAD_BYTES } from "../../limits.ts";
import type { DissectorSink } from "../dissector.ts";
import type { PendingRequests } from "./connection.ts";
import { HeadBuffer } from "./head-buffer.ts";
import { OpenMessage } from "./open-message.ts";
import type { StartLine } from "./start-line.ts";
import { PREFIX_BYTES, probePrefix, readCutRequestLine, readStartLine } from "./start-line.ts";

/** What a reader is given once. */
export interface ReaderContext {
  readonly flow: Flow;
  readonly out: DissectorSink;
  readonly pending: PendingRequests;
  /** Called when the connection has been handed over: neither side reads on. */
  readonly switched: () => void;
}

/** Reads one direction. */
export class MessageReader {
  readonly #context: ReaderContext;
  readonly #side: Side;
  readonly #head = new HeadBuffer();
  #message: OpenMessage | undefined;
  /** Class of the bytes passed over while lost; undefined while not lost. */
  #lostAs: ByteClass | undefined;
  /** Place in the stream where bytes came again after the last loss; -1 without one. */
  #resumedAt = -1;
  /** Whether no further start line is looked for: what follows was made to mislead readers. */
  #isGivenUp = false;
  #done = false;
  /** Whether this side's last request may end HTTP: CONNECT, or one with Upgrade. */
  #mayLeave = false;
  /** What is being read, and where it came from; one object for all, since chunks are many. */
  readonly #last = {
    bytes: NO_BYTES,
    start: 0,
    end: 0,
    offset: 0,
    frame: 0,
    input: 0,
    ts: NaN,
  };

  constructor(context: ReaderContext, side: Side) {
    this.#context = context;
    this.#side = side;
  }

  /** Takes the next bytes. */
  push(chunk: Chunk): void {
    if (this.#done) return;
    const last = this.#last;
    this.#arrivedWith(chunk);
    const isUndecided = this.#head.length > 0 && this.#head.length < PREFIX_BYTES;
    if (this.#message === undefined && isUndecided) {
      this.#joinHeld(chunk);
    } else {
      last.bytes = chunk.bytes;
      last.start = chunk.start;
      last.end = chunk.end;
      last.offset = chunk.offset;
    }
    const { end } = last;
    let at = last.start;
    while (at < end && this.#isReading) {
      at = this.#message === undefined ? this.#readHead(at) : this.#readBody(this.#message, at);
    }
    // A chunk is lent for the call only.
    last.bytes = NO_BYTES;
  }

  #arrivedWith({ frame, input, ts }: Arrival): void {
    const last = this.#last;
    last.frame = frame;
    last.input = input;
    last.ts = ts;
  }

  /** Too few bytes had come to tell a start line; with those that follow, it is told afresh. */
  #joinHeld(chunk: Chunk): void {
    const held = this.#head.view();
    const joined = new Uint8Array(held.length + chunk.end - chunk.start);
    joined.set(held);
    joined.set(chunk.bytes.subarray(chunk.start, chunk.end), held.length);
    const last = this.#last;
    last.bytes = joined;
    last.start = 0;
    last.end = joined.length;
    last.offset = this.#head.offset;
    this.#head.reset(last.offset);
  }

  /** Bytes were lost: a body goes on by its length, a head is given up. */
  gap(offset: number, length: number): void {
    if (this.#done) return;
    const message = this.#message;
    if (message?.gap(length) === true) {
      if (message.isEnded) this.#finish(message);
      return;
    }
    if (message !== undefined) this.#finish(message);
    else if (this.#head.length > 0) this.#giveCutHead(`${length} bytes lost inside a message head`);
    this.#context.pending.forget();
    this.#drop(BYTE_CLASS.incomplete);
    this.#lostAs = BYTE_CLASS.incomplete;
    this.#head.reset(offset + length);
    this.#resumedAt = offset + length;
  }

  /** No more bytes will come; `by` is the frame that ended them, undefined where the end was not seen. */
  close(by?: Arrival): void {
    if (this.#done) return;
    const message = this.#message;
    if (message !== undefined) {
      message.close(by !== undefined);
      // Only now is it known that no more of the message comes.
      if (by !== undefined) this.#arrivedWith(by);
      this.#finish(message);
    }
    if (this.#head.length > 0) this.#giveCutHead("the stream ends inside a message head");
    this.#drop(this.#lostAs ?? BYTE_CLASS.incomplete);
  }

  /** The connection is handed over: what is held here belongs to what follows. */
  leave(): void {
    if (this.#done) return;
    const held =
      this.#head.length > 0 && this.#lostAs === undefined ? this.#head.view() : undefined;
    if (held !== undefined) {
      const { offset } = this.#head;
      const { frame, input, ts } = this.#last;
      this.#head.reset(0);
      const rest = { bytes: held, start: 0, end: held.length, offset, frame, input, ts };
      this.#context.out.handOver(this.#side, rest);
    }
    this.close();
    this.#done = true;
  }

  get #isReading(): boolean {
    return !this.#done;
  }

  #readHead(from: number): number {
    const at = this.#head.length === 0 ? this.#findStart(from) : from;
    const { bytes, end } = this.#last;
    if (at === end || this.#done) return end;
    if (this.#head.length === 0) this.#head.reset(this.#offsetOf(at));
    const added = this.#head.add(bytes, at, end);
    if (added.ended) this.#lineEnded(added.at);
    else if (this.#head.length > MAX_HTTP_HEAD_BYTES) {
      this.#lose(`a head of more than ${MAX_HTTP_HEAD_BYTES} bytes`);
    }
    return added.at;
  }

  /** Steps to where a start line may begin; the end of the bytes where none does. */
  #findStart(from: number): number {
    const { bytes, end } = this.#last;
    let at = from;
    if (this.#lostAs === undefined) {
      // A line end before a start line is passed over (RFC 9112 §2.2).
      while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
      this.#count(BYTE_CLASS.read, at - from);
      if (at === end || probePrefix(bytes, at, end, false) !== "no") return at;
      if (this.#mayLeave) return this.#handOver(at);
      this.#anomalyAt("http-start-line-broken", at);
      this.#lostAs = BYTE_CLASS.malformed;
    }
    const lostFrom = at;
    if (this.#isGivenUp) at = end;
    while (at < end && !mayStart(bytes, at, end)) at++;
    this.#count(this.#lostAs, at - lostFrom);
    return at;
  }

  /** The first line, or the whole head, has come, up to `at`. */
  #lineEnded(at: number): void {
    const head = this.#head;
    const line = readStartLine(head.view(), 0, head.firstLineEnd);
    if (line === undefined) {
      this.#lose(`"${preview(head.view())}", expected a request line or a status line of HTTP/1`);
      return;
    }
    this.#lostAs = undefined;
    if (head.length === head.firstLineEnd) return;
    const message = this.#open(line);
    this.#count(BYTE_CLASS.read, head.length);
    head.reset(0);
    this.#message = message;
    this.#mayLeave = message.mayLeave;
    if (message.isEnded) this.#finish(message, at);
  }

  #open(line: StartLine): OpenMessage {
    const { flow, out, pending } = this.#context;
    const message = new OpenMessage({
      flow,
      out,
      pending,
      side: this.#side,
      line,
      head: this.#head,
    });
    for (const { name, reason } of message.troubles) this.#anomaly(name, message.start, reason);
    return message;
  }

  #readBody(message: OpenMessage, from: number): number {
    const { bytes, end } = this.#last;
    const at = message.push(bytes, from, end, this.#offsetOf(from));
    const { trouble } = message;
    if (trouble !== undefined) {
      this.#anomaly("http-chunk-broken", this.#offsetOf(at), trouble);
      this.#lostAs = BYTE_CLASS.malformed;
      this.#isGivenUp = message.isAttack;
    }
    if (message.isEnded || trouble !== undefined) this.#finish(message, at);
    return at;
  }

  /** Gives a message, complete or not; `at` is where the bytes after it begin. */
  #finish(message: OpenMessage, at: number = this.#last.end): void {
    this.#message = undefined;
    const given = message.toMessage(this.#last);
    this.#count(BYTE_CLASS.read, message.codingBytes);
    this.#count(message.isComplete ? BYTE_CLASS.read : BYTE_CLASS.incomplete, message.bodyBytes);
    this.#context.out.message(given);
    if (message.switches) this.#handOver(at);
  }

  /** A head of which the end did not come: its start line and the fields so far are evidence. */
  #giveCutHead(reason: string): void {
    const head = this.#head;
    const line = this.#cutStartLine();
    if (line === undefined && this.#lostAs !== undefined) return;
    this.#anomaly("http-head-cut", head.offset, reason);
    if (line === undefined) return;
    const message = this.#open(line);
    message.cut();
    this.#context.out.message(message.toMessage(this.#last));
  }

  /** The start line of a head that broke off, perhaps in that line. */
  #cutStartLine(): StartLine | undefined {
    const head = this.#head;
    const bytes = head.view();
    if (head.firstLineEnd > 0) return readStartLine(bytes, 0, head.firstLineEnd);
    // Amid other bytes, a line without its end may be anything; a segment begins with a message.
    if (this.#lostAs !== undefined && head.offset !== this.#resumedAt) return undefined;
    return readStartLine(bytes, 0, bytes.length) ?? readCutRequestLine(bytes, 0, bytes.length);
  }

  #handOver(at: number): number {
    const { bytes, end, frame, input, ts } = this.#last;
    this.#done = true;
    this.#context.switched();
    const rest: Chunk = { bytes, start: at, end, offset: this.#offsetOf(at), frame, input, ts };
    this.#context.out.handOver(this.#side, at < end ? rest : undefined);
    return end;
  }

  #lose(found: string): void {
    if (this.#lostAs === undefined) {
      this.#anomaly("http-start-line-broken", this.#head.offset, found);
      this.#lostAs = BYTE_CLASS.malformed;
    }
    this.#drop(this.#lostAs);
  }

  /** Gives up the head held, and accounts for it. */
  #drop(as: ByteClass): void {
    this.#count(as, this.#head.length);
    this.#head.reset(0);
  }

  #count(as: ByteClass, bytes: number): void {
    if (bytes > 0) this.#context.out.count(this.#side, as, bytes);
  }

  #offsetOf(at: number): number {
    return this.#last.offset + at - this.#last.start;
  }

  #anomalyAt(name: string, at: number): void {
    const { bytes, end } = this.#last;
    const found = preview(bytes.subarray(at, Math.min(end, at + PREVIEW_BYTES)));
    this.#anomaly(name, this.#offsetOf(at), `"${found}", expected a start line of HTTP/1`);
  }

  #anomaly(name: string, offset: number, reason: string): void {
    const { input, frame } = this.#last;
    const place = { input, frame, offset, flow: this.#context.flow.id };
    this.#context.out.anomaly({ stage: "protocols", name, place, reason });
  }
}

/** Whether a message may start here, amid other bytes; most are ruled out by their first letter. */
function mayStart(bytes: Uint8Array, at: number, end: number): boolean {
  const byte = bytes[at] ?? 0;
  return byte >= 0x41 && byte <= 0x5a && probePrefix(bytes, at, end, true) !== "no";
}

/** First bytes as text; what is not visible ASCII becomes a dot. */
function preview(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes.subarray(0, PREVIEW_BYTES)) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  }
  return text;
}

const NO_BYTES: Uint8Array = new Uint8Array(0);
const PREVIEW_BYTES = 24;
const CR = 0x0d;
const LF = 0x0a;
