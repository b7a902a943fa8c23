/**
 * The versioned model of a report (design 4.5). The JSON Schema that is published is
 * generated from here, so each field says what it is; a test holds that none is left out.
 *
 * @module
 */
import { z } from "zod";

export const REPORT_SCHEMA = "telltale.report/1";

const text = (about: string) => z.string().describe(about);
const count = (about: string) => z.int().nonnegative().describe(about);
const flag = (about: string) => z.boolean().describe(about);
const number = (about: string) => z.number().describe(about);
const micros = (about: string) =>
  z
    .int()
    .nullable()
    .describe(`${about}: µs since the Unix epoch; null where the capture gives no time`);
const country = (about: string) => z.string().describe(`${about}: ISO 3166-1 alpha-2 code`);
const list = <T extends z.ZodType>(of: T, about: string) => z.array(of).describe(about);

const dataSet = z.object({
  name: text("Name of the data set"),
  version: text("Its version"),
  date: text("Date of the data"),
  licence: text("Licence of the data"),
  source: text("Where the data come from"),
  attribution: z.string().optional().describe("Text that the licence asks to show"),
});

const ledger = z.object({
  total: count("Sum of the classes"),
  classes: z.record(z.string(), z.int().nonnegative()).describe("Class → number"),
});

const payload = (about: string) =>
  z
    .object({
      sent: ledger.describe("Bytes that the device sent"),
      received: ledger.describe("Bytes that were sent to the device"),
      other: ledger.describe("Bytes of flows of which neither end is the device"),
    })
    .describe(about);

const recipeStep = z.object({
  operation: text("What turns the bytes of the step before into those of this one"),
  at: text("Which member was taken: header name, JSONPath, field number").nullable(),
  start: count("First byte taken of the input of this step").nullable(),
  end: count("First byte no longer taken").nullable(),
});

const input = z.object({
  file: text("File name without its folder"),
  sha256: text("SHA-256 of the file as it lies on the disk"),
  format: z.enum(["pcap", "pcapng", "snoop", "har"]).describe("Format by its first bytes"),
  compression: z.enum(["none", "gzip"]).describe("How the file is packed"),
  bytes: count("Size of the file"),
  frames: count("Frames in it; entries of a HAR"),
  linkTypes: list(z.int(), "LINKTYPE_ numbers in order of appearance"),
  firstTs: micros("Earliest frame"),
  lastTs: micros("Latest frame"),
  application: text("Program that wrote the capture, where it says so").nullable(),
});

const device = z.object({
  make: text("Maker, as stated").nullable(),
  model: text("Model, as stated").nullable(),
  build: text("Build of the firmware, as stated").nullable(),
  addresses: list(z.string(), "IP and MAC addresses taken for the device's"),
  addressesFrom: z.enum(["stated", "inferred"]).describe("Stated in the device file, or found"),
  reason: text("Why these addresses are taken for the device's"),
  ambiguous: flag("Several hosts look like the device under test"),
  capturePoint: z
    .object({
      latitude: number("Degrees north"),
      longitude: number("Degrees east"),
      place: text("Name of the place").nullable(),
    })
    .nullable()
    .describe("Where the capture was taken, as stated"),
});

const phase = z.object({
  id: text("Id in the run log"),
  title: text("What the phase is, in words"),
  start: micros("Its begin"),
  end: micros("Its end"),
  stimuli: list(
    z.object({
      id: text("Id in the run log"),
      title: text("What was done, in words"),
      at: micros("When"),
      sham: flag("The same gesture without the action"),
    }),
    "What was done to the device in it",
  ),
});

const flowEnd = z.object({
  address: text("IP address"),
  port: z.int().nullable().describe("Port; null where the protocol has none"),
  packets: count("Frames sent"),
  bytes: count("Frames summed, link headers included"),
  payload: count("Transport payload, retransmissions counted each time"),
});

const flow = z.object({
  id: text("Community ID v1"),
  input: count("Index into `inputs` of the first frame"),
  protocol: text("IP protocol"),
  application: text("Protocol recognised by its bytes").nullable(),
  a: flowEnd.describe("Sender of the first frame"),
  b: flowEnd.describe("The other end"),
  originator: z.enum(["a", "b"]).describe("Who opened the flow"),
  device: z.enum(["a", "b"]).nullable().describe("Which end is the device under test"),
  state: text("How much of a TCP connection's set-up and end was seen"),
  firstTs: micros("First frame"),
  lastTs: micros("Last frame"),
  firstFrame: count("Number of the first frame in its input"),
  destination: text("Id of the destination").nullable(),
  app: text("App behind the flow, where the capture names it").nullable(),
  firstBytes: z
    .object({
      class: text("empty, text, magic, high-entropy, low-entropy or binary"),
      looksLike: text("Format whose marks the bytes bear").nullable(),
      hex: text("The bytes, hexadecimal"),
    })
    .nullable()
    .describe("For traffic that no dissector reads: what its first bytes look like"),
  carrier: text("Tunnel that carries the flow").nullable(),
});

