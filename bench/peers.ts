/**
 * Telltale beside its peers on one large capture, in one run: `npx tsx bench/peers.ts [MEGABYTES RUNS FOLDER]`.
 *
 * Builds dist/, makes the capture (bench/make-capture.ts), runs each program RUNS times in turn, bound to one
 * processor where `taskset` is there, and prints medians of wall time, processor time and peak memory, and the
 * ratios. Of the two ratios that of processor time is the one to compare on a machine that does other work as
 * well. Programs that are not installed are left out and said so. Nothing here passes or fails.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { makeCapture } from "./make-capture.ts";

const [megabytes = "700", runs = "3", folder = "../shared/captures"] = process.argv.slice(2);

/** The fields that `telltale events` gives, as far as tshark has them. */
const TSHARK_FIELDS = [
  "frame.number frame.time_epoch frame.len ip.src ip.dst ipv6.src ipv6.dst ip.proto",
  "tcp.srcport tcp.dstport tcp.len udp.srcport udp.dstport udp.length",
  "dns.id dns.flags.response dns.flags.rcode dns.qry.name dns.qry.type dns.resp.name dns.a dns.aaaa dns.cname",
  "tls.handshake.type tls.handshake.extensions_server_name tls.handshake.extensions_alpn_str",
  "tls.handshake.version tls.handshake.ciphersuite tls.handshake.extension.type tls.handshake.ja3",
  "quic.version http.request.method http.request.uri http.request.version http.host http.user_agent",
  "http.cookie http.content_type http.response.code",
].flatMap((line) => line.split(" "));

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Run {
  readonly seconds: number;
  /** Undefined where `time` is not installed. */
  readonly cpuSeconds: number | undefined;
  readonly peakMegabytes: number | undefined;
}

spawnSync(process.execPath, ["tools/build.mjs"], { stdio: "inherit" });
const work = mkdtempSync(join(tmpdir(), "telltale-bench-"));
try {
  const capture = join(work, "bench.pcap");
  const { frames } = makeCapture(capture, Number(megabytes), folder);
  const size = statSync(capture).size;
  console.log(`${size} bytes, ${frames} frames; ${cpus()[0]?.model ?? "unknown processor"}`);
  const device = join(work, "device.yaml");
  writeFileSync(device, twentyCanaries());
  compare(programsOf(capture, device), size);
} finally {
  rmSync(work, { recursive: true });
}

function programsOf(capture: string, device: string): Program[] {
  const telltale = (...args: string[]): readonly string[] => ["dist/telltale.js", ...args];
  return [
    { name: "telltale events", command: process.execPath, args: telltale("events", capture) },
    {
      name: "telltale audit, 20 canaries",
      command: process.execPath,
      args: telltale("audit", capture, "--device", device, "--json"),
    },
    {
      name: "tshark -T fields",
      command: "tshark",
      args: [
        "-n",
        "-r",
        capture,
        "-T",
        "fields",
        ...TSHARK_FIELDS.flatMap((field) => ["-e", field]),
      ],
    },
    { name: "ndpiReader -q", command: "ndpiReader", args: ["-q", "-i", capture] },
  ];
}

function compare(programs: readonly Program[], size: number): void {
  const installed = programs.filter(({ name, command }) => {
    const found = command === process.execPath || spawnSync("which", [command]).status === 0;
    if (!found) console.log(`${name}: not installed, left out`);
    return found;
  });
  const results = new Map<string, Run[]>(installed.map(({ name }) => [name, []]));
  for (let run = 0; run < Number(runs); run++) {
    for (const program of installed) results.get(program.name)?.push(measure(program));
  }
  const medians = [...results].map(([name, list]) => ({
    name,
    seconds: median(list.map(({ seconds }) => seconds)),
    cpu: median(list.map(({ cpuSeconds }) => cpuSeconds ?? NaN)),
    peak: median(list.map(({ peakMegabytes }) => peakMegabytes ?? NaN)),
  }));
  for (const { name, seconds, cpu, peak } of medians) {
    const columns = [
      `${seconds.toFixed(2).padStart(8)} s`,
      `${cpu.toFixed(2).padStart(8)} s of processor`,
      `${(size / seconds / 1e6).toFixed(0).padStart(5)} MB/s`,
      `${peak.toFixed(0).padStart(6)} MB peak`,
    ];
    console.log(`${name.padEnd(30)} ${columns.join("  ")}`);
  }
  for (const ours of medians.filter(({ name }) => name.startsWith("telltale"))) {
    for (const peer of medians.filter(({ name }) => !name.startsWith("telltale"))) {
      const wall = (peer.seconds / ours.seconds).toFixed(2);
      const cpu = (peer.cpu / ours.cpu).toFixed(2);
      console.log(`${ours.name} : ${peer.name} = 1 : ${wall} (processor time 1 : ${cpu})`);
    }
  }
}

/** Wall time, processor time and peak memory of one run, output to a file as a user would keep it. */
function measure({ command, args }: Program): Run {
  const timing = join(work, "time.txt");
  const quoted = [command, ...args].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  const pinned = spawnSync("which", ["taskset"]).status === 0 ? "taskset -c 0 " : "";
  const timed = spawnSync("test", ["-x", "/usr/bin/time"]).status === 0;
  const prefix = timed ? `/usr/bin/time -f '%U %S %M' -o '${timing}' ` : "";
  const from = performance.now();
  const result = spawnSync("sh", [
    "-c",
    `${prefix}${pinned}${quoted} > '${work}/out' 2> '${work}/err'`,
  ]);
  const seconds = (performance.now() - from) / 1000;
  if (result.status !== 0) console.log(`${command}: ended with ${String(result.status)}`);
  if (!timed) return { seconds, cpuSeconds: undefined, peakMegabytes: undefined };
  const last = readFileSync(timing, "utf8").trim().split("\n").pop() ?? "";
  const [user = NaN, system = NaN, kibibytes = NaN] = last.split(" ").map(Number);
  return { seconds, cpuSeconds: user + system, peakMegabytes: kibibytes / 1000 };
}

/** Twenty planted values of the common kinds, none of which is in the captures. */
function twentyCanaries(): string {
  const lines = ["canaries:"];
  const add = (id: string, property: string, value: string): void => {
    lines.push(`  - { id: ${id}, property: ${property}, value: "${value}" }`);
  };
  add("imei", "Imei", "861234028765439");
  add("imsi", "Imsi", "466920123456789");
  add("own-number", "Msisdn", "+886912345678");
  add("gaid", "AdvertisingId", "3f1c9a52-7e4b-4c1d-9a68-0b5d2e7f6a13");
  add("android-id", "AndroidId", "9f86d081884c7d65");
  add("wifi-mac", "WifiMac", "02:1a:c5:7e:40:9b");
  add("email", "EmailAddress", "lab.phone.seven@example.com");
  add("ssid", "Ssid", "TelltaleLab-7Q4Z");
  add("text", "SmsContent", "meet me at the harbour at nine thirty");
  for (let i = 0; i < 11; i++) add(`contact-${i}`, "ContactNumber", `+88691234${1000 + i * 37}`);
  return lines.join("\n");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
