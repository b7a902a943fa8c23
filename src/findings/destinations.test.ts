import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Anomaly } from "../anomaly.ts";
import type { Flow } from "../flows/flow.ts";
import type { Message } from "../protocols/message.ts";
import { openAtlas, type CountryFile } from "./country-atlas.ts";
import { toDestinations, type DestinationBook } from "./destinations.ts";
import { inferDevice } from "./device.ts";
import { NameCollector } from "./names.ts";
import {
  fakeAnswer,
  fakeFlow,
  fakeHello,
  fakeObservation,
  fakeRequest,
  fakeWorld,
} from "./test-world.ts";

interface Setting {
  readonly make?: string;
  readonly countries?: Readonly<Record<string, string>>;
  readonly capturePoint?: { latitude: number; longitude: number };
}

function book(
  flows: readonly Flow[],
  messages: readonly Message[],
  setting: Setting = {},
): DestinationBook {
  const anomalies: Anomaly[] = [];
  const names = new NameCollector((anomaly) => anomalies.push(anomaly));
  for (const message of messages) names.message(message);
  const device = inferDevice(flows, { make: setting.make ?? null, addresses: ["192.168.1.7"] });
  const file = JSON.parse(readFileSync("data/countries/countries.json", "utf8")) as CountryFile;
  const world = { ...fakeWorld(setting.countries), atlas: openAtlas(file) };
  return toDestinations({ flows, device, names, world, capturePoint: setting.capturePoint });
}

const CNAME = 5;

test("a server name counts more than a host, a host more than DNS, DNS more than the address", () => {
  const flows = [1, 2, 3, 4].map((n) => fakeFlow({ to: `5.5.5.${String(n)}` }));
  const [tls, http, dns] = flows as [Flow, Flow, Flow];
  const messages = [
    fakeAnswer(
      "dns.example",
      [1, 2, 3].map((n) => ["dns.example", 1, `5.5.5.${String(n)}`] as const),
    ),
    fakeHello(tls, "TLS.example"),
    fakeRequest(tls, "http.example"),
    fakeRequest(http, "http.example:8080"),
  ];
  const { destinations, ofFlow } = book(flows, messages);
  assert.deepEqual(
    flows.map((flow) => ofFlow(flow)?.id),
    ["tls.example", "http.example", "dns.example", "5.5.5.4"],
  );
  assert.deepEqual(
    ofFlow(dns)?.names.map((one) => one.source),
    ["dns"],
  );
  assert.equal(destinations.length, 4);
});

test("two names that share an address stay two destinations; one name with two addresses is one", () => {
  const flows = [
    fakeFlow({ to: "5.5.5.5" }),
    fakeFlow({ to: "5.5.5.5" }),
    fakeFlow({ to: "5.5.5.6" }),
  ];
  const [one, two, three] = flows as [Flow, Flow, Flow];
  const { destinations } = book(flows, [
    fakeHello(one, "one.example"),
    fakeHello(two, "two.example"),
    fakeHello(three, "one.example"),
  ]);
  assert.deepEqual(
    destinations.map((d) => [d.id, d.addresses]),
    [
      ["one.example", ["5.5.5.5", "5.5.5.6"]],
      ["two.example", ["5.5.5.5"]],
    ],
  );
});

test("of several answers the latest before the flow names it, and others still valid are told", () => {
  const before = fakeFlow({ to: "5.5.5.5", at: 5 });
  const between = fakeFlow({ to: "5.5.5.5", at: 15 });
  const after = fakeFlow({ to: "5.5.5.5", at: 300 });
  const early = fakeFlow({ to: "5.5.5.5", at: 0.5 });
  const { ofFlow } = book(
    [before, between, after, early],
    [
      fakeAnswer("one.example", [["one.example", 1, "5.5.5.5", 30]], { at: 1 }),
      fakeAnswer("two.example", [["two.example", 1, "5.5.5.5", 30]], { at: 10 }),
    ],
  );
  assert.equal(ofFlow(before)?.id, "one.example");
  assert.equal(ofFlow(between)?.id, "two.example");
  assert.deepEqual(ofFlow(between)?.otherNames, ["one.example"]);
  assert.equal(ofFlow(after)?.id, "two.example");
  assert.equal(ofFlow(early)?.id, "5.5.5.5", "no answer had come yet");
  assert.equal(ofFlow(early)?.neverLookedUp, false, "but the address was given for a name");
});

