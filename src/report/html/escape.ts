/**
 * The one way text gets into the report: the tagged template `markup` escapes every value that is
 * not HTML itself. Names, headers and values come from the wire, and whoever sent them may want
 * them to be markup, or to look like other text than they are.
 *
 * Sources: HTML Living Standard §13.1.2 (text and quoted attributes); Unicode 16 §23 (controls,
 * format characters); Unicode TR36 §3.6 (text that reorders itself).
 *
 * @module
 */
import { grouped } from "../wording.ts";

/** Finished HTML. Made by `markup` and `trusted` alone. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** What a template may hold: text is escaped, nothing shows for null, undefined and false. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** A template of HTML; attribute values must stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0] ?? "";
  for (const [i, value] of values.entries()) text += toText(value) + (strings[i + 1] ?? "");
  return new Html(text);
}

/** HTML that this project made otherwise: its script, its style sheet, `escapeJson`. Never text of a report. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Joins with `separator` between. */
export function joined(items: readonly Content[], separator: Content): Content {
  return items.flatMap((item, i) => (i === 0 ? [item] : [separator, item]));
}

function toText(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number") return String(value);
  if (value instanceof Html) return value.toString();
  let text = "";
  for (const item of value) text += toText(item);
  return text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a double-quoted attribute. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * Characters that have no form, or that change how others are shown: controls, marks of direction,
 * joiners, halves of surrogate pairs, tags.
 */
const FORMLESS =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e0fff}]/gu;

/** Such characters by their code: `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(FORMLESS, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `⟨U+${code.padStart(4, "0")}⟩`;
  });
}

/** Characters of one name or value that are shown; the rest is counted. */
const SHOWN = 160;

/** Text from the capture: set apart from its surroundings by direction, and cut if it is long. */
export function seen(text: string, most: number = SHOWN): Html {
  return markup`<bdi class="seen">${joined(cut(text, most).split(/(?<=[./])/), BREAK)}</bdi>`;
}

/** Where a long name may be broken: after a dot or a slash. */
const BREAK = trusted("<wbr>");

/** At most `most` characters, and how many there are where that is not all. */
export function cut(text: string, most: number = SHOWN): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${grouped(text.length)} characters)`;
}

/** JSON that may stand in a `<script>` element: no `<`, so that nothing ends the element or opens a comment. */
export function escapeJson(value: unknown): Html {
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return trusted(text);
}
