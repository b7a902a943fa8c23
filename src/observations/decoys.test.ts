import assert from "node:assert/strict";
import { test } from "node:test";
import { DECOYS_PER_CANARY } from "../limits.ts";
import { nodePlatform } from "../node/platform.ts";
import { checkCanary } from "./canary.ts";
import { decoysOf } from "./decoys.ts";

/** Value of each kind, and what of it a decoy shares. */
const KINDS: readonly (readonly [property: string, value: string, kept: RegExp])[] = [
  ["Imei", "260531793113837", /^26053179\d{7}$/],
  ["Imsi", "466920123456789", /^46692\d{10}$/],
  ["Iccid", "8988601234567890123", /^89886012\d{11}$/],
  ["ContactNumber", "+886912345678", /^\+886912\d{6}$/],
  ["WifiMac", "02:00:5e:10:00:01", /^02:00:5e(:[0-9a-f]{2}){3}$/],
  [
    "AdvertisingId",
    "38400000-8cf0-41bd-b23e-10b96e40000d",
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-b[0-9a-f]{3}-[0-9a-f]{12}$/,
  ],
  ["AndroidId", "9774d56d682e549c", /^[0-9a-f]{16}$/],
  ["EmailAddress", "wang.xm@mail.example", /^[a-z]{4}\.[a-z]{2}@mail\.example$/],
  ["PreciseLocation", "25.0337,121.5654", /^25\.\d{4},121\.\d{4}$/],
  ["Ssid", "Home-Net 5G", /^[A-Z][a-z]{3}-[A-Z][a-z]{2} \d[A-Z]$/],
];

test("decoysOf() gives different values of the canary's own format", () => {
  for (const [property, value, kept] of KINDS) {
    const decoys = decoysOf({ id: "c", property, value }, nodePlatform);
    assert.equal(decoys.length, DECOYS_PER_CANARY, property);
    assert.equal(new Set([...decoys, value]).size, DECOYS_PER_CANARY + 1, property);
    for (const decoy of decoys) {
      assert.match(decoy, kept);
      const error = checkCanary({ id: "d", property, value: decoy });
      assert.equal(error, undefined, `${property} ${decoy}`);
    }
  }
});

test("decoysOf() gives the same for the same value, and other ones for another", () => {
  const make = (value: string): readonly string[] =>
    decoysOf({ id: "c", property: "Ssid", value }, nodePlatform);
  assert.deepEqual(make("Home-Net"), make("Home-Net"));
  assert.notDeepEqual(make("Home-Net"), make("Home-Nes"));
});
