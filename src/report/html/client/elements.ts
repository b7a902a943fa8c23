/**
 * Elements of the page by id and type.
 *
 * @module
 */

/** The element, or undefined where it is absent or of another type. */
export function byId<Type extends HTMLElement>(
  id: string,
  type: abstract new () => Type,
): Type | undefined {
  const element = document.getElementById(id);
  return element instanceof type ? element : undefined;
}

/** Says something to screen readers. */
export function announce(text: string): void {
  const announcer = document.getElementById("announcer");
  if (announcer !== null) announcer.textContent = text;
}