const destination = z.object({
  id: text("The name, or the address where there is none"),
  label: text("What to call it"),
  kind: z.enum(["internet", "local", "multicast", "broadcast"]).describe("Reach of its addresses"),
  names: list(
    z.object({
      name: text("Host name"),
      source: z
        .enum(["dns", "tls", "quic", "http", "certificate", "capture"])
        .describe("Where the name was seen; dns: the device looked it up"),
      input: count("Input that shows it first"),
      frame: count("First frame that shows it"),
    }),
    "Names, each with its source",
  ),
  registrableDomain: text("Registrable domain (Public Suffix List)").nullable(),
  addresses: list(z.string(), "Its addresses"),
  ports: list(z.int(), "Ports contacted"),
  organisation: z
    .object({
      id: text("Id in the table of organisations"),
      name: text("Its name"),
      parent: text("Id of the organisation that controls it").nullable(),
      jurisdiction: country("Seat of the organisation").nullable(),
      reason: text("Why the name is this organisation's"),
    })
    .nullable()
    .describe("Who runs it; null where not known"),
  network: list(
    z.object({
      asn: z.int().nullable().describe("Number of the announcing network"),
      holder: text("Holder of that network, which need not run the server").nullable(),
      source: text("Data set that says so"),
      date: text("Date of the data set"),
    }),
    "Networks that announce its addresses",
  ),
  locations: list(
    z.object({
      country: country("Country claimed"),
      source: text("Data set that claims it"),
      date: text("Date of the data set"),
      address: text("Address that the claim is about"),
    }),
    "Claims of a country, side by side",
  ),
  locationsDisagree: flag("The claims name more than one country"),
  latency: z
    .object({
      minRttMs: number("Least round trip from SYN to SYN-ACK, in ms"),
      address: text("Address that answered so fast").nullable(),
      maxDistanceKm: z
        .object({
          light: number("At light speed: no signal comes farther"),
          fibre: number("At 2/3 of it, as in fibre"),
        })
        .describe("Greatest distance of whoever answered, in km"),
      refuted: list(
        z.object({
          country: country("Claimed country that is too far away"),
          distanceKm: number("Distance from the capture point to its nearest point"),
          by: z.enum(["light", "fibre"]).describe("Which speed rules it out"),
          address: text("Address of which the country was claimed").nullable(),
          rttMs: number("Round trip that refutes it").nullable(),
        }),
        "Claimed countries that the round trip rules out",
      ),
    })
    .nullable()
    .describe("What the round trip allows; null without a capture point or a handshake"),
  party: z.enum(["first", "third", "platform", "unknown"]).describe("Relative to the maker"),
  partyReason: text("Why this party"),
  neverLookedUp: flag("Contacted by its bare address: no look-up and no name was seen"),
  otherNames: list(
    z.string(),
    "Other names for which the device got one of the addresses; flows may have been meant for them",
  ),
  protocols: list(z.string(), "Protocols spoken"),
  apps: list(z.string(), "Apps behind the flows, where the capture names them"),
  flows: count("Number of flows"),
  bytes: z
    .object({ sent: count("Bytes sent"), received: count("Bytes received") })
    .describe("Whole frames each way"),
  payload: payload("Application bytes each way, by class"),
  firstTs: micros("First frame"),
  lastTs: micros("Last frame"),
  phases: list(z.string(), "Phases in which packets were exchanged"),
});

