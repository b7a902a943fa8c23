/**
 * Buttons that copy the text they carry.
 *
 * @module
 */
import { announce } from "./elements.ts";

/** How long a button says that it copied, ms. */
const SHOWN_MS = 1500;

export function copyOnClick(): void {
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const text = target.dataset["copy"];
    if (text !== undefined) void copy(text, target);
  });
}

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const isDone = await write(text);
  button.textContent = isDone ? "Copied" : "Select and copy by hand";
  announce(button.textContent);
  setTimeout(() => {
    button.textContent = "Copy";
  }, SHOWN_MS);
}

/** Browsers may deny the clipboard to a page opened from a file. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
