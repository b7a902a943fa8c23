/**
 * Names of what a device talked to, gathered from messages as they are read: answers of DNS,
 * server names of TLS and QUIC, hosts of HTTP, names in certificates, names that the capture
 * itself lists.
 *
 * @module
 */
import type { AnomalySink } from "../anomaly.ts";
import type { Flow, Side } from "../flows/flow.ts";
import {
  MAX_DNS_ALIASES,
  MAX_DNS_ANSWERS_KEPT,
  MAX_NAMES_PER_FLOW,
  MAX_REQUEST_SPANS_PER_FLOW,
} from "../limits.ts";
import type { DnsMessage, HttpRequest, Message } from "../protocols/message.ts";
import { readAddress } from "./address.ts";
import { AnnouncementCollector } from "./announcements.ts";
import type { NameSeen } from "./finding.ts";
import { toHostName } from "./registrable-domain.ts";

/** An address that somebody got for a name. */
export interface DnsAnswer {
  /** The name asked for. */
  readonly name: string;
  /** Names that the answer led through, in order; empty without aliases. */
  readonly aliases: readonly string[];
  /** Who asked, as text; the group address for multicast DNS. */
  readonly client: string;
  readonly clientMac: string | undefined;
  /** First and latest time of this answer without another one between, µs; NaN where unknown. */
  readonly ts: number;
  lastTs: number;
  /** Seconds that the latest one may be kept. */
  ttl: number;
  readonly input: number;
  readonly frame: number;
}

/** A stretch of what one side sent that is requests for one host. */
export interface RequestSpan {
  readonly side: Side;
  readonly start: number;
  end: number;
  readonly host: string;
}

/** What is remembered of one flow. */
interface FlowNames {
  readonly used: NameSeen[];
  readonly certificate: NameSeen[];
  readonly requests: RequestSpan[];
}

/** Gathers names; memory grows with the number of names, within limits. */
export class NameCollector {
  readonly announcements: AnnouncementCollector = new AnnouncementCollector();
  private readonly flows = new Map<Flow, FlowNames>();
  private readonly answers = new Map<string, DnsAnswer[]>();
  private readonly addressed = new Set<Flow>();
  private readonly listed = new Map<string, NameSeen[]>();
  private readonly anomaly: AnomalySink;
  private kept = 0;
  private saidFull = false;

  constructor(anomaly: AnomalySink) {
    this.anomaly = anomaly;
  }

  /** Takes a message; keeps nothing of it but names. */
  message(message: Message): void {
    this.announcements.message(message);
    switch (message.kind) {
      case "dns":
        if (message.response) this.answer(message);
        break;
      case "tls":
        if (message.type === "client_hello") {
          const source = message.transport === "quic" ? "quic" : "tls";
          this.use(message, source, message.serverName);
        } else if (message.type === "certificate") {
          for (const name of message.certificates[0]?.names ?? []) {
            add(this.of(message.flow).certificate, seen(message, "certificate", name));
          }
        }
        break;
      case "quic":
        this.use(message, "quic", message.serverName);
        break;
      case "http":
        if (message.type === "request") this.request(message);
        break;
      default:
    }
  }

  /** Takes a name that the capture file gives for an address (name resolution block of pcapng). */
  listedName(address: string, name: string, place: { input: number; frame: number }): void {
    const host = toHostName(name);
    if (host === undefined) return;
    if (this.kept >= MAX_DNS_ANSWERS_KEPT) {
      this.sayFull(place);
      return;
    }
    const list = this.listed.get(address) ?? [];
    this.listed.set(address, list);
    if (list.some((one) => one.name === host)) return;
    list.push({ name: host, source: "capture", ...place });
    this.kept++;
  }

  /** Names used on the flow itself: server names first, then hosts of requests. */
  usedOn(flow: Flow): readonly NameSeen[] {
    const used = this.flows.get(flow)?.used ?? [];
    return [...used].sort((a, b) => RANK[a.source] - RANK[b.source]);
  }

  certifiedOn(flow: Flow): readonly NameSeen[] {
    return this.flows.get(flow)?.certificate ?? [];
  }

  /** Whether a request on the flow called its server by a bare address. */
  isAddressed(flow: Flow): boolean {
    return this.addressed.has(flow);
  }

  listedFor(address: string): readonly NameSeen[] {
    return this.listed.get(address) ?? [];
  }

  answersFor(address: string): readonly DnsAnswer[] {
    return this.answers.get(address) ?? [];
  }

  /** Every answer, in no particular order. */
  *allAnswers(): Iterable<DnsAnswer> {
    for (const list of this.answers.values()) yield* list;
  }

  /** The host that the request at `offset` of what `side` sent was for, if any is known. */
  hostAt(flow: Flow, side: Side, offset: number): string | undefined {
    const spans = this.flows.get(flow)?.requests ?? [];
    return spans.find((span) => span.side === side && span.start <= offset && offset < span.end)
      ?.host;
  }

  private of(flow: Flow): FlowNames {
    let names = this.flows.get(flow);
    if (names === undefined) {
      names = { used: [], certificate: [], requests: [] };
      this.flows.set(flow, names);
    }
    return names;
  }

