/**
 * A ledger as a stacked bar, and as the words beside it. Geometry is in percent, so that the bar
 * fits any width without a style of its own.
 *
 * @module
 */
import type { Ledger } from "../report.ts";
import { bytesInWords, grouped, shareInWords } from "../wording.ts";
import { markup, joined, type Content, type Html } from "./escape.ts";

/** What each class of a ledger means. */
export const CLASS_WORDS: Readonly<Record<string, string>> = {
  flow: "counted in a flow",
  read: "read in clear",
  encrypted: "encrypted; content not readable",
  opaque: "of no recognised protocol; searched as raw bytes",
  duplicate: "sent again; counted once as something else",
  malformed: "broken against the rules of its protocol or link",
  incomplete: "part of a message of which the rest is missing",
  unsupported: "a recognised protocol in a version or form that is not read",
  "not-captured": "on the wire, but not in the capture",
  headers: "headers, trailers and padding around the payload",
  "link-only": "link protocols without IP (ARP, LLDP, …)",
  truncated: "headers cut off by the capture",
  "unsupported-link": "a link type that is not read",
  "unsupported-network": "a network protocol that is not read",
  "encrypted-link": "encrypted at the link (Wi-Fi)",
};

/** Classes in a fixed order, so that bars compare; unknown ones last. */
export function inOrder(ledger: Ledger): readonly (readonly [name: string, amount: number])[] {
  const order = Object.keys(CLASS_WORDS);
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : 99);
  return Object.entries(ledger.classes).sort(
    ([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

/** The bar. Decorative by itself: `words` or a table says the same. */
export function stackedBar(ledger: Ledger): Html {
  let at = 0;
  const parts = inOrder(ledger).map(([name, amount]) => {
    const width = ledger.total === 0 ? 0 : (100 * amount) / ledger.total;
    const part = markup`<rect class="${classOf(name)}" x="${percent(at)}" width="${percent(width)}" height="100%"/>`;
    at += width;
    return part;
  });
  return markup`<svg class="bar" aria-hidden="true" focusable="false">${parts}</svg>`;
}

/** `encrypted 12 kB (80 %), read 3.0 kB (20 %)`, each with its colour. */
export function ledgerInWords(ledger: Ledger, unit: "bytes" | "frames" = "bytes"): Content {
  if (ledger.total === 0) return "none";
  const words = inOrder(ledger).map(([name, amount]) => {
    const shown = unit === "bytes" ? bytesInWords(amount) : grouped(amount);
    return markup`<span class="key">${swatch(name)}${name} ${shown} (${shareInWords(amount, ledger.total)})</span>`;
  });
  return joined(words, " ");
}

export function swatch(name: string): Html {
  return markup`<svg class="swatch" aria-hidden="true" focusable="false"><rect class="${classOf(name)}" width="100%" height="100%"/></svg>`;
}

/** Class names of the style sheet are those of the ledger; others share one. */
function classOf(name: string): string {
  return Object.hasOwn(CLASS_WORDS, name) ? `of-${name}` : "of-other";
}

/** At most three decimals, `12.345%`. */
export function percent(value: number): string {
  return `${Math.round(value * 1000) / 1000}%`;
}
