/**
 * Compares one capture's events with its truth.
 */
import type { Event } from "../../src/report/event.ts";
import type { Reading } from "./read-events.ts";
import type { Score } from "./score.ts";
import type { Truth, TruthFlow, TruthMessage } from "./truth.ts";

/** Compares everything that both sides have. */
export function compareCapture(truth: Truth, reading: Reading, score: Score): void {
  if (truth.kind === "har") {
    score.field("har.entries", 0, { want: truth.entries ?? 0, got: reading.input?.frames ?? 0 });
    return;
  }
  compareFrames(truth, reading, score);
  const flows = reading.events.filter(({ kind }) => kind === "flow");
  const outermost = flows.filter((event) => event["parent"] === undefined);
  compareFlows("flow", truth.flows, { flows: outermost, score });
  if (truth.flows_innermost !== undefined && !isCarriedInFragments(outermost)) {
    const innermost = flows.filter((event) => event["carried_ab"] === undefined);
    const truthOfThese = truth.flows_innermost.filter((flow) => !isPartlyCarried(flow, outermost));
    compareFlows("innermost", truthOfThese, { flows: innermost, score });
  }
  const { events } = reading;
  compareMessages("dns", truth.dns.filter(isOverPlainDns), {
    events: events.filter(({ kind }) => kind === "dns").map(withoutServices),
    identity: ["frame", "src", "dst", "id", "response"],
    fields: [
      "proto",
      "over",
      "rcode",
      "queries",
      "answers",
      "authority",
      "additional",
      "malformed",
    ],
    score,
  });
  compareTls(truth, events, score);
  compareQuic(truth, events, score);
  compareHttp(truth, events, score);
}

function compareFrames(truth: Truth, reading: Reading, score: Score): void {
  const got = reading.input;
  score.field("frames.packets", 0, { want: truth.packets, got: got?.frames ?? 0 });
  score.field("frames.bytes", 0, { want: truth.frame_bytes, got: reading.bytes.total });
  const notCaptured = reading.bytes.classes["not-captured"] ?? 0;
  const captured = reading.bytes.total - notCaptured;
  score.field("frames.captured", 0, { want: truth.captured_bytes, got: captured });
  const sum = (classes: Readonly<Record<string, number>>): number =>
    Object.values(classes).reduce((total, n) => total + n, 0);
  score.field("ledger.frames", 0, { want: truth.packets, got: sum(reading.frames.classes) });
  score.field("ledger.bytes", 0, { want: truth.frame_bytes, got: sum(reading.bytes.classes) });
  const negative = Object.entries(reading.bytes.classes).filter(([, n]) => n < 0);
  score.field("ledger.negative", 0, { want: [], got: negative });
}

function flowKey(flow: Readonly<Record<string, unknown>>): { key: string; flipped: boolean } {
  const a = `${String(flow["a"])} ${String(flow["a_port"])}`;
  const b = `${String(flow["b"])} ${String(flow["b_port"])}`;
  const flipped = a > b;
  return { key: `${String(flow["proto"])} ${flipped ? `${b} ${a}` : `${a} ${b}`}`, flipped };
}

const COUNTERS = ["packets", "bytes", "payload"] as const;

function compareFlows(
  kind: string,
  truth: readonly TruthFlow[],
  { flows, score }: { flows: readonly Event[]; score: Score },
): void {
  // The same endpoints inside several tunnels are one flow to the truth.
  const byKey = new Map<string, Record<string, number>>();
  for (const event of flows) {
    const { key, flipped } = flowKey(event);
    const sums = byKey.get(key) ?? {};
    byKey.set(key, sums);
    for (const counter of COUNTERS) {
      for (const way of ["ab", "ba"]) {
        const to = `${counter}_${flipped ? (way === "ab" ? "ba" : "ab") : way}`;
        sums[to] = (sums[to] ?? 0) + Number(event[`${counter}_${way}`]);
      }
    }
  }
  score.field(`${kind}.count`, 0, { want: truth.length, got: byKey.size });
  for (const flow of truth) {
    const { key, flipped } = flowKey({ ...flow });
    const got = byKey.get(key);
    const place = `${flow.proto} ${flow.a}:${String(flow.a_port)}-${flow.b}:${String(flow.b_port)}`;
    for (const counter of COUNTERS) {
      const want = flipped
        ? [flow[`${counter}_ba`], flow[`${counter}_ab`]]
        : [flow[`${counter}_ab`], flow[`${counter}_ba`]];
      const have = got === undefined ? null : [got[`${counter}_ab`], got[`${counter}_ba`]];
      score.field(`${kind}.${counter}`, place, { want, got: have });
    }
    byKey.delete(key);
  }
  for (const key of byKey.keys()) score.field(`${kind}.extra`, key, { want: null, got: key });
}

