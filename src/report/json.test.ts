import assert from "node:assert/strict";
import { test } from "node:test";
import { toJson } from "./json.ts";
import { emptyReport } from "./test-report.ts";

test("toJson() gives the report itself, one element of a list a line", () => {
  const report = {
    ...emptyReport(),
    notObservable: [
      { what: "a", bytes: 1, reason: "r" },
      { what: "b", bytes: null, reason: "s" },
    ],
  };
  const text = [...toJson(report)].join("");
  assert.deepEqual(JSON.parse(text), report);
  assert.ok(text.includes('"notObservable": [\n{"what":"a","bytes":1,"reason":"r"},\n{"what":"b"'));
  assert.ok(text.includes('"flows": []'));
  assert.ok(text.endsWith("}\n"));
});
