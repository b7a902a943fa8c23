/**
 * HTTP/1 against tshark's reading of real captures: `http1_requests`, `http1_responses` and
 * `http_objects`, but what came out of TLS.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readMessages } from "../../../test/read-messages.ts";
import { decodePart } from "../../content/decode.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { HttpRequest, HttpResponse, Message } from "../message.ts";
import { createHttp1Dissector } from "./index.ts";

const CAPTURES = join(process.cwd(), "..", "shared", "captures");

interface TruthMessage {
  readonly frame: number;
  readonly decrypted: boolean;
  readonly method?: string;
  readonly uri?: string;
  readonly host?: string | null;
  readonly version?: string;
  readonly user_agent?: string | null;
  readonly cookie?: string | null;
  readonly status?: number;
  readonly content_type: string | null;
  readonly content_encoding?: string | null;
  readonly transfer_encoding?: string | null;
}
interface Truth {
  readonly http1_requests?: readonly TruthMessage[];
  readonly http1_responses?: readonly TruthMessage[];
  readonly http2?: readonly unknown[];
  readonly http_objects?: readonly (readonly [string, number, string])[];
  readonly reordering_matters?: boolean;
}

const valueOf = (message: HttpRequest | HttpResponse, name: string): string | null =>
  message.headers.find((header) => header.name.toLowerCase() === name)?.value ?? null;

/** A message in one line, the same from both readings. */
function truthLine(m: TruthMessage): string {
  return m.status === undefined
    ? `${m.frame} ${m.method} ${m.uri} ${m.host} ${m.version} ${m.user_agent} ${m.cookie}`
    : `${m.frame} ${m.status} ${m.content_type} ${m.content_encoding} ${m.transfer_encoding}`;
}
function ourLine(m: HttpRequest | HttpResponse): string {
  const [type, encoding] = [valueOf(m, "content-type"), valueOf(m, "content-encoding")];
  return m.type === "request"
    ? `${m.frame} ${m.method} ${m.path} ${m.authority} ${m.version} ${valueOf(m, "user-agent")} ${valueOf(m, "cookie")}`
    : `${m.frame} ${m.status} ${type} ${encoding} ${valueOf(m, "transfer-encoding")}`;
}

/** Digests of a message's body, as it came and as its codings leave it. */
function digestsOf(message: Message): string[] {
  const digests: string[] = [];
  const sha256 = (bytes: Uint8Array): void =>
    void digests.push(createHash("sha256").update(bytes).digest("hex"));
  for (const part of message.parts.filter(({ path }) => path === "body")) {
    const sink = { anomaly: () => undefined };
    decodePart(
      part,
      nodePlatform,
      (node) => {
        const { operation } = node.step;
        if (["field", "gzip", "zlib", "deflate-raw", "brotli"].includes(operation))
          sha256(node.bytes);
      },
      sink,
    );
  }
  return digests;
}

test("requests, responses and bodies are those that tshark sees", (t) => {
  if (!existsSync(CAPTURES)) {
    t.skip("../shared/captures is absent");
    return;
  }
  const differences: string[] = [];
  let [messages, objects] = [0, 0];
  for (const source of readdirSync(join(CAPTURES, "truth"))) {
    if (source.endsWith(".tsv")) continue;
    for (const file of readdirSync(join(CAPTURES, "truth", source))) {
      if (!/\.(pcap|pcapng|snoop)\.json$/.test(file)) continue;
      const name = `${source}/${file.slice(0, -5)}`;
      const truth = JSON.parse(
        readFileSync(join(CAPTURES, "truth", `${name}.json`), "utf8"),
      ) as Truth;
      const expected = [...(truth.http1_requests ?? []), ...(truth.http1_responses ?? [])];
      const clear = expected.filter((message) => !message.decrypted);
      const digests = new Set<string>();
      const read = readMessages(join(CAPTURES, name), [createHttp1Dissector()], (message) => {
        for (const digest of digestsOf(message)) digests.add(digest);
      });
      const http = read.messages.filter((message) => message.kind === "http");
      const ours = http.map((message) => `${message.complete ? "" : "cut "}${ourLine(message)}`);
      for (const line of clear.map(truthLine)) {
        const at = Math.max(ours.indexOf(line), ours.indexOf(`cut ${line}`));
        if (at < 0) differences.push(`${name}: tshark only: ${line}`);
        else ours.splice(at, 1);
        messages++;
      }
      // tshark shows no message whose body is cut off; we do, and say so.
      for (const line of ours.filter((shown) => !shown.startsWith("cut "))) {
        differences.push(`${name}: ours only: ${line}`);
      }
      if (clear.length < expected.length || (truth.http2 ?? []).length > 0) continue;
      for (const [object, length, digest] of truth.http_objects ?? []) {
        objects++;
        if (length > 0 && !digests.has(digest))
          differences.push(`${name}: object ${object} of ${length} bytes`);
      }
    }
  }
  assert.deepEqual(differences, KNOWN_DIFFERENCES);
  assert.deepEqual([messages, objects], [186, 80]);
});

const KNOWN_DIFFERENCES = [
  // KakaoTalk's own protocol on port 8080, which tshark takes for HTTP without a start line.
  "ndpi/KakaoTalk_chat.pcap: object object313 of 267 bytes",
  "ndpi/KakaoTalk_chat.pcap: object object49 of 43 bytes",
  // HTTP/0.9, which is left out on purpose.
  "zeek/mixed-vlan-mpls.pcap: tshark only: 37 GET / null  null null",
  "zeek/mixed-vlan-mpls.pcap: object %2f(1) of 1428 bytes",
  "zeek/mixed-vlan-mpls.pcap: object %2f(2) of 1428 bytes",
  "zeek/mixed-vlan-mpls.pcap: object %2f(3) of 573 bytes",
];