/** A flow of which some frames carry an inner packet and some do not. */
function isPartlyCarried(flow: TruthFlow, outermost: readonly Event[]): boolean {
  const { key } = flowKey({ ...flow });
  return outermost.some((event) => event["carried_ab"] !== undefined && flowKey(event).key === key);
}

const SRV = 33;

/** tshark gives SRV records no \`dns.resp.name\`, by which the truth counts answers: it has none of them. */
function withoutServices(event: Event): Readonly<Record<string, unknown>> {
  const answers = event["answers"];
  if (!Array.isArray(answers)) return event;
  return {
    ...event,
    answers: answers.filter((answer) => !Array.isArray(answer) || answer[1] !== SRV),
  };
}

/** Not inside HTTP or TLS, and not quoted by an ICMP error, which the truth shows without ports. */
function isOverPlainDns(message: TruthMessage): boolean {
  if (String(message["src"]).endsWith(":None")) return false;
  return message["over"] === "udp" || message["over"] === "tcp";
}

/**
 * Whether datagrams that carry others came in fragments. The truth was taken without reassembly: it
 * looks into first fragments, and takes the rest for flows without ports.
 */
function isCarriedInFragments(outermost: readonly Event[]): boolean {
  return outermost.some(
    (event) => event["carried_ab"] !== undefined && event["fragments"] !== undefined,
  );
}

/** Fields of what the capture cut off: the truth has the broken value of the last line, we have none. */
function isCutOff(event: Readonly<Record<string, unknown>>, field: string): boolean {
  return event["complete"] === false && (event[field] ?? null) === null;
}

/** As {@link withoutServices}: in mDNS, SRV records stand beside the answers too, and are only counted there. */
function isServiceCount(
  event: Readonly<Record<string, unknown>>,
  field: string,
  want: unknown,
): boolean {
  const isCount = field === "authority" || field === "additional";
  return isCount && event["proto"] === "mdns" && Number(event[field]) > Number(want);
}

interface Comparison {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Fields by which a message of the truth finds its event. */
  readonly identity: readonly string[];
  readonly fields: readonly string[];
  /** Whether the truth may lack messages ({@link Truth.reordering_matters}). */
  readonly isLowerBound?: boolean;
  readonly score: Score;
}

function compareMessages(
  kind: string,
  truth: readonly TruthMessage[],
  comparison: Comparison,
): void {
  const { events, identity, fields, isLowerBound = false, score } = comparison;
  const left = new Map<string, Readonly<Record<string, unknown>>[]>();
  const keyOf = (message: Readonly<Record<string, unknown>>): string =>
    identity.map((field) => JSON.stringify(message[field] ?? null)).join(" ");
  for (const event of events) {
    const key = keyOf(event);
    const others = left.get(key);
    if (others === undefined) left.set(key, [event]);
    else others.push(event);
  }
  for (const message of truth) {
    const got = left.get(keyOf(message))?.shift();
    score.field(`${kind}.message`, message.frame, { want: keyOf(message), got: got && keyOf(got) });
    if (got === undefined) continue;
    for (const field of fields) {
      if (isCutOff(got, field) || isServiceCount(got, field, message[field])) continue;
      score.field(`${kind}.${field}`, message.frame, { want: message[field], got: got[field] });
    }
  }
  for (const others of left.values()) {
    for (const event of others) {
      // Of a stream with holes tshark shows what one of two ways to read it shows: a lower bound.
      if (isLowerBound) continue;
      // What broke off is shown by us, marked, and not by tshark.
      if (event["complete"] === false) continue;
      score.field(`${kind}.extra`, String(event["frame"]), { want: null, got: keyOf(event) });
    }
  }
}

