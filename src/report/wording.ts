/**
 * Numbers and times in words that all renderings of a report share.
 *
 * @module
 */

/** `1,234,567`, whatever the locale of the machine. */
export function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Bytes with a decimal unit: `999 B`, `1.2 kB`, `34 MB`. */
export function bytesInWords(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = n;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
}

/** `2026-11-22 08:00:00` in UTC; `time unknown` where there is none. */
export function timeInWords(ts: number | null): string {
  if (ts === null || Math.abs(ts) > MAX_DATE_US) return "time unknown";
  return new Date(ts / 1000)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "");
}

/** Times beyond this have no date (ECMA-262 §21.4.1.1), in µs. */
const MAX_DATE_US = 8.64e18;

/** Share of a whole: `78 %`, `<1 %`, `0 %`. */
export function shareInWords(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<1 %";
  return percent > 99 && percent < 100 ? ">99 %" : `${Math.round(percent)} %`;
}

/** `1 flow`, `2 flows`. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(n)} ${n === 1 ? singular : plural}`;
}
