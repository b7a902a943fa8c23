/**
 * The contract of a recogniser: what tells personal data from other values by the value's own
 * shape and by the name beside it. A recogniser would rather miss than overclaim; what it
 * says carries a reason and how sure it is.
 *
 * @module
 */
import type { DocumentNode } from "../../content/document.ts";
import type { Message, Part } from "../../protocols/message.ts";
import type { Confidence, ValueForm } from "../observation.ts";
import { Key } from "../telling-keys.ts";

/** A value with what is known of its surroundings. */
export interface ValueContext {
  readonly key: Key;
  /** The value, one character a byte: an index is an offset in `node.bytes`. */
  readonly text: string;
  readonly node: DocumentNode;
  readonly part: Part;
  readonly message: Message;
}

/** What a recogniser found. */
export interface Recognized {
  readonly property: string;
  /** Characters `[start, end)` of the context's text. */
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
  /** One sentence: what in the bytes speaks for it. Shows no value. */
  readonly reason: string;
  /** What the value is known to be worth where it is a placeholder, in a sentence. */
  readonly placeholder?: string;
  readonly form?: ValueForm;
  /** The value in words, where it is put together from several; else it is the text itself. */
  readonly value?: string;
}

/**
 * Looks at one value at a time. What it finds must follow from the key, the text, the path of the part and
 * the kind of the message alone (of DNS: which protocol, and whether a response): values in which nothing
 * was found are remembered by these (`fruitless.ts`).
 */
export interface Recognizer {
  /** Kebab-case and stable. */
  readonly name: string;
  recognize(context: ValueContext): readonly Recognized[];
}

/** Looks at the values of one message together: pairs and lists. */
export interface GroupRecognizer {
  readonly name: string;
  recognizeTogether(contexts: readonly ValueContext[]): readonly RecognizedIn[];
}
export interface RecognizedIn extends Recognized {
  readonly context: ValueContext;
}

/** Whether `[start, end)` is all of the text but blanks and quotes around it. */
export function isWhole(text: string, start: number, end: number): boolean {
  return /^[\s"']*$/.test(text.slice(0, start)) && /^[\s"']*$/.test(text.slice(end));
}

/**
 * The name nearest before `at`: the word before it in the text, as in `imei=86…`, else the
 * context's own key.
 */
export function nameBefore(context: ValueContext, at: number): Key {
  const before = context.text.slice(Math.max(0, at - 40), at);
  const word = /([A-Za-z][A-Za-z0-9_-]{0,30})["']?\s?[=:]\s?["']?$/.exec(before)?.[1];
  return word === undefined ? context.key : new Key(word);
}

/** The whole text without blanks around it, and where it begins. */
export function trimmed(text: string): { readonly text: string; readonly start: number } {
  const start = text.length - text.trimStart().length;
  return { text: text.trim(), start };
}

/** A find that covers the trimmed text. */
export function whole(context: ValueContext, found: Omit<Recognized, "start" | "end">): Recognized {
  const { text, start } = trimmed(context.text);
  return { ...found, start, end: start + text.length };
}
