/**
 * Where the body of an HTTP/1 message ends (RFC 9112 §6.3).
 *
 * @module
 */
import type { Field } from "./header-fields.ts";

/** How the end of a body is known. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" }
  /** After this message the connection speaks something else (101, or 2xx to CONNECT). */
  | { readonly kind: "switch" };

/** Framing and what was odd about its fields. */
export interface FramingOutcome {
  readonly framing: Framing;
  /** Codings below `chunked`, in the order in which they were applied: RFC 9112 §7.2 allows gzip and deflate. */
  readonly transferCodings: readonly string[];
  /** undefined where the fields agree. */
  readonly trouble: string | undefined;
}

/** What {@link framingOf} judges by. */
export interface FramingInput {
  readonly fields: readonly Field[];
  /** Of a response; undefined for a request. */
  readonly status: number | undefined;
  /** Method of the request that a response answers; undefined where it was not seen. */
  readonly method: string | undefined;
}

/** Decides by the rules of RFC 9112 §6.3, in their order. */
export function framingOf({ fields, status, method }: FramingInput): FramingOutcome {
  const bodiless = status === undefined ? undefined : bodilessResponse(status, method);
  if (bodiless !== undefined) {
    return { framing: bodiless, transferCodings: [], trouble: undefined };
  }
  const codings = listOf(fields, "transfer-encoding").filter((coding) => coding !== "identity");
  const lengths = new Set(listOf(fields, "content-length"));
  if (codings.length > 0) return byTransferCoding(codings, status, lengths.size > 0);
  if (lengths.size > 0) return byLength([...lengths], status);
  const framing: Framing = { kind: status === undefined ? "none" : "until-close" };
  return { framing, transferCodings: [], trouble: undefined };
}

/** Rules 1 and 2. */
function bodilessResponse(status: number, method: string | undefined): Framing | undefined {
  if (status === 101) return { kind: "switch" };
  if (method === "CONNECT" && status >= 200 && status < 300) return { kind: "switch" };
  const isBodiless = status < 200 || status === 204 || status === 304 || method === "HEAD";
  return isBodiless ? { kind: "none" } : undefined;
}

/** Rules 3 and 4. */
function byTransferCoding(
  codings: readonly string[],
  status: number | undefined,
  hasLength: boolean,
): FramingOutcome {
  const trouble = hasLength
    ? "both Transfer-Encoding and Content-Length, expected one of them"
    : undefined;
  if (codings.at(-1) === "chunked") {
    return { framing: { kind: "chunked" }, transferCodings: codings.slice(0, -1), trouble };
  }
  const framing: Framing = { kind: "until-close" };
  const last = `last transfer coding is "${codings.at(-1) ?? ""}", expected "chunked"`;
  return {
    framing,
    transferCodings: codings.filter((coding) => coding !== "chunked"),
    // In a response the connection's end may close the body; in a request it may not.
    trouble: status === undefined ? last : trouble,
  };
}

/** Rules 5 and 6. */
function byLength(lengths: readonly string[], status: number | undefined): FramingOutcome {
  const [first = ""] = lengths;
  const length = /^\d{1,15}$/.test(first) ? Number(first) : undefined;
  if (length === undefined) {
    return {
      framing: { kind: status === undefined ? "none" : "until-close" },
      transferCodings: [],
      trouble: `Content-Length is "${first.slice(0, 40)}", expected at most 15 digits`,
    };
  }
  const trouble =
    lengths.length > 1
      ? `Content-Length is given as ${lengths.slice(0, 4).join(" and ")}, expected one value`
      : undefined;
  return { framing: { kind: "length", length }, transferCodings: [], trouble };
}

/** Members of all fields of a name, lower case, without parameters (RFC 9110 §5.6.1). */
export function listOf(fields: readonly Field[], lowerName: string): readonly string[] {
  const members: string[] = [];
  for (const field of fields) {
    if (field.lowerName !== lowerName) continue;
    for (const member of field.value.split(",")) {
      const name = (member.split(";", 1)[0] ?? "").trim().toLowerCase();
      if (name !== "") members.push(name);
    }
  }
  return members;
}
