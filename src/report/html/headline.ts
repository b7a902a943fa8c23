/**
 * The answer in plain words: what the device did, how sure that is, what could not be seen.
 *
 * @module
 */
import type { Report } from "../report.ts";
import { bytesInWords, counted, grouped, shareInWords, timeInWords } from "../wording.ts";
import { claimBadge, propertyName, SEVERITIES, severityBadge } from "./badges.ts";
import { cut, joined, markup, seen, type Content, type Html } from "./escape.ts";
import { fact } from "./sheet.ts";
import { figuresOf, type Figures } from "./summary-figures.ts";
import { durationInWords, spanOf } from "./time-scale.ts";
import type { View } from "./view.ts";

/** What to call the device. */
export function deviceName({ device }: Report): string {
  const named = [device.make, device.model].filter((part) => part !== null).join(" ");
  return named === "" ? "Device under test" : named;
}

export function headline(view: View): Html {
  const { report } = view;
  const figures = figuresOf(report);
  return markup`<section id="answer" aria-labelledby="title">
<p class="overline">What it told, and to whom</p>
<h1 id="title">${cut(deviceName(report), 120)}</h1>
${particulars(report)}
<div class="lede">
${whom(figures)}
${what(report, figures)}
</div>
<ul class="tiles">
${tile(grouped(figures.contacted), "servers on the Internet", claimBadge("contacted"))}
${tile(bytesInWords(figures.sent), "payload sent, to all destinations", claimBadge("sent-bytes"))}
${tile(shareInWords(figures.unreadable, figures.sent), "of it cannot be read", claimBadge("sent-unreadable"))}
${tile(grouped(figures.properties.length), figures.properties.length === 1 ? "kind of personal data seen leaving" : "kinds of personal data seen leaving", claimBadge("sent-value"))}
</ul>
${counts(report)}
<div class="columns">
<div>
<h2>How sure this is</h2>
<ul>${howSure(report, figures).map((line) => markup`<li>${line}</li>`)}</ul>
</div>
<div>
<h2>What could not be seen</h2>
${unseen(report)}
</div>
</div>
</section>`;
}

function particulars({ device, inputs, coverage }: Report): Html {
  const span = spanOf(inputs.flatMap(({ firstTs, lastTs }) => [firstTs, lastTs]));
  const when =
    span === undefined
      ? "time unknown"
      : `${timeInWords(span.start)} to ${timeInWords(span.end)} UTC (${durationInWords(span.end - span.start)})`;
  const files = inputs.slice(0, 3).map(({ file }) => seen(file, 60));
  const more = inputs.length - files.length;
  const addresses = device.addresses.slice(0, 6).map((address) => seen(address, 60));
  const { capturePoint } = device;
  const at =
    capturePoint !== null &&
    `${capturePoint.place ?? "unnamed place"} (${capturePoint.latitude.toFixed(2)}, ${capturePoint.longitude.toFixed(2)})`;
  return markup`<dl class="particulars">
${fact("Build", device.build === null ? "not stated" : seen(device.build))}
${fact("Captured", when)}
${fact("From", [joined(files, ", "), more > 0 && ` and ${grouped(more)} more`, `, ${counted(coverage.frames.total, "frame")}`])}
${fact("Device addresses", [addresses.length === 0 ? "none" : joined(addresses, ", "), device.addresses.length > addresses.length && ", …", device.addressesFrom === "stated" ? " (stated)" : " (found from the traffic)"])}
${fact("Capture point", at)}
</dl>`;
}

function whom({ contacted, organisations, local, sent }: Figures): Html {
  const known = counted(organisations, "known organisation");
  const by = organisations === 0 ? "" : `, at least some of them run by ${known}`;
  const near = local === 0 ? "" : `, and ${counted(local, "destination")} on its own network`;
  return markup`<p>The device contacted <strong>${counted(contacted, "server")} on the Internet</strong>${by}${near}. It sent <strong>${bytesInWords(sent)}</strong> of payload in all.</p>`;
}