test("answers to other hosts name nothing", () => {
  const flow = fakeFlow({ to: "5.5.5.5" });
  const other = fakeFlow({ from: "192.168.1.99", to: "192.168.1.1", port: 53 });
  const { ofFlow, foreign } = book(
    [flow, other],
    [fakeAnswer("other.example", [["other.example", 1, "5.5.5.5"]], { flow: other })],
  );
  assert.equal(ofFlow(flow)?.id, "5.5.5.5");
  assert.equal(ofFlow(flow)?.neverLookedUp, false, "no DNS of the device is there to read");
  assert.deepEqual(foreign, [other]);
});

test("the name asked for counts; where it leads is hosting", () => {
  const flow = fakeFlow({ to: "5.5.5.5" });
  const cloaked = fakeFlow({ to: "5.5.5.6" });
  const { ofFlow } = book(
    [flow, cloaked],
    [
      fakeAnswer("api.maker.example", [
        ["api.maker.example", CNAME, "x.cdn.example"],
        ["x.cdn.example", CNAME, "y.cdn.example"],
        ["y.cdn.example", 1, "5.5.5.5"],
      ]),
      fakeAnswer("nobody.example", [
        ["nobody.example", CNAME, "z.cdn.example"],
        ["z.cdn.example", 1, "5.5.5.6"],
      ]),
    ],
    { make: "ACME" },
  );
  const found = ofFlow(flow);
  assert.equal(found?.id, "api.maker.example");
  assert.equal(found.organisation?.id, "maker");
  assert.match(
    found.organisation.reason,
    /lies below maker\.example.*leads to y\.cdn\.example, which CARRIER-OF-OTHERS hosts/,
  );
  assert.equal(found.party, "first");
  assert.equal(ofFlow(cloaked)?.organisation, null);
  assert.equal(ofFlow(cloaked)?.party, "unknown");
  assert.match(ofFlow(cloaked)?.partyReason ?? "", /leads to z\.cdn\.example/);
});

test("parties: the maker's group, the platform, third parties, those who host for others", () => {
  const hosts = [
    "a.push.maker.example",
    "b.system.example",
    "c.statistics.example",
    "d.cdn.example",
    "e.example",
  ];
  const flows = hosts.map(() => fakeFlow());
  const hellos = flows.map((flow, i) => fakeHello(flow, hosts[i] ?? null));
  const parties = (make?: string): (string | undefined)[] => {
    const { ofFlow } = book(flows, hellos, make === undefined ? {} : { make });
    return flows.map((flow) => ofFlow(flow)?.party);
  };
  assert.deepEqual(parties("Acme"), ["first", "platform", "third", "unknown", "unknown"]);
  assert.deepEqual(parties(), ["third", "platform", "third", "unknown", "unknown"]);
});

test("a loop of aliases ends", () => {
  const flow = fakeFlow({ to: "5.5.5.5" });
  const { ofFlow } = book(
    [flow],
    [
      fakeAnswer("a.example", [
        ["a.example", CNAME, "b.example"],
        ["b.example", CNAME, "a.example"],
        ["b.example", 1, "5.5.5.5"],
      ]),
    ],
  );
  assert.equal(ofFlow(flow)?.id, "a.example");
});

