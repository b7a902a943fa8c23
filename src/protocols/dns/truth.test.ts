import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readMessages } from "../../../test/read-messages.ts";
import type { DnsMessage } from "../message.ts";
import { createDnsDissector } from "./index.ts";

/** One message of the ground truth, as the captures' README defines it. */
interface TrueMessage {
  readonly frame: number;
  readonly proto: string;
  readonly over: string;
  readonly src: string;
  readonly dst: string;
  readonly id: string;
  readonly response: boolean;
  readonly rcode: number | null;
  readonly queries: readonly (readonly [string, number])[];
  readonly answers: readonly (readonly [string, number, string | null])[];
  readonly authority: number;
  readonly additional: number;
  readonly malformed?: boolean;
}
interface Truth {
  readonly file: string;
  readonly dns?: readonly TrueMessage[];
}

const ROOT = join(process.cwd(), "../shared/captures");
const ABSENT = "../shared/captures is absent";

function* truths(): Generator<{ name: string; path: string; truth: Truth }> {
  for (const source of readdirSync(join(ROOT, "truth"))) {
    const folder = join(ROOT, "truth", source);
    if (!existsSync(join(ROOT, source))) continue;
    for (const file of readdirSync(folder)) {
      if (!file.endsWith(".json") || file.includes("expected")) continue;
      const truth = JSON.parse(readFileSync(join(folder, file), "utf8")) as Truth;
      const path = join(ROOT, source, file.slice(0, -".json".length));
      if (existsSync(path) && !path.endsWith(".har"))
        yield { name: `${source}/${file.slice(0, -".json".length)}`, path, truth };
    }
  }
}

/** The fields of our messages in the form of the truth. */
function toTrue(message: DnsMessage): TrueMessage {
  const [to, from] = message.side === 0 ? [1, 0] : [0, 1];
  const ends = message.flow.ends;
  const text = (side: number): string => `${ends[side]?.address}:${ends[side]?.port}`;
  return {
    frame: message.frame,
    proto: message.protocol,
    over: message.over,
    src: text(from),
    dst: text(to),
    id: `0x${message.id.toString(16).padStart(4, "0")}`,
    response: message.response,
    rcode: message.rcode,
    queries: message.queries.map(({ name, type }) => [name, type]),
    // tshark shows SRV records without the field from which the truth takes a record's name.
    answers: message.answers
      .filter(({ type }) => type !== 33)
      .map(({ name, type, value }) => [name, type, value]),
    authority: message.authority,
    additional: message.additional,
    malformed: message.malformed,
  };
}

/**
 * Messages of the truth that are not ours to find, by file and frame.
 *
 * Short: first fragments, cut off by the snapshot length within the header of the DNS message.
 * Quoted: messages that an ICMP error quotes.
 * Headers: bytes on port 53 whose header is overwritten or cut off, so that nothing but the
 * port says DNS; and one on a port that no DNS message has.
 */
const SHORT_OR_QUOTED: Readonly<Record<string, readonly number[]>> = {
  "ndpi/badpackets.pcap": [4, 12, 21],
  "ndpi/KakaoTalk_chat.pcap": [57],
  "zeek/gre-sample.pcap": [34, 36],
};
const HEADERS: Readonly<Record<string, readonly number[]>> = {
  "ndpi/fuzz-2006-06-26-2594.pcap": [29, 236, 245, 269, 311, 589, 615],
};
/** First fragments that tshark leaves alone, and of which we read what is there. */
const FURTHER: Readonly<Record<string, readonly number[]>> = {
  "ndpi/fuzz-2006-06-26-2594.pcap": [642],
};
/** Frames that tshark calls malformed for their UDP length, and one for a record of the obsolete type A6. */
const OTHER_FAULTS: Readonly<Record<string, readonly number[]>> = {
  "ndpi/fuzz-2006-06-26-2594.pcap": [7, 21, 423, 522, 528, 684],
};

function isExcused(name: string, frame: number): boolean {
  return [...(SHORT_OR_QUOTED[name] ?? []), ...(HEADERS[name] ?? [])].includes(frame);
}

test(
  "DNS messages are those that tshark shows",
  { skip: existsSync(ROOT) ? false : ABSENT },
  () => {
    let compared = 0;
    for (const { name, path, truth } of truths()) {
      const wanted = (truth.dns ?? []).filter(({ over }) => over === "udp" || over === "tcp");
      const read = readMessages(path, [createDnsDissector()]);
      assert.deepEqual(
        read.anomalies.filter((one) => one.name === "accounting-defect"),
        [],
        name,
      );
      const ours = read.messages.filter((one) => one.kind === "dns").map(toTrue);
      for (const one of wanted) {
        const at = ours.findIndex((other) => other.frame === one.frame && other.id === one.id);
        const [found] = at < 0 ? [] : ours.splice(at, 1);
        if (found === undefined) {
          assert.ok(isExcused(name, one.frame), `${name}: none in frame ${one.frame}`);
          continue;
        }
        compared++;
        compare(name, found, one);
      }
      const more = ours.filter(({ frame }) => !(FURTHER[name] ?? []).includes(frame));
      assert.deepEqual(more, [], `${name}: messages that tshark does not show`);
    }
    assert.ok(compared > 1000, `${compared} compared`);
  },
);

function compare(name: string, found: TrueMessage, one: TrueMessage): void {
  const where = `${name}: frame ${one.frame}`;
  const isOtherFault = OTHER_FAULTS[name]?.includes(one.frame) ?? false;
  // SRV records are not in the truth's counts; they are common in mDNS alone.
  const isCounted = one.proto !== "mdns" && !isOtherFault;
  assert.ok(found.authority >= one.authority && found.additional >= one.additional, where);
  assert.deepEqual(
    found,
    {
      ...one,
      authority: isCounted ? one.authority : found.authority,
      additional: isCounted ? one.additional : found.additional,
      malformed: isOtherFault ? found.malformed : (one.malformed ?? false),
    },
    where,
  );
}
