import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dissector } from "./dissector.ts";
import { createRegistry, MAX_DISSECTORS } from "./registry.ts";

function fake(name: string, over: Dissector["over"], ports: readonly number[]): Dissector {
  return {
    name,
    over,
    ports,
    probe: () => "no",
    open: () => {
      throw new Error("not to be opened");
    },
  };
}

const registry = createRegistry([
  fake("tls", "stream", [443]),
  fake("http", "stream", [80, 8080]),
  fake("dns", "both", [53]),
  fake("quic", "datagram", [443]),
]);
const names = (over: "stream" | "datagram", a: number, b: number): string =>
  registry
    .candidates(over, a, b)
    .map((one) => one.name)
    .join(" ");

test("candidates() keeps the order of the list where no port decides", () => {
  assert.equal(names("stream", 40_000, 9999), "tls http dns");
  assert.equal(names("datagram", -1, -1), "dns quic");
});

test("candidates() asks those first that name a port, whichever end has it", () => {
  assert.equal(names("stream", 80, 40_000), "http tls dns");
  assert.equal(names("stream", 40_000, 53), "dns tls http");
  assert.equal(names("datagram", 443, 40_000), "quic dns");
});

test("candidates() puts the lower of two known ports first", () => {
  assert.equal(names("stream", 8080, 53), "dns http tls");
  assert.equal(names("stream", 80, 80), "http tls dns");
});

test("candidates() gives the same list each time, so that a flow allocates nothing", () => {
  for (const [a, b] of [
    [1, 2],
    [80, 2],
    [8080, 53],
  ] as const) {
    assert.equal(registry.candidates("stream", a, b), registry.candidates("stream", b, a));
  }
});

test("createRegistry() refuses more dissectors than fit", () => {
  const many = Array.from({ length: MAX_DISSECTORS + 1 }, (_, i) => fake(`p${i}`, "stream", []));
  assert.throws(() => createRegistry(many), RangeError);
});
