/**
 * The whole path on a capture built here: what was planted is found where it was sent, and nowhere else.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Report } from "../src/report/report.ts";
import { conversation, dns, pcap, udp, type BuiltFrame, type Host } from "./build-capture.ts";
import { telltale } from "./run-telltale.ts";

const PHONE: Host = { mac: "02:00:00:00:00:07", ip: "10.42.0.17" };
const GATEWAY: Host = { mac: "02:00:00:00:00:01", ip: "10.42.0.1" };
/** Addresses on the Internet, as servers have them; nothing is sent anywhere. */
const SERVER: Host = { mac: GATEWAY.mac, ip: "93.184.216.34" };
const OTHER: Host = { mac: GATEWAY.mac, ip: "8.8.4.4" };

const IMEI = "861234028765439";
const CONTACT = "+886912345678";
const NEVER_SENT = "a sentence that stays on the phone";
const T0 = 1_760_000_000_000_000;

const folder = mkdtempSync(join(tmpdir(), "telltale-audit-"));
after(() => rmSync(folder, { recursive: true }));

function lookUp(ts: number, name: string, address: string): BuiltFrame[] {
  return [
    { ts, bytes: udp([PHONE, 40000], [GATEWAY, 53], dns(name)) },
    { ts: ts + 1000, bytes: udp([GATEWAY, 53], [PHONE, 40000], dns(name, address)) },
  ];
}

