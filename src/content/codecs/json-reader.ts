/**
 * Reads JSON from bytes and gives each value with its place: strings, numbers and literals, in
 * order. Does not recurse, so that nesting costs no stack, and gives what is there of a text that is
 * cut short or breaks.
 *
 * @module
 */
import { fromUtf8 } from "../../bytes/text.ts";
import { MAX_NESTING } from "../../limits.ts";
import { unescapeJson } from "./json-escapes.ts";

/** A value that is no container. */
export interface JsonValue {
  /** JSONPath (RFC 9535 §2). */
  readonly path: string;
  /** The nearest name, of the value or of an array that holds it; empty at the top. */
  readonly key: string;
  readonly isString: boolean;
  /** Place of the value in the bytes, without quotation marks. */
  readonly start: number;
  readonly end: number;
  /** The string's bytes, where it has escapes; else it stands in its place as it is. */
  readonly unescaped: Uint8Array | undefined;
}

/** Takes what is read. */
export interface JsonSink {
  /** Whether further texts may follow the first; then each is an element of `$`. */
  readonly severalTexts: boolean;
  /** False to stop reading. */
  value(value: JsonValue): boolean;
  /** What breaks the grammar, and where; nothing is read after that. */
  trouble(at: number, reason: string): void;
}

/** Reads the text or texts that begin at `start`. */
export function readJson(bytes: Uint8Array, start: number, sink: JsonSink): void {
  new JsonReader(bytes, start, sink).read();
}

/** A container that is open. */
interface Level {
  readonly isArray: boolean;
  readonly path: string;
  readonly key: string;
  /** Of an array: number of the element that comes. */
  index: number;
}

class JsonReader {
  readonly #bytes: Uint8Array;
  readonly #sink: JsonSink;
  /** One character a byte, for names, which are mostly ASCII: slices of it cost next to nothing. */
  readonly #text: string;
  readonly #levels: Level[] = [];
  #at: number;
  #level: Level | undefined;
  /** Range of the name of the member that comes. */
  #name = "";

