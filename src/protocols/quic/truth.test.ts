/**
 * QUIC connections of real captures against tshark's reading of them.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readMessages } from "../../../test/read-messages.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { QuicMessage } from "../message.ts";
import { createQuicDissector } from "./index.ts";

const CAPTURES = join(process.cwd(), "../shared/captures");

interface TruthConnection {
  readonly client: string;
  readonly versions: readonly string[];
  readonly sni: string | null;
  readonly alpn: readonly string[];
}
interface Truth {
  readonly quic?: readonly TruthConnection[];
  readonly tls?: readonly { readonly transport: string; readonly frame: number }[];
}

/** Connections that tshark gives no number: it does so only once it has seen a connection's Initial. */
const WITHOUT_NUMBER: Readonly<Record<string, readonly string[]>> = {
  // A Handshake packet alone, frame 6.
  "iot/iot-inspector-application_data.pcap": ["192.168.1.37:61046"],
};

/** Packets that tshark gives a connection of their own, by client. */
const NO_CONNECTION: Readonly<Record<string, readonly number[]>> = {
  // Frame 79 is an Initial under a new id; that connection 1's Initial keys open it proves whose it is.
  "zeek/zerortt.pcap": [2],
};

test("every connection that tshark reads is read alike", (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  let compared = 0;
  for (const { name, path, truth } of captures()) {
    const due = (truth.quic ?? []).filter((_, i) => !(NO_CONNECTION[name] ?? []).includes(i));
    if (due.length === 0) continue;
    const dissectors = [createQuicDissector(nodePlatform)];
    const found = readMessages(path, dissectors).messages.filter(
      (message): message is QuicMessage => message.kind === "quic",
    );
    const extra = WITHOUT_NUMBER[name] ?? [];
    const ours = found.filter((message) => !extra.includes(senderOf(message)));
    assert.deepEqual(ours.map(fromMessage).sort(), due.map(fromTruth).sort(), name);
    compared += due.length;
  }
  assert.ok(compared >= 43, `${compared} connections compared`);
});

test("nothing in captures without QUIC is taken for it", (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  for (const { name, path, truth } of captures()) {
    if ((truth.quic ?? []).length > 0) continue;
    const { messages } = readMessages(path, [createQuicDissector(nodePlatform)]);
    for (const message of messages) {
      assert.ok(message.kind === "quic", name);
      // Google's own QUIC, which tshark reads with another dissector.
      assert.equal(message.clientHello, "unsupported-version", name);
      assert.ok(GOOGLE.includes(name), name);
    }
  }
});

const GOOGLE = ["ndpi/telegram.pcap", "ndpi/wechat.pcap", "pcapplusplus/many_interfaces-1.pcapng"];

function* captures(): Generator<{ name: string; path: string; truth: Truth }> {
  for (const source of readdirSync(join(CAPTURES, "truth"), { withFileTypes: true })) {
    if (!source.isDirectory()) continue;
    for (const file of readdirSync(join(CAPTURES, "truth", source.name))) {
      const name = `${source.name}/${file.replace(/\.json$/, "")}`;
      const path = join(CAPTURES, name);
      if (!file.endsWith(".json") || file.includes(".har") || !existsSync(path)) continue;
      const text = readFileSync(join(CAPTURES, "truth", source.name, file), "utf8");
      const truth = JSON.parse(text) as Truth;
      yield { name, path, truth };
    }
  }
}

function senderOf({ flow, side }: QuicMessage): string {
  const { address, port } = flow.ends[side];
  return `${address}:${port}`;
}

function fromMessage(message: QuicMessage): string {
  const versions = message.versions.map((v) => `0x${v.toString(16).padStart(8, "0")}`);
  const { serverName, alpn } = message;
  return JSON.stringify({ client: senderOf(message), versions, serverName, alpn });
}

function fromTruth({ client, versions, sni, alpn }: TruthConnection): string {
  return JSON.stringify({ client, versions, serverName: sni, alpn });
}
