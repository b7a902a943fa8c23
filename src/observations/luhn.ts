/**
 * The Luhn check digit, which ends IMEIs (3GPP TS 23.003 annex B) and ICCIDs (ITU-T E.118 §4.1).
 * Formula: ISO/IEC 7812-1 annex B.
 *
 * @module
 */

/** The check digit due after `digits` (decimal digits only, the check digit left out). */
export function luhnDigit(digits: string): number {
  let sum = 0;
  for (let i = digits.length - 1, double = true; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48;
    const weighed = double ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return (10 - (sum % 10)) % 10;
}

/** Whether the last digit is the check digit of those before. */
export function isLuhnValid(digits: string): boolean {
  return (
    digits.length > 1 &&
    luhnDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48
  );
}
