/**
 * Bad input and wrong usage: one clear line, exit status 2, nothing half-written.
 */
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dns, pcap, udp } from "./build-capture.ts";
import { telltale, type Ended } from "./run-telltale.ts";

const folder = mkdtempSync(join(tmpdir(), "telltale-cli-"));
after(() => rmSync(folder, { recursive: true }));

const A = { mac: "02:00:00:00:00:07", ip: "10.0.0.2" };
const B = { mac: "02:00:00:00:00:01", ip: "10.0.0.1" };
const GOOD = pcap(
  Array.from({ length: 20 }, (_, i) => ({
    ts: 1e15 + i * 1000,
    bytes: udp([A, 40000 + i], [B, 53], dns(`host-${i}.example.com`)),
  })),
);

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Asserts one line on standard error, nothing on standard output, status 2. */
function assertRefused(ended: Ended, pattern: RegExp): void {
  assert.equal(ended.status, 2, ended.stderr);
  assert.equal(ended.stdout, "");
  assert.match(ended.stderr, pattern);
  assert.equal(ended.stderr.trimEnd().split("\n").length, 1, ended.stderr);
}

test("what is no capture is refused in one line that says what was expected", () => {
  const out = join(folder, "out");
  const cases: [string, RegExp][] = [
    [file("text.txt", "hello, this is a letter"), /text\.txt: not a capture: .*pcap, pcapng/],
    [file("empty", ""), /empty: not a capture: is empty/],
    [file("image.png", Buffer.from("89504e470d0a1a0a0000", "hex")), /looks like a PNG image/],
    [file("four", GOOD.subarray(0, 3)), /not a capture/],
    [file("broken.har", '{"log": {"entries": [}'), /broken\.har: not a HAR: /],
    [folder, /is a directory/],
    [join(folder, "missing"), /no such file/],
  ];
  for (const [path, pattern] of cases) {
    assertRefused(telltale(["audit", path, "--out", out]), pattern);
    assertRefused(telltale(["events", path]), pattern);
  }
  assert.ok(!existsSync(out));
});

test("a file that may not be read is refused", (t) => {
  const path = file("secret.pcap", GOOD);
  chmodSync(path, 0);
  try {
    readFileSync(path);
    t.skip("this user may read everything");
    return;
  } catch {
    // As it should be.
  }
  assertRefused(telltale(["audit", path]), /no permission/);
});

test("a device file with a fault is refused with its line", () => {
  const capture = file("good.pcap", GOOD);
  const cases: [string, RegExp][] = [
    [
      "device:\n  mak: Xiaomi\n",
      /device\.yaml:2: device: unknown key "mak"; the nearest known key is "make"/,
    ],
    [
      'canaries:\n  - { id: a, property: Imei, value: "861234028765431" }\n',
      /device\.yaml:2: canary "a": .*IMEI.*9/i,
    ],
    [
      "consent:\n  - { id: a, at: last tuesday, covers: [] }\n",
      /device\.yaml:2: consent\.0\.at: a date and time such as/,
    ],
    ['canaries:\n  - { id: a, property: Imai, value: "861234028765439" }\n', /Imai.*Imei/],
    ["log: nowhere.ndjson\n", /nowhere\.ndjson: no such file/],
    ["{", /device\.yaml:1: YAML is broken/],
  ];
  for (const [text, pattern] of cases) {
    const device = file("device.yaml", text);
    assertRefused(telltale(["audit", capture, "--device", device]), pattern);
  }
  assertRefused(
    telltale(["audit", capture, "--device", join(folder, "none.yaml")]),
    /no such file/,
  );
});

test("other faults of usage end with status 2 and say what is known", () => {
  const capture = file("good.pcap", GOOD);
  assertRefused(telltale(["audit", capture, "--geo", capture]), /not a MaxMind-format file/);
  const taken = file("taken", "x");
  assertRefused(
    telltale(["audit", capture, "--out", taken]),
    /taken: is a file; a folder is expected/,
  );
  assert.equal(telltale(["audit"]).status, 2);
  assert.equal(telltale(["audit", capture, "--nonsense"]).status, 2);
  assert.match(telltale(["adit"]).stderr, /Did you mean audit/);
  assert.equal(telltale(["--help"]).status, 0);
  assert.match(telltale(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("--out writes the report whole, into a folder that may exist", () => {
  const capture = file("good.pcap", GOOD);
  const out = join(folder, "deep", "report");
  mkdirSync(join(folder, "deep"));
  for (let i = 0; i < 2; i++) assert.equal(telltale(["audit", capture, "--out", out]).status, 0);
  assert.deepEqual(readdirSync(out).sort(), ["report.html", "report.json"]);
  assert.deepEqual(readdirSync(join(folder, "deep")), ["report"]);
});

test("a capture cut anywhere gives what comes before the cut", () => {
  const records = 24;
  const size = (GOOD.length - records) / 20;
  for (let cut = records; cut < GOOD.length; cut += 7) {
    const { status, stdout } = telltale(["events", "-"], GOOD.subarray(0, cut));
    assert.equal(status, 0);
    const whole = Math.floor((cut - records) / size);
    const events = stdout.split("\n").filter((line) => line.startsWith('{"kind":"dns"'));
    assert.ok(
      Math.abs(events.length - whole) <= 1,
      `${events.length} events, ${whole} frames at ${cut}`,
    );
    if (cut > records + 21 * 7) cut += 190;
  }
});
