/**
 * The versioned model of a report (design 4.5). The JSON Schema that is published is
 * generated from here, so each field says what it is.
 *
 * @module
 */
import { z } from "zod";

export const REPORT_SCHEMA = "telltale.report/1";

const count = z.int().nonnegative();
const bytes = count.describe("Bytes");
const micros = z
  .int()
  .nullable()
  .describe("Microseconds since the Unix epoch; null where the capture gives no time");
const country = z.string().describe("ISO 3166-1 alpha-2 code");

const dataSet = z.object({
  name: z.string(),
  version: z.string(),
  date: z.string().describe("Date of the data"),
  licence: z.string(),
  source: z.string(),
  attribution: z.string().optional().describe("Text that the licence asks to show"),
});

const ledger = z
  .object({
    total: count,
    classes: z.record(z.string(), count).describe("Class → number; the classes sum to the total"),
  })
  .describe("A ledger: everything falls in exactly one class");

const payload = z.object({
  sent: ledger.describe("Bytes that the device sent"),
  received: ledger.describe("Bytes that were sent to the device"),
  other: ledger.describe("Bytes of flows of which neither end is the device"),
});

const recipeStep = z.object({
  operation: z.string().describe("What turns the bytes of the step before into those of this one"),
  at: z.string().nullable().describe("Which member was taken: header name, JSONPath, field number"),
  start: count.nullable().describe("First byte taken of the input of this step"),
  end: count.nullable().describe("First byte no longer taken"),
});

const input = z.object({
  file: z.string().describe("File name without its folder"),
  sha256: z.string(),
  format: z.enum(["pcap", "pcapng", "snoop", "har"]),
  compression: z.enum(["none", "gzip"]),
  bytes,
  frames: count,
  linkTypes: z.array(z.int()).describe("LINKTYPE_ numbers in order of appearance"),
  firstTs: micros,
  lastTs: micros,
  application: z.string().nullable().describe("Program that wrote the capture, where it says so"),
});

const device = z.object({
  make: z.string().nullable(),
  model: z.string().nullable(),
  build: z.string().nullable(),
  addresses: z.array(z.string()),
  addressesFrom: z.enum(["stated", "inferred"]),
  reason: z.string().describe("Why these addresses are taken for the device's"),
  ambiguous: z.boolean().describe("Several hosts look like the device under test"),
  capturePoint: z
    .object({ latitude: z.number(), longitude: z.number(), place: z.string().nullable() })
    .nullable(),
});

const phase = z.object({
  id: z.string(),
  title: z.string(),
  start: micros,
  end: micros,
  stimuli: z.array(z.object({ id: z.string(), title: z.string(), at: micros, sham: z.boolean() })),
});

const flowEnd = z.object({
  address: z.string(),
  port: z.int().nullable(),
  packets: count,
  bytes: count.describe("Frames summed, link headers included"),
  payload: count.describe("Transport payload, retransmissions counted each time"),
});

const flow = z.object({
  id: z.string().describe("Community ID v1"),
  input: count.describe("Index into `inputs` of the first frame"),
  protocol: z.string(),
  application: z.string().nullable().describe("Protocol recognised by its bytes"),
  a: flowEnd.describe("Sender of the first frame"),
  b: flowEnd,
  originator: z.enum(["a", "b"]),
  device: z.enum(["a", "b"]).nullable().describe("Which end is the device under test"),
  state: z.string(),
  firstTs: micros,
  lastTs: micros,
  firstFrame: count,
  destination: z.string().nullable().describe("Id of the destination"),
  app: z.string().nullable().describe("App behind the flow, where the capture names it"),
  firstBytes: z
    .object({ class: z.string(), looksLike: z.string().nullable(), hex: z.string() })
    .nullable()
    .describe("For traffic that no dissector reads: what its first bytes look like"),
  carrier: z.string().nullable().describe("Tunnel that carries the flow"),
});

