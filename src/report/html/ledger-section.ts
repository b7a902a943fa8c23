/**
 * The ledger: every frame and every byte in one class, the classes summing to the input.
 *
 * @module
 */
import type { Ledger } from "../report.ts";
import { grouped, shareInWords } from "../wording.ts";
import { CLASS_WORDS, inOrder, stackedBar, swatch } from "./bars.ts";
import { markup, type Content, type Html } from "./escape.ts";
import type { View } from "./view.ts";

export function ledgerSection({ report }: View): Html {
  const { frames, bytes, payload } = report.coverage;
  return markup`<section id="ledger" aria-labelledby="ledger-title">
<h2 id="ledger-title">Ledger</h2>
<p>Every frame and every byte of the input stands in exactly one class. “Nothing found” holds for what was read, and for nothing else.</p>
<div class="ledgers">
${ledger("Frames", frames)}
${ledger("Bytes of all frames", bytes)}
${ledger("Payload that the device sent", payload.sent)}
${ledger("Payload sent to the device", payload.received)}
${payload.other.total > 0 && ledger("Payload between other hosts", payload.other)}
</div>
</section>`;
}

function ledger(title: string, sums: Ledger): Content {
  const rows = inOrder(sums).map(
    ([name, amount]) =>
      markup`<tr><th scope="row">${swatch(name)}${name}<span class="meaning">${Object.hasOwn(CLASS_WORDS, name) && CLASS_WORDS[name]}</span></th><td class="number">${grouped(amount)}</td><td class="number">${shareInWords(amount, sums.total)}</td></tr>`,
  );
  return markup`<div class="ledger">${stackedBar(sums)}<table><caption>${title}</caption>
<thead><tr><th scope="col">Class</th><th scope="col" class="number">Number</th><th scope="col" class="number">Share</th></tr></thead>
<tbody>${rows}</tbody><tfoot><tr><th scope="row">Total</th><td class="number">${grouped(sums.total)}</td><td class="number"></td></tr></tfoot></table></div>`;
}