const HELLO_FIELDS: Readonly<Record<string, readonly string[]>> = {
  client_hello:
    "sni alpn version supported_versions extensions ciphers ech esni early_data ja3 ja4".split(" "),
  server_hello: ["frame", "version", "cipher", "alpn", "hello_retry"],
};

/**
 * The truth looks for the fields of TLS, which tshark names otherwise in DTLS: it has no extension of a
 * DTLS hello, and so no name, ALPN or fingerprint. Fragments of a hello are rows without ciphers.
 */
const DTLS_FIELDS: readonly string[] = ["version", "ciphers"];

/** The truth has hellos of one frame that agree in all its fields once (one before and one after a retry). */
function distinct(events: readonly Event[]): readonly Event[] {
  return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
}

const ENDS: readonly string[] = ["src", "dst", "transport"];

function compareTls(truth: Truth, events: readonly Event[], score: Score): void {
  for (const [kind, fields] of Object.entries(HELLO_FIELDS)) {
    const isClient = kind === "client_hello";
    for (const isDtls of [false, true]) {
      const isOver = (message: Readonly<Record<string, unknown>>): boolean =>
        (message["transport"] === "dtls") === isDtls;
      const hellos = truth.tls.filter(
        (message) =>
          message["kind"] === kind && isOver(message) && !(isDtls && message["ciphers"] === 0),
      );
      compareMessages(kind, hellos, {
        events: distinct(
          events.filter((event) => event.kind === "tls" && event["type"] === kind && isOver(event)),
        ),
        // A ServerHello can be whole before its record is: its frame is a field, not its identity.
        identity: isClient ? ["frame", ...ENDS] : ENDS,
        fields: isClient && isDtls ? DTLS_FIELDS : fields,
        score,
      });
    }
  }
}

function compareQuic(truth: Truth, events: readonly Event[], score: Score): void {
  for (const connection of truth.quic) {
    const ends = [connection["client"], connection["server"]].map(String).sort().join(" ");
    const got = events.find(
      (event) =>
        event.kind === "quic" && [event["src"], event["dst"]].map(String).sort().join(" ") === ends,
    );
    // tshark opens no Initial that came before the one by which it knows the keys. A name that we have
    // and it has not stood in a packet whose authentication tag was right.
    const isUnopened = connection["sni"] === null && got?.["client_hello"] === "read";
    for (const field of isUnopened ? ["versions"] : ["sni", "alpn", "versions"]) {
      const frame = Number(connection["frame_first"]);
      score.field(`quic.${field}`, frame, { want: connection[field], got: got?.[field] });
    }
  }
}

function compareHttp(truth: Truth, events: readonly Event[], score: Score): void {
  const clear = (message: TruthMessage): boolean => message["decrypted"] === false;
  const http = events.filter(({ kind }) => kind === "http");
  compareMessages("request", truth.http1_requests.filter(clear), {
    events: http
      .filter((event) => event["type"] === "request")
      .map((event) => ({ ...event, uri: event["path"], host: event["authority"] })),
    identity: ["frame", "src", "dst", "method", "uri"],
    fields: ["host", "version", "user_agent", "cookie", "content_type"],
    isLowerBound: truth.reordering_matters?.["http1_requests"] !== undefined,
    score,
  });
  compareMessages("response", truth.http1_responses.filter(clear), {
    events: http.filter((event) => event["type"] === "response"),
    identity: ["frame", "src", "dst", "status"],
    fields: ["content_type", "content_encoding", "transfer_encoding", "content_length"],
    isLowerBound: truth.reordering_matters?.["http1_responses"] !== undefined,
    score,
  });
}
