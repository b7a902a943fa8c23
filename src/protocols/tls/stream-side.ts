/**
 * One side of a TLS connection over a stream: what its records hold, and what became of each byte.
 *
 * @module
 */
import type { Chunk, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import type { ByteClass } from "../../ledger.ts";
import { MAX_TLS_HANDSHAKE_BYTES } from "../../limits.ts";
import { CONTENT, HANDSHAKE, isNullCipher, TLS_1_3 } from "./codes.ts";
import { HANDSHAKE_HEADER_BYTES, HandshakeAssembler } from "./handshake.ts";
import type { HandshakeHandler, HandshakeUse } from "./handshake.ts";
import { emitAlert, emitHandshake, isReadHandshake, reportAnomaly } from "./messages.ts";
import { ChunkPlace } from "./chunk-place.ts";
import type { HandshakeContext } from "./messages.ts";
import { RECORD_HEADER_BYTES, RecordReader } from "./record.ts";
import type { RecordHandler } from "./record.ts";

/** What both sides have agreed on, as far as it was seen. */
export interface TlsSession {
  version: number | undefined;
  cipher: number | undefined;
}

/** How the fragment of the current record is read. */
type Mode = "handshake" | "alert" | "change" | "count";

/** How far this side's handshake records can be read. */
type Clarity =
  | "clear"
  | "ciphered"
  | "unknown" // begun in the middle, or after a gap
  | "changed"; // after ChangeCipherSpec, and the version was not seen

export class TlsStreamSide implements RecordHandler, HandshakeHandler {
  readonly #context: HandshakeContext;
  readonly #session: TlsSession;
  readonly #side: Side;
  readonly #reader: RecordReader = new RecordReader(this);
  readonly #assembler: HandshakeAssembler = new HandshakeAssembler(this);
  readonly #place: ChunkPlace;
  #mode: Mode = "count";
  #length = 0;
  /** Whether the side was read from its first byte on, without a gap. */
  #whole: boolean;
  /** Whether ChangeCipherSpec came. */
  #changed = false;
  /** Bytes of records whose class is not yet known: of messages that are not whole. */
  #pending = 0;
  /** Bytes of them that belong to whole messages that break their grammar. */
  #malformed = 0;
  /** Whether this side sent a message in clear. */
  #greeted = false;
  #alert: number[] = [];
  /** Bytes of the current class that are not yet accounted for. */
  #class: ByteClass = BYTE_CLASS.read;
  #tally = 0;
  #clear = false;

  constructor(context: HandshakeContext, session: TlsSession, side: Side, whole: boolean) {
    this.#context = context;
    this.#session = session;
    this.#side = side;
    this.#whole = whole;
    this.#place = new ChunkPlace(side, this.#assembler);
  }

  /** Whether the bytes last pushed were all encrypted. */
  get encrypted(): boolean {
    return !this.#clear && this.#class === BYTE_CLASS.encrypted;
  }

  /** Takes `chunk` from its byte `from` on. */
  push(chunk: Chunk, from: number): void {
    this.#clear = false;
    this.#place.move(chunk);
    this.#reader.push(chunk.bytes, from, chunk.end, chunk.offset + (from - chunk.start));
    this.#flush();
  }

  gap(length: number): void {
    const inStep = this.#mode === "count" && length <= this.#reader.due;
    this.#reader.gap(length);
    if (!inStep) {
      if (this.#reader.due === 0) this.#dropPending("gap");
      this.#whole = false;
    }
    this.#flush();
  }

  end(): void {
    this.#dropPending("end");
    this.#reader.end();
    this.#flush();
  }

  // What the record reader finds.

  begin(type: number, length: number): void {
    if (type !== CONTENT.handshake) this.#dropPending("interrupted");
    this.#mode = "count";
    this.#length = length;
    const clarity = this.#clarity();
    const hidden = clarity !== "clear" && !this.#isNull();
    switch (type) {
      case CONTENT.handshake:
        if (clarity !== "ciphered") this.#mode = "handshake";
        break;
      case CONTENT.alert:
        if (length === ALERT_BYTES || (length > ALERT_BYTES && this.#isPlainAlert(clarity))) {
          this.#mode = "alert";
          this.#alert = [];
        }
        break;
      case CONTENT.changeCipherSpec:
        this.#mode = "change";
        break;
      default:
        break;
    }
    if (this.#mode !== "count") this.#pending += RECORD_HEADER_BYTES;
    else {
      const secret = type === CONTENT.heartbeat ? hidden : !this.#isNull();
      this.#add(secret ? BYTE_CLASS.encrypted : BYTE_CLASS.read, RECORD_HEADER_BYTES);
    }
  }

  body(bytes: Uint8Array, from: number, to: number, offset: number): void {
    switch (this.#mode) {
      case "handshake":
        this.#readHandshake(bytes, from, to, offset);
        break;
      case "alert":
        this.#pending += to - from;
        this.#readAlert(bytes, from, to, offset);
        break;
      case "change":
        this.#pending += to - from;
        break;
      case "count":
        this.#add(this.#class, to - from);
        break;
    }
  }

  finish(): void {
    if (this.#mode === "change") this.#changed = true;
    if (this.#mode !== "handshake" || this.#assembler.taken === 0) this.#settle(BYTE_CLASS.read, 0);
  }

  spoil(): void {
    if (this.#mode === "count") return;
    this.#dropPending("gap");
    this.#mode = "count";
    this.#add(BYTE_CLASS.incomplete, 0);
  }

  skip(count: number, why: "lost" | "broken"): void {
    if (why === "broken") this.#add(BYTE_CLASS.malformed, count);
    else if (this.#class === BYTE_CLASS.encrypted) this.#add(BYTE_CLASS.encrypted, count);
    else this.#add(BYTE_CLASS.incomplete, count);
  }

  badHeader(offset: number, type: number, version: number, length: number): void {
    this.#dropPending("interrupted");
    this.#whole = false;
    this.#report(
      "tls-record-malformed",
      offset,
      `content type ${type}, version 0x${version.toString(16)}, length ${length}: no TLS record`,
    );
  }

  // What the handshake assembler finds.

  use(type: number, length: number): HandshakeUse {
    if (!this.#isPlausible(type, length)) return "refuse";
    return isReadHandshake(type) ? "keep" : "skip";
  }

  message(type: number, bytes: Uint8Array, end: number): void {
    const body = { type, bytes, start: HANDSHAKE_HEADER_BYTES, end };
    this.#greeted = true;
    const result = emitHandshake(this.#context, body, this.#place);
    if (result.kind === "malformed") this.#malformed += end;
    // After a hello all is in clear till ChangeCipherSpec, wherever the capture began.
    if (result.kind === "client_hello" || result.kind === "server_hello") this.#whole = true;
    if (result.kind === "server_hello") {
      this.#session.version = result.message.version;
      this.#session.cipher = result.message.cipher;
    }
  }

  #clarity(): Clarity {
    const { version } = this.#session;
    // RFC 8446 §D.4: in TLS 1.3 ChangeCipherSpec means nothing, and encrypted messages come as application data.
    if (version !== undefined && version >= TLS_1_3) return this.#whole ? "clear" : "unknown";
    if (this.#changed) return version === undefined ? "changed" : "ciphered";
    return this.#whole ? "clear" : "unknown";
  }

  #isNull(): boolean {
    const { cipher } = this.#session;
    return cipher !== undefined && isNullCipher(cipher);
  }

  /** An encrypted alert is longer than two bytes, and so is one that carries a MAC in clear. */
  #isPlainAlert(clarity: Clarity): boolean {
    return clarity === "ciphered" ? this.#isNull() : clarity === "clear";
  }

  /** Whether a handshake header can stand here; where it is not known to, more is asked of it. */
  #isPlausible(type: number, length: number): boolean {
    const fits = HANDSHAKE_HEADER_BYTES + length <= this.#length;
    switch (this.#clarity()) {
      case "changed":
        // The second ClientHello after a HelloRetryRequest that was not seen.
        return type === HANDSHAKE.clientHello && fits;
      case "unknown":
        return (
          (CLEAR_TYPES.has(type) && fits && (length > 0 || type === HANDSHAKE.serverHelloDone)) ||
          (isReadHandshake(type) &&
            length <= MAX_TLS_HANDSHAKE_BYTES &&
            length >= LEAST_HELLO_BYTES)
        );
      default:
        return length <= MAX_TLS_HANDSHAKE_BYTES;
    }
  }

  #readHandshake(bytes: Uint8Array, from: number, to: number, offset: number): void {
    const before = this.#assembler.taken;
    const taken = this.#assembler.push(bytes, from, to, offset);
    this.#pending += taken;
    const completed = this.#assembler.taken < before + taken;
    if (completed) this.#settle(BYTE_CLASS.read, this.#assembler.taken);
    if (!this.#assembler.refused) return;
    const byteClass = this.#refusedClass();
    if (byteClass === BYTE_CLASS.malformed) {
      this.#report("tls-handshake-malformed", offset, "message longer than any TLS peer sends");
    }
    this.#assembler.reset();
    this.#settle(byteClass, 0);
    this.#mode = "count";
    this.#add(byteClass, to - from - taken);
  }

  /** What a handshake record is that begins with no message: after a gap the rest of one, else encrypted. */
  #refusedClass(): ByteClass {
    const clarity = this.#clarity();
    if (clarity === "clear") return BYTE_CLASS.malformed;
    return clarity === "unknown" && this.#greeted ? BYTE_CLASS.incomplete : BYTE_CLASS.encrypted;
  }

  #readAlert(bytes: Uint8Array, from: number, to: number, offset: number): void {
    for (let at = from; at < to && this.#alert.length < ALERT_BYTES; at++) {
      this.#alert.push(bytes[at] ?? 0);
      const [level, description] = this.#alert;
      if (level === undefined || description === undefined) continue;
      const end = offset + (at - from) + 1;
      emitAlert(this.#context, this.#place.at(end - ALERT_BYTES, end), level, description);
    }
  }

  /** Accounts for all pending bytes but `kept`: malformed messages as such, the rest as `byteClass`. */
  #settle(byteClass: ByteClass, kept: number): void {
    const done = this.#pending - kept;
    const malformed = Math.min(done, this.#malformed);
    if (malformed > 0) this.#add(BYTE_CLASS.malformed, malformed);
    if (done > malformed) this.#add(byteClass, done - malformed);
    this.#malformed = 0;
    this.#pending = kept;
  }

  /** Gives up a message that is not whole. */
  #dropPending(why: "gap" | "end" | "interrupted"): void {
    if (this.#pending === 0) return;
    if (this.#assembler.taken > 0) {
      const reason = `handshake message of which ${this.#assembler.taken} bytes came: ${DROP_REASON[why]}`;
      this.#report("tls-message-cut-short", this.#assembler.start, reason);
    }
    this.#assembler.reset();
    this.#settle(BYTE_CLASS.incomplete, 0);
  }

  #add(byteClass: ByteClass, bytes: number): void {
    if (byteClass !== this.#class) {
      this.#flush();
      this.#class = byteClass;
    }
    if (byteClass !== BYTE_CLASS.encrypted) this.#clear = true;
    this.#tally += bytes;
  }

  #flush(): void {
    if (this.#pending > 0) this.#clear = true;
    if (this.#tally > 0) this.#context.out.count(this.#side, this.#class, this.#tally);
    this.#tally = 0;
  }

  #report(name: string, offset: number, reason: string): void {
    const { input, frame } = this.#place;
    reportAnomaly(this.#context, { input, frame, offset }, name, reason);
  }
}

const ALERT_BYTES = 2;
/** Version, random, session id, one cipher suite (RFC 5246 §7.4.1.3); certificates are longer. */
const LEAST_HELLO_BYTES = 38;
const DROP_REASON = {
  gap: "bytes were not captured",
  end: "the stream ends",
  interrupted: "another record came in between (RFC 8446 §5.1 forbids it)",
} as const;

/** Messages that TLS 1.2 and older send in clear. */
const CLEAR_TYPES: ReadonlySet<number> = new Set(Object.values(HANDSHAKE));
