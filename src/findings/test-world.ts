/**
 * Made-up flows, messages and worlds for the tests of this stage.
 *
 * @module
 */
import type { Flow, FlowEnd, Side } from "../flows/flow.ts";
import type { Observation } from "../observations/observation.ts";
import type { DnsMessage, DnsRecord, HttpRequest, TlsClientHello } from "../protocols/message.ts";
import type { World } from "./world.ts";

/** What a test says of a flow; the rest is filled in. */
export interface FlowSketch {
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly fromMac?: string;
  readonly toMac?: string;
  readonly originator?: Side;
  readonly state?: Flow["state"];
  /** Seconds. */
  readonly at?: number;
  readonly rttMs?: number;
  /** Whether the second end never sent anything. */
  readonly silent?: boolean;
  /** Payload bytes that the first end sent, by class of the ledger. */
  readonly sent?: Readonly<Record<number, number>>;
}

let made = 0;

/** A TCP flow from 192.168.1.7 to 8.8.8.8:443, unless said otherwise. */
export function fakeFlow(sketch: FlowSketch = {}): Flow {
  const index = made++;
  const at = (sketch.at ?? 10) * 1e6;
  const end = (address: string, port: number, mac: string | undefined): FlowEnd => ({
    address,
    port,
    packets: 1,
    frameBytes: 100,
    payloadBytes: 0,
    tally: undefined,
    missing: 0,
    firstBytes: undefined,
    mac,
  });
  const tally = new Float64Array(7);
  for (const [byteClass, bytes] of Object.entries(sketch.sent ?? {})) {
    tally[Number(byteClass)] = bytes;
  }
  const a = end(sketch.from ?? "192.168.1.7", 40000 + index, sketch.fromMac);
  const b = {
    ...end(sketch.to ?? "8.8.8.8", sketch.port ?? 443, sketch.toMac),
    packets: sketch.silent === true ? 0 : 1,
  };
  return {
    index,
    id: `1:${String(index)}`,
    protocol: 6,
    protocolName: "tcp",
    ends: [{ ...a, tally }, b],
    originator: sketch.originator ?? 0,
    originatorKnownBy: "handshake",
    state: sketch.state ?? "closed",
    firstTs: at,
    lastTs: at + 1e6,
    input: 0,
    firstFrame: index + 1,
    parent: undefined,
    carrier: undefined,
    carried: [0, 0],
    handshakeRttUs: sketch.rttMs === undefined ? undefined : sketch.rttMs * 1000,
    app: undefined,
    fragments: 0,
    retransmissions: 0,
    outOfOrder: 0,
    framesOf: () => [],
    count: () => undefined,
  };
}

/** An answer of DNS from 192.168.1.1 to 192.168.1.7: records as `[name, type, value, ttl]`. */
export function fakeAnswer(
  name: string,
  records: readonly (readonly [string, number, string, number?])[],
  options: {
    readonly at?: number;
    readonly flow?: Flow;
    readonly protocol?: DnsMessage["protocol"];
  } = {},
): DnsMessage {
  const flow = options.flow ?? fakeFlow({ to: "192.168.1.1", port: 53 });
  return {
    ...place(flow, 1, options.at ?? 1),
    kind: "dns",
    protocol: options.protocol ?? "dns",
    over: "udp",
    id: 1,
    response: true,
    rcode: 0,
    queries: [{ name, type: 1 }],
    answers: records.map(([owner, type, value, ttl]): DnsRecord => ({
      name: owner,
      type,
      value,
      ttl: ttl ?? 60,
    })),
    authority: 0,
    additional: 0,
    malformed: false,
  };
}

export function fakeHello(flow: Flow, serverName: string | null): TlsClientHello {
  return {
    ...place(flow, 0, 10),
    kind: "tls",
    type: "client_hello",
    transport: "tcp",
    serverName,
    alpn: [],
    version: 0x0303,
    supportedVersions: [],
    extensions: [],
    ciphers: [],
    ech: false,
    esni: false,
    earlyData: false,
    ja3: null,
    ja4: "",
  };
}

export function fakeRequest(
  flow: Flow,
  authority: string | null,
  [start, end]: readonly [number, number] = [0, 100],
): HttpRequest {
  return {
    ...place(flow, 0, 10),
    start,
    end,
    kind: "http",
    type: "request",
    method: "GET",
    path: "/",
    authority,
    version: "HTTP/1.1",
    headers: [],
    bodyBytes: 0,
    complete: true,
  };
}

export function fakeObservation(flow: Flow, sketch: Partial<Observation> = {}): Observation {
  return {
    property: "Imei",
    source: { kind: "canary", canary: "imei", derivation: [] },
    value: "861234028765431",
    placeholder: null,
    form: "clear",
    contextual: false,
    flow,
    side: 0,
    input: 0,
    frame: 5,
    frames: [5],
    ts: 10e6,
    channel: "clear",
    protocol: "http",
    place: "POST / body $.imei",
    key: "imei",
    recipe: [],
    start: 10,
    end: 25,
    excerpt: { bytes: new Uint8Array(0), valueStart: 0, valueEnd: 0 },
    ...sketch,
  };
}

/** A world of four organisations, one table of networks and no atlas. */
export function fakeWorld(countries: Readonly<Record<string, string>> = {}): World {
  const dataSet = {
    name: "made up",
    version: "1",
    date: "2026-01-01",
    licence: "none",
    source: "this test",
  };
  const row = (
    id: string,
    roles: readonly string[],
    domain: string,
  ): World["organisations"][number] => ({
    id,
    name: id.toUpperCase(),
    parent: null,
    jurisdiction: "CN",
    roles,
    brands: [],
    source: "made up",
    domains: [{ domain, reason: `${id} runs it` }],
  });
  return {
    organisations: [
      { ...row("maker", ["handset-maker"], "maker.example"), brands: ["acme"] },
      { ...row("push", ["push"], "push.maker.example"), parent: "maker" },
      row("system", ["platform"], "system.example"),
      row("carrier-of-others", ["cdn"], "cdn.example"),
      row("statistics", ["analytics"], "statistics.example"),
    ],
    organisationsDataSet: dataSet,
    networks: [
      {
        dataSet,
        lookup: (address) => {
          const country = countries[address];
          return country === undefined ? undefined : { asn: null, holder: null, country };
        },
      },
    ],
    atlas: undefined,
  };
}

function place(
  flow: Flow,
  side: Side,
  seconds: number,
): Pick<DnsMessage, "flow" | "side" | "input" | "frame" | "ts" | "start" | "end" | "parts"> {
  return {
    flow,
    side,
    input: 0,
    frame: flow.firstFrame,
    ts: seconds * 1e6,
    start: 0,
    end: 50,
    parts: [],
  };
}
