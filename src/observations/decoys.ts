/**
 * Decoys: made-up values of the format of a canary, searched beside it. How often they are
 * found is the rate at which chance alone finds values of that format (design invariant 6).
 *
 * They come from a hash of the canary's value, not from chance, so that two audits of the
 * same input say the same. A decoy keeps what many devices share (type allocation code,
 * network, calling code and prefix, maker of the interface, host of the mail) and changes
 * what tells one device from the next.
 *
 * @module
 */
import { toUtf8 } from "../bytes/text.ts";
import { DECOYS_PER_CANARY } from "../limits.ts";
import type { Platform } from "../platform.ts";
import { splitNumber } from "./calling-codes.ts";
import { kindOf, type Canary, type CanaryKind } from "./canary.ts";
import { luhnDigit } from "./luhn.ts";

/**
 * Values of the same format as the canary's, all different from it and from each other.
 *
 * @returns At most {@link DECOYS_PER_CANARY}; fewer where the format leaves no room.
 */
export function decoysOf(canary: Canary, platform: Platform): readonly string[] {
  const value = canary.value.trim();
  const make = MAKERS[kindOf(canary)];
  const made = new Set<string>();
  for (let round = 0; round < 4 * DECOYS_PER_CANARY && made.size < DECOYS_PER_CANARY; round++) {
    const decoy = make(value, new Draws(platform, `${canary.property}\n${value}\n${round}`));
    if (decoy.toLowerCase() !== value.toLowerCase()) made.add(decoy);
  }
  return [...made];
}

/** Numbers that follow from a seed: SHA-256 of seed and a counter, byte by byte. */
class Draws {
  readonly #platform: Platform;
  readonly #seed: string;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;
  #blocks = 0;

  constructor(platform: Platform, seed: string) {
    this.#platform = platform;
    this.#seed = seed;
  }

  /** A number below `bound` (at most 256); the bias of the remainder does no harm here. */
  below(bound: number): number {
    if (this.#at >= this.#block.length) {
      this.#block = this.#platform.digest(
        "sha256",
        toUtf8(`decoy ${this.#blocks++} ${this.#seed}`),
      );
      this.#at = 0;
    }
    return (this.#block[this.#at++] ?? 0) % bound;
  }
}

type Maker = (value: string, draws: Draws) => string;

/** Changes each character of `value` from `from` on to another of its sort; signs stay. */
function vary(value: string, from: number, draws: Draws): string {
  let text = "";
  for (const [i, character] of Array.from(value).entries())
    text += i < from ? character : other(character, draws);
  return text;
}

function other(character: string, draws: Draws): string {
  if (/[0-9]/.test(character)) return String(draws.below(10));
  if (/[a-z]/.test(character)) return String.fromCharCode(97 + draws.below(26));
  if (/[A-Z]/.test(character)) return String.fromCharCode(65 + draws.below(26));
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  // Letters of other scripts: a neighbour within the same 64 code points, mostly the same script.
  return String.fromCodePoint((code & ~63) | draws.below(64));
}

/** As {@link vary}, for hexadecimal digits, in the case of each. */
function varyHex(value: string, from: number, draws: Draws): string {
  const upper = /[A-F]/.test(value);
  let text = "";
  let digits = 0;
  for (const character of value) {
    const isDigit = /[0-9a-f]/i.test(character);
    if (!isDigit || digits++ < from) text += character;
    else text += upper ? HEX.charAt(draws.below(16)).toUpperCase() : HEX.charAt(draws.below(16));
  }
  return text;
}

const HEX = "0123456789abcdef";

function imei(value: string, draws: Draws): string {
  const digits = value.replace(/\D/g, "");
  const core = digits.slice(0, 8) + vary(digits.slice(8, 14), 0, draws);
  return digits.length === 16 ? core + digits.slice(14) : core + String(luhnDigit(core));
}

function iccid(value: string, draws: Draws): string {
  const digits = value.replace(/\D/g, "");
  if (digits.length !== 19) return vary(digits, 8, draws);
  const core = vary(digits.slice(0, 18), 8, draws);
  return core + String(luhnDigit(core));
}

/** Keeps the calling code and the first three digits after it: the carrier's prefix, as a rule. */
function phoneNumber(value: string, draws: Draws): string {
  const digits = value.replace(/\D/g, "").replace(/^00/, "");
  const isInternational = /^\s*(\+|00)/.test(value);
  const code = isInternational ? (splitNumber(digits)?.callingCode ?? "") : "";
  return (isInternational ? "+" : "") + vary(digits, code.length + 3, draws);
}

/** Keeps the whole degrees: other places of the same region. */
function location(value: string, draws: Draws): string {
  return value.replace(/\.(\d+)/g, (_, digits: string) => `.${vary(digits, 0, draws)}`);
}

function email(value: string, draws: Draws): string {
  const at = value.lastIndexOf("@");
  return vary(value.slice(0, at), 0, draws) + value.slice(at);
}

/** Keeps the version and variant digits, which are the same in millions of ids (RFC 9562 §4.1, §4.2). */
function uuid(value: string, draws: Draws): string {
  const hex = value.replace(/-/g, "");
  const made = varyHex(hex, 0, draws);
  const kept =
    made.slice(0, 12) + hex.charAt(12) + made.slice(13, 16) + hex.charAt(16) + made.slice(17);
  return value.includes("-")
    ? kept.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
    : kept;
}

const MAKERS: Readonly<Record<CanaryKind, Maker>> = {
  imei,
  imsi: (value, draws) => vary(value.replace(/\D/g, ""), 5, draws),
  iccid,
  "phone-number": phoneNumber,
  "hardware-address": (value, draws) => varyHex(value, 6, draws),
  uuid,
  "hex-identifier": (value, draws) => varyHex(value, 0, draws),
  email,
  location,
  text: (value, draws) => vary(value, 0, draws),
};
