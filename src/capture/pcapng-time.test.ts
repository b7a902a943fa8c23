import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MICROSECOND_CLOCK, toClock, toMicroseconds } from "./pcapng-time.ts";

const LOW = 0xffffffffn;
const count = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

test("every resolution agrees with the exact quotient, rounded down", () => {
  const resolution = fc.oneof(fc.constantFrom(6, 9), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(resolution, count, (code, units) => {
      const perSecond = (code >= 128 ? 2n : 10n) ** BigInt(code & 127);
      const due = (units * 1_000_000n) / perSecond;
      const ts = toMicroseconds(toClock(code, 0n), Number(units >> 32n), Number(units & LOW));
      if (due > BigInt(Number.MAX_SAFE_INTEGER)) assert.ok(Number.isNaN(ts));
      else assert.equal(BigInt(ts), due);
    }),
    { numRuns: 2000 },
  );
});

test("the last time that is exact, and the first that is not", () => {
  assert.equal(toMicroseconds(MICROSECOND_CLOCK, 0x1fffff, 0xffffffff), Number.MAX_SAFE_INTEGER);
  assert.equal(toMicroseconds(MICROSECOND_CLOCK, 0x200000, 0), NaN);
});

test("an offset counts in seconds, and may be negative", () => {
  assert.equal(toMicroseconds(toClock(6, 1_400_000_000n), 0, 7), 1_400_000_000_000_007);
  assert.equal(toMicroseconds(toClock(9, -3n), 0, 1500), -2_999_999);
});
