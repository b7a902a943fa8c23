/**
 * Forms of a telephone number, the device's own or that of somebody in its contacts.
 *
 * Sources: ITU-T E.164 §6 (international number), E.123 §2 (notation, grouping by blanks).
 *
 * @module
 */
import { splitNumber } from "../calling-codes.ts";
import { textForm, type CanonicalForm, type FormOptions } from "../form.ts";

/** What is wrong with a telephone number. */
export function checkPhoneNumber(value: string): string | undefined {
  const bare = value.replace(/[\s().-]/g, "");
  const digits = digitsOf(value);
  if (!/^(\+|00)?\d+$/.test(bare)) {
    return "invalid telephone number: digits are due, with + and the country's calling code before them";
  }
  if (!isInternational(bare)) {
    return digits.length >= 5
      ? undefined
      : `invalid telephone number: it has ${digits.length} digits, at least 5 are due`;
  }
  if (digits.length < 7 || digits.length > 15) {
    return `invalid telephone number: it has ${digits.length} digits, 7 to 15 are due (E.164)`;
  }
  return splitNumber(digits) === undefined
    ? "invalid telephone number: no assigned country calling code begins it"
    : undefined;
}

/** Forms of a telephone number; one without a calling code has its national forms only. */
export function phoneNumberForms(value: string): readonly CanonicalForm[] {
  const bare = value.replace(/[\s().-]/g, "");
  const digits = digitsOf(value);
  const parts = isInternational(bare) ? splitNumber(digits) : undefined;
  if (parts === undefined) return [textForm("digits", digits, byLength(digits)), ...tails(digits)];
  const { callingCode, national, trunk } = parts;
  const forms = [
    textForm("e164", `+${digits}`, DIGITS),
    textForm("e164-digits", digits, DIGITS),
    textForm("e164-00", `00${digits}`, DIGITS),
    textForm("national-number", national, byLength(national)),
  ];
  if (trunk !== "") forms.push(textForm("national", trunk + national, byLength(trunk + national)));
  for (const groups of groupings(national)) {
    for (const [name, separator] of SEPARATORS) {
      const tail = groups.join(separator);
      const shape = `${groups.map((group) => group.length).join("-")}-${name}`;
      forms.push(textForm(`e164-${shape}`, `+${callingCode}${separator}${tail}`, GROUPED));
      forms.push(textForm(`national-${shape}`, trunk + tail, GROUPED));
      if (trunk !== "")
        forms.push(
          textForm(`e164-trunk-${shape}`, `+${callingCode}${separator}(${trunk})${tail}`, GROUPED),
        );
    }
    const area = groups[0] ?? "";
    forms.push(
      textForm(
        `national-area-${groups.length}-${area.length}`,
        `(${trunk}${area}) ${groups.slice(1).join("-")}`,
        GROUPED,
      ),
    );
  }
  return [...forms, ...tails(national)];
}

/** The last digits alone, as kept by programs that compare numbers by their end. */
function tails(digits: string): readonly CanonicalForm[] {
  return [8, 9]
    .filter((length) => digits.length > length)
    .map((length) => textForm(`last-${length}`, digits.slice(-length), TAIL));
}

/** Ways in which national numbers of that length are grouped for reading. */
function groupings(national: string): readonly (readonly string[])[] {
  const shapes = SHAPES[national.length] ?? [];
  return shapes.map((shape) => {
    let from = 0;
    return shape.map((length) => national.slice(from, (from += length)));
  });
}

const SHAPES: Readonly<Record<number, readonly (readonly number[])[]>> = {
  8: [
    [4, 4],
    [2, 2, 2, 2],
    [1, 3, 4],
  ],
  9: [
    [3, 3, 3],
    [1, 4, 4],
    [2, 3, 4],
    [1, 2, 2, 2, 2],
  ],
  10: [
    [3, 3, 4],
    [2, 4, 4],
    [5, 5],
    [4, 6],
  ],
  11: [
    [3, 4, 4],
    [4, 7],
  ],
};
const SEPARATORS = [
  ["space", " "],
  ["hyphen", "-"],
] as const;

function digitsOf(value: string): string {
  return value.replace(/\D/g, "").replace(/^00/, "");
}

function isInternational(bare: string): boolean {
  return bare.startsWith("+") || bare.startsWith("00");
}

/** Fewer than ten digits are found by chance too often to count alone. */
function byLength(digits: string): FormOptions {
  return digits.length < 10 ? { ...DIGITS, weak: true } : DIGITS;
}

const DIGITS: FormOptions = { boundary: "digit" };
const GROUPED: FormOptions = { boundary: "digit", encode: false, hash: false };
const TAIL: FormOptions = { ...GROUPED, weak: true, form: "truncated" };
