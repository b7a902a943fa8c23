/**
 * Hexadecimal text of bytes.
 *
 * @module
 */
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, "0"),
);

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let i = start; i < end; i++) text += PAIRS[bytes[i]!]!;
  return text;
}

/**
 * Bytes of hexadecimal text; blanks are ignored.
 *
 * @throws {RangeError} if a character is no digit, or the number of digits is odd.
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, "");
  if (digits.length % 2 !== 0) throw new RangeError(`"${text}" has an odd number of digits`);
  if (!/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError(`"${text}" is not hexadecimal`);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
