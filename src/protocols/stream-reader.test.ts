import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeFlow } from "../../test/feed-dissector.ts";
import type { Dissector } from "./dissector.ts";
import { StreamReader } from "./stream-reader.ts";
import { createRegistry } from "./registry.ts";

/** A dissector that is unsure of `ONE` and knows it once a loss follows, and logs what it gets. */
function dissectorOf(name: string, log: string[], knowsCut: boolean): Dissector {
  return {
    name,
    over: "stream",
    ports: [],
    probe: (bytes, start) => (bytes[start] === 0x4f ? "unsure" : "no"),
    probeCut: () => knowsCut,
    open: ({ out }) => ({
      encrypted: false,
      push: (side, { start, end, offset }) => {
        log.push(`${name} ${String(side)} ${String(offset)}+${String(end - start)}`);
        out.count(side, 0, end - start);
      },
      gap: (side, offset, length) => {
        log.push(`${name} ${String(side)} gap ${String(offset)}+${String(length)}`);
      },
      close: () => undefined,
      end: () => undefined,
    }),
  };
}

function feedCut(first: string): { readonly log: string[]; readonly raw: number } {
  const log: string[] = [];
  let raw = 0;
  const flow = { ...fakeFlow(), count: () => undefined };
  const registry = createRegistry([
    dissectorOf("NEVER", log, false),
    dissectorOf("CUT", log, true),
  ]);
  const reader = new StreamReader(flow, registry, {
    wantsParts: false,
    wantsRaw: true,
    message: () => undefined,
    raw: (_flow, _side, { start, end }) => {
      raw += end - start;
    },
    protocolKnown: (_flow, name) => log.push(`known ${name}`),
    flowEnd: () => undefined,
    anomaly: () => undefined,
  });
  const give = (text: string, offset: number): void => {
    const bytes = Buffer.from(text);
    reader.push(0, { bytes, start: 0, end: bytes.length, offset, frame: 1, input: 0, ts: 0 });
  };
  give(first, 0);
  reader.gap(0, first.length, 10);
  give("more", first.length + 10);
  reader.end();
  return { log, raw };
}

test("a beginning that a loss cut off goes to the dissector that can tell it all the same", () => {
  const { log, raw } = feedCut("ONE");
  assert.deepEqual(log, ["known CUT", "CUT 0 0+3", "CUT 0 gap 3+10", "CUT 0 13+4"]);
  assert.equal(raw, 7);
});

test("who refused a beginning is not asked again when a loss cuts it off", () => {
  const { log, raw } = feedCut("TWO");
  assert.deepEqual(log, []);
  assert.equal(raw, 7);
});
