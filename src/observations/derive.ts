/**
 * Needles: the byte strings to look for, made from the canonical forms of each canary and
 * of its decoys by encodings and hashes. Reversible encodings are undone by the content
 * stage before the search; they are looked for all the same, since what is not recognised
 * as encoded is searched as it is.
 *
 * Sources: RFC 4648 (base64, base64url, base16), RFC 3986 §2.1 (percent), RFC 1321 (MD5),
 * FIPS 180-4 (SHA-1, SHA-256).
 *
 * @module
 */
import { toBase64, toBase64Url } from "../bytes/base64.ts";
import { toHex } from "../bytes/hex.ts";
import { toLatin1 } from "../bytes/text.ts";
import type { RecipeStep } from "../content/document.ts";
import { MIN_NEEDLE_BYTES } from "../limits.ts";
import type { DigestName, Platform } from "../platform.ts";
import type { BoundaryRule } from "./boundary.ts";
import { canonicalForms, type Canary } from "./canary.ts";
import { decoysOf } from "./decoys.ts";
import type { CanonicalForm } from "./form.ts";
import type { Pattern } from "./needle-search.ts";
import type { ValueForm } from "./observation.ts";

/** What it means to have found a needle. */
export interface Meaning {
  /** Index of the canary in the list given. */
  readonly canary: number;
  /** 0 for the canary itself, 1 and up for its decoys. */
  readonly variant: number;
  /** Form and what was done to it: `imei-15`, `imei-15|sha256|hex`. */
  readonly name: string;
  readonly form: ValueForm;
  /** How the bytes derive from the canary's value. */
  readonly derivation: readonly RecipeStep[];
  readonly rule: BoundaryRule;
  readonly weak: boolean;
  readonly piece: string | undefined;
}

/** A byte string to look for, with all that it may mean: a text in several canaries is one needle. */
export interface Needle extends Pattern {
  readonly meanings: readonly Meaning[];
}

/** Needles for canaries and decoys, each byte string once. */
export interface NeedleSet {
  readonly needles: readonly Needle[];
  /** Per canary: names of the derivations looked for, in order, and number of decoys. */
  readonly forms: readonly (readonly string[])[];
  readonly decoys: readonly number[];
}

/** Makes the needles of all canaries. */
export function deriveNeedles(canaries: readonly Canary[], platform: Platform): NeedleSet {
  const collector = new Collector();
  const forms: string[][] = [];
  const decoys: number[] = [];
  canaries.forEach((canary, index) => {
    const made = decoysOf(canary, platform);
    const names = new Set<string>();
    [canary.value, ...made].forEach((value, variant) => {
      for (const form of canonicalForms({ ...canary, value: value.trim() })) {
        const base = { canary: index, variant, weak: form.weak, piece: form.piece };
        for (const derived of deriveForm(form, platform)) {
          const { pattern, ...what } = derived;
          if (pattern.bytes.length < MIN_NEEDLE_BYTES) continue;
          if (variant === 0) names.add(what.name);
          collector.add(pattern, { ...base, ...what });
        }
      }
    });
    forms.push([...names]);
    decoys.push(made.length);
  });
  return { needles: collector.needles(), forms, decoys };
}

interface Derived {
  readonly pattern: Pattern;
  readonly name: string;
  readonly form: ValueForm;
  readonly derivation: readonly RecipeStep[];
  readonly rule: BoundaryRule;
}

/** All that is looked for of one form. */
export function deriveForm(form: CanonicalForm, platform: Platform): readonly Derived[] {
  const derived: Derived[] = [];
  if (form.plain) {
    derived.push(make(form, [], { bytes: form.bytes, form: form.form, anyCase: form.anyCase }));
    const percent = toPercent(form.bytes);
    if (percent !== undefined && form.encode) {
      derived.push(
        make(form, ["percent"], { bytes: toLatin1(percent), form: "encoded", anyCase: true }),
      );
    }
  }
  if (form.encode) derived.push(...encoded(form));
  if (form.hash) for (const name of DIGESTS) derived.push(...hashed(form, name, platform));
  return derived;
}

function encoded(form: CanonicalForm): readonly Derived[] {
  const derived: Derived[] = [];
  for (let shift = 0; shift < 3; shift++) {
    const inner = innerBase64(form.bytes, shift);
    const options = { form: "encoded", coding: "base64", shift, boundary: form.boundary } as const;
    const standard = { ...options, bytes: toLatin1(inner.standard) };
    derived.push(make(form, [shift === 0 ? "base64" : `base64:${shift}`], standard));
    if (inner.url === inner.standard) continue;
    derived.push(
      make(form, [shift === 0 ? "base64url" : `base64url:${shift}`], {
        ...standard,
        bytes: toLatin1(inner.url),
      }),
    );
  }
  if (!form.hex) return derived;
  const hex = toHex(form.bytes);
  const options = { form: "encoded", coding: "hex", boundary: form.boundary } as const;
  derived.push(make(form, ["hex"], { ...options, bytes: toLatin1(hex) }));
  if (hex !== hex.toUpperCase()) {
    derived.push(make(form, ["hex-upper"], { ...options, bytes: toLatin1(hex.toUpperCase()) }));
  }
  return derived;
}

