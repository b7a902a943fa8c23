/**
 * How to read the report.
 *
 * @module
 */
import { claimBadge } from "./badges.ts";
import { markup, type Html } from "./escape.ts";

export function guideSection(): Html {
  return markup`<section id="guide" aria-labelledby="guide-title">
<h2 id="guide-title">How to read this</h2>
<div class="prose">
<h3>Four claims, from weakest to strongest</h3>
<dl class="unseen">
<div><dt>${claimBadge("contacted")}</dt><dd>At least one packet went from the device to this destination. Nothing is said of what it held.</dd></div>
<div><dt>${claimBadge("sent-bytes")}</dt><dd>The device sent this many bytes of payload there.</dd></div>
<div><dt>${claimBadge("sent-unreadable")}</dt><dd>The bytes are encrypted, or of a kind that is not read. They may hold anything, or nothing personal.</dd></div>
<div><dt>${claimBadge("sent-value")}</dt><dd>The value itself, or a form that leads back to it, stands in the bytes shown. Where it is recognised by its shape alone the report says how sure that is.</dd></div>
</dl>
<h3>Fact, inference, judgement</h3>
<p>An observation is a fact of the capture: these bytes, at this place, went between these two ends. A finding is an inference from observations and from knowledge of the world, and gives its reason. A verdict is a judgement by a rule that it cites. Without a policy there are no verdicts.</p>
<h3>Checking a finding</h3>
<p>Open the capture named beside it in Wireshark, paste the display filter, and follow the recipe from the frame to the value. The SHA-256 of each capture is under <a href="#sources">inputs</a>. The same captures, options and data sets give the same report, byte for byte.</p>
<h3>Locations</h3>
<p>“Located in X, says a data set of a date” is a claim about an address. Data sets err, addresses move, and one address may be served from many places. Whose server it is, which network announces the address, and under which law the organisation stands are separate facts. An answer that came sooner than light can travel refutes a place, for the machine that answered; it does not tell what lies behind that machine.</p>
<h3>Absence</h3>
<p>“Not found in what could be searched” is not “never sent”. Look at how many bytes could not be searched, in which forms the value was searched, and for how long the device was watched. What did not pass the capture point, such as traffic by the cellular network, is not in the capture.</p>
<h3>Times and amounts</h3>
<p>Times are UTC, from the clock of the capture. kB and MB are 1,000 and 1,000,000 bytes. Payload is what the transport carries, without headers.</p>
</div>
</section>`;
}
