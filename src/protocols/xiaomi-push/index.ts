/**
 * Xiaomi's push protocol: what keeps MIUI phones, and apps with the Mi Push SDK, connected to
 * `app.chat.xiaomi.net` and its regional kin, mostly on TCP port 5222.
 *
 * A stream is a row of frames (`frame.ts`), each with one blob:
 *
 *     blob    = type header-length payload-length header payload   ; 2, 2 and 4 bytes, then those
 *     header  = protobuf: 1 channel, 2 user, 3 server, 4 resource, 5 command, 6 subcommand,
 *               7 packet id, 8 direction, 9 cipher, 10 error code, 11 error text
 *     payload = protobuf where the type is 2
 *
 * `CONN` goes in clear both ways; what follows is sealed, and can be opened (`session.ts`). The
 * payload of some messages (`SECMSG`) is sealed once more by a key that never crosses this
 * connection: that is counted as encrypted.
 *
 * How it is known: magic and fixed header also from nDPI (src/lib/protocols/xiaomi.c); blob, fields
 * and key from the clients that Xiaomi publishes (MIMC SDK, Mi Push SDK); all of it checked
 * against six real connections.
 *
 * @module
 */
import type { Chunk, Flow, Side } from "../../flows/flow.ts";
import type { ByteClass } from "../../ledger.ts";
import { BYTE_CLASS } from "../../ledger.ts";
import { MAX_PUSH_RESYNCS } from "../../limits.ts";
import type { Dissector, DissectorSink, FlowDissector, Opening, Probe } from "../dissector.ts";
import type { Part, XiaomiPushMessage } from "../message.ts";
import { StreamBuffer } from "../stream-buffer.ts";
import type { BlobRanges } from "./frame.ts";
import {
  FRAME_EXTRA_BYTES,
  FRAME_HEADER_BYTES,
  findFrame,
  readBlobRanges,
  readFrame,
} from "./frame.ts";
import type { BlobHeader } from "./session.ts";
import { readBlobHeader, Session } from "./session.ts";

/** A dissector of Xiaomi's push protocol. */
export function createXiaomiPushDissector(): Dissector {
  return {
    name: "xiaomi-push",
    over: "stream",
    ports: [5222],
    probe,
    open: (opening) => new PushConnection(opening),
  };
}

function probe(bytes: Uint8Array, start: number, end: number): Probe {
  if (readFrame(bytes, start, end).kind === "broken") return "no";
  return end - start >= FRAME_HEADER_BYTES ? "yes" : "unsure";
}

/** A blob in clear, however it came to be. */
interface OpenBlob {
  readonly blob: Uint8Array;
  readonly ranges: BlobRanges;
  readonly header: BlobHeader;
  readonly wasSealed: boolean;
}

/** A frame as it stands in the stream. */
interface PushFrame {
  readonly side: Side;
  readonly start: number;
  readonly end: number;
  readonly blob: Uint8Array;
  readonly chunk: Chunk;
}

