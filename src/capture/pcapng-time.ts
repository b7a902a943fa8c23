/**
 * Time stamps of pcapng: 64-bit counts of a unit that each interface chooses.
 *
 * Source: draft-ietf-opsawg-pcapng, section 4.2 (if_tsresol, if_tsoffset).
 * @module
 */

/** How an interface counts time. */
export interface InterfaceClock {
  /** Units in one second: 10^n or 2^n. */
  readonly unitsPerSecond: bigint;
  /** 1e6 and 1e9 as numbers, for the fast paths; 0 for any other unit. */
  readonly commonUnits: number;
  /** Microseconds to add to every time; exact up to 2^53. */
  readonly offset: number;
}

/** The clock of an interface without `if_tsresol` and `if_tsoffset`: microseconds since the epoch. */
export const MICROSECOND_CLOCK: InterfaceClock = {
  unitsPerSecond: 1_000_000n,
  commonUnits: 1e6,
  offset: 0,
};

/**
 * The clock that the options of an interface describe.
 *
 * @param resolution `if_tsresol`: the exponent of 10, or of 2 where the top bit is set; negated.
 * @param offsetSeconds `if_tsoffset`, signed.
 */
export function toClock(resolution: number, offsetSeconds: bigint): InterfaceClock {
  const base = (resolution & 0x80) === 0 ? 10n : 2n;
  const unitsPerSecond = base ** BigInt(resolution & 0x7f);
  const commonUnits =
    unitsPerSecond === 1_000_000n ? 1e6 : unitsPerSecond === 1_000_000_000n ? 1e9 : 0;
  return { unitsPerSecond, commonUnits, offset: Number(offsetSeconds * 1_000_000n) };
}

/**
 * Microseconds since the epoch of a count `high * 2^32 + low`; finer digits are dropped.
 *
 * @returns An integer, or NaN beyond 2^53 µs (the year 2255), where a double is no longer exact.
 */
export function toMicroseconds(clock: InterfaceClock, high: number, low: number): number {
  let ts: number;
  if (clock.commonUnits === 1e6) {
    ts = high * 4_294_967_296 + low;
  } else if (clock.commonUnits === 1e9) {
    // 2^32 = 4294967 * 1000 + 296, so that no step leaves 2^53 where the result does not.
    ts = high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
  } else {
    const count = (BigInt(high) << 32n) | BigInt(low);
    ts = Number((count * 1_000_000n) / clock.unitsPerSecond);
  }
  ts += clock.offset;
  return ts <= Number.MAX_SAFE_INTEGER && ts >= Number.MIN_SAFE_INTEGER ? ts : NaN;
}