  constructor(bytes: Uint8Array, start: number, sink: JsonSink) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#text = LATIN1.decode(bytes);
    this.#at = start;
    if (sink.severalTexts) this.#level = { isArray: true, path: "$", key: "", index: 0 };
  }

  read(): void {
    const root = this.#level;
    while (this.#value() && this.#closeAll(root)) {
      if (this.#level === root && !this.#nextText(root)) return;
    }
  }

  /** Reads one value, or the opening of a container and all that opens with it; false to stop. */
  #value(): boolean {
    for (;;) {
      this.#skipBlanks();
      const byte = this.#bytes[this.#at];
      if (byte === QUOTE) return this.#string();
      if (byte !== BRACE && byte !== BRACKET) return this.#literal();
      if (!this.#open(byte === BRACKET)) return false;
      this.#skipBlanks();
      const next = this.#bytes[this.#at];
      if (next === (byte === BRACKET ? BRACKET_END : BRACE_END)) return true;
      if (byte === BRACE && !this.#memberName()) return false;
    }
  }

  /** After a value: closes what ends here, and steps to the next value; false to stop. */
  #closeAll(root: Level | undefined): boolean {
    while (this.#level !== root) {
      const level = this.#level;
      this.#skipBlanks();
      const byte = this.#bytes[this.#at];
      if (byte === COMMA) {
        this.#at++;
        if (level?.isArray !== true) return this.#memberName();
        level.index++;
        return true;
      }
      if (byte !== (level?.isArray === true ? BRACKET_END : BRACE_END)) {
        return this.#fail(level?.isArray === true ? '"," or "]"' : '"," or "}"');
      }
      this.#at++;
      this.#level = this.#levels.pop();
    }
    return true;
  }

  /** Between texts: true where another one follows and is wanted. */
  #nextText(root: Level | undefined): boolean {
    this.#skipBlanks();
    if (this.#at >= this.#bytes.length) return false;
    if (root === undefined) return this.#fail("the end");
    root.index++;
    return true;
  }

  #open(isArray: boolean): boolean {
    if (this.#levels.length >= MAX_NESTING) return this.#fail(`nesting of at most ${MAX_NESTING}`);
    const path = this.#path();
    const key = this.#key();
    // The level at the very top is undefined where one text is read: it is put back by `pop`.
    if (this.#level !== undefined) this.#levels.push(this.#level);
    this.#level = { isArray, path, key, index: 0 };
    this.#at++;
    return true;
  }

  #memberName(): boolean {
    this.#skipBlanks();
    if (this.#bytes[this.#at] !== QUOTE) return this.#fail("a member name in quotation marks");
    const start = this.#at + 1;
    const end = this.#stringEnd(start);
    if (end < 0) return this.#cut(start);
    this.#name = this.#textOf(start, end);
    this.#at = end + 1;
    this.#skipBlanks();
    if (this.#bytes[this.#at] !== COLON) return this.#fail('":"');
    this.#at++;
    return true;
  }

  #string(): boolean {
    const start = this.#at + 1;
    const found = this.#stringEnd(start);
    const end = found < 0 ? this.#bytes.length : found;
    const unescaped = this.#hasEscapes ? unescapeJson(this.#bytes, start, end) : undefined;
    const isTaken = this.#give(true, start, end, unescaped);
    this.#at = end + 1;
    return found < 0 ? this.#cut(start) : isTaken;
  }

  /** A number, `true`, `false` or `null`. */
  #literal(): boolean {
    const start = this.#at;
    let end = start;
    while (isLiteralByte(this.#bytes[end])) end++;
    const text = this.#text.slice(start, Math.min(end, start + MAX_LITERAL_BYTES));
    const isCut = end === this.#bytes.length && this.#level !== undefined;
    if (end === start || !(LITERAL.test(text) || isCut)) return this.#fail("a value");
    this.#at = end;
    return this.#give(false, start, end);
  }

  #give(isString: boolean, start: number, end: number, unescaped?: Uint8Array): boolean {
    const path = this.#path();
    const key = this.#key();
    return this.#sink.value({ path, key, isString, start, end, unescaped });
  }

  #path(): string {
    const level = this.#level;
    if (level === undefined) return "$";
    if (level.isArray) return `${level.path}[${level.index}]`;
    if (SHORT_NAME.test(this.#name)) return `${level.path}.${this.#name}`;
    return `${level.path}['${this.#name.replace(/[\\']/g, "\\$&")}']`;
  }

  #key(): string {
    const level = this.#level;
    if (level === undefined) return "";
    return level.isArray ? level.key : this.#name;
  }

  /** Whether the string that `#stringEnd` last looked at has escapes, or bytes beyond ASCII. */
  #hasEscapes = false;
  #hasHigh = false;

  /** Place of the closing quotation mark; -1 where there is none. */
  #stringEnd(start: number): number {
    const bytes = this.#bytes;
    this.#hasEscapes = false;
    this.#hasHigh = false;
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) {
        this.#hasEscapes = true;
        at++;
      } else if (byte >= 0x80) {
        this.#hasHigh = true;
      }
    }
    return -1;
  }

  #textOf(start: number, end: number): string {
    if (this.#hasEscapes) return fromUtf8(unescapeJson(this.#bytes, start, end));
    if (this.#hasHigh) return fromUtf8(this.#bytes.subarray(start, end));
    return this.#text.slice(start, end);
  }

  #skipBlanks(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #cut(start: number): false {
    this.#sink.trouble(start, "the JSON text ends inside a string");
    return false;
  }

  #fail(expected: string): false {
    const found = this.#at < this.#bytes.length ? `byte ${this.#bytes[this.#at] ?? 0}` : "the end";
    this.#sink.trouble(this.#at, `${found} in a JSON text, expected ${expected}`);
    return false;
  }
}

function isLiteralByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isDigit || isLetter || byte === 0x2d || byte === 0x2b || byte === 0x2e;
}

const LATIN1 = new TextDecoder("latin1");
/** Members that can be written without brackets (RFC 9535 §2.5.1, its ASCII part). */
const SHORT_NAME = /^[A-Za-z_]\w*$/;
/** NaN and Infinity are no JSON, but are sent. */
const LITERAL = /^(?:-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity)$/;
const MAX_LITERAL_BYTES = 400; // longer than any double; the rest of the digits is not checked
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;
