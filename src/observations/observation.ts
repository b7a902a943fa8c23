/**
 * An observation: a fact of the capture. These bytes, at this place, went between
 * these endpoints, and they hold this value.
 *
 * @module
 */
import type { RecipeStep } from "../content/document.ts";
import type { Flow, Side } from "../flows/flow.ts";

/** In which form the value stood in the content, after reversible decodings named in the recipe. */
export type ValueForm = "clear" | "encoded" | "hashed" | "truncated";

/** How sure a recogniser is that the value is what it says. */
export type Confidence = "certain" | "likely" | "possible";

/** Why a value counts as personal data of this kind. */
export type Source =
  | {
      readonly kind: "canary";
      /** Id of the canary in the device file. */
      readonly canary: string;
      /** How the bytes found derive from the canary's value: canonical form, hash, encoding. */
      readonly derivation: readonly RecipeStep[];
    }
  | {
      readonly kind: "recognizer";
      readonly recognizer: string;
      /** One sentence: what in the bytes speaks for it. */
      readonly reason: string;
      readonly confidence: Confidence;
    };

/** A stretch of bytes for people to look at, cut to a bounded window. */
export interface Excerpt {
  readonly bytes: Uint8Array;
  /** The value is `bytes[valueStart, valueEnd)`. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface Observation {
  /** Term of the property vocabulary (`data/properties`): `Imei`, `ContactNumber`, `DeviceModel`. */
  readonly property: string;
  readonly source: Source;
  /** The value as found, decoded to text (a hash stays a hash). */
  readonly value: string;
  /** What the value is known to be worth: a placeholder says so here in a sentence; null for a real value. */
  readonly placeholder: string | null;
  readonly form: ValueForm;
  /** Weak by itself (short or common): counts only beside a telling key or another hit. */
  readonly contextual: boolean;

  readonly flow: Flow;
  readonly side: Side;
  readonly input: number;
  /** Frame in which the message became whole, and all frames that hold the bytes, ascending. */
  readonly frame: number;
  readonly frames: readonly number[];
  readonly ts: number;
  /** `clear`: anybody on the way could read it; `decrypted`: it lay inside encryption that was opened. */
  readonly channel: "clear" | "decrypted";
  /** Protocol that carried it: `http`, `dns`, `tls`, `dhcp`, `xiaomi-push`, `raw`. */
  readonly protocol: string;
  /** Where, for people: `POST api.example/v1 body $.device.imei`. */
  readonly place: string;
  /** The name beside the value as sent (parameter, header, JSON key); empty where there is none. */
  readonly key: string;
  /** From the message to the bytes of the value, outermost first. */
  readonly recipe: readonly RecipeStep[];
  /** Bytes of the sender's stream (or row of datagrams) that carry it, as exactly as known. */
  readonly start: number;
  readonly end: number;
  /** The value in the decoded content. */
  readonly excerpt: Excerpt;
}

/** What was searched for one canary, for the ledger of absence (design invariant 6). */
export interface CanarySearch {
  readonly canary: string;
  /** Names of the derivations searched: `imei-15`, `imei-15|sha256|hex`, …. */
  readonly forms: readonly string[];
  readonly hits: number;
  /** Made-up values of the same format, searched in the same pass, and how often any of them was found. */
  readonly decoys: number;
  readonly decoyHits: number;
}