function request(head: string, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return Buffer.concat([Buffer.from(`${head}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
}

const OK = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

/** What the phone does: a look-up, a form with the IMEI, gzip with a hashed number; and a bare address. */
function frames(): BuiltFrame[] {
  const form = request(
    "POST /activate HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/x-www-form-urlencoded",
    Buffer.from(`carrier=Lab&imei=${IMEI}`),
  );
  const hashed = createHash("sha256").update(CONTACT).digest("hex");
  const packed = request(
    "POST /sync HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/json\r\nContent-Encoding: gzip",
    gzipSync(JSON.stringify({ contacts: [{ h: hashed }] })),
  );
  const bare = request(`GET /ping HTTP/1.1\r\nHost: ${OTHER.ip}`);
  return [
    ...lookUp(T0, "api.example.com", SERVER.ip),
    ...conversation([PHONE, 41000], [SERVER, 80], {
      start: T0 + 10_000,
      rtt: 4000,
      turns: [
        [0, form],
        [1, OK],
        [0, packed],
        [1, OK],
      ],
    }),
    ...conversation([PHONE, 41001], [OTHER, 80], {
      start: T0 + 2_000_000,
      rtt: 8000,
      turns: [
        [0, bare],
        [1, OK],
      ],
    }),
  ];
}

const capture = join(folder, "phone.pcap");
writeFileSync(capture, pcap(frames()));
const deviceFile = join(folder, "device.yaml");
writeFileSync(
  deviceFile,
  `device: { make: Xiaomi, model: Redmi 1S, build: B1, addresses: ["${PHONE.mac}"] }
capturePoint: { latitude: 25.03, longitude: 121.56, place: Taipei }
canaries:
  - { id: imei, property: Imei, value: "${IMEI}" }
  - { id: contact, property: ContactNumber, value: "${CONTACT}" }
  - { id: text, property: SmsContent, value: "${NEVER_SENT}" }
`,
);

function audit(...args: readonly string[]): Report {
  const ended = telltale(["audit", ...args, "--json"]);
  assert.equal(ended.status, 0, ended.stderr);
  return JSON.parse(ended.stdout) as Report;
}

test("each planted value that left is reported with destination and form, and no other", () => {
  const report = audit(capture, "--device", deviceFile);
  const found = report.observations
    .filter(({ canary }) => canary !== null)
    .map(({ canary, destination, direction, form }) => [canary, destination, direction, form]);
  assert.deepEqual(found, [
    ["imei", "api.example.com", "sent", "clear"],
    ["contact", "api.example.com", "sent", "hashed"],
  ]);
  const results = report.canaries.map(({ id, hits, decoyHits }) => [id, hits, decoyHits]);
  assert.deepEqual(results, [
    ["imei", 1, 0],
    ["contact", 1, 0],
    ["text", 0, 0],
  ]);
  const absent = report.canaries[2];
  assert.ok((absent?.bytesSearched ?? 0) > 0 && (absent?.forms.length ?? 0) > 0);
});

test("the evidence leads back to the bytes of the capture", () => {
  const report = audit(capture, "--device", deviceFile);
  const [imei, contact] = report.observations.filter(({ canary }) => canary !== null);
  assert.ok(imei !== undefined && contact !== undefined);
  // Frame 6 is the first of the phone's requests: two of DNS, three of the handshake before it.
  assert.deepEqual(imei.evidence.frames, [6]);
  const shown = Buffer.from(imei.evidence.hex ?? "", "hex");
  const { valueStart, valueEnd } = imei.evidence;
  assert.equal(shown.subarray(valueStart, valueEnd).toString(), IMEI);
  const operations = contact.recipe.map(({ operation }) => operation);
  assert.ok(
    operations.includes("gzip") && operations.includes("json") && operations.includes("sha256"),
  );
  assert.deepEqual(contact.evidence.frames, [8]);
});

test("destinations carry their names with sources, and a bare address is told as never looked up", () => {
  const report = audit(capture, "--device", deviceFile);
  const api = report.destinations.find(({ id }) => id === "api.example.com");
  assert.ok(api !== undefined);
  assert.deepEqual(new Set(api.names.map(({ source }) => source)), new Set(["dns", "http"]));
  assert.deepEqual(api.addresses, [SERVER.ip]);
  assert.equal(api.latency?.minRttMs, 4);
  const bare = report.destinations.find(({ id }) => id === OTHER.ip);
  assert.equal(bare?.neverLookedUp, true);
  assert.ok(
    report.findings.some(
      ({ kind, destination }) => kind === "unresolved-address" && destination === OTHER.ip,
    ),
  );
});

test("the report fits its published schema, and both ledgers sum", () => {
  const report = audit(capture, "--device", deviceFile);
  const schema = JSON.parse(readFileSync("report.schema.json", "utf8")) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  assert.ok(validate(report), JSON.stringify(validate.errors?.slice(0, 3)));
  for (const { total, classes } of [report.coverage.frames, report.coverage.bytes]) {
    assert.equal(
      Object.values(classes).reduce((sum, n) => sum + n, 0),
      total,
    );
  }
  assert.equal(report.coverage.frames.total, frames().length);
  assert.equal(
    report.coverage.bytes.total,
    frames().reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
});

test("the same captures give the same report, gzipped, from standard input or in two pieces", () => {
  const whole = audit(capture, "--device", deviceFile);
  const parts = ({ observations, findings, destinations, coverage }: Report): unknown => [
    observations.map(({ property, value, place }) => [property, value, place]),
    findings.map(({ title }) => title),
    destinations.map(({ id }) => id),
    coverage,
  ];
  const again = audit(capture, "--device", deviceFile);
  assert.deepEqual(again, whole);
  const packed = join(folder, "phone.pcap.gz");
  writeFileSync(packed, gzipSync(readFileSync(capture)));
  assert.deepEqual(parts(audit(packed, "--device", deviceFile)), parts(whole));
  const piped = telltale(["audit", "-", "--device", deviceFile, "--json"], readFileSync(capture));
  assert.deepEqual(parts(JSON.parse(piped.stdout) as Report), parts(whole));
  // Cut between two frames, and given in the wrong order.
  const [first, second] = [join(folder, "a.pcap"), join(folder, "b.pcap")];
  writeFileSync(first, pcap(frames().slice(0, 7)));
  writeFileSync(second, pcap(frames().slice(7)));
  assert.deepEqual(parts(audit(second, first, "--device", deviceFile)), parts(whole));
});

test("--redact leaves no planted value in the report", () => {
  const ended = telltale(["audit", capture, "--device", deviceFile, "--json", "--redact"]);
  assert.equal(ended.status, 0);
  assert.ok(!ended.stdout.includes(IMEI));
  assert.ok(!ended.stdout.includes(Buffer.from(IMEI).toString("hex")));
});

test("the summary fits a screen and leads with the findings", () => {
  const { stdout } = telltale(["audit", capture, "--device", deviceFile]);
  const lines = stdout.split("\n");
  assert.ok(lines.length <= 45, `${lines.length} lines`);
  assert.ok(lines.every((line) => line.length <= 120));
  assert.match(stdout, /Xiaomi Redmi 1S, build B1/);
  assert.match(stdout, /the phone's IMEI in clear to api\.example\.com/);
});
