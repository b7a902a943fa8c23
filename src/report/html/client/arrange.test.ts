import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLargeReport } from "../../../../tools/make-large-report.ts";
import { openView } from "../view.ts";
import { arrange, haystackOf, type Wanted } from "./arrange.ts";

const VIEW = openView(
  makeLargeReport({ destinations: 60, flows: 240, transmissions: 4 }),
  undefined,
);
const HAYSTACKS = VIEW.destinations.map((one) => haystackOf(one, VIEW.names));
const ALL: Wanted = { query: "", party: "", kind: "", organisation: "", sort: undefined };

const shown = (wanted: Partial<Wanted>): readonly number[] =>
  arrange(VIEW.destinations, HAYSTACKS, { ...ALL, ...wanted });

test("without a wish all are shown as they come", () => {
  assert.deepEqual(
    shown({}),
    VIEW.destinations.map((_, i) => i),
  );
});

test("every word of a search must be found, in any case", () => {
  const found = shown({ query: "XIAOMI  tls" });
  assert.ok(found.length > 0 && found.length < 60);
  for (const i of found) assert.equal(VIEW.destinations[i]?.destination.organisation?.id, "xiaomi");
  assert.deepEqual(shown({ query: "nowhere-at-all" }), []);
});

test("filters hold together, and unknown organisations can be asked for", () => {
  for (const i of shown({ party: "third", kind: "internet" }))
    assert.equal(VIEW.destinations[i]?.destination.party, "third");
  const unknown = shown({ organisation: "-" });
  assert.ok(unknown.length > 0);
  for (const i of unknown) assert.equal(VIEW.destinations[i]?.destination.organisation, null);
});

test("sorting goes both ways, and what is unknown comes last ascending", () => {
  const sent = (i: number): number => VIEW.destinations[i]?.destination.payload.sent.total ?? -1;
  const up = shown({ sort: { key: "sent", isDescending: false } }).map(sent);
  assert.deepEqual(
    up,
    [...up].sort((a, b) => a - b),
  );
  const down = shown({ sort: { key: "sent", isDescending: true } }).map(sent);
  assert.deepEqual(down, [...up].reverse());
  const last = shown({ sort: { key: "organisation", isDescending: false } }).at(-1) ?? -1;
  assert.equal(VIEW.destinations[last]?.destination.organisation, null);
});
