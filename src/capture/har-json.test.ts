import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { findJsonFault } from "./har-json.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("JSON has no fault", () => {
  const texts = ["0", "-1.5e+3", '"\\u00e9\\n"', "[]", " {} ", '[1,{"a":[true,false,null]}]\n'];
  for (const text of texts) assert.equal(findJsonFault(text), undefined, text);
  fc.assert(fc.property(fc.json(), (text) => findJsonFault(text) === undefined));
});

test("the first fault is named with its place", () => {
  const cases: [string, number, string][] = [
    ["", 0, "a value expected, the text ends at line 1, column 1"],
    ["[1,]", 3, 'a value expected, found "]" at line 1, column 4'],
    ["[1\n 2]", 4, '"," or "]" expected, found "2" at line 2, column 2'],
    ['{"a" 1}', 5, '":" expected, found "1" at line 1, column 6'],
    ["{a:1}", 1, 'a key in quotation marks expected, found "a" at line 1, column 2'],
    ['["\\x"]', 2, "unknown escape in a string at line 1, column 3"],
    ['["a\n"]', 3, "control character in a string at line 1, column 4"],
    ['["\u001f"]', 2, "control character in a string at line 1, column 3"],
    ['["\\u12', 6, "text ends in a string at line 1, column 7"],
    ['["a', 3, "text ends in a string at line 1, column 4"],
    ["[01]", 1, '"01" is not a number at line 1, column 2'],
    ["[] x", 3, 'the end expected, found "x" at line 1, column 4'],
    ["nul", 0, 'a value expected, found "n" at line 1, column 1'],
  ];
  for (const [text, offset, reason] of cases) {
    assert.deepEqual(findJsonFault(text), { offset, reason, entries: [] }, text);
  }
});

test("a fault is found exactly where JSON.parse finds one", () => {
  const alphabet = fc.constantFrom(...'{}[]:,"\\ntrue01-.eE u\n'.split(/(?=[^])/));
  const changed = fc.tuple(fc.json(), fc.nat(), alphabet).map(([json, at, char]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + char + json.slice(place + 1);
  });
  const noise = fc.array(alphabet, { maxLength: 12 }).map((chars) => chars.join(""));
  fc.assert(
    fc.property(fc.oneof(changed, noise), (text) => {
      assert.equal(findJsonFault(text) === undefined, isJson(text));
    }),
    { numRuns: 2000 },
  );
});

test("only the elements of log.entries count as entries", () => {
  const text = '{"entries":[1],"log":{"x":{"entries":[2]},"entries":[{"a":[3]}, 4 ,"5" ';
  const fault = findJsonFault(text);
  const entries = fault?.entries.map(([start, end]) => text.slice(start, end));
  assert.deepEqual(entries, ['{"a":[3]}', "4", '"5"']);
});

test("depth has a limit, and no recursion", () => {
  assert.equal(findJsonFault("[".repeat(MAX_JSON_DEPTH + 1))?.offset, MAX_JSON_DEPTH);
  const deep = "[".repeat(MAX_JSON_DEPTH) + "]".repeat(MAX_JSON_DEPTH);
  assert.equal(findJsonFault(deep), undefined);
});