const observation = z.object({
  id: text("Hash of what and where"),
  property: text("Term of the property vocabulary"),
  canary: text("Id of the planted value").nullable(),
  recognizer: z
    .object({
      name: text("Name of the recogniser"),
      reason: text("What in the bytes speaks for it"),
      confidence: z.enum(["certain", "likely", "possible"]).describe("How sure it is"),
    })
    .nullable()
    .describe("For a value that nobody planted"),
  destination: text("Id of the destination").nullable(),
  flow: text("Id of the flow"),
  ts: micros("When the message was whole"),
  phase: text("Phase of the run").nullable(),
  direction: z.enum(["sent", "received", "unknown"]).describe("Seen from the device"),
  channel: z
    .enum(["clear", "decrypted"])
    .describe("decrypted: it lay inside encryption that was opened"),
  form: z
    .enum(["clear", "encoded", "hashed", "truncated"])
    .describe("Form of the value after the decodings of the recipe"),
  contextual: flag("Weak by itself: counts only by what stands beside it"),
  placeholder: text("Where the value stands for none: why").nullable(),
  value: text("As found; null where redacted").nullable(),
  protocol: text("Protocol that carried it"),
  place: text("Where in the message, for people"),
  key: text("Name beside the value, as sent; empty where there is none"),
  recipe: list(recipeStep, "Steps from the message to the value"),
  evidence: z
    .object({
      input: count("Index into `inputs`"),
      frames: list(z.int(), "Frames that hold the bytes, 1-based in their input"),
      start: count("First byte in what the sender sent on this flow"),
      end: count("First byte behind it"),
      hex: text("Decoded bytes around the value; null where redacted").nullable(),
      valueStart: count("Where the value begins in `hex`, in bytes"),
      valueEnd: count("Where it ends"),
    })
    .describe("Where the bytes are"),
});

const finding = z.object({
  id: text("Hash of what the finding rests on"),
  kind: text("transmission, weak-transport, unresolved-address, opaque-channel, announcement"),
  severity: z.enum(["info", "low", "medium", "high"]).describe("Weight, not lawfulness"),
  title: text("A sentence for everybody; says no more than `claim`"),
  claim: z
    .enum(["contacted", "sent-bytes", "sent-unreadable", "sent-value"])
    .describe("What is claimed, of four claims that are never blurred"),
  reason: text("Why it follows"),
  destination: text("Id of the destination").nullable(),
  observations: list(z.string(), "Ids of the observations that it rests on"),
  phases: list(z.string(), "Phases in which it was seen"),
  firstTs: micros("First seen"),
  lastTs: micros("Last seen"),
});

const verdict = z.object({
  policy: text("Id of the policy"),
  rule: text("Id of the rule"),
  outcome: z
    .enum(["permitted", "restricted", "prohibited", "undetermined"])
    .describe("What the rule makes of the findings"),
  sector: text("Sector that the rule is about").nullable(),
  findings: list(z.string(), "Ids of the findings"),
  because: text("The rule's sentence"),
});

const canaryResult = z.object({
  id: text("Id of the planted value"),
  property: text("Term of the property vocabulary"),
  forms: list(z.string(), "Derivations searched"),
  bytesSearched: count("Captured bytes searched, and those that decoding made of them"),
  bytesNotSearchable: count("Bytes in which nothing can be searched, or that are not captured"),
  hits: count("Matches of the value"),
  decoys: count("Made-up values of the same format that were searched beside it"),
  decoyHits: count("Matches of those: the chance-hit rate"),
  destinations: list(z.string(), "Ids of the destinations at which it was found"),
});

const anomaly = z.object({
  name: text("Stable name"),
  stage: text("Stage that noticed"),
  count: count("How often"),
  examples: list(
    z.object({
      input: count("Index into `inputs`"),
      frame: count("Frame; 0 where none is meant"),
      offset: count("Byte offset in file, frame or stream").nullable(),
      flow: text("Id of the flow").nullable(),
      reason: text("What was found and what was expected"),
    }),
    "The first of them",
  ),
});

export const reportSchema = z
  .object({
    schema: z.literal(REPORT_SCHEMA).describe("Version of this format"),
    tool: z
      .object({
        name: text("telltale"),
        version: text("Version of the tool"),
        dataSets: list(dataSet, "Knowledge used, with version, date and licence"),
      })
      .describe("What made the report"),
    inputs: list(input, "The captures, in the order given"),
    coverage: z
      .object({
        frames: ledger.describe("Every frame of every input, in exactly one class"),
        bytes: ledger.describe("Every byte of every frame, by original length"),
        payload: payload("Application bytes by direction, seen from the device"),
      })
      .describe("The ledger: what was read, and what was not"),
    device: device.describe("The device under test"),
    phases: list(phase, "Phases of the run, from the run log"),
    flows: list(flow, "Every flow"),
    destinations: list(destination, "Whom the device's flows were meant for"),
    observations: list(observation, "Facts: this value, at this place, between these endpoints"),
    findings: list(finding, "Inferences, weightiest first"),
    verdicts: list(verdict, "Judgements by rules; empty without a policy"),
    canaries: list(canaryResult, "What was searched for each planted value"),
    notObservable: list(
      z.object({
        what: text("What could not be seen"),
        bytes: count("How many bytes").nullable(),
        reason: text("Why"),
      }),
      "What this audit could not see, and why",
    ),
    anomalies: list(anomaly, "Input that breaks a grammar or a limit, counted by name"),
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