test("never looked up: where DNS can be read and gives no name, or a request says the bare address itself", () => {
  const bare = fakeFlow({ to: "5.5.5.5" });
  const named = fakeFlow({ to: "5.5.5.6" });
  const local = fakeFlow({ to: "192.168.1.9" });
  const answer = fakeAnswer("a.example", [["a.example", 1, "5.5.5.9"]]);
  const { ofFlow, readsDns } = book([bare, named, local], [answer, fakeHello(named, "b.example")]);
  assert.ok(readsDns);
  assert.equal(ofFlow(bare)?.neverLookedUp, true);
  assert.equal(ofFlow(named)?.neverLookedUp, false);
  assert.equal(ofFlow(local)?.neverLookedUp, false);
  assert.equal(book([bare], []).ofFlow(bare)?.neverLookedUp, false);
  // Without any DNS to read, a request that calls its server by the address says so itself.
  const { address } = bare.ends[1];
  for (const authority of [address, `${address}:8080`]) {
    const asked = book([bare], [fakeRequest(bare, authority)]);
    assert.equal(asked.ofFlow(bare)?.neverLookedUp, true, authority);
  }
});

test("a connection for several hosts belongs to one destination, its requests to each their own", () => {
  const flow = fakeFlow({ to: "5.5.5.5" });
  const messages = [
    fakeHello(flow, "front.example"),
    fakeRequest(flow, "front.example", [100, 200]),
    fakeRequest(flow, "hidden.example", [200, 300]),
  ];
  const { destinations, ofFlow, ofObservation } = book([flow], messages);
  assert.deepEqual(
    destinations.map((d) => [d.id, d.flows.length, d.sharedFlows?.length ?? 0]),
    [
      ["front.example", 1, 0],
      ["hidden.example", 0, 1],
    ],
  );
  assert.equal(ofFlow(flow)?.id, "front.example");
  assert.equal(ofObservation(fakeObservation(flow, { start: 150 }))?.id, "front.example");
  assert.equal(ofObservation(fakeObservation(flow, { start: 250 }))?.id, "hidden.example");
});

test("kinds: multicast and broadcast are never named, a broadcast to a subnet shows in its MAC", () => {
  const flows = [
    fakeFlow({ to: "224.0.0.251", port: 5353 }),
    fakeFlow({ to: "192.168.1.255", toMac: "ff:ff:ff:ff:ff:ff" }),
    fakeFlow({ to: "10.0.255.255", silent: true }),
    fakeFlow({ to: "10.0.254.255" }),
    fakeFlow({ to: "192.168.1.9" }),
    fakeFlow({ to: "5.5.5.255", silent: true }),
  ];
  const { ofFlow } = book(flows, []);
  assert.deepEqual(
    flows.map((flow) => ofFlow(flow)?.kind),
    ["multicast", "broadcast", "broadcast", "local", "local", "internet"],
  );
});

test("countries stand side by side, and a round trip refutes that of its own address alone", () => {
  const near = fakeFlow({ to: "5.5.5.5", rttMs: 8 });
  const far = fakeFlow({ to: "5.5.5.6", rttMs: 60 });
  const { destinations } = book(
    [near, far],
    [fakeHello(near, "a.example"), fakeHello(far, "a.example")],
    {
      countries: { "5.5.5.5": "SG", "5.5.5.6": "SG", "192.168.1.1": "AU" },
      capturePoint: { latitude: 25.033, longitude: 121.5654 },
    },
  );
  const [found] = destinations;
  assert.equal(found?.latency?.minRttMs, 8);
  assert.deepEqual(found.latency.maxDistanceKm, { light: 1200, fibre: 800 });
  assert.deepEqual(
    found.latency.refuted.map((one) => [one.country, one.by, one.address]),
    [["SG", "light", "5.5.5.5"]],
  );
  assert.equal(found.locationsDisagree, false);
  assert.deepEqual(
    found.locations.map((one) => one.address),
    ["5.5.5.5", "5.5.5.6"],
  );
});

test("a private address has no country and no network, whatever a data set says", () => {
  const flow = fakeFlow({ to: "192.168.1.1", rttMs: 1 });
  const { destinations } = book([flow], [], { countries: { "192.168.1.1": "AU" } });
  assert.deepEqual(destinations[0]?.locations, []);
  assert.equal(destinations[0].latency, null);
});
