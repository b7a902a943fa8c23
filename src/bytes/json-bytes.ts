/**
 * JSON written straight into a buffer of bytes: for lines of which there are millions. What is
 * written is what `JSON.stringify` gives for the same values, byte for byte.
 *
 * @module
 */
import { toUtf8 } from "./text.ts";

/** The name of a field, ready to be written. */
export class JsonKey {
  readonly name: string;
  /** `"name":` */
  readonly bytes: Uint8Array;

  constructor(name: string) {
    this.name = name;
    this.bytes = toUtf8(`${JSON.stringify(name)}:`);
  }
}

/** Keys by their names. */
export function jsonKeys<const Name extends string>(
  ...names: readonly Name[]
): Readonly<Record<Name, JsonKey>> {
  const keys: Partial<Record<Name, JsonKey>> = {};
  for (const name of names) keys[name] = new JsonKey(name);
  return keys as Record<Name, JsonKey>;
}

/** Values one after another; who calls puts brackets, keys and commas between them. */
export class JsonBytes {
  /** What was written is `bytes[0, length)`. The buffer is another one after it grew. */
  bytes: Uint8Array;
  length = 0;

  /** @param size Bytes of the first buffer. */
  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Forgets all that was written, or all from `length` on. */
  truncate(length = 0): void {
    this.length = length;
  }

  /** One byte, such as a bracket. */
  byte(value: number): void {
    if (this.length === this.bytes.length) this.#reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Bytes that are JSON already. */
  raw(json: Uint8Array): void {
    const count = json.length;
    if (this.length + count > this.bytes.length) this.#reserve(count);
    if (count > LONG_BYTES) {
      this.bytes.set(json, this.length);
    } else {
      const bytes = this.bytes;
      for (let i = 0, at = this.length; i < count; i++, at++) bytes[at] = json[i]!;
    }
    this.length += count;
  }

  /** A string, quoted. */
  text(value: string): void {
    this.byte(QUOTE);
    this.#characters(value);
    this.byte(QUOTE);
  }

  /** `"address:port"`, or the address alone where `port` is negative. */
  endpoint(address: string, port: number): void {
    this.byte(QUOTE);
    this.#characters(address);
    if (port >= 0) {
      this.byte(COLON);
      this.number(port);
    }
    this.byte(QUOTE);
  }

  /** `"0x…"` with `digits` hexadecimal digits at least. */
  hex(value: number, digits: number): void {
    if (this.length + HEX_ROOM > this.bytes.length) this.#reserve(HEX_ROOM);
    const bytes = this.bytes;
    let width = 1;
    for (let left = value; left >= 16 || width < digits; left = Math.floor(left / 16)) width++;
    bytes[this.length] = QUOTE;
    bytes[this.length + 1] = 0x30;
    bytes[this.length + 2] = 0x78;
    let rest = value;
    for (let at = this.length + 2 + width; at > this.length + 2; at--) {
      const digit = rest % 16;
      bytes[at] = digit < 10 ? 0x30 + digit : 0x57 + digit;
      rest = (rest - digit) / 16;
    }
    bytes[this.length + 3 + width] = QUOTE;
    this.length += 4 + width;
  }

  number(value: number): void {
    if (this.length + NUMBER_ROOM > this.bytes.length) this.#reserve(NUMBER_ROOM);
    if (value >= 0 && value <= 0x3fffffff && Math.floor(value) === value) {
      this.#digits(value, digitsOf(value));
    } else if (value > 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value) {
      const high = Math.floor(value / 1e9);
      const low = value - high * 1e9;
      if (high > 0) this.number(high);
      this.#digits(low, high > 0 ? 9 : digitsOf(low));
    } else {
      this.#characters(Number.isFinite(value) ? String(value) : "null");
    }
  }

  /** `true`, `false` or `null`. */
  word(value: boolean | null): void {
    this.raw(value === null ? NULL : value ? TRUE : FALSE);
  }

  #digits(value: number, count: number): void {
    const bytes = this.bytes;
    let rest = value | 0;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = 0x30 + (rest - next * 10);
      rest = next;
    }
    this.length += count;
  }

  /** ASCII as it stands; anything else as `JSON.stringify` has it. */
  #characters(value: string): void {
    const count = value.length;
    if (this.length + count > this.bytes.length) this.#reserve(count);
    const bytes = this.bytes;
    let at = this.length;
    for (let i = 0; i < count; i++) {
      const code = value.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.raw(toUtf8(JSON.stringify(value).slice(1, -1)));
        return;
      }
      bytes[at++] = code;
    }
    this.length = at;
  }

  #reserve(more: number): void {
    const larger = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const TRUE: Uint8Array = toUtf8("true");
const FALSE: Uint8Array = toUtf8("false");
const NULL: Uint8Array = toUtf8("null");
/** Bytes from which on a native copy is faster than a loop. */
const LONG_BYTES = 48;
/** Bytes of the longest number (-1.2345678901234567e-300), and of a quoted hexadecimal one. */
const NUMBER_ROOM = 32;
const HEX_ROOM = 20;
