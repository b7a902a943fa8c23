/**
 * The phone: carries out the steps of a scenario with real programs in its namespace, and writes
 * down what it sent.
 */
import { join } from "node:path";
import { renderText, render, type Carried, type Content } from "./content.ts";
import { GATEWAY_ADDRESS, type Network } from "./network.ts";
import type { AgentCommand } from "./phone-agent.ts";
import { moduleCommand, sleep, type Background } from "./processes.ts";
import { toInstant, type RunLogWriter } from "./run-log.ts";
import type { Covered, Request, Scenario, Step } from "./scenario.ts";
import type { Servers } from "./servers.ts";
import type { Contact, Transmission } from "./truth.ts";

/** Programs of the phone. */
export const PHONE_PROGRAMS = ["curl", "getent", "chromium"] as const;

/** What a phone needs to act. */
export interface PhoneOptions {
  readonly network: Network;
  readonly scenario: Scenario;
  readonly servers: Servers;
  readonly log: RunLogWriter;
  /** Where TLS and QUIC secrets go (SSLKEYLOGFILE). */
  readonly keyLog: string;
}

/** What the user agreed to, for the device file. */
export interface Consent {
  readonly id: string;
  readonly at: string;
  withdrawn?: string;
  readonly covers: readonly Covered[];
}

const BROADCAST = "255.255.255.255";
const PAGE_MS = 60_000;
/** What the phone's curl could do in 2014. */
const PERIOD_TLS = ["--tlsv1.2", "--tls-max", "1.2"];

export class Phone {
  readonly transmissions: Transmission[] = [];
  readonly contacts: Contact[] = [];
  readonly consents: Consent[] = [];
  readonly #options: PhoneOptions;
  readonly #values: ReadonlyMap<string, string>;
  #agent: Background | undefined;
  #answers = 0;
  #capture = "";
  #phase = "";
  #requests = 0;

  constructor(options: PhoneOptions) {
    this.#options = options;
    this.#values = new Map(options.scenario.planted.map(({ id, value }) => [id, value]));
  }

  /** Starts what the phone's own programs need. */
  turnOn(): void {
    this.#agent = this.#options.network.start("phone", moduleCommand("phone-agent"));
  }

  /** Carries out the steps of one capture. */
  async act(capture: string, steps: readonly Step[]): Promise<void> {
    this.#capture = capture;
    for (const step of steps) await this.#step(step);
    this.#options.log.endPhase();
    this.#options.network.leave();
  }

