/**
 * One observation with what lets a stranger check it: capture, frames, recipe step by step, bytes.
 *
 * @module
 */
import type { RecipeStep, ReportObservation } from "../report.ts";
import { counted, grouped, timeInWords } from "../wording.ts";
import { propertyName } from "./badges.ts";
import { inputName, phaseName } from "./destination-view.ts";
import { cut, markup, seen, type Content, type Html } from "./escape.ts";
import { toFrameFilter } from "./frame-filter.ts";
import { asText, hexDump, toMarked } from "./hex-dump.ts";
import { fact } from "./sheet.ts";
import type { View } from "./view.ts";

const CHANNEL_WORDS: Readonly<Record<ReportObservation["channel"], string>> = {
  clear: "not encrypted",
  decrypted: "inside encryption; read with keys, or recorded before it was encrypted",
};
const FORM_WORDS: Readonly<Record<ReportObservation["form"], string>> = {
  clear: "as it is",
  encoded: "encoded; the recipe undoes it",
  hashed: "as a hash",
  truncated: "only a part of it",
};
const DIRECTION_WORDS: Readonly<Record<ReportObservation["direction"], string>> = {
  sent: "sent by the device",
  received: "sent to the device",
  unknown: "between other hosts",
};

/** `number` of `all` observations of a finding. */
export function observationBlock(
  observation: ReportObservation,
  view: View,
  place: { readonly number: number; readonly all: number },
): Html {
  const { names } = view;
  const { evidence, phase, key } = observation;
  const which =
    place.all > 1 ? `Observation ${place.number} of ${grouped(place.all)}` : "Observation";
  return markup`<div class="observation">
<h4>${which}: ${propertyName(observation.property)}, frame ${grouped(evidence.frames[0] ?? 0)}</h4>
<dl class="facts">
${fact("Value", valueOf(observation))}
${fact("Known by", warrantOf(observation))}
${fact("Direction", DIRECTION_WORDS[observation.direction])}
${fact("Form", `${FORM_WORDS[observation.form]}; ${CHANNEL_WORDS[observation.channel]}`)}
${fact("Place", [seen(observation.place, 400), ` (${observation.protocol})`])}
${fact("Beside it", key !== "" && seen(key))}
${fact("Time", `${timeInWords(observation.ts)} UTC${phase === null ? "" : `, phase ${phaseName(names, phase)}`}`)}
${framesOf(observation, view)}
${fact("Flow", [markup`<code>${observation.flow}</code>`, `, bytes ${grouped(evidence.start)} to ${grouped(evidence.end)} of what the sender sent`])}
</dl>
${recipeOf(observation.recipe)}
${bytesOf(observation)}
</div>`;
}

/** Where to find it in the capture; a HAR has entries and no frames, and Wireshark does not read it. */
function framesOf({ evidence: { input, frames } }: ReportObservation, view: View): Content {
  const name = seen(inputName(view.names, input));
  if (view.report.inputs[input]?.format === "har") {
    const shown = frames.slice(0, 20).map(grouped).join(", ");
    return fact("Capture", [name, `, entry ${shown}${frames.length > 20 ? ", …" : ""} of its log`]);
  }
  return [
    fact("Capture", [name, `, ${counted(frames.length, "frame")}`]),
    fact("Wireshark", frames.length > 0 && copyable(toFrameFilter(frames))),
  ];
}

function valueOf({ value, placeholder }: ReportObservation): Content {
  return [
    value === null
      ? markup`<span class="faint">left out of this report</span>`
      : markup`<code class="value">${seen(value, 400)}</code>`,
    placeholder !== null && markup`<br><strong>Placeholder:</strong> ${cut(placeholder, 300)}`,
  ];
}

function warrantOf({ canary, recognizer, contextual }: ReportObservation): Content {
  return [
    canary !== null && ["the planted value ", seen(canary)],
    recognizer !== null &&
      `its shape (${recognizer.name}, ${recognizer.confidence}): ${cut(recognizer.reason, 400)}`,
    contextual && "; weak by itself, counted for what stands beside it",
  ];
}

/** Text with a button that copies it. */
export function copyable(text: string): Html {
  const shown = cut(text, 300);
  return markup`<code>${shown}</code> <button type="button" class="copy needs-script" data-copy="${text}" aria-label="Copy ${shown}">Copy</button>`;
}

function recipeOf(recipe: readonly RecipeStep[]): Content {
  if (recipe.length === 0) return "";
  const steps = recipe.map(({ operation, at, start, end }) => {
    const range =
      start === null || end === null ? "" : ` bytes ${grouped(start)} to ${grouped(end)}`;
    return markup`<li><strong>${cut(operation, 200)}</strong>${at !== null && [" ", seen(at, 300)]}<span class="faint">${range}</span></li>`;
  });
  return markup`<h5>Recipe: from the captured bytes to the value</h5>
<ol class="recipe">${steps}</ol>`;
}

function bytesOf({ evidence }: ReportObservation): Content {
  const { hex, valueStart, valueEnd } = evidence;
  if (hex === null)
    return markup`<p class="faint">The bytes are left out of this report; the frames above hold them.</p>`;
  const marked = toMarked(hex, valueStart, valueEnd);
  if (marked === undefined || marked.bytes.length === 0) return "";
  return markup`<h5>Bytes after the recipe’s decodings, the value marked</h5>
<pre class="hex" tabindex="0" role="group" aria-label="Bytes as hexadecimal digits and characters">${hexDump(marked)}</pre>
<p class="as-text"><span class="faint">As text:</span> <bdi>${asText(marked)}</bdi></p>`;
}
