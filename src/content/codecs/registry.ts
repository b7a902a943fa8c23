/**
 * The codecs, in the order in which they are asked: those that a label announces or a magic
 * number proves come before those that guess from the kind of characters.
 *
 * @module
 */
import type { Codec } from "../codec.ts";
import { BASE64 } from "./base64.ts";
import { COMPRESSION } from "./compression.ts";
import { COOKIE } from "./cookie.ts";
import { CREDENTIALS } from "./credentials.ts";
import { FORM } from "./form.ts";
import { HEX } from "./hex.ts";
import { JSON_TEXT } from "./json.ts";
import { JWT } from "./jwt.ts";
import { MULTIPART } from "./multipart.ts";
import { PERCENT } from "./percent.ts";
import { PROTOBUF } from "./protobuf.ts";
import { REQUEST_TARGET } from "./request-target.ts";
import { XML } from "./xml.ts";

/** All codecs; the first that applies is taken. */
export const CODECS: readonly Codec[] = [
  COMPRESSION,
  REQUEST_TARGET,
  COOKIE,
  MULTIPART,
  JSON_TEXT,
  XML,
  FORM,
  CREDENTIALS,
  JWT,
  HEX,
  BASE64,
  PERCENT,
  PROTOBUF,
];
