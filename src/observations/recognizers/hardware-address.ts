/**
 * Recognises hardware addresses of the device and of access points, and the placeholders that
 * systems hand out in their stead.
 *
 * Sources: IEEE 802-2014 §8; Android 6.0 changes, "Access to Hardware Identifier" (02:00:00:00:00:00).
 *
 * @module
 */
import type { Key } from "../telling-keys.ts";
import { isWhole, nameBefore, type Recognized, type Recognizer } from "./recognizer.ts";

export const hardwareAddressRecognizer: Recognizer = {
  name: "hardware-address",
  recognize(context) {
    const found: Recognized[] = [];
    for (const match of context.text.matchAll(ADDRESS)) {
      const start = match.index;
      const end = start + match[0].length;
      const key = nameBefore(context, start);
      const property = TOLD.find((one) => key.tellsOf(one));
      const isAlone = isWhole(context.text, start, end);
      const one =
        property === undefined ? unnamed(match[0], isAlone, key) : named(match[0], property, key);
      if (one !== undefined) found.push({ ...one, start, end });
    }
    return found;
  },
};

/** Six pairs with signs between them; without signs only a name tells it from any other number. */
const ADDRESS =
  /(?<![0-9A-Za-z:-])(?:[0-9A-Fa-f]{2}:(?:[0-9A-Fa-f]{2}:){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{2}-(?:[0-9A-Fa-f]{2}-){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{12})(?![0-9A-Za-z:-])/g;

/** The more particular first: `wifi_bssid` is a BSSID. */
const TOLD: readonly string[] = ["Bssid", "BluetoothMac", "WifiMac"];

type Found = Omit<Recognized, "start" | "end">;

function named(text: string, property: string, key: Key): Found {
  const placeholder = placeholderOf(text);
  const found: Found = {
    property,
    confidence: "certain",
    reason: `six hexadecimal pairs beside "${key.name}"`,
  };
  return placeholder === undefined ? found : { ...found, placeholder };
}

/** A random address (locally administered bit, IEEE 802 §8.4) names nobody for long. */
function unnamed(text: string, isAlone: boolean, key: Key): Found | undefined {
  const isSeparated = text.length > 12;
  const first = parseInt(text.slice(0, 2), 16);
  if (
    !isSeparated ||
    !isAlone ||
    !key.isBlank ||
    (first & 3) !== 0 ||
    placeholderOf(text) !== undefined
  )
    return undefined;
  return {
    property: "WifiMac",
    confidence: "possible",
    reason: "six hexadecimal pairs standing alone",
  };
}

function placeholderOf(text: string): string | undefined {
  return PLACEHOLDERS[text.replace(/[:-]/g, "").toLowerCase()];
}

const PLACEHOLDERS: Readonly<Record<string, string | undefined>> = {
  "020000000000": "the placeholder that Android hands to apps without permission",
  "000000000000": "all zeros: no address was given",
  ffffffffffff: "the broadcast address: no device's own",
};
