/**
 * Cookies: pairs split at semicolons (RFC 6265 §4.1.1, §4.2.1).
 *
 * @module
 */
import type { Splitter } from "../codec.ts";
import { VALUE_HINT } from "../codec.ts";
import { splitPairs } from "./pairs.ts";

export const COOKIE: Splitter = {
  kind: "split",
  name: "cookie",
  applies: ({ hint }) => hint.form === "cookie",
  split: ({ bytes }, members) => {
    const syntax = { operation: "cookie", separator: SEMICOLON, trims: true, hint: VALUE_HINT };
    splitPairs(bytes, { start: 0, end: bytes.length }, syntax, members);
  },
};

const SEMICOLON = 0x3b;