  private use(message: Message, source: NameSeen["source"], name: string | null): void {
    const host = name === null ? undefined : toHostName(name);
    // A server name must not be an address (RFC 6066 §3), and one is no name.
    if (host === undefined || readAddress(host) !== undefined) return;
    add(this.of(message.flow).used, seen(message, source, host));
  }

  private request(message: HttpRequest): void {
    if (message.authority === null) return;
    if (isAddress(message.authority)) this.addressed.add(message.flow);
    const host = hostOf(message.authority);
    if (host === undefined) return;
    this.use(message, "http", host);
    const { requests } = this.of(message.flow);
    const last = requests.at(-1);
    if (last?.host === host && last.side === message.side && message.start >= last.start) {
      last.end = Math.max(last.end, message.end);
    } else if (requests.length < MAX_REQUEST_SPANS_PER_FLOW) {
      requests.push({ side: message.side, start: message.start, end: message.end, host });
    }
  }

  private answer(message: DnsMessage): void {
    const aliasOf = new Map<string, string>();
    for (const record of message.answers) {
      const [from, to] = [toHostName(record.name), toHostName(record.value ?? "")];
      if (record.type === CNAME && from !== undefined && to !== undefined) aliasOf.set(from, to);
    }
    const asked = message.queries.flatMap((query) => toHostName(query.name) ?? []);
    const paths = asked.map((name) => pathFrom(name, aliasOf));
    for (const record of message.answers) {
      const owner = toHostName(record.name);
      if ((record.type !== A && record.type !== AAAA) || record.value === null) continue;
      if (owner === undefined || readAddress(record.value) === undefined) continue;
      // Answers of multicast DNS come without a question: the record's own name is the name.
      const path = paths.find((one) => one.includes(owner)) ?? [owner];
      this.keep(message, record.value, {
        path: path.slice(0, path.indexOf(owner) + 1),
        ttl: record.ttl,
      });
    }
  }

  private keep(
    message: DnsMessage,
    address: string,
    got: { readonly path: readonly string[]; readonly ttl: number },
  ): void {
    const [name = "", ...aliases] = got.path;
    const client = message.flow.ends[message.side === 0 ? 1 : 0];
    const list = this.answers.get(address) ?? [];
    const last = list.at(-1);
    if (last?.name === name && last.client === client.address) {
      last.lastTs = message.ts;
      last.ttl = got.ttl;
      return;
    }
    if (this.kept >= MAX_DNS_ANSWERS_KEPT) {
      this.sayFull(message);
      return;
    }
    this.kept++;
    this.answers.set(address, list);
    list.push({
      name,
      aliases,
      client: client.address,
      clientMac: client.mac,
      ts: message.ts,
      lastTs: message.ts,
      ttl: got.ttl,
      input: message.input,
      frame: message.frame,
    });
  }

  private sayFull(place: { readonly input: number; readonly frame: number }): void {
    if (this.saidFull) return;
    this.saidFull = true;
    this.anomaly({
      stage: "findings",
      name: "too-many-names",
      place: { input: place.input, frame: place.frame },
      reason: `more than ${String(MAX_DNS_ANSWERS_KEPT)} answers of DNS: from here on addresses are no longer named by new ones`,
    });
  }
}

/** Types of records (RFC 1035 §3.2.2, RFC 3596 §2.1). */
const A = 1;
const CNAME = 5;
const AAAA = 28;

/** Strength of a name: what the device said to the server itself comes first. */
const RANK: Readonly<Record<NameSeen["source"], number>> = {
  tls: 0,
  quic: 0,
  http: 1,
  dns: 2,
  capture: 3,
  certificate: 4,
};

function seen(message: Message, source: NameSeen["source"], name: string): NameSeen {
  return { name, source, input: message.input, frame: message.frame };
}

function add(list: NameSeen[], name: NameSeen): void {
  if (list.length >= MAX_NAMES_PER_FLOW) return;
  if (list.some((one) => one.name === name.name && one.source === name.source)) return;
  list.push(name);
}

/** `name` and what it leads to, by its aliases. */
function pathFrom(name: string, aliasOf: ReadonlyMap<string, string>): readonly string[] {
  const path = [name];
  for (let at = aliasOf.get(name); at !== undefined; at = aliasOf.get(at)) {
    if (path.includes(at) || path.length > MAX_DNS_ALIASES) break;
    path.push(at);
  }
  return path;
}

/** Host of an authority (RFC 3986 §3.2), without user and port; undefined for an address. */
/** Whether an authority (RFC 3986 §3.2) names its host by an address: `203.0.113.1:80`, `[2001:db8::1]`. */
function isAddress(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (host.startsWith("[")) return true;
  return readAddress(host.replace(/:\d*$/, "")) !== undefined;
}

function hostOf(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (host.startsWith("[")) return undefined;
  const name = toHostName(host.replace(/:\d*$/, ""));
  return name === undefined || readAddress(name) !== undefined ? undefined : name;
}
