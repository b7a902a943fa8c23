import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flow } from "../flows/flow.ts";
import { BYTE_CLASS } from "../ledger.ts";
import type { Observation } from "../observations/observation.ts";
import type { DhcpMessage, Message } from "../protocols/message.ts";
import { toDestinations } from "./destinations.ts";
import { inferDevice } from "./device.ts";
import { findFindings } from "./find.ts";
import type { Finding } from "./finding.ts";
import { NameCollector } from "./names.ts";
import {
  fakeAnswer,
  fakeFlow,
  fakeHello,
  fakeObservation,
  fakeRequest,
  fakeWorld,
} from "./test-world.ts";

const labels = new Map([
  ["Imei", "the phone's IMEI"],
  ["Bssid", "the address of the Wi-Fi access point"],
]);

function find(
  flows: readonly Flow[],
  messages: readonly Message[] = [],
  observations: readonly Observation[] = [],
): readonly Finding[] {
  const names = new NameCollector(() => undefined);
  for (const message of messages) names.message(message);
  const device = inferDevice(flows, { make: "Acme", addresses: ["192.168.1.7"] });
  const book = toDestinations({ flows, device, names, world: fakeWorld() });
  return findFindings({ book, observations, device, names, labels });
}

const brief = (findings: readonly Finding[]): string[] =>
  findings.map((one) => `${one.kind} ${one.severity} ${one.claim}: ${one.title}`);

test("a value sent in clear is a transmission, and a transport that anybody could read", () => {
  const flow = fakeFlow({ port: 80 });
  const request = fakeRequest(flow, "api.maker.example");
  assert.deepEqual(brief(find([flow], [request], [fakeObservation(flow), fakeObservation(flow)])), [
    "transmission high sent-value: The device sent the phone's IMEI in clear to api.maker.example (MAKER)",
    "weak-transport high sent-value: Anybody on the way to api.maker.example (MAKER) could read the phone's IMEI",
  ]);
});

test("the same value inside encryption weighs less, and less still at the maker", () => {
  const [maker, other] = [fakeFlow(), fakeFlow()];
  const messages = [
    fakeHello(maker, "api.maker.example"),
    fakeHello(other, "x.statistics.example"),
  ];
  const hidden = { channel: "decrypted" } as const;
  const observations = [fakeObservation(maker, hidden), fakeObservation(other, hidden)];
  assert.deepEqual(brief(find([maker, other], messages, observations)), [
    "transmission medium sent-value: The device sent the phone's IMEI inside encryption to x.statistics.example (STATISTICS)",
    "transmission low sent-value: The device sent the phone's IMEI inside encryption to api.maker.example (MAKER)",
  ]);
});

test("what lay inside encryption is no weak transport", () => {
  const flow = fakeFlow();
  const kinds = (channel: Observation["channel"]): string[] =>
    find([flow], [], [fakeObservation(flow, { channel })]).map((one) => one.kind);
  assert.deepEqual(kinds("decrypted"), ["transmission"]);
  assert.deepEqual(kinds("clear"), ["transmission", "weak-transport"]);
});

