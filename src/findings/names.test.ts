import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Anomaly } from "../anomaly.ts";
import { MAX_NAMES_PER_FLOW } from "../limits.ts";
import { toDestinations } from "./destinations.ts";
import { inferDevice } from "./device.ts";
import { findFindings } from "./find.ts";
import { NameCollector } from "./names.ts";
import {
  fakeAnswer,
  fakeFlow,
  fakeHello,
  fakeObservation,
  fakeRequest,
  fakeWorld,
} from "./test-world.ts";

function collect(): { names: NameCollector; anomalies: Anomaly[] } {
  const anomalies: Anomaly[] = [];
  return { names: new NameCollector((anomaly) => anomalies.push(anomaly)), anomalies };
}

test("an address is neither a server name nor a host", () => {
  const { names } = collect();
  const flow = fakeFlow();
  names.message(fakeHello(flow, "192.0.2.1"));
  for (const authority of ["192.0.2.1:80", "[2001:db8::1]:443", ":80", ""]) {
    names.message(fakeRequest(flow, authority));
  }
  assert.deepEqual(names.usedOn(flow), []);
  names.message(fakeRequest(flow, "user@Host.Example.:8080"));
  assert.deepEqual(
    names.usedOn(flow).map((one) => one.name),
    ["host.example"],
  );
});

test("answers of multicast DNS, which come without a question, go by the record's own name", () => {
  const { names } = collect();
  const flow = fakeFlow({ from: "192.168.1.9", to: "224.0.0.251", port: 5353 });
  const answer = fakeAnswer("x", [["printer.local", 1, "192.168.1.9"]], { flow, protocol: "mdns" });
  names.message({ ...answer, queries: [], side: 0 });
  assert.deepEqual(
    names.answersFor("192.168.1.9").map((one) => [one.name, one.client]),
    [["printer.local", "224.0.0.251"]],
  );
});

test("the same answer again is kept once, with its latest time", () => {
  const { names } = collect();
  for (const at of [1, 2, 3]) {
    names.message(fakeAnswer("a.example", [["a.example", 1, "5.5.5.5", 10 * at]], { at }));
  }
  const [answer, ...more] = names.answersFor("5.5.5.5");
  assert.deepEqual(more, []);
  assert.deepEqual([answer?.ts, answer?.lastTs, answer?.ttl], [1e6, 3e6, 30]);
});

test("names of one flow have a limit", () => {
  const { names } = collect();
  const flow = fakeFlow();
  for (let i = 0; i < MAX_NAMES_PER_FLOW + 50; i++) {
    names.message(fakeRequest(flow, `h${String(i)}.example`));
  }
  assert.equal(names.usedOn(flow).length, MAX_NAMES_PER_FLOW);
});

const name = fc.oneof(
  fc.domain(),
  fc.string(),
  fc.constantFrom("a.maker.example", "b.example", ""),
);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom("192.168.1.7", "5.5.5.5", "5.5.5.6", "224.0.0.251", "no address"),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant("hello" as const), name, address }),
  fc.record({ kind: fc.constant("request" as const), name, address }),
  fc.record({
    kind: fc.constant("answer" as const),
    name,
    address,
    alias: name,
    type: fc.constantFrom(1, 5, 28),
  }),
);

test("whatever is named: every flow of the device is in one destination, ids are unique, nothing throws", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.array(address, { maxLength: 6 }),
      (steps, hosts) => {
        const { names } = collect();
        const flows = [...hosts, ...steps.map((one) => one.address)].map((to) => fakeFlow({ to }));
        for (const [i, one] of steps.entries()) {
          const flow = flows[hosts.length + i] ?? fakeFlow();
          if (one.kind === "hello") names.message(fakeHello(flow, one.name));
          else if (one.kind === "request") names.message(fakeRequest(flow, one.name));
          else {
            const records = [
              [one.name, 5, one.alias],
              [one.alias, one.type, one.address],
            ] as const;
            names.message(fakeAnswer(one.name, records));
          }
        }
        const device = inferDevice(flows, { addresses: ["192.168.1.7"] });
        const book = toDestinations({
          flows,
          device,
          names,
          world: fakeWorld({ "5.5.5.5": "DE" }),
        });
        const grouped = book.destinations.flatMap((one) => one.flows);
        assert.equal(grouped.length + book.foreign.length + book.internal.length, flows.length);
        assert.equal(new Set(grouped).size, grouped.length);
        const ids = book.destinations.map((one) => one.id);
        assert.equal(new Set(ids).size, ids.length);
        for (const one of book.destinations)
          for (const flow of one.flows) assert.equal(book.ofFlow(flow), one);
        const observations = flows.map((flow) => fakeObservation(flow));
        findFindings({ book, observations, device, names, labels: new Map() });
      },
    ),
    { numRuns: 150 },
  );
});
