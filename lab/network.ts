/**
 * The lab's network: a phone, its access point, and servers of the internet, each in a network
 * namespace of its own. Nothing in it can reach the machine's own network: the namespaces are
 * joined to each other only, so public addresses are plain numbers there.
 *
 *     phone --(wlan0)-- access point [bridge, DHCP, DNS, routing] --(delay line)-- internet
 *
 * Names carry the process's id, so that several labs can stand side by side.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Background, missingPrograms, moduleCommand, run, sleep } from "./processes.ts";

/** A server on the lab's internet. */
export interface ServerHost {
  /** Names that lead to it; the first is its own, the others are aliases. Empty: no name at all. */
  readonly names: readonly string[];
  /** IPv4 and IPv6 addresses. */
  readonly addresses: readonly string[];
  /** Round-trip time from the access point in ms. */
  readonly rttMs: number;
}

/** What the network is made of. */
export interface NetworkPlan {
  readonly phoneMac: string;
  readonly phoneAddress: string;
  readonly hosts: readonly ServerHost[];
}

/** Programs without which there is no network. */
export const NETWORK_PROGRAMS = ["ip", "dnsmasq", "dhclient", "mknod"] as const;

export const GATEWAY_ADDRESS = "10.42.0.1";
export const GATEWAY_MAC = "02:00:00:00:00:01";
/** Where captures are taken: the access point's bridge, which all of the phone's frames pass. */
export const CAPTURE_INTERFACE = "br-lan";

type Place = "phone" | "gateway" | "line" | "internet";

let opened = 0;

