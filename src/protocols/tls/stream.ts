/**
 * TLS over a TCP stream: both sides, and the SSL 2.0 form of the first message.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { uint8 } from "../../bytes/uint.ts";
import type { FlowDissector, Opening } from "../dissector.ts";
import type { Platform } from "../../platform.ts";
import type { TlsClientHello } from "../message.ts";
import { reportAnomaly } from "./messages.ts";
import type { HandshakeContext } from "./messages.ts";
import { toJa4 } from "./ja4.ts";
import { readSsl2ClientHello, SSL2_HEADER_BYTES, ssl2Length } from "./ssl2.ts";
import { TlsStreamSide } from "./stream-side.ts";
import type { TlsSession } from "./stream-side.ts";

/** Reads one TLS connection. */
export class TlsStream implements FlowDissector {
  readonly #sides: readonly [Ssl2Opening, Ssl2Opening];
  #encrypted = false;

  constructor({ flow, out }: Opening, platform: Platform) {
    const context: HandshakeContext = { flow, out, platform, transport: "tcp" };
    const session: TlsSession = { version: undefined, cipher: undefined };
    const whole = !isMidstream(flow);
    const old = { spoken: false };
    this.#sides = [
      new Ssl2Opening(context, 0, old, new TlsStreamSide(context, session, 0, whole)),
      new Ssl2Opening(context, 1, old, new TlsStreamSide(context, session, 1, whole)),
    ];
  }

  get encrypted(): boolean {
    return this.#encrypted;
  }

  push(side: Side, chunk: Chunk): void {
    const reader = this.#sides[side];
    reader.push(chunk);
    this.#encrypted = reader.encrypted;
  }

  gap(side: Side, _offset: number, length: number): void {
    this.#sides[side].gap(length);
  }

  close(side: Side): void {
    this.#sides[side].end();
  }

  end(): void {
    this.#sides[0].end();
    this.#sides[1].end();
  }
}

/** A flow whose set-up was not seen may begin anywhere; its first record decides then. */
function isMidstream(flow: Flow): boolean {
  return flow.state === "midstream";
}

/** Stands before a side till its first byte shows which form it has. */
class Ssl2Opening {
  readonly #context: HandshakeContext;
  readonly #side: Side;
  /** Shared by both sides: whether the server answered in SSL 2.0. */
  readonly #old: { spoken: boolean };
  readonly #tls: TlsStreamSide;
  #state: "first" | "hello" | "unsupported" | "tls" = "first";
  #held: number[] = [];
  #offset = 0;

  constructor(context: HandshakeContext, side: Side, old: { spoken: boolean }, tls: TlsStreamSide) {
    this.#context = context;
    this.#side = side;
    this.#old = old;
    this.#tls = tls;
  }

  get encrypted(): boolean {
    return this.#state === "tls" && this.#tls.encrypted;
  }

  push(chunk: Chunk): void {
    let at = chunk.start;
    if (this.#state === "first" && at < chunk.end) {
      this.#state = uint8(chunk.bytes, at) >= 0x80 ? "hello" : "tls";
      this.#offset = chunk.offset;
    }
    if (this.#state === "hello") at = this.#readHello(chunk);
    if (this.#old.spoken && this.#state === "tls") this.#state = "unsupported";
    if (this.#state === "unsupported") this.#count(BYTE_CLASS.unsupported, chunk.end - at);
    else if (at < chunk.end || this.#state === "tls") this.#tls.push(chunk, at);
  }

  gap(length: number): void {
    if (this.#state === "first" || this.#state === "hello") {
      this.#dropHeld();
      this.#state = "tls";
    }
    if (this.#state === "tls") this.#tls.gap(length);
  }

  end(): void {
    this.#dropHeld();
    this.#tls.end();
  }

  /** Takes bytes till the hello is whole; returns where in the chunk it ends. */
  #readHello(chunk: Chunk): number {
    let at = chunk.start;
    for (; at < chunk.end; at++) {
      this.#held.push(uint8(chunk.bytes, at));
      if (this.#held.length < HELLO_TYPE_BYTES) continue;
      if (this.#held[SSL2_HEADER_BYTES] !== CLIENT_HELLO) return this.#refuse(at + 1);
      const size = SSL2_HEADER_BYTES + ssl2Length(Uint8Array.from(this.#held.slice(0, 2)), 0);
      if (this.#held.length < size) continue;
      this.#emit(chunk);
      this.#held = [];
      this.#state = "tls";
      return at + 1;
    }
    return at;
  }

  /** A server that answers in SSL 2.0: all that follows on both sides is SSL 2.0. */
  #refuse(at: number): number {
    this.#state = "unsupported";
    this.#old.spoken = true;
    this.#count(BYTE_CLASS.unsupported, this.#held.length);
    this.#held = [];
    return at;
  }

  #emit(chunk: Chunk): void {
    const bytes = Uint8Array.from(this.#held);
    const { hello, problem } = readSsl2ClientHello(bytes, SSL2_HEADER_BYTES, bytes.length);
    const { flow, out, platform } = this.#context;
    const { input, frame, ts } = chunk;
    if (hello === undefined) {
      const reason = problem?.message ?? "no ClientHello";
      reportAnomaly(
        this.#context,
        { input, frame, offset: this.#offset },
        "client-hello-malformed",
        reason,
      );
      this.#count(BYTE_CLASS.malformed, bytes.length);
      return;
    }
    const message: TlsClientHello = {
      kind: "tls",
      type: "client_hello",
      transport: "tcp",
      flow,
      side: this.#side,
      input,
      frame,
      ts,
      start: this.#offset,
      end: this.#offset + bytes.length,
      parts: [],
      serverName: null,
      alpn: [],
      version: hello.version,
      supportedVersions: [],
      extensions: [],
      ciphers: hello.ciphers,
      ech: false,
      esni: false,
      earlyData: false,
      ja3: null, // JA3 is defined for the TLS form alone.
      ja4: toJa4(hello, bytes, "tcp", platform),
    };
    out.message(message);
    this.#count(BYTE_CLASS.read, bytes.length);
  }

  #dropHeld(): void {
    if (this.#held.length > 0) this.#count(BYTE_CLASS.incomplete, this.#held.length);
    this.#held = [];
  }

  #count(byteClass: 0 | 1 | 2 | 3 | 4 | 5 | 6, bytes: number): void {
    if (bytes > 0) this.#context.out.count(this.#side, byteClass, bytes);
  }
}

const HELLO_TYPE_BYTES = 3;
const CLIENT_HELLO = 1;
