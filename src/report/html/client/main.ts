/**
 * The report's script: sorts, searches, opens, copies. All it shows is in the document; it fetches
 * nothing and keeps nothing.
 *
 * @module
 */
import type { ClientData } from "../destination-view.ts";
import { copyOnClick } from "./copy.ts";
import { DestinationTable } from "./destination-table.ts";
import { byId } from "./elements.ts";
import { openDetails } from "./open-details.ts";
import { readOutTimeline } from "./timeline-readout.ts";

function start(): void {
  chooseTheme();
  copyOnClick();
  openDetails();
  const data = byId("report-data", HTMLScriptElement);
  if (data === undefined) return;
  const report = JSON.parse(data.text) as ClientData;
  const table = new DestinationTable(report);
  table.start();
  readOutTimeline(report);
  const follow = (): void => {
    followAnchor(table);
  };
  addEventListener("hashchange", follow);
  follow();
}

/** The choice lasts as long as the page: nothing is stored. */
function chooseTheme(): void {
  const theme = byId("theme", HTMLSelectElement);
  theme?.addEventListener("change", () => {
    if (theme.value === "") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
  });
}

/** Anchors may lie in what is closed, or on another page of the table. */
function followAnchor(table: DestinationTable): void {
  const anchor = location.hash.slice(1);
  if (anchor.startsWith("d-")) {
    table.show(Number(anchor.slice(2)));
    return;
  }
  const target = document.getElementById(anchor);
  if (target === null) return;
  const group = target.parentElement?.closest("details");
  if (group instanceof HTMLDetailsElement) group.open = true;
  if (target instanceof HTMLDetailsElement) target.open = true;
  if (anchor.startsWith("f-")) target.scrollIntoView();
}

start();