/** Why no network can be built on this machine; undefined where one can. */
export function whyNoNetwork(): string | undefined {
  const probe = `telltale-${process.pid}-probe`;
  try {
    run("ip", ["netns", "add", probe]);
    const commands = [
      "link add probe0 type veth peer name probe1",
      "link add link probe0 name probe-tap type macvtap mode passthru",
      "link add probe-bridge type bridge",
    ];
    run("ip", ["-n", probe, "-batch", "-"], commands.join("\n"));
    return undefined;
  } catch (error) {
    return `no network namespaces, veth, bridge or macvtap: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    if (run("ip", ["netns", "list"]).includes(probe)) run("ip", ["netns", "delete", probe]);
  }
}

/** The namespaces and what runs in them; `close` takes all of it down again. */
export class Network {
  /** Folder for files of this run: configurations, certificates, keys. */
  readonly folder: string;
  readonly #plan: NetworkPlan;
  readonly #prefix: string;
  readonly #processes: Background[] = [];

  private constructor(plan: NetworkPlan) {
    this.#plan = plan;
    this.#prefix = `telltale-${process.pid}-${opened++}`;
    this.folder = mkdtempSync(join(tmpdir(), "telltale-lab-"));
  }

  /** Builds the network; takes down what was built where a step fails. */
  static async open(plan: NetworkPlan): Promise<Network> {
    const network = new Network(plan);
    try {
      network.#link();
      await network.#startDelayLine();
      await network.#startDnsmasq();
    } catch (error) {
      await network.close();
      throw error;
    }
    return network;
  }

  /** Runs a program in a namespace to its end and gives its output. */
  run(place: Place, program: string, args: readonly string[]): string {
    return run("ip", ["netns", "exec", this.#name(place), program, ...args]);
  }

  /** Starts a program in a namespace; it ends with the network at the latest. */
  start(
    place: Place,
    [program, ...args]: readonly [string, ...string[]],
    options: { readonly name?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Background {
    const background = new Background(
      "ip",
      ["netns", "exec", this.#name(place), program, ...args],
      { name: options.name ?? program, ...options },
    );
    this.#processes.push(background);
    return background;
  }

  /** Joins the phone to the Wi-Fi: link up, lease by DHCP. */
  async join(hostName: string): Promise<void> {
    this.#ip("phone", "link set wlan0 up");
    const configuration = this.write(
      "dhclient.conf",
      `send host-name "${hostName}";\nsend vendor-class-identifier "${VENDOR_CLASS}";\n` +
        "request subnet-mask, routers, domain-name-servers, domain-name;\n",
    );
    const script = this.write("dhclient-script", LEASE_SCRIPT, 0o755);
    const client = this.start("phone", [
      "dhclient",
      ...["-4", "-d", "-1", "-cf", configuration, "-sf", script],
      ...[
        "-lf",
        join(this.folder, `lease-${Date.now()}`),
        "-pf",
        join(this.folder, "dhclient.pid"),
      ],
      "wlan0",
    ]);
    await client.until((output) => output.includes("bound to"));
    await client.stop("SIGKILL");
    await this.#until("global address", () =>
      /inet6 2001:db8:42:[^\n]*scope global(?!.*tentative)/.test(
        this.#ip("phone", "-6 address show wlan0"),
      ),
    );
  }

  /** Takes the phone off the Wi-Fi: all addresses are gone, as after a restart. */
  leave(): void {
    this.#ip("phone", "address flush dev wlan0");
    this.#ip("phone", "link set wlan0 down");
  }

  /** Writes a file of this run and gives its path. */
  write(name: string, content: string | Uint8Array, mode = 0o644): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode });
    return path;
  }

  /** Ends everything that runs here and removes the namespaces and files. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop("SIGKILL")));
    const there = run("ip", ["netns", "list"]);
    for (const place of PLACES) {
      if (there.includes(this.#name(place))) run("ip", ["netns", "delete", this.#name(place)]);
    }
    rmSync(join("/etc/netns", this.#name("phone")), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  #name(place: Place): string {
    return `${this.#prefix}-${place}`;
  }

  #ip(place: Place, command: string): string {
    return run("ip", ["-n", this.#name(place), ...command.split(" ")]);
  }

  #link(): void {
    for (const place of PLACES) run("ip", ["netns", "add", this.#name(place)]);
    // Routers advertise from their link-local address, so it must be usable at once.
    this.run("gateway", "sh", ["-c", "echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad"]);
    // The resolver of the phone's programs: `ip netns exec` puts the file in the place of the machine's.
    const etc = join("/etc/netns", this.#name("phone"));
    mkdirSync(etc, { recursive: true });
    writeFileSync(join(etc, "resolv.conf"), `nameserver ${GATEWAY_ADDRESS}\noptions timeout:2\n`);
    writeFileSync(join(etc, "hosts"), "127.0.0.1 localhost\n");

    const [phone, gateway, line, internet] = PLACES.map((place) => this.#name(place));
    const links = [
      ["wlan0", phone, "lan1", gateway],
      ["wan0", gateway, "left", line],
      ["right", line, "net0", internet],
    ] as const;
    for (const [a, nsA = "", b, nsB = ""] of links) {
      run("ip", ["-n", nsA, ...`link add ${a} type veth peer name ${b} netns ${nsB}`.split(" ")]);
    }
    this.#batch("phone", [
      "link set lo up",
      `link set wlan0 address ${this.#plan.phoneMac}`,
      "link set wlan0 gso_max_segs 1",
    ]);
    this.#batch("gateway", [
      "link set lo up",
      `link add ${CAPTURE_INTERFACE} address ${GATEWAY_MAC} type bridge mcast_snooping 0`,
      `link set lan1 master ${CAPTURE_INTERFACE}`,
      "link set lan1 up",
      `link set ${CAPTURE_INTERFACE} up`,
      `address add ${GATEWAY_ADDRESS}/24 dev ${CAPTURE_INTERFACE}`,
      `address add 2001:db8:42::1/64 dev ${CAPTURE_INTERFACE} nodad`,
      "address add 100.64.0.1/30 dev wan0",
      "address add 2001:db8:64::1/64 dev wan0 nodad",
      "link set wan0 up",
      "route add default via 100.64.0.2",
      "route add ::/0 via 2001:db8:64::2",
    ]);
    this.#batch("internet", [
      "link set lo up",
      "address add 100.64.0.2/30 dev net0",
      "address add 2001:db8:64::2/64 dev net0 nodad",
      "link set net0 up",
      "link set net0 gso_max_segs 1",
      ...this.#plan.hosts.flatMap(({ addresses }) =>
        addresses.map((address) =>
          address.includes(":")
            ? `address add ${address}/128 dev lo nodad`
            : `address add ${address}/32 dev lo`,
        ),
      ),
      `route add 10.42.0.0/24 via 100.64.0.1`,
      `route add 2001:db8:42::/64 via 2001:db8:64::1`,
    ]);
    this.run("gateway", "sh", [
      "-c",
      "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding",
    ]);
    this.#fillChecksums();
  }

  /** Frames with checksums as on a real line; without ethtool they stay unfilled, which readers must bear. */
  #fillChecksums(): void {
    if (missingPrograms(["ethtool"]).length > 0) return;
    const off = ["tx", "off", "tso", "off", "gso", "off", "gro", "off"];
    this.run("phone", "ethtool", ["-K", "wlan0", ...off]);
    this.run("gateway", "ethtool", ["-K", "wan0", ...off]);
    this.run("gateway", "ethtool", ["-K", CAPTURE_INTERFACE, ...off]);
    this.run("internet", "ethtool", ["-K", "net0", ...off]);
  }

  async #startDelayLine(): Promise<void> {
    const taps = ["left", "right"].map((end) => {
      this.#batch("line", [
        `link set ${end} up`,
        `link add link ${end} name tap-${end} type macvtap mode passthru`,
        // Neighbour discovery is multicast, which a macvtap drops unless it is told not to.
        `link set tap-${end} allmulticast on`,
        `link set tap-${end} up`,
      ]);
      // The node in /dev is named after the interface's index, which is unique in its namespace only.
      const numbers = this.run("line", "sh", ["-c", `cat /sys/class/net/tap-${end}/tap*/dev`]);
      const [major = "", minor = ""] = numbers.trim().split(":");
      const path = join(this.folder, `tap-${end}`);
      run("mknod", [path, "c", major, minor]);
      return path;
    });
    const rttMs = Object.fromEntries(
      this.#plan.hosts.flatMap((host) =>
        host.addresses.map((address) => [address, host.rttMs] as const),
      ),
    );
    const line = this.start(
      "line",
      [...moduleCommand("delay-line"), JSON.stringify({ taps, rttMs })],
      {
        name: "delay line",
      },
    );
    await line.until((output) => output.includes("ready"));
  }

  async #startDnsmasq(): Promise<void> {
    const records = this.#plan.hosts.flatMap(({ names: [name, ...aliases], addresses }) =>
      name === undefined
        ? []
        : [
            `host-record=${name},${addresses.join(",")}`,
            ...aliases.map((alias) => `cname=${alias},${name}`),
          ],
    );
    const configuration = this.write(
      "dnsmasq.conf",
      [
        "keep-in-foreground",
        "user=root",
        "no-resolv",
        "no-hosts",
        "no-ping",
        "dhcp-authoritative",
        `interface=${CAPTURE_INTERFACE}`,
        "bind-interfaces",
        "dhcp-range=10.42.0.10,10.42.0.50,1h",
        `dhcp-host=${this.#plan.phoneMac},${this.#plan.phoneAddress}`,
        "enable-ra",
        "dhcp-range=2001:db8:42::,ra-only",
        "local-ttl=60",
        `dhcp-leasefile=${join(this.folder, "leases")}`,
        `pid-file=${join(this.folder, "dnsmasq.pid")}`,
        ...records,
        // Whatever else is asked for does not exist: the lab is the whole internet.
        "address=/#/",
        "",
      ].join("\n"),
    );
    const server = this.start("gateway", [
      "dnsmasq",
      "--log-facility=-",
      `--conf-file=${configuration}`,
    ]);
    await server.until((output) => output.includes("started, version"));
  }

  #batch(place: Place, commands: readonly string[]): void {
    run("ip", ["-n", this.#name(place), "-batch", "-"], commands.join("\n"));
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (isSo()) return;
      await sleep(20);
    }
    throw new Error(`the lab's network: no ${what} within 10 s`);
  }
}

const PLACES: readonly Place[] = ["phone", "gateway", "line", "internet"];

/** What Android 4 sent: its DHCP client was dhcpcd. */
const VENDOR_CLASS = "dhcpcd-5.5.6";

/** Takes a lease: address and route; the resolver is the access point in any case. */
const LEASE_SCRIPT = `#!/bin/sh
case "$reason" in
BOUND | RENEW | REBIND | REBOOT)
  ip address replace "$new_ip_address/24" dev "$interface"
  ip route replace default via "$new_routers"
  ;;
esac
`;