const destination = z.object({
  id: z.string(),
  label: z.string(),
  kind: z.enum(["internet", "local", "multicast", "broadcast"]),
  names: z.array(
    z.object({
      name: z.string(),
      source: z.enum(["dns", "tls", "quic", "http", "certificate", "capture"]),
      input: count,
      frame: count.describe("First frame that shows it"),
    }),
  ),
  registrableDomain: z.string().nullable(),
  addresses: z.array(z.string()),
  ports: z.array(z.int()),
  organisation: z
    .object({
      id: z.string(),
      name: z.string(),
      parent: z.string().nullable(),
      jurisdiction: country.nullable(),
      reason: z.string(),
    })
    .nullable(),
  network: z.array(
    z.object({
      asn: z.int().nullable(),
      holder: z.string().nullable(),
      source: z.string(),
      date: z.string(),
    }),
  ),
  locations: z.array(
    z.object({ country, source: z.string(), date: z.string(), address: z.string() }),
  ),
  locationsDisagree: z.boolean(),
  latency: z
    .object({
      minRttMs: z.number(),
      address: z.string().nullable().describe("Address that answered so fast"),
      maxDistanceKm: z.object({ light: z.number(), fibre: z.number() }),
      refuted: z.array(
        z.object({
          country,
          distanceKm: z.number(),
          by: z.enum(["light", "fibre"]),
          address: z.string().nullable().describe("Address of which the country was claimed"),
          rttMs: z.number().nullable().describe("Round trip that refutes it"),
        }),
      ),
    })
    .nullable(),
  party: z.enum(["first", "third", "platform", "unknown"]),
  partyReason: z.string(),
  neverLookedUp: z.boolean(),
  otherNames: z
    .array(z.string())
    .describe(
      "Other names for which the device got one of the addresses; flows may have been meant for them",
    ),
  protocols: z.array(z.string()),
  apps: z.array(z.string()),
  flows: count,
  bytes: z.object({ sent: bytes, received: bytes }).describe("Whole frames each way"),
  payload,
  firstTs: micros,
  lastTs: micros,
  phases: z.array(z.string()),
});

const observation = z.object({
  id: z.string(),
  property: z.string(),
  canary: z.string().nullable(),
  recognizer: z
    .object({
      name: z.string(),
      reason: z.string(),
      confidence: z.enum(["certain", "likely", "possible"]),
    })
    .nullable(),
  destination: z.string().nullable(),
  flow: z.string(),
  ts: micros,
  phase: z.string().nullable(),
  direction: z.enum(["sent", "received", "unknown"]),
  channel: z.enum(["clear", "decrypted"]),
  form: z.enum(["clear", "encoded", "hashed", "truncated"]),
  contextual: z.boolean(),
  placeholder: z.string().nullable(),
  value: z.string().nullable().describe("As found; null where redacted"),
  protocol: z.string(),
  place: z.string(),
  key: z.string(),
  recipe: z.array(recipeStep),
  evidence: z.object({
    input: count,
    frames: z.array(count),
    start: count.describe("First byte in what the sender sent on this flow"),
    end: count,
    hex: z.string().nullable().describe("Decoded bytes around the value; null where redacted"),
    valueStart: count,
    valueEnd: count,
  }),
});

const finding = z.object({
  id: z.string().describe("Hash of what the finding rests on"),
  kind: z.string(),
  severity: z.enum(["info", "low", "medium", "high"]),
  title: z.string(),
  claim: z.enum(["contacted", "sent-bytes", "sent-unreadable", "sent-value"]),
  reason: z.string(),
  destination: z.string().nullable(),
  observations: z.array(z.string()),
  phases: z.array(z.string()),
  firstTs: micros,
  lastTs: micros,
});

const verdict = z.object({
  policy: z.string(),
  rule: z.string(),
  outcome: z.enum(["permitted", "restricted", "prohibited", "undetermined"]),
  sector: z.string().nullable(),
  findings: z.array(z.string()),
  because: z.string(),
});

const canaryResult = z.object({
  id: z.string(),
  property: z.string(),
  forms: z.array(z.string()).describe("Derivations searched"),
  bytesSearched: bytes,
  bytesNotSearchable: bytes,
  hits: count,
  decoys: count,
  decoyHits: count,
  destinations: z.array(z.string()),
});

export const reportSchema = z
  .object({
    schema: z.literal(REPORT_SCHEMA),
    tool: z.object({ name: z.string(), version: z.string(), dataSets: z.array(dataSet) }),
    inputs: z.array(input),
    coverage: z.object({
      frames: ledger.describe("Every frame of every input"),
      bytes: ledger.describe("Every byte of every frame, by original length"),
      payload: payload.describe("Application bytes by direction, seen from the device"),
    }),
    device,
    phases: z.array(phase),
    flows: z.array(flow),
    destinations: z.array(destination),
    observations: z.array(observation),
    findings: z.array(finding),
    verdicts: z.array(verdict),
    canaries: z.array(canaryResult),
    notObservable: z
      .array(z.object({ what: z.string(), bytes: bytes.nullable(), reason: z.string() }))
      .describe("What this audit could not see, and why"),
    anomalies: z.array(
      z.object({
        name: z.string(),
        stage: z.string(),
        count,
        examples: z.array(
          z.object({
            input: count,
            frame: count,
            offset: count.nullable(),
            flow: z.string().nullable(),
            reason: z.string(),
          }),
        ),
      }),
    ),
  })
  .describe("Report of a Telltale audit");

export type Report = z.infer<typeof reportSchema>;
export type ReportFlow = Report["flows"][number];
export type ReportDestination = Report["destinations"][number];
export type ReportObservation = Report["observations"][number];
export type ReportFinding = Report["findings"][number];
export type ReportInput = Report["inputs"][number];
export type Ledger = z.infer<typeof ledger>;
export type RecipeStep = z.infer<typeof recipeStep>;