class PushConnection implements FlowDissector {
  encrypted = false;
  readonly #flow: Flow;
  readonly #out: DissectorSink;
  readonly #session = new Session();
  readonly #buffers: readonly [StreamBuffer, StreamBuffer] = [
    new StreamBuffer(),
    new StreamBuffer(),
  ];
  /** Class of the bytes passed over while looking for the next frame; undefined while in step. */
  readonly #lostAs: [ByteClass | undefined, ByteClass | undefined] = [undefined, undefined];
  /** Checksums that did not fit while out of step: each costs a pass over what may be a frame. */
  readonly #falseFrames: [number, number] = [0, 0];

  constructor({ flow, out }: Opening) {
    this.#flow = flow;
    this.#out = out;
  }

  push(side: Side, chunk: Chunk): void {
    const buffer = this.#buffers[side];
    buffer.append(chunk);
    while (buffer.available > 0 && this.#step(side, buffer, chunk));
    buffer.retain();
  }

  gap(side: Side, offset: number, length: number): void {
    const buffer = this.#buffers[side];
    this.#pass(side, BYTE_CLASS.incomplete, buffer.available);
    buffer.reset(offset + length);
    this.#lostAs[side] = BYTE_CLASS.incomplete;
  }

  close(side: Side): void {
    this.#pass(side, this.#lostAs[side] ?? BYTE_CLASS.incomplete, this.#buffers[side].available);
  }

  end(): void {
    this.close(0);
    this.close(1);
  }

  /** Reads one frame; false where more bytes are due. */
  #step(side: Side, buffer: StreamBuffer, chunk: Chunk): boolean {
    const lostAs = this.#lostAs[side];
    if (lostAs !== undefined) {
      const view = buffer.view(buffer.available);
      const isGivenUp = this.#falseFrames[side] >= MAX_PUSH_RESYNCS;
      this.#pass(side, lostAs, isGivenUp ? view.length : findFrame(view, 0, view.length));
    }
    const view = buffer.view(buffer.available);
    if (view.length === 0) return false;
    const outcome = readFrame(view, 0, view.length);
    if (outcome.kind === "need-more") return false;
    if (outcome.kind === "broken") {
      this.#anomaly("push-frame-broken", buffer.offset, chunk, outcome.reason);
      this.#lostAs[side] = BYTE_CLASS.malformed;
      return true;
    }
    if (!outcome.checksumFits) return this.#badChecksum(side, buffer, chunk, outcome.bytes);
    this.#lostAs[side] = undefined;
    const { offset } = buffer;
    const blob = view.slice(FRAME_HEADER_BYTES, outcome.bytes - 4);
    buffer.skip(outcome.bytes);
    this.#frame({ side, start: offset, end: offset + outcome.bytes, blob, chunk });
    return true;
  }

  /** In step, the frame is damaged but its end is known; out of step, it was none. */
  #badChecksum(side: Side, buffer: StreamBuffer, chunk: Chunk, bytes: number): boolean {
    const lostAs = this.#lostAs[side];
    if (lostAs !== undefined) {
      this.#falseFrames[side]++;
      this.#pass(side, lostAs, 1);
      return true;
    }
    const reason = `the Adler-32 of a frame of ${bytes} bytes does not fit`;
    this.#anomaly("push-checksum-wrong", buffer.offset, chunk, reason);
    this.#pass(side, BYTE_CLASS.malformed, bytes);
    return true;
  }

  #frame(frame: PushFrame): void {
    if (frame.blob.length === 0) {
      this.#out.count(frame.side, BYTE_CLASS.read, FRAME_EXTRA_BYTES);
      this.#message(frame, { command: "PING", server: null, bodyBytes: 0, encrypted: false }, []);
      return;
    }
    const open = this.#openBlob(frame.blob);
    if (open === undefined) {
      this.encrypted = true;
      this.#out.count(frame.side, BYTE_CLASS.read, FRAME_EXTRA_BYTES);
      this.#out.count(frame.side, BYTE_CLASS.encrypted, frame.blob.length);
      const bodyBytes = frame.blob.length;
      this.#message(frame, { command: null, server: null, bodyBytes, encrypted: true }, []);
      return;
    }
    this.#blob(frame, open);
  }

  #openBlob(blob: Uint8Array): OpenBlob | undefined {
    return asOpen(blob, false) ?? asOpen(this.#session.open(blob), true);
  }

  #blob(frame: PushFrame, open: OpenBlob): void {
    const { ranges, header, blob } = open;
    const payload = blob.subarray(ranges.payloadStart);
    if (open.wasSealed) this.encrypted = true;
    if (header.command === "CONN" && !open.wasSealed) this.#session.conn(payload);
    const isSealed = header.cipher !== 0 && payload.length > 0;
    const sealedBytes = isSealed ? payload.length : 0;
    this.#out.count(frame.side, BYTE_CLASS.read, frame.end - frame.start - sealedBytes);
    this.#out.count(frame.side, BYTE_CLASS.encrypted, sealedBytes);
    const parts = this.#out.wantsParts ? partsOf(frame, open, isSealed) : [];
    const { command, server } = header;
    // The key follows from what the connection itself sent in clear (session.ts).
    const opened = open.wasSealed ? { decrypted: true } : {};
    const bodyBytes = payload.length;
    this.#message(frame, { command, server, bodyBytes, encrypted: isSealed, ...opened }, parts);
  }

  #message(
    { side, start, end, chunk }: PushFrame,
    fields: Pick<XiaomiPushMessage, "command" | "server" | "bodyBytes" | "encrypted" | "decrypted">,
    parts: readonly Part[],
  ): void {
    const { input, frame, ts } = chunk;
    const place = { flow: this.#flow, side, input, frame, ts, start, end };
    this.#out.message({ kind: "xiaomi-push", ...place, ...fields, parts });
  }

  #pass(side: Side, as: ByteClass, bytes: number): void {
    if (bytes > 0) this.#out.count(side, as, bytes);
    this.#buffers[side].skip(bytes);
  }

  #anomaly(name: string, offset: number, chunk: Chunk, reason: string): void {
    const place = { input: chunk.input, frame: chunk.frame, offset, flow: this.#flow.id };
    this.#out.anomaly({ stage: "protocols", name, place, reason });
  }
}

/** A blob whose lengths add up and whose header is a message of protobuf is in clear. */
function asOpen(blob: Uint8Array | undefined, wasSealed: boolean): OpenBlob | undefined {
  if (blob === undefined) return undefined;
  const ranges = readBlobRanges(blob);
  if (ranges === undefined) return undefined;
  const header = readBlobHeader(blob.subarray(ranges.headerStart, ranges.payloadStart));
  return header && { blob, ranges, header, wasSealed };
}

function partsOf(
  frame: PushFrame,
  { blob, ranges, wasSealed }: OpenBlob,
  isSealed: boolean,
): Part[] {
  const offsetOf = (at: number): number => (wasSealed ? -1 : frame.start + FRAME_HEADER_BYTES + at);
  const { headerStart, payloadStart, type } = ranges;
  const header = blob.subarray(headerStart, payloadStart);
  const parts: Part[] = [
    { path: "header", bytes: header, offset: offsetOf(headerStart), form: "protobuf" },
  ];
  if (isSealed || payloadStart === blob.length) return parts;
  const payload = blob.subarray(payloadStart);
  const form = type === PROTOBUF_PAYLOAD ? "protobuf" : "binary";
  parts.push({ path: "payload", bytes: payload, offset: offsetOf(payloadStart), form });
  return parts;
}

const PROTOBUF_PAYLOAD = 2;
