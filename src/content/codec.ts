/**
 * The contract of a codec: one form in which values are wrapped. A codec either turns a value
 * into another one (base64, gzip), or splits it into members (JSON, a query).
 *
 * To add one: a file in `codecs/`, and its place in `codecs/registry.ts`.
 *
 * @module
 */
import type { Platform } from "../platform.ts";
import type { PartForm } from "../protocols/message.ts";

/** What is known of a value before its bytes are looked at. */
export interface Hint {
  /** As for parts; `value` is a member of a container, `form-value` one in which `+` is a blank. */
  readonly form: PartForm | "value" | "form-value" | "literal";
  /** Media type with its parameters, as sent; empty where none is known. */
  readonly mediaType: string;
  /** Content codings not yet undone, in the order in which they were applied. */
  readonly codings: readonly string[];
  /** Bytes of the value that are missing at its end. */
  readonly missing: number;
}

/** A value to decode. */
export interface Value {
  readonly bytes: Uint8Array;
  /** Kinds of bytes it is made of (`byte-traits.ts`). */
  readonly traits: number;
  readonly hint: Hint;
}

/** What a codec made of a whole value. */
export interface Recoded {
  readonly operation: string;
  readonly bytes: Uint8Array;
  readonly hint: Hint;
  /** What went wrong on the way, for people. */
  readonly trouble?: string;
}

/** One member of a container. */
export interface Member {
  readonly operation: string;
  /** Which one, in the operation's own notation. */
  readonly at: string;
  /** Its name as sent; empty where it has none, and then the container's is kept. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** The range of the container's bytes that it was read from. */
  readonly start: number;
  readonly end: number;
  /** Whether `bytes` are that range, unchanged. */
  readonly verbatim: boolean;
  readonly hint: Hint;
}

/** Takes the members of one container. */
export interface Members {
  /** False where no more are taken, since a limit is reached. */
  add(member: Member): boolean;
  /** What could not be read, for people; reading may go on. */
  trouble(reason: string): void;
}

interface CodecBase {
  readonly name: string;
  /** Whether the value's bytes, or what is known of it, speak for this codec. Cheap. */
  applies(value: Value): boolean;
}

/** Turns a value into another. */
export interface Recoder extends CodecBase {
  readonly kind: "recode";
  /** Whether the value before decoding is nothing to search: compressed bytes. */
  readonly opaque: boolean;
  /** undefined where a closer look speaks against it; `maxBytes` bounds what comes out. */
  recode(value: Value, platform: Platform, maxBytes: number): Recoded | undefined;
}

/** Splits a value into members. */
export interface Splitter extends CodecBase {
  readonly kind: "split";
  split(value: Value, members: Members): void;
}

export type Codec = Recoder | Splitter;

/** The hint of a plain value inside a container. */
export const VALUE_HINT: Hint = { form: "value", mediaType: "", codings: [], missing: 0 };
/** The hint of a value in which `+` stands for a blank. */
export const FORM_VALUE_HINT: Hint = { ...VALUE_HINT, form: "form-value" };
/** The hint of a number, a truth value or the like: nothing to decode. */
export const LITERAL_HINT: Hint = { ...VALUE_HINT, form: "literal" };
/** The hint of bytes. */
export const BINARY_HINT: Hint = { ...VALUE_HINT, form: "binary" };

/** Media type without parameters, lower case. */
export function essenceOf(mediaType: string): string {
  if (mediaType === "") return "";
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
