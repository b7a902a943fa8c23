/**
 * The report in a real browser: accessible, silent, and proof against hostile text.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { makeLargeReport } from "../../../tools/make-large-report.ts";
import { nodePlatform } from "../../node/platform.ts";
import type { Report } from "../report.ts";
import { toHtml } from "./html.ts";
import { HOSTILE, hostileReport, readMap, smallReport } from "../../../test/html-reports.ts";

const EXECUTABLE = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => existsSync(path));
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const FOLDER = mkdtempSync(join(tmpdir(), "telltale-report-"));
let browser: Browser | undefined;

before(async () => {
  if (EXECUTABLE !== undefined)
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
});
after(async () => {
  await browser?.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

/** A page with the report, and what it did that it should not: requests, errors, violations. */
interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly loadMs: number;
}

interface Settings {
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  readonly javaScript?: boolean;
}

async function open(
  t: TestContext,
  report: Report,
  settings: Settings = {},
): Promise<Opened | undefined> {
  if (browser === undefined) {
    t.skip("chromium is absent");
    return undefined;
  }
  const file = join(FOLDER, `${t.name.replace(/\W+/g, "-")}.html`);
  writeFileSync(file, toHtml(report, { platform: nodePlatform, map: readMap() }));
  const context = await browser.newContext({
    colorScheme: settings.scheme ?? "light",
    viewport: { width: settings.width ?? 1280, height: 900 },
    javaScriptEnabled: settings.javaScript ?? true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const address = pathToFileURL(file).href;
  // Violations of the content security policy are errors on the console as well.
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  page.on("request", (request) => {
    if (request.url() !== address) complaints.push(`request: ${request.url().slice(0, 200)}`);
  });
  const from = performance.now();
  await page.goto(address);
  return { page, complaints, loadMs: performance.now() - from };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What is used of axe-core. */
interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** Rules broken, each with the first element that breaks it. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = Reflect.get(window, "axe") as Axe;
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ""}`);
  });
}

for (const scheme of ["light", "dark"] as const) {
  test(`no accessibility rule is broken, ${scheme}`, async (t) => {
    const opened = await open(t, smallReport(), { scheme });
    if (opened === undefined) return;
    const { page, complaints } = opened;
    assert.deepEqual(await violationsOf(page), []);
    await page.click("#open-all");
    await page.click(".opener");
    assert.deepEqual(await violationsOf(page), []);
    assert.deepEqual(complaints, []);
  });
}

test("no accessibility rule is broken on a narrow screen, and nothing sticks out", async (t) => {
  const opened = await open(t, smallReport(), { width: 390 });
  if (opened === undefined) return;
  const { page } = opened;
  await page.click("#open-all");
  await page.click(".opener");
  assert.deepEqual(await violationsOf(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${wide} pixels too wide`);
});

test("hostile text is shown and never run", async (t) => {
  const opened = await open(t, hostileReport());
  if (opened === undefined) return;
  const { page, complaints } = opened;
  await page.click("#open-all");
  for (let i = 0; i < 8; i++) await page.click(`.opener >> nth=${i}`);
  await page.click("th[data-sort=label] button");
  await page.click("#page-on");
  for (const link of await page.$$("table.timeline a")) await link.focus();
  await page.hover(".strip");
  const found = await page.evaluate(() => ({
    hacked: document.documentElement.dataset["hacked"] ?? null,
    scripts: document.scripts.length,
    images: document.images.length,
    text: document.body.textContent,
  }));
  assert.deepEqual([found.hacked, found.scripts, found.images], [null, 2, 0]);
  for (const text of HOSTILE.slice(0, 6)) {
    assert.ok(found.text.includes(text), `shown as text: ${text}`);
  }
  assert.ok(found.text.includes("⟨U+202E⟩gnp.exe"));
  assert.ok(found.text.includes("(65,536 characters)"));
  assert.deepEqual(complaints, []);
});