test("wording never exceeds what is known of the value", () => {
  const flow = fakeFlow({ port: 80 });
  const request = fakeRequest(flow, "x.example");
  const recognised = (confidence: "certain" | "likely" | "possible"): Partial<Observation> => ({
    source: { kind: "recognizer", recognizer: "imei", reason: "15 digits", confidence },
  });
  const titles = (sketch: Partial<Observation>): string | undefined =>
    find([flow], [request], [fakeObservation(flow, sketch)]).find(
      (one) => one.kind === "transmission",
    )?.title;
  assert.match(titles(recognised("certain")) ?? "", /sent the phone's IMEI in clear/);
  assert.match(titles(recognised("likely")) ?? "", /sent what is very likely the phone's IMEI/);
  assert.match(titles(recognised("possible")) ?? "", /sent what may be the phone's IMEI/);
  assert.match(
    titles({ form: "hashed" }) ?? "",
    /sent a hash of the phone's IMEI without encryption/,
  );
  assert.match(titles({ form: "truncated" }) ?? "", /sent a part of the phone's IMEI/);
  assert.match(
    titles({ form: "encoded" }) ?? "",
    /sent the phone's IMEI encoded but not encrypted/,
  );
  assert.match(titles({ property: "Unheard" }) ?? "", /sent a value of the kind Unheard/);
});

test("a placeholder is worded as such, weighs nothing and is no weak transport", () => {
  const flow = fakeFlow({ port: 80 });
  const observation = fakeObservation(flow, {
    property: "Bssid",
    placeholder: "the placeholder that Android hands to apps without permission",
  });
  const findings = find([flow], [fakeRequest(flow, null)], [observation]);
  assert.deepEqual(brief(findings), [
    "transmission info sent-value: The device sent a placeholder in the place of the address of the Wi-Fi access point in clear to 8.8.8.8",
  ]);
  assert.match(findings[0]?.reason ?? "", /hands to apps without permission/);
});

test("what the device received is nothing that it sent", () => {
  const flow = fakeFlow({ port: 80 });
  assert.deepEqual(find([flow], [], [fakeObservation(flow, { side: 1 })]), []);
});

test("possible and contextual values weigh low at most, truncated ones a step less", () => {
  const flow = fakeFlow({ port: 80 });
  const severity = (sketch: Partial<Observation>): string | undefined =>
    find([flow], [], [fakeObservation(flow, sketch)]).find((one) => one.kind === "transmission")
      ?.severity;
  assert.equal(severity({ contextual: true }), "low");
  assert.equal(severity({ form: "truncated" }), "medium");
  assert.equal(severity({ form: "hashed" }), "high");
  assert.equal(severity({ property: "DeviceModel" }), "low");
  assert.equal(severity({ property: "AdvertisingId" }), "medium");
});

test("a bare address, a resolver and a named server: only the first was contacted without a look-up", () => {
  const flows = [
    fakeFlow({ to: "5.5.5.5" }),
    fakeFlow({ to: "9.9.9.9", port: 53 }),
    fakeFlow({ to: "5.5.5.6" }),
    fakeFlow({ to: "5.5.5.7", state: "midstream" }),
  ];
  const answer = fakeAnswer("a.example", [["a.example", 1, "5.5.5.6"]]);
  assert.deepEqual(brief(find(flows, [answer])), [
    "unresolved-address low contacted: The device contacted 5.5.5.5 without looking up a name",
    "unresolved-address info contacted: The device contacted 5.5.5.7 without looking up a name",
  ]);
});

test("bytes that cannot be read are a claim of their own, one a destination", () => {
  const flows = [
    fakeFlow({ to: "5.5.5.5", sent: { [BYTE_CLASS.opaque]: 1234 } }),
    fakeFlow({ to: "5.5.5.5", sent: { [BYTE_CLASS.opaque]: 1, [BYTE_CLASS.encrypted]: 1 } }),
    fakeFlow({ to: "5.5.5.6", sent: { [BYTE_CLASS.encrypted]: 7, [BYTE_CLASS.read]: 500 } }),
    fakeFlow({ to: "5.5.5.7", sent: { [BYTE_CLASS.read]: 500 } }),
  ];
  assert.deepEqual(brief(find(flows)), [
    "opaque-channel low sent-unreadable: The device sent 1,235 bytes in a form that is not read and 1 encrypted byte to 5.5.5.5",
    "opaque-channel info sent-unreadable: The device sent 7 encrypted bytes to 5.5.5.6; what they say cannot be told",
  ]);
});

test("announcements: what is told to every listener, without the values", () => {
  const dhcp = fakeFlow({ to: "255.255.255.255", port: 67 });
  const mdns = fakeFlow({ to: "224.0.0.251", port: 5353 });
  const hello: DhcpMessage = {
    ...fakeRequest(dhcp, null),
    kind: "dhcp",
    family: 4,
    type: "discover",
    hostName: "Anna's phone",
    vendorClass: null,
    clientMac: "02:00:00:00:00:07",
    requestedAddress: null,
    parameterRequest: [],
  };
  const findings = find([dhcp, mdns], [hello]);
  assert.deepEqual(brief(findings), [
    "announcement low sent-value: The device told every listener at 255.255.255.255 its hardware address (DHCP) and its host name (DHCP)",
    "announcement info sent-bytes: The device sent packets to every listener at 224.0.0.251",
  ]);
  assert.ok(!JSON.stringify(brief(findings)).includes("Anna"));
});

test("the order does not depend on the order of the observations", () => {
  const flows = [fakeFlow({ port: 80, to: "5.5.5.5" }), fakeFlow({ port: 80, to: "5.5.5.6" })];
  const observations = flows.flatMap((flow) => [
    fakeObservation(flow),
    fakeObservation(flow, { property: "Locale" }),
    fakeObservation(flow, { form: "hashed" }),
  ]);
  assert.deepEqual(
    brief(find(flows, [], observations)),
    brief(find(flows, [], [...observations].reverse())),
  );
});
