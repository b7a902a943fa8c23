/**
 * The report as one HTML file: opens offline, asks nobody for anything, reads without script.
 *
 * @module
 */
import { toBase64 } from "../../bytes/base64.ts";
import { toUtf8 } from "../../bytes/text.ts";
import type { Platform } from "../../platform.ts";
import type { Report } from "../report.ts";
import { grouped } from "../wording.ts";
import { CLIENT_SCRIPT, STYLE_SHEET } from "./assets.ts";
import { canariesSection } from "./canaries.ts";
import type { ClientData } from "./destination-view.ts";
import { destinationsSection } from "./destinations.ts";
import { cut, escapeJson, markup, trusted, type Content, type Html } from "./escape.ts";
import { findingsSection } from "./findings.ts";
import { guideSection } from "./guide.ts";
import { deviceName, headline } from "./headline.ts";
import { ledgerSection } from "./ledger-section.ts";
import { limitsSection } from "./limits-section.ts";
import { mapSection } from "./map-section.ts";
import { timelineSection, timelineSpan } from "./timeline.ts";
import { verdictsSection } from "./verdicts.ts";
import { openView, type HtmlContext, type View } from "./view.ts";

export type { HtmlContext, WorldMapData } from "./view.ts";

/** Renders the report; the same report gives the same text. */
export function toHtml(report: Report, context: HtmlContext): string {
  const view = openView(report, context.map);
  const name = cut(deviceName(report), 120);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(context.platform)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Telltale ${report.tool.version}">
<title>${name}: what it told, and to whom</title>
<style>${trusted(STYLE_SHEET)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${banner(view)}
<div class="page">
${contents(view)}
<main id="main" tabindex="-1">
${headline(view)}
${verdictsSection(view)}
${findingsSection(view)}
${mapSection(view)}
${timelineSection(view)}
${destinationsSection(view)}
${canariesSection(view)}
${ledgerSection(view)}
${limitsSection(view)}
${guideSection()}
</main>
</div>
<footer>Made by Telltale ${report.tool.version} from ${report.schema}. This file makes no request: it holds all it shows.</footer>
<p id="announcer" class="hidden" role="status"></p>
<script type="application/json" id="report-data">${escapeJson(clientData(view))}</script>
<script>${trusted(CLIENT_SCRIPT)}</script>
</body>
</html>
`.toString();
}

/** Nothing may load and nothing may run but the two texts of this file (Content Security Policy Level 3, §2.3.1). */
function policy(platform: Platform): string {
  const hash = (text: string): string =>
    `'sha256-${toBase64(platform.digest("sha256", toUtf8(text)))}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE_SHEET)}`,
    `script-src ${hash(CLIENT_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function clientData({ names, destinations, report }: View): ClientData {
  const span = timelineSpan(report);
  return { names, destinations, span: span === undefined ? null : { ...span } };
}

function banner({ report }: View): Html {
  return markup`<header class="banner"><p><strong>Telltale</strong> ${report.tool.version}</p>
<label class="needs-script">Theme <select id="theme"><option value="">system</option><option value="light">light</option><option value="dark">dark</option></select></label></header>`;
}

function contents({ report }: View): Html {
  const entry = (id: string, title: string, count?: number): Content =>
    markup`<li><a href="#${id}">${title}${count !== undefined && markup` <span class="count">${grouped(count)}</span>`}</a></li>`;
  return markup`<nav aria-label="Contents"><ul>
${entry("answer", "In plain words")}
${report.verdicts.length > 0 && entry("verdicts", "Verdicts", report.verdicts.length)}
${entry("findings", "Findings", report.findings.length)}
${entry("places", "Claimed locations")}
${entry("timeline", "Time line")}
${entry("destinations", "Destinations", report.destinations.length)}
${entry("canaries", "Planted values", report.canaries.length)}
${entry("ledger", "Ledger")}
${entry("unseen", "Limits")}
${entry("sources", "Inputs and data sets")}
${entry("guide", "How to read this")}
</ul></nav>`;
}