const firstLabel = (page: Page): Promise<string> =>
  page.locator("#destination-table tbody th .opener").first().innerText();

test("the table sorts, searches, filters and turns pages", async (t) => {
  const report = smallReport();
  const opened = await open(t, report);
  if (opened === undefined) return;
  const { page, complaints } = opened;
  const status = page.locator("#page-status");
  assert.equal(await status.innerText(), "1 to 50 of 120");
  await page.click("th[data-sort=sent] button");
  await page.click("th[data-sort=sent] button");
  const least = [...report.destinations].sort(
    (a, b) => a.payload.sent.total - b.payload.sent.total,
  )[0];
  assert.equal(await firstLabel(page), least?.label);
  assert.equal(await page.getAttribute("th[data-sort=sent]", "aria-sort"), "ascending");
  await page.click("#page-on");
  assert.equal(await status.innerText(), "51 to 100 of 120");
  const wanted = report.destinations[77];
  await page.fill("#destination-search", wanted?.label.toUpperCase() ?? "");
  await page.waitForFunction(
    () => document.getElementById("page-status")?.textContent === "1 to 1 of 1",
  );
  assert.equal(await firstLabel(page), wanted?.label);
  await page.fill("#destination-search", "");
  await page.selectOption("#destination-party", "platform");
  const platform = report.destinations.filter(({ party }) => party === "platform").length;
  await page.waitForFunction(
    (words) => document.getElementById("page-status")?.textContent === words,
    `1 to ${platform} of ${platform}`,
  );
  assert.deepEqual(complaints, []);
});

test("a row opens by keyboard, and a link finds its destination on another page", async (t) => {
  const opened = await open(t, smallReport());
  if (opened === undefined) return;
  const { page, complaints } = opened;
  await page.focus(".opener");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute(".opener", "aria-expanded"), "true");
  assert.ok(await page.isVisible("#d-0-sheet"));
  await page.evaluate(() => {
    location.hash = "#d-101";
  });
  await page.waitForSelector("#d-101-sheet", { state: "visible" });
  assert.equal(await page.locator("#page-status").innerText(), "101 to 120 of 120");
  assert.deepEqual(complaints, []);
});

test("the theme can be chosen", async (t) => {
  const opened = await open(t, smallReport(), { scheme: "light" });
  if (opened === undefined) return;
  const ground = (): Promise<string> =>
    opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await opened.page.selectOption("#theme", "dark");
  assert.notEqual(await ground(), light);
});

test("without script the page shows its findings, its first rows and their sheets", async (t) => {
  const opened = await open(t, smallReport(), { javaScript: false });
  if (opened === undefined) return;
  const { page } = opened;
  assert.ok(await page.isVisible("#d-0-sheet"));
  assert.ok(!(await page.isVisible("#destination-search")));
  assert.ok(!(await page.isVisible(".opener")));
  await page.locator("details.finding summary").first().click();
  assert.ok(await page.locator("details.finding .hex").first().isVisible());
});

test("it prints", async (t) => {
  const opened = await open(t, smallReport());
  if (opened === undefined) return;
  const pdf = await opened.page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
});

/** Generous: a bound against a hang, not a measurement; the figures are printed. */
const MOST_MS = 20_000;

test("2,000 destinations and 20,000 flows load and sort", async (t) => {
  const report = makeLargeReport({ destinations: 2000, flows: 20_000, transmissions: 400 });
  const opened = await open(t, report);
  if (opened === undefined) return;
  const { page, loadMs, complaints } = opened;
  const from = performance.now();
  await page.click("th[data-sort=label] button");
  await page.waitForSelector("th[data-sort=label][aria-sort=ascending]");
  const sortMs = performance.now() - from;
  t.diagnostic(`load ${loadMs.toFixed(0)} ms (budget 3,000), sort ${sortMs.toFixed(0)} ms`);
  assert.ok(loadMs < MOST_MS && sortMs < MOST_MS);
  assert.deepEqual(complaints, []);
});
