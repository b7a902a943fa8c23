/**
 * Opens and closes all findings at once, and opens them for print.
 *
 * @module
 */

/** Findings that print opens by itself: more would be a book nobody asked for. */
const MOST_PRINTED = 100;

export function openDetails(): void {
  document.getElementById("open-all")?.addEventListener("click", () => {
    setAll(true);
  });
  document.getElementById("close-all")?.addEventListener("click", () => {
    setAll(false);
  });
  const opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    for (const element of findings().slice(0, MOST_PRINTED)) {
      if (element.open) continue;
      element.open = true;
      opened.push(element);
    }
  });
  addEventListener("afterprint", () => {
    for (const element of opened.splice(0)) element.open = false;
  });
}

function setAll(isOpen: boolean): void {
  for (const element of findings()) element.open = isOpen;
}

function findings(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>("details.finding")];
}
