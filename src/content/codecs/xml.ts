/**
 * XML (https://www.w3.org/TR/xml/): attribute values and text, each with the path of element names
 * that leads to it: `/a/b`, `/a/b/@c`. Well-formedness is not checked. In a property list the
 * text of `<key>` names the value after it.
 *
 * @module
 */
import { TRAIT } from "../byte-traits.ts";
import type { Members, Splitter, Value } from "../codec.ts";
import { essenceOf, VALUE_HINT } from "../codec.ts";
import type { XmlPiece } from "./xml-reader.ts";
import { readXml } from "./xml-reader.ts";

export const XML: Splitter = {
  kind: "split",
  name: "xml",
  applies: looksLikeXml,
  split: ({ bytes }, members) => {
    const list = { key: "" };
    readXml(bytes, {
      piece: (piece) => addPiece(bytes, piece, members, list),
      trouble: (reason) => members.trouble(reason),
    });
  },
};

function addPiece(
  bytes: Uint8Array,
  piece: XmlPiece,
  members: Members,
  list: { key: string },
): boolean {
  const { path, name, start, end, decoded } = piece;
  const value = decoded ?? bytes.subarray(start, end);
  const key = list.key === "" ? name : list.key;
  list.key = name === "key" ? String.fromCharCode(...value.subarray(0, MAX_KEY_BYTES)) : "";
  const verbatim = decoded === undefined;
  const place = { operation: "xml", at: path, key, start, end };
  return members.add({ ...place, bytes: value, verbatim, hint: VALUE_HINT });
}

/** A tag first and the end of a tag last. HTML is left alone: it is not read as data. */
function looksLikeXml({ bytes, traits, hint }: Value): boolean {
  if ((traits & TRAIT.other) === 0 || (traits & TRAIT.control) !== 0) return false;
  if (essenceOf(hint.mediaType) === "text/html") return false;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && (bytes[at] ?? 0) <= 0x20) at++;
  if (bytes[at] !== LESS) return false;
  const start = String.fromCharCode(...bytes.subarray(at, at + 16)).toLowerCase();
  if (
    !/^<[?!a-z_]/.test(start) ||
    start.startsWith("<html") ||
    start.startsWith("<!doctype html")
  ) {
    return false;
  }
  if (start.startsWith("<?xml") || essenceOf(hint.mediaType).endsWith("xml")) return true;
  let end = bytes.length;
  while (end > at && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return bytes[end - 1] === GREATER && end - at >= MIN_BYTES;
}

const MIN_BYTES = 7; // <a>b</a> has eight, <a b=""/> more
const MAX_KEY_BYTES = 200;
const LESS = 0x3c;
const GREATER = 0x3e;
