/**
 * Certificates and servers of the lab's internet: made anew for each recording.
 */
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Network } from "./network.ts";
import { moduleCommand, run } from "./processes.ts";
import type { ScenarioHost, Step } from "./scenario.ts";
import type { ServePlan } from "./serve.ts";

/** Programs without which there are no servers. */
export const SERVER_PROGRAMS = ["openssl", "caddy"] as const;

/** What clients need to know of the servers. */
export interface Servers {
  /** File of the lab's certificate authority. */
  readonly authority: string;
  /** Fingerprint of the key that all servers share, as Chromium's flag wants it: base64 of SHA-256. */
  readonly keyFingerprint: string;
}

/** Starts all servers and waits until they answer. */
export async function startServers(
  network: Network,
  hosts: readonly ScenarioHost[],
  steps: readonly Step[],
): Promise<Servers> {
  const authority = makeAuthority(network.folder);
  const ports = new Map(
    steps.flatMap((step) => (step.kind === "opaque" ? [[step.address, step.port] as const] : [])),
  );
  const plan: ServePlan = {
    web: addressesServing(hosts, "web").map(([address, { names }]) => ({
      address,
      key: authority.serverKey,
      certificate: makeCertificate(authority, network.folder, names),
    })),
    time: addressesServing(hosts, "time").map(([address]) => address),
    silent: addressesServing(hosts, "silent").map(([address]) => ({
      address,
      port: ports.get(address) ?? DISCARD_PORT,
    })),
  };
  const web = network.start("internet", [...moduleCommand("serve"), JSON.stringify(plan)], {
    name: "servers",
  });
  await web.until((output) => output.includes("ready"));
  for (const host of hosts.filter(({ serves }) => serves.includes("page"))) {
    await startPage(network, host, authority);
  }
  const spki = createPublicKey(readFileSync(authority.serverKey)).export({
    type: "spki",
    format: "der",
  });
  return {
    authority: authority.certificate,
    keyFingerprint: createHash("sha256").update(spki).digest("base64"),
  };
}

const DISCARD_PORT = 9;

function addressesServing(
  hosts: readonly ScenarioHost[],
  what: ScenarioHost["serves"][number],
): readonly (readonly [address: string, host: ScenarioHost])[] {
  return hosts
    .filter(({ serves }) => serves.includes(what))
    .flatMap((host) => host.addresses.map((address) => [address, host] as const));
}

/** An authority of the lab's own; files. */
interface Authority {
  readonly certificate: string;
  readonly key: string;
  /** Key that all servers share. */
  readonly serverKey: string;
}

function makeAuthority(folder: string): Authority {
  const [certificate, key] = [join(folder, "authority.pem"), join(folder, "authority.key")];
  const serverKey = join(folder, "servers.key");
  const curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  for (const file of [key, serverKey]) run("openssl", ["genpkey", ...curve, "-out", file]);
  const subject = ["-subj", "/O=Telltale lab/CN=Telltale lab CA"];
  run("openssl", [
    ...["req", "-x509", "-key", key, "-days", "30", ...subject, "-out", certificate],
  ]);
  return { certificate, key, serverKey };
}

/** A certificate for one server, under all of its names. */
function makeCertificate(authority: Authority, folder: string, names: readonly string[]): string {
  const [name = "unnamed"] = names;
  const file = join(folder, `${name}.pem`);
  const alternatives = names.map((one) => `DNS:${one}`).join(",");
  run("openssl", [
    ...["req", "-x509", "-key", authority.serverKey, "-days", "30", "-subj", `/CN=${name}`],
    ...["-CA", authority.certificate, "-CAkey", authority.key],
    ...["-addext", `subjectAltName=${alternatives}`, "-addext", "basicConstraints=CA:FALSE"],
    ...["-out", file],
  ]);
  return file;
}

/** A page over HTTP/1.1 to HTTP/3. Bound to its own address, or answers over QUIC leave from another one. */
async function startPage(
  network: Network,
  host: ScenarioHost,
  authority: Authority,
): Promise<void> {
  const [name = ""] = host.names;
  const certificate = makeCertificate(authority, network.folder, host.names);
  const configuration = network.write(
    `caddy-${name}`,
    `{
	admin off
	auto_https off
	default_bind ${host.addresses.join(" ")}
	storage file_system ${join(network.folder, "caddy")}
}
https://${name} {
	tls ${certificate} ${authority.serverKey}
	header Content-Type "text/html; charset=utf-8"
	respond "<!doctype html><title>News</title><p>The weather in Taipei: 31 degrees, showers."
}
`,
  );
  const caddy = network.start(
    "internet",
    ["caddy", "run", "--adapter", "caddyfile", "--config", configuration],
    { env: { HOME: network.folder, XDG_CONFIG_HOME: network.folder } },
  );
  await caddy.until((output) => output.includes("serving initial configuration"));
}
