/**
 * Reads the time line out in words: what flowed at the place pointed at.
 *
 * @module
 */
import { bytesInWords, counted, timeInWords } from "../../wording.ts";
import type { ClientData, FlowRow } from "../destination-view.ts";
import { cut, visible } from "../escape.ts";

/** Flows this near to the pointer count as pointed at, as a share of the span. */
const REACH = 1 / 300;

export function readOutTimeline({ destinations, span }: ClientData): void {
  const table = document.querySelector("table.timeline");
  const readout = document.getElementById("timeline-readout");
  if (table === null || readout === null || span === null) return;
  const nameOf = (position: number): string =>
    visible(cut(destinations[position]?.destination.label ?? "", 80));
  const say = (words: string): void => {
    readout.textContent = words;
  };
  table.addEventListener("pointermove", (event) => {
    const strip = event.target instanceof Element ? event.target.closest(".strip") : null;
    const position = positionOf(strip);
    if (strip === null || position === undefined || !(event instanceof PointerEvent)) return;
    const box = strip.getBoundingClientRect();
    const at = span.start + ((event.clientX - box.left) / box.width) * (span.end - span.start);
    const reach = (span.end - span.start) * REACH;
    const flows = (destinations[position]?.flows ?? []).filter(
      ([, , , , , first, last]) =>
        first !== null && last !== null && first <= at + reach && last >= at - reach,
    );
    say(`${timeInWords(at)} UTC · ${nameOf(position)} · ${flowsInWords(flows)}`);
  });
  table.addEventListener("focusin", ({ target }) => {
    const position = target instanceof Element ? positionOf(target) : undefined;
    const view = position === undefined ? undefined : destinations[position];
    if (position === undefined || view === undefined) return;
    const { firstTs, lastTs } = view.destination;
    const when = `${timeInWords(firstTs)} to ${timeInWords(lastTs)} UTC`;
    say(`${nameOf(position)} · ${when} · ${flowsInWords(view.flows)}`);
  });
}

function positionOf(element: Element | null): number | undefined {
  const strip = element?.closest("[data-strip]")?.getAttribute("data-strip");
  return strip === null || strip === undefined ? undefined : Number(strip);
}

function flowsInWords(flows: readonly FlowRow[]): string {
  if (flows.length === 0) return "no flow";
  let [sent, received] = [0, 0];
  const protocols = new Set<string>();
  for (const [, protocol, , out, back] of flows) {
    sent += out;
    received += back;
    protocols.add(protocol);
  }
  const named = visible([...protocols].slice(0, 4).join(", "));
  const amounts = `${bytesInWords(sent)} sent, ${bytesInWords(received)} received`;
  return `${counted(flows.length, "flow")} (${named}), ${amounts} over their whole length`;
}
