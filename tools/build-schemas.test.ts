import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schemaFiles } from "./build-schemas.ts";

test("the committed schemas are those of the code", () => {
  for (const [name, text] of schemaFiles()) {
    assert.equal(readFileSync(name, "utf8"), text, `${name}: run npx tsx tools/build-schemas.ts`);
  }
});

/** Paths of the fields below a schema that have no description of their own. */
function undescribed(schema: Schema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isDescribed =
      field.description !== undefined ||
      (field.anyOf ?? []).some(({ description }) => description !== undefined);
    return [...(isDescribed ? [] : [`${path}.${name}`]), ...undescribed(field, `${path}.${name}`)];
  });
  const below = [...(schema.items === undefined ? [] : [schema.items]), ...(schema.anyOf ?? [])];
  return [...own, ...below.flatMap((one) => undescribed(one, path))];
}

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

test("every field of the schemas is documented", () => {
  for (const [name, text] of schemaFiles()) {
    assert.deepEqual(undescribed(JSON.parse(text) as Schema, name), []);
  }
});
