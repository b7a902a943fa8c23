/**
 * Messages of Protocol Buffers without their schema
 * (https://protobuf.dev/programming-guides/encoding/): members are named by field number, `#1.#2`
 * is field 2 of the message in field 1. Numbers are given as decimal text, since that is how they
 * are known elsewhere; fixed-width ones also as floating point where that gives a likely number.
 *
 * @module
 */
import { readVarint64, WIRE_TYPE, WireReader } from "../../bytes/protobuf-wire.ts";
import { toLatin1 } from "../../bytes/text.ts";
import { MAX_NESTING } from "../../limits.ts";
import { looksLikeText, TRAIT } from "../byte-traits.ts";
import type { Members, Splitter, Value } from "../codec.ts";
import { BINARY_HINT, essenceOf, LITERAL_HINT, VALUE_HINT } from "../codec.ts";
import { looksLikeProtobuf, looksNested } from "./protobuf-evidence.ts";

export const PROTOBUF: Splitter = {
  kind: "split",
  name: "protobuf",
  applies: (value) => isAnnounced(value) || isEvident(value),
  split: ({ bytes }, members) => {
    new FieldSplitter(bytes, members).split(0, bytes.length, []);
  },
};

function isAnnounced({ hint, bytes }: Value): boolean {
  if (hint.form === "protobuf") return true;
  // Servers label JSON and error pages so as well: the first field at least must be one.
  return MEDIA_TYPES.has(essenceOf(hint.mediaType)) && new WireReader(bytes).next();
}

function isEvident({ bytes, traits, hint }: Value): boolean {
  const isBinary = (traits & TRAIT.control) !== 0;
  return isBinary && hint.form !== "text" && hint.form !== "cookie" && looksLikeProtobuf(bytes);
}

class FieldSplitter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #members: Members;
  #goesOn = true;

  constructor(bytes: Uint8Array, members: Members) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#members = members;
  }

  split(start: number, end: number, path: readonly string[]): void {
    const reader = new WireReader(this.#bytes, start, end);
    while (this.#goesOn && reader.next()) this.#field(reader, path);
    if (!reader.broken) return;
    this.#members.trouble(
      `byte ${reader.at} begins no field of protobuf, expected a tag and its value`,
    );
    this.#text({ at: [...path, "rest"].join("."), key: "", start: reader.at, end });
  }

  #field(reader: WireReader, path: readonly string[]): void {
    const { start, end, type } = reader;
    const key = `#${reader.number}`;
    const place = { at: [...path, key].join("."), key, start, end };
    if (type === WIRE_TYPE.varint) {
      this.#number(place, String(readVarint64(this.#bytes, start, end)));
    } else if (type === WIRE_TYPE.bytes) {
      const isNested = path.length < MAX_NESTING && looksNested(this.#bytes.subarray(start, end));
      if (isNested) this.split(start, end, [...path, key]);
      else this.#text(place);
    } else {
      this.#fixed(place, type === WIRE_TYPE.fixed64);
    }
  }

  #fixed(place: Place, isWide: boolean): void {
    const view = this.#view;
    const whole = isWide ? view.getBigUint64(place.start, true) : view.getUint32(place.start, true);
    this.#number(place, String(whole));
    const real = isWide ? view.getFloat64(place.start, true) : view.getFloat32(place.start, true);
    const size = Math.abs(real);
    if (!(size >= MIN_LIKELY_REAL && size <= MAX_LIKELY_REAL)) return;
    const text = isWide ? String(real) : String(Number(real.toPrecision(FLOAT32_DIGITS)));
    this.#number({ ...place, at: `${place.at}:${isWide ? "double" : "float"}` }, text);
  }

  #number(place: Place, text: string): void {
    const bytes = toLatin1(text);
    this.#add({ operation: "protobuf", ...place, bytes, verbatim: false, hint: LITERAL_HINT });
  }

  #text(place: Place): void {
    if (place.end <= place.start) return;
    const bytes = this.#bytes.subarray(place.start, place.end);
    const hint = looksLikeText(bytes) ? VALUE_HINT : BINARY_HINT;
    this.#add({ operation: "protobuf", ...place, bytes, verbatim: true, hint });
  }

  #add(member: Parameters<Members["add"]>[0]): void {
    this.#goesOn &&= this.#members.add(member);
  }
}

interface Place {
  readonly at: string;
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/x-protobuf",
  "application/protobuf",
  "application/vnd.google.protobuf",
  "application/x-google-protobuf",
]);
/** Coordinates, temperatures, times in seconds; a random double is beyond by hundreds of digits. */
const MIN_LIKELY_REAL = 1e-5;
const MAX_LIKELY_REAL = 1e13;
const FLOAT32_DIGITS = 7;
