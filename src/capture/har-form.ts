/**
 * Puts together what a HAR holds only in parsed form: a posted form without its
 * text, cookies without their header, a query that the address lacks.
 *
 * @module
 */
import { toBodyBytes } from "./har-values.ts";

/** One parameter of a posted form, or one pair of a query. */
export interface HarParameter {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
}

/** A form's body in the type it was posted in: multipart where that names a boundary, else urlencoded. */
export function toFormBody(parameters: readonly HarParameter[], mediaType: string): Uint8Array {
  const boundary = /^multipart\/.*;\s*boundary="?([^";]+)"?/i.exec(mediaType)?.[1];
  if (boundary === undefined) return toBodyBytes(toPairs(parameters));
  const parts = parameters.map((parameter) => toPart(parameter, boundary));
  return toBodyBytes(`${parts.join("")}--${boundary}--\r\n`);
}

/** `name=value&…`, percent-encoded as the URL standard's urlencoded serializer does, blanks as %20. */
export function toPairs(parameters: readonly HarParameter[]): string {
  return parameters.map(({ name, value }) => `${toPercent(name)}=${toPercent(value)}`).join("&");
}

/** One part of a multipart body (RFC 7578 §4). */
function toPart({ name, value, fileName, contentType }: HarParameter, boundary: string): string {
  const file = fileName === undefined ? "" : `; filename="${toQuoted(fileName)}"`;
  const type = contentType === undefined ? "" : `Content-Type: ${contentType}\r\n`;
  const head = `Content-Disposition: form-data; name="${toQuoted(name)}"${file}\r\n${type}`;
  return `--${boundary}\r\n${head}\r\n${value}\r\n`;
}

/** The three characters that would break out of the quotation (URL and HTML standards, multipart/form-data). */
function toQuoted(text: string): string {
  return text.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}

function toPercent(text: string): string {
  let encoded = "";
  for (const byte of toBodyBytes(text)) {
    const char = String.fromCharCode(byte);
    const isPlain = /[A-Za-z0-9*\-._]/.test(char);
    encoded += isPlain ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
