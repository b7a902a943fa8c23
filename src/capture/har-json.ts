/**
 * Finds where a text stops being JSON (RFC 8259), and which entries of a HAR are
 * whole before that place. Engines word the errors of `JSON.parse` differently and
 * do not all name the place; a report must not depend on the engine.
 *
 * @module
 */
import { Malformed } from "../bytes/cursor.ts";
import { MAX_JSON_DEPTH, MAX_JSON_NUMBER_CHARS } from "../limits.ts";

/** The first fault of a text, and the entries of `log.entries` that end before it. */
export interface JsonFault {
  /** Characters (UTF-16 units) from the start of the text. */
  readonly offset: number;
  /** What was expected and found, with line and column, both from 1. */
  readonly reason: string;
  /** Start and end of each whole element of `log.entries`. */
  readonly entries: readonly (readonly [number, number])[];
}

/** The first fault of `text`, or undefined where it is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new JsonScanner(text);
  try {
    scanner.scan();
    return undefined;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { offset } = error;
    const reason = `${error.message} at ${toPlace(text, offset)}`;
    return { offset, reason, entries: scanner.entries };
  }
}

function toPlace(text: string, offset: number): string {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return `line ${line}, column ${offset - lineStart + 1}`;
}

/** What a container is to a HAR: the path to its entries is `log`, then `entries`. */
type Role = "root" | "log" | "entries" | "other";
interface Container {
  readonly isObject: boolean;
  readonly role: Role;
  /** Where its current element began, and the key of it. */
  start: number;
  key: string;
}

/** Walks a JSON text without recursion, as nesting is the input's to choose. */
class JsonScanner {
  readonly entries: [number, number][] = [];
  readonly #text: string;
  readonly #open: Container[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws {Malformed} at the first fault. */
  scan(): void {
    this.#skipBlanks();
    let more = this.#value();
    while (more) more = this.#open.length > 0 ? this.#afterElement() : false;
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#expected("the end");
  }

  /** A value, or the opening of one; then the first element of it, where it has any. Always true. */
  #value(): boolean {
    for (;;) {
      this.#skipBlanks();
      const container = this.#open.at(-1);
      if (container !== undefined) container.start = this.#at;
      const char = this.#text.charAt(this.#at);
      if (char !== "{" && char !== "[") {
        this.#scalar(char);
        return true;
      }
      if (this.#open.length >= MAX_JSON_DEPTH) {
        throw new Malformed(this.#at, `nested more than ${MAX_JSON_DEPTH} deep`);
      }
      const isObject = char === "{";
      this.#open.push({ isObject, role: roleIn(container, isObject), start: 0, key: "" });
      this.#at++;
      this.#skipBlanks();
      if (this.#text.charAt(this.#at) === (isObject ? "}" : "]")) return this.#close();
      if (isObject) this.#key();
    }
  }

  /** After an element: the next one, or the container's end. */
  #afterElement(): boolean {
    const container = this.#open.at(-1);
    if (container === undefined) return false;
    if (container.role === "entries") this.entries.push([container.start, this.#at]);
    this.#skipBlanks();
    const char = this.#text.charAt(this.#at);
    if (char === (container.isObject ? "}" : "]")) return this.#close();
    if (char !== ",") this.#expected(container.isObject ? '"," or "}"' : '"," or "]"');
    this.#at++;
    if (container.isObject) this.#key();
    return this.#value();
  }

  #close(): boolean {
    this.#open.pop();
    this.#at++;
    return true;
  }

  #key(): void {
    this.#skipBlanks();
    const start = this.#at;
    if (this.#text.charAt(start) !== '"') this.#expected("a key in quotation marks");
    this.#string();
    const container = this.#open.at(-1);
    // Long keys are of no interest here, and the two of interest are hardly ever written with escapes.
    const isShort = this.#at - start < 16;
    if (container !== undefined) {
      container.key = isShort ? this.#text.slice(start + 1, this.#at - 1) : "";
    }
    this.#skipBlanks();
    if (this.#text.charAt(this.#at) !== ":") this.#expected('":"');
    this.#at++;
  }

  #scalar(char: string): void {
    if (char === '"') this.#string();
    else if (char === "-" || (char >= "0" && char <= "9")) this.#number();
    else {
      const word = ["true", "false", "null"].find((due) => this.#text.startsWith(due, this.#at));
      if (word === undefined) this.#expected("a value");
      else this.#at += word.length;
    }
  }

  #string(): void {
    const text = this.#text;
    for (let at = this.#at + 1; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return;
      }
      if (unit < 0x20) throw new Malformed(at, "control character in a string");
      if (unit !== BACKSLASH) continue;
      const ahead = text.slice(at + 1, at + 6);
      if (/^(?:u[0-9a-fA-F]{0,3})?$/.test(ahead)) break;
      const escape = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(ahead);
      if (escape === null) throw new Malformed(at, "unknown escape in a string");
      at += escape[0].length;
    }
    throw new Malformed(text.length, "text ends in a string");
  }

  #number(): void {
    let end = this.#at;
    while (NUMBER_CHARS.includes(this.#text.charAt(end)) && end < this.#text.length) end++;
    const token = this.#text.slice(this.#at, Math.min(end, this.#at + MAX_JSON_NUMBER_CHARS + 1));
    if (token.length > MAX_JSON_NUMBER_CHARS || !NUMBER.test(token)) {
      throw new Malformed(this.#at, `"${token.slice(0, 20)}" is not a number`);
    }
    this.#at = end;
  }

  #skipBlanks(): void {
    while (BLANKS.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++;
  }

  #expected(what: string): never {
    const found = this.#text.charAt(this.#at);
    const words = found === "" ? "the text ends" : `found ${JSON.stringify(found)}`;
    throw new Malformed(this.#at, `${what} expected, ${words}`);
  }
}

function roleIn(parent: Container | undefined, isObject: boolean): Role {
  if (parent === undefined) return isObject ? "root" : "other";
  if (parent.role === "root" && parent.key === "log" && isObject) return "log";
  if (parent.role === "log" && parent.key === "entries" && !isObject) return "entries";
  return "other";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANKS = " \t\r\n";
const NUMBER_CHARS = "0123456789+-.eE";
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
