/**
 * ClientHellos and ServerHellos of real captures against tshark's reading of them.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readMessages } from "../../../test/read-messages.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { TlsClientHello, TlsServerHello } from "../message.ts";
import { createQuicDissector } from "../quic/index.ts";
import { createDtlsDissector, createTlsDissector } from "./index.ts";

const CAPTURES = join(process.cwd(), "../shared/captures");
const DISSECTORS = [
  createTlsDissector(nodePlatform),
  createDtlsDissector(nodePlatform),
  createQuicDissector(nodePlatform),
];

interface TruthHello {
  readonly frame: number;
  readonly kind: "client_hello" | "server_hello";
  readonly transport: "tcp" | "quic" | "dtls";
  readonly sni?: string | null;
  readonly alpn: readonly string[];
  readonly version: string | null;
  readonly supported_versions?: readonly string[];
  readonly extensions?: readonly number[];
  readonly ciphers?: number;
  readonly ech?: boolean;
  readonly esni?: boolean;
  readonly early_data?: boolean;
  readonly ja3?: string | null;
  readonly ja4?: string;
  readonly cipher?: string | null;
  readonly hello_retry?: boolean;
}

/** Hellos of the truth that tshark could read only with the keys beside the capture: by frame. */
const ENCRYPTED: Readonly<Record<string, readonly number[]>> = {
  // The second handshake of a renegotiation is encrypted by the first (RFC 5246 §7.4.1.1).
  "hotplace/tls12renogotiation.pcapng": [14, 16],
};

/** Where tshark is known to read otherwise, with the reason. */
const OTHERWISE: Readonly<Record<string, readonly number[]>> = {
  // The first fragment of a ClientHello, which tshark shows as an empty one; it is whole in the next frame.
  "hotplace/dtls12.pcapng": [1, 4],
  // Behind POP3's STLS: reached once a dissector of POP3 hands the stream over.
  "zeek/pop3-starttls.pcap": [11, 13],
};

/** Hellos that are there and that tshark does not show, by frame. */
const MORE: Readonly<Record<string, readonly number[]>> = {
  // 91: whole in its segment, which tshark takes for a retransmission. 347: the ServerHello is whole,
  // the record, which holds certificates too, goes on past the end of the capture.
  "ndpi/KakaoTalk_chat.pcap": [91, 347],
};

test("every hello that tshark reads is read alike", (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  let compared = 0;
  for (const source of readdirSync(join(CAPTURES, "truth"), { withFileTypes: true })) {
    if (!source.isDirectory()) continue;
    for (const file of readdirSync(join(CAPTURES, "truth", source.name))) {
      const name = `${source.name}/${file.replace(/\.json$/, "")}`;
      const path = join(CAPTURES, name);
      if (!file.endsWith(".json") || !existsSync(path) || file.includes(".har")) continue;
      const text = readFileSync(join(CAPTURES, "truth", source.name, file), "utf8");
      const truth = JSON.parse(text) as { readonly tls?: readonly TruthHello[] };
      if ((truth.tls ?? []).length === 0) continue;
      const skipped = [...(ENCRYPTED[name] ?? []), ...(OTHERWISE[name] ?? [])];
      const due = (truth.tls ?? []).filter(({ frame }) => !skipped.includes(frame));
      const { messages } = readMessages(path, DISSECTORS);
      const found = messages.filter(
        (message): message is TlsClientHello | TlsServerHello =>
          message.kind === "tls" &&
          (message.type === "client_hello" || message.type === "server_hello") &&
          !(MORE[name] ?? []).includes(message.frame),
      );
      found.sort((a, b) => a.frame - b.frame);
      assert.deepEqual(found.map(fromMessage).sort(), due.map(fromTruth).sort(), name);
      assertFrames(found, due, name);
      compared += due.length;
    }
  }
  assert.ok(compared > 500, `${compared} hellos compared`);
});

/**
 * tshark shows a record once all of it is there, and a ServerHello may share its record with
 * certificates of several segments; we give it as soon as it is whole itself.
 */
function assertFrames(
  found: readonly (TlsClientHello | TlsServerHello)[],
  due: readonly TruthHello[],
  name: string,
): void {
  for (const kind of ["client_hello", "server_hello"] as const) {
    const ours = found.filter(({ type }) => type === kind).map(({ frame }) => frame);
    const theirs = due.filter((hello) => hello.kind === kind).map(({ frame }) => frame);
    ours.forEach((frame, i) => {
      const expected = theirs[i] ?? 0;
      if (kind === "client_hello") assert.equal(frame, expected, name);
      else assert.ok(frame <= expected && frame >= expected - 20, `${name}: ${frame}, ${expected}`);
    });
  }
}

/** The truth takes extensions and JA3 from fields that tshark names otherwise in DTLS; see the test below. */
const NOT_IN_DTLS = { extensions: null, ja3: null, ja4: null } as const;

test("a ClientHello of two DTLS fragments is read as tshark reads it", (t) => {
  const path = join(CAPTURES, "hotplace/dtls12.pcapng");
  if (!existsSync(path)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const { messages } = readMessages(path, DISSECTORS);
  const hellos = messages.filter((m) => m.kind === "tls" && m.type === "client_hello");
  // tshark 4.0.17: -T fields -e dtls.handshake.ja3 -e dtls.handshake.extension.type
  for (const hello of hellos) {
    assert.equal(hello.ja3, "330e509fbdef1c841629f6e6ecf25b65");
    assert.deepEqual(hello.extensions, [65281, 11, 10, 35, 22, 23, 13]);
  }
  assert.equal(hellos.length, 2);
});

function fromTruth(hello: TruthHello): string {
  const { kind, transport, alpn, version } = hello;
  const base = { kind, transport, alpn, version };
  if (kind === "server_hello") {
    return JSON.stringify({ ...base, cipher: hello.cipher, retry: hello.hello_retry });
  }
  return JSON.stringify({
    ...base,
    sni: hello.sni,
    supported: hello.supported_versions,
    extensions: hello.extensions,
    ciphers: hello.ciphers,
    marks: [hello.ech, hello.esni, hello.early_data],
    ja3: hello.ja3,
    ja4: hello.ja4,
    ...(transport === "dtls" && NOT_IN_DTLS),
  });
}

function fromMessage(message: TlsClientHello | TlsServerHello): string {
  const { type, transport, alpn } = message;
  const base = { kind: type, transport, alpn, version: toHex4(message.version) };
  if (message.type === "server_hello") {
    return JSON.stringify({ ...base, cipher: toHex4(message.cipher), retry: message.helloRetry });
  }
  return JSON.stringify({
    ...base,
    sni: message.serverName,
    supported: message.supportedVersions.map(toHex4),
    extensions: message.extensions,
    ciphers: message.ciphers.length,
    marks: [message.ech, message.esni, message.earlyData],
    ja3: message.ja3,
    ja4: message.ja4,
    ...(transport === "dtls" && NOT_IN_DTLS),
  });
}

function toHex4(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}