function what(
  report: Report,
  { properties, possible, recipients, encrypted, sent }: Figures,
): Content {
  const hidden =
    encrypted > 0 &&
    markup`<p><strong>${shareInWords(encrypted, sent)}</strong> of what it sent is encrypted and was not read: that the bytes went is certain, what they say is not known.</p>`;
  const maybe =
    possible.length > 0 &&
    ` ${counted(possible.length, "further kind")} may have left, by shape alone: ${possible.slice(0, 6).map(propertyName).join(", ")}.`;
  if (properties.length === 0) {
    return [
      markup`<p><strong>No personal value was found</strong> in what could be searched.${maybe} That does not say that none was sent.</p>`,
      hidden,
    ];
  }
  const names = properties.slice(0, 12).map(propertyName).join(", ");
  const more = properties.length > 12 ? ` and ${properties.length - 12} more` : "";
  const to = recipients === 0 ? "" : ` for ${counted(recipients, "destination")}`;
  return [
    markup`<p><strong>${counted(properties.length, "kind")} of personal data</strong> ${properties.length === 1 ? "was" : "were"} seen leaving it${to}: ${names}${more}.${maybe}</p>`,
    hidden,
    report.verdicts.length > 0 &&
      markup`<p>Policies were applied: see <a href="#verdicts">verdicts</a>.</p>`,
  ];
}

function tile(figure: string, words: string, badge: Html): Html {
  return markup`<li><strong class="figure">${figure}</strong><span>${words}</span>${badge}</li>`;
}

function counts({ findings }: Report): Content {
  if (findings.length === 0) return "";
  const links = SEVERITIES.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0
      ? []
      : [
          markup`<a class="jump" href="#severity-${severity}">${severityBadge(severity)} ${grouped(n)}</a>`,
        ];
  });
  return markup`<p class="jumps">${counted(findings.length, "finding")}: ${joined(links, " ")}</p>`;
}

function howSure(report: Report, figures: Figures): Content[] {
  const { device, canaries, coverage } = report;
  const lines: Content[] = [
    device.addressesFrom === "stated"
      ? "Which packets are the device’s: by the addresses that were stated."
      : `Which packets are the device’s: ${cut(device.reason, 300)}.`,
  ];
  if (device.ambiguous)
    lines.push(
      markup`<strong>Several hosts look like the device under test and none was stated:</strong> what is said of the device may be about another.`,
    );
  if (canaries.length > 0) {
    const found = canaries.filter(({ hits }) => hits > 0).length;
    const decoys = canaries.reduce((sum, canary) => sum + canary.decoys, 0);
    const chance = canaries.reduce((sum, canary) => sum + canary.decoyHits, 0);
    lines.push(
      `${grouped(found)} of ${counted(canaries.length, "planted value")} ${found === 1 ? "was" : "were"} found. Of ${counted(decoys, "made-up value")} of the same formats ${chance === 0 ? "none" : grouped(chance)} turned up by chance.`,
    );
  } else {
    lines.push(
      "No planted values were given: values are recognised by their shape, with the confidence said at each.",
    );
  }
  const flow = coverage.frames.classes["flow"] ?? 0;
  const read = coverage.payload.sent.classes["read"] ?? 0;
  lines.push(
    `${shareInWords(flow, coverage.frames.total)} of ${counted(coverage.frames.total, "frame")} could be followed in a flow; ${shareInWords(read, figures.sent)} of the payload sent was read in clear.`,
  );
  return lines;
}

function unseen({ notObservable }: Report): Content {
  const items = notObservable.map(
    ({ what, bytes }) =>
      markup`<li>${what}${bytes !== null && [": ", markup`<strong>${bytesInWords(bytes)}</strong>`]}</li>`,
  );
  return [
    items.length > 0 ? markup`<ul>${items}</ul>` : markup`<p>Nothing is on record.</p>`,
    markup`<p class="faint">Reasons and figures: <a href="#unseen">limits of this audit</a>, <a href="#ledger">ledger</a>.</p>`,
  ];
}
