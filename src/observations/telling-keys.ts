/**
 * Names that tell what stands beside them: `deviceImei`, `X-Android-ID`, `gps_lat`.
 *
 * A name is cut into words at signs, at changes of case and between letters and digits; it tells
 * a property if some run of its words, joined, is one of the property's words. So `gaid` tells in
 * `user_gaid2` and not in `brigaid`.
 *
 * @module
 */
import { MAX_KEYS_REMEMBERED } from "../limits.ts";
import { TELLING_WORDS } from "./telling-words.ts";

/** Words of a name, and what they tell. */
export class KeyReader {
  readonly #known = new Map<string, Key>();

  read(name: string): Key {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_KEYS_REMEMBERED) this.#known.clear();
    const key = new Key(name);
    this.#known.set(name, key);
    return key;
  }
}

/** A name as sent, and its words. */
export class Key {
  readonly name: string;
  /** Runs of its words, joined, lower case: `device`, `id`, `deviceid`. */
  readonly runs: ReadonlySet<string>;
  /** Whether it says nothing: empty, a number, a field number of protobuf (`#3`, `#1.#4`). */
  readonly isBlank: boolean;

  constructor(name: string) {
    this.name = name;
    this.isBlank = !/[A-Za-z]/.test(name);
    this.runs = runsOf(name.slice(0, MAX_KEY_CHARACTERS));
  }

  /** Whether one of `words` (lower case, no signs) is told. */
  tells(words: readonly string[]): boolean {
    return words.some((word) => this.runs.has(word));
  }

  /** Whether the name tells a property of {@link TELLING_WORDS}. */
  tellsOf(property: string): boolean {
    return this.tells(TELLING_WORDS[property] ?? NO_WORDS);
  }
}

function runsOf(name: string): ReadonlySet<string> {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])(\d)/g, "$1 $2")
    .replace(/(\d)([A-Za-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .slice(-MAX_KEY_WORDS);
  const runs = new Set<string>([name.toLowerCase().replace(/[^a-z0-9]/g, "")]);
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= Math.min(words.length, from + 4); to++)
      runs.add(words.slice(from, to).join(""));
  }
  return runs;
}

const MAX_KEY_CHARACTERS = 100;
const MAX_KEY_WORDS = 10;
const NO_WORDS: readonly string[] = [];
