import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { nodePlatform } from "../../node/platform.ts";
import { emptyReport } from "../test-report.ts";
import { toHtml, type HtmlContext } from "./html.ts";
import { hostileReport, readMap, smallReport } from "../../../test/html-reports.ts";

const CONTEXT: HtmlContext = { platform: nodePlatform, map: undefined };

/** Text of the page without its markup, data, script and style. */
function textOf(page: string): string {
  return page
    .replace(/<(script|style)[^>]*>.*?<\/\1>/gs, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}

test("an empty report renders, and claims nothing", () => {
  const text = textOf(toHtml(emptyReport(), CONTEXT));
  assert.match(text, /No personal value was found/);
  assert.match(text, /does not say that none was sent/);
  assert.doesNotMatch(text, /never sent”? by/);
  assert.doesNotMatch(text, /undefined|NaN|Infinity|\[object/);
});

test("a full report renders without holes", () => {
  const text = textOf(toHtml(smallReport(), { ...CONTEXT, map: readMap() }));
  assert.doesNotMatch(text, /undefined|NaN|Infinity|\[object/);
});

test("the policy lets the two texts of the page run, and nothing else", () => {
  const page = toHtml(smallReport(), CONTEXT);
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
  const hashOf = (element: RegExp): string => {
    const text = element.exec(page)?.[1] ?? "";
    return `&#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
  };
  assert.equal(
    policy,
    [
      "default-src &#39;none&#39;",
      `style-src ${hashOf(/<style>(.*?)<\/style>/s)}`,
      `script-src ${hashOf(/<script>(.*?)<\/script>/s)}`,
      "base-uri &#39;none&#39;",
      "form-action &#39;none&#39;",
    ].join("; "),
  );
});

test("no style attributes, no handlers, no address to load from", () => {
  const page = toHtml(hostileReport(), { ...CONTEXT, map: readMap() });
  const tags = page.replace(/<(script|style)([^>]*)>.*?<\/\1>/gs, "<$1$2>").match(/<[a-z][^>]*>/gi);
  for (const tag of tags ?? []) {
    const names = tag.replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(names, /\s(style|on[a-z]+|src|srcset|action|formaction)=/i, names);
    if (/\shref=/.test(names)) assert.match(tag, /href="#[a-z0-9-]+"/);
  }
});

test("ids are unique", () => {
  const page = toHtml(smallReport(), { ...CONTEXT, map: readMap() });
  const body = page.replace(/<script[^>]*>.*?<\/script>/gs, "");
  const ids = [...body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("the same report gives the same page", () => {
  assert.equal(toHtml(smallReport(), CONTEXT), toHtml(smallReport(), CONTEXT));
});

test("what was not found is worded as that, beside what was searched", () => {
  const text = textOf(toHtml(smallReport(), CONTEXT));
  assert.match(text, /not found in what could be searched/);
  assert.match(text, /1 of 40 hit/);
});

test("claims of location name their source and date", () => {
  const text = textOf(toHtml(smallReport(), { ...CONTEXT, map: readMap() }));
  assert.match(text, /located in [^,]+ \([A-Z]{2}\), says DB-IP Lite country of 2026-11/);
  assert.match(text, /IP Geolocation by DB-IP/);
});

test("a value left out of the report is said to be left out", () => {
  const report = smallReport();
  for (const observation of report.observations) {
    observation.value = null;
    observation.evidence.hex = null;
  }
  const page = toHtml(report, CONTEXT);
  assert.match(page, /left out of this report/);
  assert.doesNotMatch(page, /861234028765431/);
});
