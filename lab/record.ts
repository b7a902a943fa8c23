/**
 * Records a scenario: builds the network, carries out the steps, and writes captures, device file,
 * run log, truth and key log into a folder.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { withoutMachine } from "./capture-options.ts";
import { CAPTURE_INTERFACE, Network, NETWORK_PROGRAMS, whyNoNetwork } from "./network.ts";
import { Phone, PHONE_PROGRAMS } from "./phone.ts";
import { missingPrograms, run, sleep } from "./processes.ts";
import { RunLogWriter } from "./run-log.ts";
import type { CapturePlan, Scenario } from "./scenario.ts";
import { SERVER_PROGRAMS, startServers } from "./servers.ts";
import type { Truth } from "./truth.ts";

const PROGRAMS = ["dumpcap", ...NETWORK_PROGRAMS, ...SERVER_PROGRAMS, ...PHONE_PROGRAMS];

/** Why no recording can be made on this machine; undefined where one can. */
export function whyNotHere(): string | undefined {
  if (process.platform !== "linux") return "network namespaces are Linux's";
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const missing = missingPrograms(PROGRAMS);
  if (missing.length > 0) return `not installed: ${missing.join(", ")}`;
  return whyNoNetwork();
}

/** Records `scenario` into `folder`; the network is taken down whatever happens. */
export async function record(scenario: Scenario, folder: string): Promise<Truth> {
  mkdirSync(folder, { recursive: true });
  const network = await Network.open(scenario);
  const interrupted = (): void => {
    void network.close().then(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const steps = scenario.captures.flatMap((capture) => capture.steps);
    const servers = await startServers(network, scenario.hosts, steps);
    const keyLog = join(network.folder, "keys.log");
    const log = new RunLogWriter();
    log.add("note", { text: "recorded by the virtual lab; no packet left the machine" });
    const phone = new Phone({ network, scenario, servers, log, keyLog });
    phone.turnOn();
    for (const capture of scenario.captures) await take(network, folder, capture, phone);
    const truth = toTruth(scenario, phone);
    write(folder, "device.yaml", toDeviceFile(scenario, phone));
    write(folder, "run.ndjson", log.toText());
    write(folder, "truth.json", `${JSON.stringify(truth, null, 2)}\n`);
    write(folder, "keys.log", existsSync(keyLog) ? readFileSync(keyLog, "utf8") : "");
    return truth;
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await network.close();
  }
}

/** Takes one capture while the phone acts. */
async function take(
  network: Network,
  folder: string,
  { name, comment, steps }: CapturePlan,
  phone: Phone,
): Promise<void> {
  const file = join(network.folder, `${name}.pcapng`);
  const dumpcap = network.start("gateway", [
    ...(["dumpcap", "-q", "-i", CAPTURE_INTERFACE] as const),
    ...["--capture-comment", comment, "-w", file],
  ]);
  await dumpcap.until((output) => output.includes("File:"));
  await phone.act(name, steps);
  await sleep(SETTLE_MS);
  await dumpcap.stop("SIGINT");
  if (!/ received\/dropped on interface [^:]*: (\d+)\/0 /.test(dumpcap.output)) {
    throw new Error(`${name}: frames are missing from the capture: ${dumpcap.output}`);
  }
  writeFileSync(join(folder, `${name}.pcapng`), withoutMachine(readFileSync(file)));
}

/** Until the last frames are written. */
const SETTLE_MS = 500;

function toTruth(scenario: Scenario, phone: Phone): Truth {
  const sent = new Set(phone.transmissions.map(({ canary }) => canary));
  const readable = new Set(
    phone.transmissions.filter(({ channel }) => channel === "clear").map(({ canary }) => canary),
  );
  const ids = scenario.planted.map(({ id }) => id);
  return {
    recordedWith: {
      dumpcap: firstLine("dumpcap", "--version"),
      curl: firstLine("curl", "--version"),
      caddy: firstLine("caddy", "version"),
      chromium: firstLine("chromium", "--version"),
      dnsmasq: firstLine("dnsmasq", "--version"),
    },
    transmissions: phone.transmissions,
    neverReadable: ids.filter((id) => !readable.has(id)),
    neverSent: ids.filter((id) => !sent.has(id)),
    contacts: distinct(phone.contacts),
  };
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function firstLine(program: string, option: string): string {
  return run(program, [option]).split("\n")[0]?.trim() ?? "";
}

/** The device file, with a comment at each planted value. */
function toDeviceFile(scenario: Scenario, { consents }: Phone): string {
  const { device, phoneMac, capturePoint, planted, declarations } = scenario;
  const canaries = planted.map(
    ({ id, property, value, comment }) =>
      `  # ${comment}\n  - { id: ${id}, property: ${property}, value: ${JSON.stringify(value)} }\n`,
  );
  return [
    toYaml({ device: { ...device, addresses: [phoneMac] }, capturePoint }),
    `canaries:\n${canaries.join("")}`,
    toYaml({ consent: consents, declarations }),
    "log: run.ndjson\n",
  ].join("");
}

/** Strings in quotation marks: some readers of YAML take a MAC address for a number to base 60. */
function toYaml(value: unknown): string {
  return stringify(value, {
    aliasDuplicateObjects: false,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
  });
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}
