/**
 * Recognises e-mail addresses and telephone numbers.
 *
 * Sources: RFC 5321 §4.1.2 (Mailbox, in the shape in common use), ITU-T E.164.
 *
 * @module
 */
import { splitNumber } from "../calling-codes.ts";
import { isWhole, nameBefore, type Recognized, type Recognizer } from "./recognizer.ts";

export const emailRecognizer: Recognizer = {
  name: "email",
  recognize(context) {
    if (!context.text.includes("@") || context.key.tells(["useragent"])) return [];
    const found: Recognized[] = [];
    for (const match of context.text.matchAll(EMAIL)) {
      const start = match.index;
      const end = start + match[0].length;
      const before = context.text.slice(Math.max(0, start - 3), start);
      // `https://key@host` is a credential, `name:key@host` too; `icon@2x.png` is a file.
      if (/[/:@%]$/.test(before) || FILE_ENDING.test(match[0])) continue;
      const isTold = nameBefore(context, start).tellsOf("EmailAddress");
      const isAlone = isWhole(context.text, start, end);
      const confidence = isTold ? "certain" : isAlone ? "likely" : "possible";
      const where = isTold
        ? `beside "${nameBefore(context, start).name}"`
        : isAlone
          ? "standing alone"
          : "within other text";
      found.push({
        property: "EmailAddress",
        start,
        end,
        confidence,
        reason: `name@host with a top-level domain, ${where}`,
      });
    }
    return found;
  },
};

/** Every run is bounded, so that matching takes time linear in the text. */
const EMAIL =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,5}[A-Za-z]{2,18}(?![A-Za-z0-9.-])/g;
const FILE_ENDING =
  /\.(png|jpe?g|gif|webp|svg|js|css|json|html?|php|xml|so|dll|local|localhost|invalid|lan)$/i;

export const phoneNumberRecognizer: Recognizer = {
  name: "telephone-number",
  recognize(context) {
    const match = /^\s*(\+?)([0-9][0-9 ().-]{5,22}[0-9])\s*$/.exec(context.text);
    if (match?.[2] === undefined) return [];
    const start = context.text.search(/[+0-9]/);
    const end = context.text.trimEnd().length;
    const digits = match[2].replace(/\D/g, "");
    const { key } = context;
    const isTold = key.tellsOf("Msisdn");
    if (digits.length < 8 || digits.length > 15 || /^(\d)\1+$/.test(digits)) return [];
    if (match[1] === "+") {
      if (splitNumber(digits) === undefined || digits.startsWith("0")) return [];
      const shape = "+ and digits that begin with an assigned country calling code";
      if (isTold)
        return [
          {
            property: "PhoneNumber",
            start,
            end,
            confidence: "certain",
            reason: `${shape}, beside "${key.name}"`,
          },
        ];
      // A signed number under another name is a number: an offset, a difference.
      if (!key.isBlank && !key.tellsOf("ContactNumber")) return [];
      return [
        {
          property: "PhoneNumber",
          start,
          end,
          confidence: "likely",
          reason: `${shape}, standing alone`,
        },
      ];
    }
    if (!isTold || /\.\d/.test(match[2])) return [];
    return [
      {
        property: "PhoneNumber",
        start,
        end,
        confidence: "likely",
        reason: `${digits.length} digits beside "${key.name}"`,
      },
    ];
  },
};
