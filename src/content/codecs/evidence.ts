/**
 * Whether bytes that a guess brought to light speak for the guess.
 *
 * @module
 */
import { looksLikeText } from "../byte-traits.ts";
import { looksLikeProtobuf } from "./protobuf-evidence.ts";

/** Text, or a form that is recognised by its first bytes, or a message of protobuf. */
export function looksMeant(bytes: Uint8Array): boolean {
  return looksLikeText(bytes) || hasMagic(bytes) || looksLikeProtobuf(bytes);
}

function hasMagic(bytes: Uint8Array): boolean {
  return MAGICS.some(
    (magic) => bytes.length > magic.length && magic.every((byte, i) => bytes[i] === byte),
  );
}

const MAGICS: readonly (readonly number[])[] = [
  [0x1f, 0x8b, 0x08], // gzip
  [0x78, 0x01], // zlib, by level
  [0x78, 0x5e],
  [0x78, 0x9c],
  [0x78, 0xda],
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
  [0x50, 0x4b, 0x03, 0x04], // zip
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x62, 0x70, 0x6c, 0x69, 0x73, 0x74], // binary property list
];