function hashed(form: CanonicalForm, name: DigestName, platform: Platform): readonly Derived[] {
  const digest = platform.digest(name, form.bytes);
  const derived = [
    ...digestTexts(form, [name], digest),
    make(form, [name], { bytes: digest, form: "hashed" }),
  ];
  // Cut digests in use: half of SHA-256 (Google Messages, domain research 2.2), the middle half of MD5 ("16-digit MD5").
  if (name === "sha256")
    derived.push(...digestTexts(form, [name, "truncate:16"], digest.subarray(0, 16)));
  if (name === "md5")
    derived.push(...digestTexts(form, [name, "slice:4:12"], digest.subarray(4, 12)));
  return derived;
}

/** A digest as text. Unpadded base64 finds the padded one as well. */
function digestTexts(
  form: CanonicalForm,
  steps: readonly string[],
  digest: Uint8Array,
): readonly Derived[] {
  const isCut = steps.length > 1;
  const options = {
    form: isCut ? "truncated" : "hashed",
    boundary: isCut ? "hex" : "none",
  } as const;
  const hex = toHex(digest);
  const derived = [make(form, [...steps, "hex"], { ...options, bytes: toLatin1(hex) })];
  const upper = hex.toUpperCase();
  if (upper !== hex)
    derived.push(make(form, [...steps, "hex-upper"], { ...options, bytes: toLatin1(upper) }));
  if (isCut) return derived;
  const standard = toBase64(digest).replace(/=+$/, "");
  const url = toBase64Url(digest);
  derived.push(make(form, [...steps, "base64"], { ...options, bytes: toLatin1(standard) }));
  if (url !== standard)
    derived.push(make(form, [...steps, "base64url"], { ...options, bytes: toLatin1(url) }));
  return derived;
}

interface Target {
  readonly bytes: Uint8Array;
  readonly form: ValueForm;
  readonly anyCase?: boolean;
  readonly coding?: BoundaryRule["coding"];
  readonly shift?: number;
  /** Left out: the form's own where nothing but percent was done to it, else none. */
  readonly boundary?: CanonicalForm["boundary"];
}

function make(form: CanonicalForm, steps: readonly string[], target: Target): Derived {
  const isText = steps.length === 0 || steps[0] === "percent";
  // A part of the value, encoded, is still a part: the weaker word stands.
  const kept = form.form === "truncated" && target.form !== "hashed" ? "truncated" : target.form;
  return {
    pattern: { bytes: target.bytes, anyCase: target.anyCase ?? false },
    name: [form.name, ...steps].join("|"),
    form: kept,
    derivation: [`form:${form.name}`, ...steps].map(toStep),
    rule: {
      boundary: target.boundary ?? (isText ? form.boundary : "none"),
      coding: target.coding ?? "plain",
      shift: target.shift ?? 0,
      value: form.bytes,
    },
  };
}

function toStep(operation: string): RecipeStep {
  return { operation, at: null, start: null, end: null };
}

/** Percent-encoded text of `bytes` with only unreserved characters left (RFC 3986 §2.3); undefined where that changes nothing. */
export function toPercent(bytes: Uint8Array): string | undefined {
  let text = "";
  let changed = false;
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9._~-]/.test(character)) text += character;
    else {
      text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      changed = true;
    }
  }
  return changed ? text : undefined;
}

/**
 * The base64 characters that depend on `bytes` alone when `shift` unknown bytes stand before them
 * in their group of three, and anything may follow.
 */
export function innerBase64(
  bytes: Uint8Array,
  shift: number,
): { readonly standard: string; readonly url: string } {
  const shifted = new Uint8Array(shift + bytes.length);
  shifted.set(bytes, shift);
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((shifted.length * 8) / 6);
  return {
    standard: toBase64(shifted).slice(first, last),
    url: toBase64Url(shifted).slice(first, last),
  };
}

const DIGESTS: readonly DigestName[] = ["md5", "sha1", "sha256"];

/** Gathers needles, joining those of equal bytes. */
class Collector {
  readonly #byKey = new Map<string, { pattern: Pattern; meanings: Meaning[] }>();

  add(pattern: Pattern, meaning: Meaning): void {
    const key = (pattern.anyCase ? "i" : "e") + toHex(fold(pattern));
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, { pattern, meanings: [meaning] });
    else if (!known.meanings.some((one) => isSame(one, meaning))) known.meanings.push(meaning);
  }

  needles(): readonly Needle[] {
    return [...this.#byKey.values()].map(({ pattern, meanings }) => ({ ...pattern, meanings }));
  }
}

function isSame(a: Meaning, b: Meaning): boolean {
  return a.canary === b.canary && a.variant === b.variant && a.name === b.name;
}

function fold(pattern: Pattern): Uint8Array {
  if (!pattern.anyCase) return pattern.bytes;
  return pattern.bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}
