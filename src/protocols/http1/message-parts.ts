/**
 * The content of an HTTP/1 message as parts to search.
 *
 * @module
 */
import { toLatin1 } from "../../bytes/text.ts";
import type { Part, PartForm } from "../message.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Field, FieldSection } from "./header-fields.ts";

/** Bytes of a head, and where they begin in the stream. */
export interface HeadBytes {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** A part for each field, and one for the lines beyond the limit. */
export function fieldParts(head: HeadBytes, section: FieldSection, prefix: string): Part[] {
  const parts = section.fields.map((field): Part => {
    const path = `${prefix}:${field.lowerName}`;
    const form = FORMS.get(field.lowerName) ?? "text";
    if (field.folded) return { path, bytes: toLatin1(field.value), offset: -1, form };
    const bytes = head.bytes.subarray(field.start, field.end);
    return { path, bytes, offset: head.offset + field.start, form };
  });
  if (section.restAt >= 0) {
    const bytes = head.bytes.subarray(section.restAt);
    parts.push({
      path: `${prefix}-rest`,
      bytes,
      offset: head.offset + section.restAt,
      form: "text",
    });
  }
  return parts;
}

/** What a body's parts are made from. */
export interface BodyInput {
  readonly body: BodyKeeper;
  readonly fields: readonly Field[];
  /** Content codings, then those of transfer below `chunked`. */
  readonly codings: readonly string[];
  /** Bytes of the body that are due after the last that came. */
  readonly due: number;
}

/** One part for each run of the body without a hole; all but the first lack their start. */
export function bodyParts({ body, fields, codings, due }: BodyInput): Part[] {
  const mediaType = fields.find((field) => field.lowerName === "content-type")?.value;
  const missing = body.missing + body.beyond + due;
  return body.runs().map((run): Part => {
    const isStart = run.at === 0;
    return {
      path: isStart ? "body" : `body[${run.at}:]`,
      bytes: run.bytes,
      offset: run.offset,
      // A compressed body cannot be read from the middle.
      form: isStart || codings.length === 0 ? "body" : "binary",
      ...(mediaType === undefined ? {} : { mediaType }),
      ...(isStart && codings.length > 0 ? { codings } : {}),
      ...(missing > 0 ? { missing } : {}),
    };
  });
}

const FORMS: ReadonlyMap<string, PartForm> = new Map([
  ["cookie", "cookie"],
  ["set-cookie", "cookie"],
  ["host", "name"],
]);
