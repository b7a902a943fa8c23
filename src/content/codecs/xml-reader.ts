/**
 * A simple reader of XML: tags, attributes, text, CDATA and comments, each with its place. No
 * document type is read and no entity beyond the predefined ones (XML 1.0 §4.6) is replaced, so
 * that nothing can grow.
 *
 * @module
 */
import { fromUtf8, toUtf8 } from "../../bytes/text.ts";
import { MAX_NESTING } from "../../limits.ts";
import { indexOf } from "./pairs.ts";

/** A text or an attribute value. */
export interface XmlPiece {
  readonly path: string;
  /** Name of the element or attribute. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Its bytes with character references replaced, where it has any. */
  readonly decoded: Uint8Array | undefined;
}

/** Takes what is read. */
export interface XmlSink {
  /** False to stop reading. */
  piece(piece: XmlPiece): boolean;
  trouble(reason: string): void;
}

/** Reads all of `bytes`. */
export function readXml(bytes: Uint8Array, sink: XmlSink): void {
  new XmlReader(bytes, sink).read();
}

class XmlReader {
  readonly #bytes: Uint8Array;
  readonly #sink: XmlSink;
  readonly #names: string[] = [];
  readonly #paths: string[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, sink: XmlSink) {
    this.#bytes = bytes;
    this.#sink = sink;
  }

  read(): void {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const tag = indexOf(bytes, LESS, this.#at, bytes.length);
      if (!this.#text(this.#at, tag)) return;
      this.#at = tag;
      if (tag < bytes.length && !this.#markup()) return;
    }
    if (this.#names.length > 0) {
      this.#sink.trouble(`the XML text ends inside the element "${this.#names.at(-1) ?? ""}"`);
    }
  }

  #markup(): boolean {
    const next = this.#bytes[this.#at + 1];
    if (next === SLASH) return this.#closingTag();
    if (next === QUESTION_MARK) return this.#skip("?>");
    if (this.#startsWith("<!--")) return this.#section("<!--", "-->");
    if (this.#startsWith("<![CDATA[")) return this.#section("<![CDATA[", "]]>");
    if (next === EXCLAMATION_MARK) return this.#skip(">");
    return this.#openingTag();
  }

  #openingTag(): boolean {
    const bytes = this.#bytes;
    const nameEnd = this.#nameEnd(this.#at + 1);
    const name = fromUtf8(bytes.subarray(this.#at + 1, nameEnd));
    if (this.#names.length >= MAX_NESTING) {
      this.#sink.trouble(`XML elements nested more than ${MAX_NESTING} deep`);
      return false;
    }
    const path = `${this.#paths.at(-1) ?? ""}/${name}`;
    this.#at = nameEnd;
    for (;;) {
      this.#skipBlanks();
      const byte = bytes[this.#at];
      if (byte === undefined) return true;
      if (byte === GREATER || byte === SLASH) break;
      if (!this.#attribute(path)) return false;
    }
    if (bytes[this.#at] === SLASH) this.#at++;
    else {
      this.#names.push(name);
      this.#paths.push(path);
    }
    if (bytes[this.#at] === GREATER) this.#at++;
    return true;
  }

  #attribute(path: string): boolean {
    const bytes = this.#bytes;
    const nameStart = this.#at;
    // A byte that begins no name is stepped over, so that reading gets on.
    this.#at = Math.max(this.#nameEnd(nameStart), nameStart + 1);
    const name = fromUtf8(bytes.subarray(nameStart, this.#at));
    this.#skipBlanks();
    if (bytes[this.#at] !== EQUALS) return true;
    this.#at++;
    this.#skipBlanks();
    const quote = bytes[this.#at];
    if (quote !== QUOTE && quote !== APOSTROPHE) return true;
    const start = this.#at + 1;
    const end = indexOf(bytes, quote, start, bytes.length);
    this.#at = end + 1;
    return this.#give(`${path}/@${name}`, name, start, end);
  }

  #closingTag(): boolean {
    const end = indexOf(this.#bytes, GREATER, this.#at, this.#bytes.length);
    const name = fromUtf8(this.#bytes.subarray(this.#at + 2, end)).trim();
    const open = this.#names.lastIndexOf(name);
    if (open >= 0) {
      this.#names.length = open;
      this.#paths.length = open;
    }
    this.#at = end + 1;
    return true;
  }

  #text(start: number, end: number): boolean {
    let [from, to] = [start, end];
    while (from < to && (this.#bytes[from] ?? 0) <= SPACE) from++;
    while (to > from && (this.#bytes[to - 1] ?? 0) <= SPACE) to--;
    return this.#give(this.#paths.at(-1) ?? "/", this.#names.at(-1) ?? "", from, to);
  }

  /** CDATA or a comment: its content as it stands. */
  #section(open: string, close: string): boolean {
    const start = this.#at + open.length;
    const end = this.#find(close, start);
    this.#at = Math.min(end + close.length, this.#bytes.length);
    if (end <= start) return true;
    const path = this.#paths.at(-1) ?? "/";
    const name = this.#names.at(-1) ?? "";
    return this.#sink.piece({ path, name, start, end, decoded: undefined });
  }

  #skip(close: string): boolean {
    this.#at = Math.min(this.#find(close, this.#at) + close.length, this.#bytes.length);
    return true;
  }

  #give(path: string, name: string, start: number, end: number): boolean {
    if (end <= start) return true;
    const hasReference = indexOf(this.#bytes, AMPERSAND, start, end) < end;
    const decoded = hasReference ? unreference(this.#bytes.subarray(start, end)) : undefined;
    return this.#sink.piece({ path, name, start, end, decoded });
  }

  #nameEnd(start: number): number {
    let at = start;
    while (at < this.#bytes.length && !NAME_ENDS.includes(this.#bytes[at] ?? 0)) at++;
    return at;
  }

  #skipBlanks(): void {
    while (this.#at < this.#bytes.length && (this.#bytes[this.#at] ?? 0) <= SPACE) this.#at++;
  }

  #startsWith(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Place of `text` from `start` on; the end where there is none. */
  #find(text: string, start: number): number {
    const { length } = this.#bytes;
    for (let at = start; at < length; at++) {
      at = indexOf(this.#bytes, text.charCodeAt(0), at, length);
      let i = 1;
      while (i < text.length && this.#bytes[at + i] === text.charCodeAt(i)) i++;
      if (i === text.length) return at;
    }
    return length;
  }
}

/** Replaces predefined entities and character references (XML 1.0 §4.1). */
function unreference(bytes: Uint8Array): Uint8Array {
  const text = fromUtf8(bytes);
  return toUtf8(
    text.replace(
      /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
      (whole, hex, decimal, name) => {
        if (typeof name === "string") return ENTITIES.get(name.toLowerCase()) ?? whole;
        const code = typeof hex === "string" ? parseInt(hex, 16) : Number(decimal);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    ),
  );
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
const SPACE = 0x20;
const EXCLAMATION_MARK = 0x21;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION_MARK = 0x3f;
const NAME_ENDS: readonly number[] = [
  SPACE,
  0x09,
  0x0a,
  0x0d,
  SLASH,
  EQUALS,
  GREATER,
  LESS,
  QUOTE,
  APOSTROPHE,
];
