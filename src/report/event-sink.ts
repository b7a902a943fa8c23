/**
 * Where the fields of an event go: into an object, or straight into the bytes of its line. An event
 * is described once (`event.ts`), so that both are the same.
 *
 * @module
 */
import type { JsonKey } from "../bytes/json-bytes.ts";
import { JsonBytes } from "../bytes/json-bytes.ts";
import { toUtf8 } from "../bytes/text.ts";

/** A value of an event's field. */
export type EventValue =
  string | number | boolean | null | readonly EventValue[] | { readonly [key: string]: EventValue };
/** One line of `telltale events`. */
export type Event = { readonly kind: string } & Readonly<Record<string, EventValue>>;

/** Takes the fields of one event in their order. Without a key, a value is an item of the list that is open. */
export interface EventSink {
  text(key: JsonKey | undefined, value: string | null): void;
  /** Whole numbers and null; what is not finite becomes null. */
  number(key: JsonKey | undefined, value: number | null): void;
  flag(key: JsonKey, value: boolean): void;
  /** A number as `0x` and at least `digits` hexadecimal digits. */
  hex(key: JsonKey | undefined, value: number, digits: number): void;
  /** `address:port`; the address alone where there is no port. */
  endpoint(key: JsonKey, address: string, port: number): void;
  open(key: JsonKey | undefined): void;
  close(): void;
  /** An item that always is the same for `owner`. */
  item(owner: object, value: () => EventValue): void;
}

/** Builds the object of an event. */
export class EventObject implements EventSink {
  readonly #fields: Record<string, EventValue> = {};
  /** Lists that are open, the innermost last. */
  readonly #lists: EventValue[][] = [];

  /** The event that was written. */
  event(kind: string): Event {
    return { kind, ...this.#fields };
  }

  text(key: JsonKey | undefined, value: string | null): void {
    this.#put(key, value);
  }

  number(key: JsonKey | undefined, value: number | null): void {
    this.#put(key, Number.isFinite(value) ? value : null);
  }

  flag(key: JsonKey, value: boolean): void {
    this.#put(key, value);
  }

  hex(key: JsonKey | undefined, value: number, digits: number): void {
    this.#put(key, `0x${value.toString(16).padStart(digits, "0")}`);
  }

  endpoint(key: JsonKey, address: string, port: number): void {
    this.#put(key, port < 0 ? address : `${address}:${port}`);
  }

  open(key: JsonKey | undefined): void {
    const list: EventValue[] = [];
    this.#put(key, list);
    this.#lists.push(list);
  }

  close(): void {
    this.#lists.pop();
  }

  item(_owner: object, value: () => EventValue): void {
    this.#put(undefined, value());
  }

  #put(key: JsonKey | undefined, value: EventValue): void {
    if (key === undefined) this.#lists[this.#lists.length - 1]?.push(value);
    else this.#fields[key.name] = value;
  }
}

/** Writes events as lines of JSON, one behind the other, into one buffer. */
export class EventLines implements EventSink {
  /** The lines so far are `json.bytes[0, json.length)`. */
  readonly json: JsonBytes;
  /** Whether the next value is the first of its list or line. */
  #isFirst = true;
  readonly #items: WeakMap<object, Uint8Array> = new WeakMap();

  /** @param size Bytes of the buffer at first; it grows as needed. */
  constructor(size: number) {
    this.json = new JsonBytes(size);
  }

  /** Begins the line of an event. */
  begin(kind: Uint8Array): void {
    this.json.raw(kind);
    this.#isFirst = false;
  }

  /** Ends the line. */
  end(): void {
    this.json.byte(CLOSE_BRACE);
    this.json.byte(LINE_FEED);
  }

  text(key: JsonKey | undefined, value: string | null): void {
    this.#lead(key);
    if (value === null) this.json.word(null);
    else this.json.text(value);
  }

  number(key: JsonKey | undefined, value: number | null): void {
    this.#lead(key);
    if (value === null) this.json.word(null);
    else this.json.number(value);
  }

  flag(key: JsonKey, value: boolean): void {
    this.#lead(key);
    this.json.word(value);
  }

  hex(key: JsonKey | undefined, value: number, digits: number): void {
    this.#lead(key);
    this.json.hex(value, digits);
  }

  endpoint(key: JsonKey, address: string, port: number): void {
    this.#lead(key);
    this.json.endpoint(address, port);
  }

  open(key: JsonKey | undefined): void {
    this.#lead(key);
    this.json.byte(OPEN_BRACKET);
    this.#isFirst = true;
  }

  close(): void {
    this.json.byte(CLOSE_BRACKET);
    this.#isFirst = false;
  }

  item(owner: object, value: () => EventValue): void {
    this.#lead(undefined);
    let json = this.#items.get(owner);
    if (json === undefined) {
      json = toUtf8(JSON.stringify(value()));
      this.#items.set(owner, json);
    }
    this.json.raw(json);
  }

  #lead(key: JsonKey | undefined): void {
    if (!this.#isFirst) this.json.byte(COMMA);
    this.#isFirst = false;
    if (key !== undefined) this.json.raw(key.bytes);
  }
}

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
