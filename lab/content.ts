/**
 * What the scenario's programs send, written as data: text with planted values in it, and
 * encodings around both. Rendering gives the bytes and, at the same time, what they carry, so
 * that the list of what was sent never depends on anybody reading the traffic.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** An encoding or hash that the scenario's programs apply. */
export type Coding = "percent" | "base64" | "hex" | "gzip" | "md5" | "sha1" | "sha256";

/** A planted value, by the id of its canary, with what is done to it, innermost first. */
export interface PlantedValue {
  readonly canary: string;
  readonly codings: readonly Coding[];
}

/** Content with an encoding around all of it. */
export interface Wrapped {
  readonly wrap: Coding;
  readonly content: Content;
}

/** Bytes that look random and are the same in each run: what nobody can read. */
export interface Noise {
  readonly noise: number;
}

export type Content = string | PlantedValue | Wrapped | Noise | readonly Content[];

/** A planted value in rendered content: every coding around it, innermost first. */
export interface Carried {
  readonly canary: string;
  readonly codings: readonly Coding[];
}

export interface Rendered {
  readonly bytes: Uint8Array;
  readonly carried: readonly Carried[];
}

/** The planted value `canary`, coded. */
export function value(canary: string, ...codings: readonly Coding[]): PlantedValue {
  return { canary, codings };
}

/** `content` with `coding` around it. */
export function wrap(coding: Coding, ...content: readonly Content[]): Wrapped {
  return { wrap: coding, content };
}

/** A form body (`a=1&b=2`) of names and values; each value is percent-encoded. */
export function form(fields: Readonly<Record<string, Content>>): Content {
  return Object.entries(fields).flatMap(([name, content], i) => [
    `${i > 0 ? "&" : ""}${name}=`,
    wrap("percent", content),
  ]);
}

/**
 * Renders content.
 *
 * @param values Planted values by the id of their canary.
 * @throws where content names a canary that is not planted.
 */
export function render(content: Content, values: ReadonlyMap<string, string>): Rendered {
  if (typeof content === "string") return { bytes: Buffer.from(content), carried: [] };
  if ("canary" in content) {
    const { canary, codings } = content;
    const planted = values.get(canary);
    if (planted === undefined) throw new Error(`no value is planted under "${canary}"`);
    const bytes = codings.reduce<Uint8Array>(applied, Buffer.from(planted));
    const changing = codings.filter((one) => changes(one, planted));
    return { bytes, carried: [{ canary, codings: changing }] };
  }
  if ("noise" in content) return { bytes: noise(content.noise), carried: [] };
  if ("wrap" in content) {
    const inner = render(content.content, values);
    const carried = inner.carried.map((one) => {
      const isChanged = changes(content.wrap, plain(inner.bytes));
      return isChanged ? { ...one, codings: [...one.codings, content.wrap] } : one;
    });
    return { bytes: applied(inner.bytes, content.wrap), carried };
  }
  const parts = content.map((part) => render(part, values));
  return {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    carried: parts.flatMap(({ carried }) => carried),
  };
}

/** Rendered content as text, for places that take no bytes: paths, headers, host names. */
export function renderText(content: Content, values: ReadonlyMap<string, string>): string {
  return plain(render(content, values).bytes);
}

function plain(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** Percent-encoding leaves letters and digits as they are, so what consists of them is not encoded. */
function changes(coding: Coding, text: string): boolean {
  return coding !== "percent" || percent(Buffer.from(text, "latin1")) !== text;
}

function applied(bytes: Uint8Array, coding: Coding): Uint8Array {
  const buffer = Buffer.from(bytes);
  switch (coding) {
    case "percent":
      return Buffer.from(percent(bytes));
    case "base64":
      return Buffer.from(buffer.toString("base64"));
    case "hex":
      return Buffer.from(buffer.toString("hex"));
    case "gzip":
      return gzipSync(bytes);
    case "md5":
    case "sha1":
    case "sha256":
      return Buffer.from(createHash(coding).update(bytes).digest("hex"));
  }
}

/** A chain of SHA-256. */
function noise(length: number): Uint8Array {
  const blocks: Buffer[] = [];
  let block = createHash("sha256").update("telltale lab").digest();
  for (let made = 0; made < length; made += block.length) {
    blocks.push(block);
    block = createHash("sha256").update(block).digest();
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** Unreserved characters stand for themselves (RFC 3986 §2.3). */
function percent(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
