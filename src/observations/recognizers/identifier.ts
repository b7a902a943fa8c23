/**
 * Recognises identifiers that systems and apps make up: advertising id, Android id, installation,
 * session and push identifiers, serial numbers, hashed identifiers, and account credentials. All of
 * them need a telling name: by shape alone one UUID is like the next.
 *
 * Sources: RFC 9562 (UUID); Android and Apple documentation of the identifiers; RFC 1321, FIPS 180-4
 * for the lengths of digests.
 *
 * @module
 */
import type { Key } from "../telling-keys.ts";
import {
  trimmed,
  whole,
  type Recognized,
  type Recognizer,
  type ValueContext,
} from "./recognizer.ts";

export const identifierRecognizer: Recognizer = {
  name: "identifier",
  recognize(context) {
    if (context.key.isBlank) return [];
    const { text } = trimmed(context.text);
    for (const rule of RULES) {
      if (!context.key.tellsOf(rule.property)) continue;
      const found = rule.find(text, context.key);
      if (found !== undefined) return [whole(context, found)];
    }
    return hashed(context, text);
  },
};

type Found = Omit<Recognized, "start" | "end">;
interface Rule {
  readonly property: string;
  readonly find: (text: string, key: Key) => Found | undefined;
}

const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const ZERO_UUID = /^[{]?[0-]{32,36}[}]?$/;

/** In order: the more particular first. */
const RULES: readonly Rule[] = [
  {
    property: "AdvertisingId",
    find: (text, key) => {
      if (ZERO_UUID.test(text)) {
        const placeholder =
          "all zeros: the user has limited ad tracking, or there is no advertising id";
        return {
          ...say("AdvertisingId", "certain", `a UUID of zeros beside "${key.name}"`),
          placeholder,
        };
      }
      return uuid(text, key, "AdvertisingId", "certain");
    },
  },
  { property: "Idfv", find: (text, key) => uuid(text, key, "Idfv", "certain") },
  {
    property: "AndroidId",
    find: (text, key) => {
      if (!/^[0-9a-f]{15,16}$/i.test(text)) return undefined;
      const found = say("AndroidId", "certain", `16 hexadecimal digits beside "${key.name}"`);
      if (text.toLowerCase() !== "9774d56d682e549c") return found;
      return {
        ...found,
        placeholder: "the one Android id that a fault of Android 2.2 gave to many devices",
      };
    },
  },
  {
    property: "PushToken",
    find: (text, key) =>
      /^[A-Za-z0-9+/=:_.-]{20,400}$/.test(text) && /\d/.test(text)
        ? say(
            "PushToken",
            "likely",
            `${text.length} characters without blanks beside "${key.name}"`,
          )
        : undefined,
  },
  {
    property: "HardwareSerial",
    find: (text, key) => {
      if (/^(unknown|0123456789abcdef|0{6,})$/i.test(text)) {
        const placeholder = "the placeholder for a serial number that is not given";
        return { ...say("HardwareSerial", "likely", `beside "${key.name}"`), placeholder };
      }
      // `sn` and `serial` also number messages: those are short, or digits only.
      const isSerial = /^(?=[A-Za-z-]{0,20}\d)(?=[0-9-]{0,24}[A-Za-z])[A-Za-z0-9-]{8,24}$/.test(
        text,
      );
      return isSerial
        ? say("HardwareSerial", "likely", `letters and digits beside "${key.name}"`)
        : undefined;
    },
  },
  {
    property: "InstallationId",
    find: (text, key) => {
      if (ZERO_UUID.test(text)) return undefined;
      return uuid(text, key, "InstallationId", "likely");
    },
  },
  {
    property: "SessionId",
    find: (text, key) =>
      UUID.test(text) || /^(?=.*\d)[A-Za-z0-9_-]{16,128}$/.test(text)
        ? say(
            "SessionId",
            "likely",
            `an identifier of ${text.length} characters beside "${key.name}"`,
          )
        : undefined,
  },
  {
    property: "Password",
    find: (text, key) =>
      /^[^\s]{4,128}$/.test(text) && !NO_SECRET.test(text)
        ? say("Password", "likely", `a text of ${text.length} characters beside "${key.name}"`)
        : undefined,
  },
  {
    property: "Username",
    find: (text, key) =>
      /^[^\s@]{2,64}$/.test(text) && !NO_SECRET.test(text)
        ? say("Username", "likely", `a text of ${text.length} characters beside "${key.name}"`)
        : undefined,
  },
  {
    property: "Ssid",
    find: (text, key) => {
      if (text === "" || text.length > 34) return undefined; // 32 bytes (IEEE 802.11 §9.4.2.2), and quotes by Android
      const found = say("Ssid", "likely", `a text of at most 32 bytes beside "${key.name}"`);
      if (!/^"?<unknown ssid>"?$|^0x$/.test(text)) return found;
      return {
        ...found,
        placeholder: "the placeholder that Android hands to apps without permission",
      };
    },
  },
];

const NO_SECRET =
  /^(true|false|null|none|undefined|yes|no|password|text|required|optional|\d{1,3})$/i;

function uuid(
  text: string,
  key: Key,
  property: string,
  confidence: "certain" | "likely",
): Found | undefined {
  return UUID.test(text) ? say(property, confidence, `a UUID beside "${key.name}"`) : undefined;
}

function say(property: string, confidence: Found["confidence"], reason: string): Found {
  return { property, confidence, reason };
}

/** A digest beside the name of an identifier of the device: the same for the same device, wherever it is sent. */
function hashed({ key, text }: ValueContext, trimmedText: string): readonly Recognized[] {
  const digest = DIGESTS[trimmedText.length];
  if (
    digest === undefined ||
    !/^([0-9a-f]+|[0-9A-F]+)$/.test(trimmedText) ||
    /^(.)\1+$/.test(trimmedText)
  )
    return [];
  if (!HASHED.some((property) => key.tellsOf(property))) return [];
  const start = text.indexOf(trimmedText);
  const reason = `${trimmedText.length} hexadecimal digits, as ${digest} has, beside "${key.name}"`;
  const end = start + trimmedText.length;
  return [{ property: "HashedDeviceId", start, end, confidence: "likely", reason, form: "hashed" }];
}

const DIGESTS: Readonly<Record<number, string | undefined>> = {
  32: "MD5",
  40: "SHA-1",
  64: "SHA-256",
};
const HASHED: readonly string[] = [
  "InstallationId",
  "Imei",
  "AndroidId",
  "WifiMac",
  "AdvertisingId",
  "HardwareSerial",
  "Idfv",
];