  async #step(step: Step): Promise<void> {
    const { log, network } = this.#options;
    switch (step.kind) {
      case "phase":
        this.#phase = step.id;
        log.phase(step.id, step.title);
        return;
      case "stimulus":
      case "sham":
        log.add(step.kind, { stimulus: step.id, title: step.title });
        return;
      case "note":
        log.add("note", { text: step.text });
        return;
      case "consent":
        this.consents.push({ id: step.id, at: toInstant(Date.now()), covers: step.covers });
        return;
      case "withdraw":
        for (const one of this.consents) {
          if (one.id === step.id) one.withdrawn = toInstant(Date.now());
        }
        return;
      case "wait":
        return sleep(step.ms);
      case "leave":
        network.leave();
        return;
      case "join": {
        const sent = { to: BROADCAST, protocol: "dhcp", content: [step.hostName] } as const;
        return this.#sending(sent, () => network.join(this.#text(step.hostName)));
      }
      case "request":
        return this.#request(step);
      case "lookup": {
        const sent = { to: GATEWAY_ADDRESS, protocol: "dns", content: [step.name] } as const;
        return this.#sending(sent, () => {
          // The name does not exist, which getent says by its exit status.
          network.run("phone", "sh", [
            "-c",
            'getent ahosts "$1" || :',
            "sh",
            this.#text(step.name),
          ]);
        });
      }
      case "time":
        this.#contact(step.host);
        return this.#tell({ kind: "time", host: step.host });
      case "search-local-network":
        return this.#tell({ kind: step.kind, from: this.#options.scenario.phoneAddress });
      case "opaque": {
        const { address, port, content } = step;
        this.contacts.push({ host: address, address, phase: this.#phase });
        const base64 = Buffer.from(render(content, this.#values).bytes).toString("base64");
        return this.#tell({ kind: "opaque", address, port, base64 });
      }
      case "page":
        this.#contact(new URL(step.url).hostname);
        return this.#open(step.url);
    }
  }

  #request(step: Request): Promise<void> {
    const { network, servers, keyLog } = this.#options;
    const headers = Object.entries(step.headers ?? {});
    const content = [step.path, ...headers.map(([, one]) => one), step.body ?? ""];
    const args = ["-sS", "--http1.1", "--max-time", "20", "--output", "/dev/null", "--fail"];
    for (const [name, one] of headers) args.push("--header", `${name}: ${this.#text(one)}`);
    if (step.body !== undefined) {
      const { bytes } = render(step.body, this.#values);
      args.push("--data-binary", `@${network.write(`body-${this.#requests++}`, bytes)}`);
    }
    if (step.scheme === "https") args.push(...PERIOD_TLS, "--cacert", servers.authority);
    args.push(`${step.scheme}://${step.host}${this.#text(step.path)}`);
    this.#contact(step.host);
    return this.#sending({ to: step.host, protocol: step.scheme, content }, () => {
      network.run("phone", "env", [`SSLKEYLOGFILE=${keyLog}`, "curl", ...args]);
    });
  }

  /** Does what sends `content`, and writes down which planted values that were. */
  async #sending(
    sent: {
      readonly to: string;
      readonly protocol: Transmission["protocol"];
      readonly content: readonly Content[];
    },
    action: () => Promise<void> | void,
  ): Promise<void> {
    const from = toInstant(Date.now());
    await action();
    const until = toInstant(Date.now());
    const { to, protocol } = sent;
    const carried = sent.content.flatMap(
      (one): readonly Carried[] => render(one, this.#values).carried,
    );
    for (const { canary, codings } of carried) {
      this.transmissions.push({
        canary,
        capture: this.#capture,
        phase: this.#phase,
        to,
        protocol,
        channel: protocol === "https" ? "encrypted" : "clear",
        codings,
        from,
        until,
      });
    }
  }

  #contact(host: string): void {
    const known = this.#options.scenario.hosts.find(({ names }) => names.includes(host));
    const [address] = known?.addresses ?? [];
    if (address === undefined) throw new Error(`the scenario has no server named ${host}`);
    this.contacts.push({ host, address, phase: this.#phase });
  }

  async #tell(command: AgentCommand): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined) throw new Error("the phone is not turned on");
    const due = ++this.#answers;
    agent.tell(JSON.stringify(command));
    await agent.until((output) => (output.match(/^(done|failed)/gm) ?? []).length >= due);
    const failure = /^failed.*$/m.exec(agent.output)?.[0];
    if (failure !== undefined) throw new Error(`${command.kind} ${failure}`);
  }

  async #open(url: string): Promise<void> {
    const { network, servers, keyLog } = this.#options;
    const { host } = new URL(url);
    const browser = network.start(
      "phone",
      [
        "chromium",
        "--headless",
        "--no-sandbox", // the lab runs as root
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        // The browser's own errands (updates, accounts) are no part of the test.
        `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${host}`,
        `--user-agent=${this.#options.scenario.browser}`,
        `--user-data-dir=${join(network.folder, "browser")}`,
        `--ssl-key-log-file=${keyLog}`,
        `--origin-to-force-quic-on=${host}:443`,
        `--ignore-certificate-errors-spki-list=${servers.keyFingerprint}`,
        "--dump-dom",
        url,
      ],
      { env: { HOME: network.folder } },
    );
    await browser.until((output) => output.includes("</html>"), PAGE_MS);
    await browser.stop();
  }

  #text(content: Content): string {
    return renderText(content, this.#values);
  }
}
