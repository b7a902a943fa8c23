import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OrganisationIndex } from "./organisation.ts";
import { registrableDomainOf } from "./registrable-domain.ts";
import { fakeWorld } from "./test-world.ts";

const index = new OrganisationIndex(fakeWorld().organisations);
const idOf = (name: string): string | undefined => index.ofName(name)?.organisation.id;

test("the longest domain counts, at the border of a label", () => {
  assert.equal(idOf("maker.example"), "maker");
  assert.equal(idOf("API.Maker.Example."), "maker");
  assert.equal(idOf("a.push.maker.example"), "push");
  assert.equal(idOf("xpush.maker.example"), "maker");
  assert.equal(idOf("notmaker.example"), undefined);
  assert.equal(idOf("maker.example.org"), undefined);
  assert.equal(idOf(""), undefined);
  assert.equal(idOf("."), undefined);
});

test("the reason says by which domain", () => {
  assert.equal(
    index.ofName("a.maker.example")?.reason,
    "a.maker.example lies below maker.example: maker runs it",
  );
  assert.equal(index.ofName("maker.example")?.reason, "maker.example: maker runs it");
});

test("makes are found whatever their case; groups go up to their head", () => {
  assert.equal(index.ofMake(" ACME ")?.id, "maker");
  const push = index.ofId("push");
  assert.ok(push !== undefined);
  assert.deepEqual(index.groupOf(push), ["push", "maker"]);
});

test("a circle of parents ends", () => {
  const [one, two] = fakeWorld().organisations.map((row) => ({ ...row }));
  assert.ok(one !== undefined && two !== undefined);
  const circle = new OrganisationIndex([
    { ...one, parent: two.id },
    { ...two, parent: one.id },
  ]);
  assert.deepEqual(circle.groupOf({ ...one, parent: two.id }), ["maker", "push"]);
});

test("no name throws", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain()), (name) => {
      index.ofName(name);
      registrableDomainOf(name);
    }),
  );
});

// Public Suffix List: "tw", "com.tw", and in its private section "github.io".
test("registrable domains follow the Public Suffix List", () => {
  assert.equal(registrableDomainOf("a.b.example.com.tw"), "example.com.tw");
  assert.equal(registrableDomainOf("someone.github.io"), "someone.github.io");
  assert.equal(registrableDomainOf("com.tw"), null);
  assert.equal(registrableDomainOf("192.0.2.1"), null);
  assert.equal(registrableDomainOf("localhost"), null);
});
