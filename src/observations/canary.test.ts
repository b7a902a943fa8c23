import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nodePlatform } from "../node/platform.ts";
import { PROPERTY_TERMS } from "../../data/properties/properties.ts";
import { toHex } from "../bytes/hex.ts";
import { fromUtf8 } from "../bytes/text.ts";
import { canonicalForms, checkCanary, kindOf } from "./canary.ts";
import { deriveNeedles } from "./derive.ts";

function check(property: string, value: string): string | undefined {
  return checkCanary({ id: "c", property, value });
}

/** Forms by name: text forms as text, raw ones as hexadecimal digits. */
function formsOf(property: string, value: string): Record<string, string> {
  const forms: Record<string, string> = {};
  for (const form of canonicalForms({ id: "c", property, value })) {
    const isRaw = !form.hash && form.form === "encoded";
    forms[form.name] = isRaw ? toHex(form.bytes) : fromUtf8(form.bytes);
  }
  return forms;
}

test("checkCanary() says which check digit is due", () => {
  assert.equal(
    check("Imei", "260531793113832"),
    "invalid IMEI: check digit is 2, by Luhn 7 is due",
  );
  assert.equal(check("Imei", "260531793113837"), undefined);
  assert.equal(check("Imei", "26-053179-311383-7"), undefined);
  assert.equal(
    check("Imei", "2605317931138"),
    "invalid IMEI: it has 13 digits, 14 to 16 digits are due",
  );
  assert.equal(
    check("Imei", "2605317931138x7"),
    "invalid IMEI: it has characters that are no digits, 14 to 16 digits are due",
  );
});

test("checkCanary() refuses what cannot be searched, and says why", () => {
  assert.match(check("Imsi", "866920123456789") ?? "", /mobile country code from 200 to 799/);
  assert.match(
    check("Iccid", "8988601234567890124") ?? "",
    /^invalid ICCID: check digit is 4, by Luhn \d is due$/,
  );
  assert.match(check("Msisdn", "+999123456789") ?? "", /no assigned country calling code/);
  assert.match(check("ContactNumber", "call me") ?? "", /digits are due/);
  assert.match(check("WifiMac", "02:00:5e:10:00") ?? "", /six hexadecimal pairs/);
  assert.match(check("EmailAddress", "nobody") ?? "", /name@host/);
  assert.match(check("PreciseLocation", "25.03,121.56") ?? "", /at least three decimals/);
  assert.match(check("PreciseLocation", "95.033,121.565") ?? "", /latitude lies beyond/);
  assert.equal(check("Ssid", "abc"), "too short to search for: 3 bytes, at least 4 are due");
  assert.match(check("SmsContent", "x".repeat(2000)) ?? "", /too long/);
});

test("checkCanary() names the nearest property of the vocabulary", () => {
  const canary = { id: "c", property: "Imie", value: "260531793113837" };
  assert.equal(
    checkCanary(canary, ["Imei", "Imsi"]),
    'unknown property "Imie"; the nearest known one is "Imei"',
  );
});

test("an IMEI's forms: digits, groups, packed decimals", () => {
  const forms = formsOf("Imei", "260531793113837");
  assert.equal(forms["imei-15"], "260531793113837");
  assert.equal(forms["imei-14"], "26053179311383");
  assert.equal(forms["imei-grouped-2-6-6-1-hyphen"], "26-053179-311383-7");
  assert.equal(forms["imei-grouped-8-6-1-space"], "26053179 311383 7");
  // Halves of each byte swapped, filled with F (TS 29.002); type 2 and odd flag in the first byte (TS 24.008).
  assert.equal(forms["imei-tbcd"], "62501397133138f7");
  assert.equal(forms["imei-mobile-identity"], "2a06357139118373");
});

test("an IMSI's and an ICCID's forms", () => {
  const imsi = formsOf("Imsi", "466920123456789");
  assert.equal(imsi["imsi-nai-0"], "0466920123456789@");
  assert.equal(imsi["imsi-msin-after-mnc-2"], "0123456789");
  assert.equal(imsi["imsi-mobile-identity"], "4966291032547698");
  const iccid = formsOf("Iccid", "8988601234567890123");
  assert.equal(iccid["iccid-swapped"], "988806214365870921F3");
  assert.equal(iccid["iccid-tbcd"], "988806214365870921f3");
  assert.equal(iccid["iccid-filled"], "8988601234567890123F");
});

test("a telephone number's forms follow its country's plan", () => {
  const taiwan = formsOf("ContactNumber", "+886912345678");
  for (const [name, text] of Object.entries({
    e164: "+886912345678",
    "e164-digits": "886912345678",
    "e164-00": "00886912345678",
    national: "0912345678",
    "national-number": "912345678",
    "e164-3-3-3-space": "+886 912 345 678",
    "national-3-3-3-hyphen": "0912-345-678",
    "last-8": "12345678",
  })) {
    assert.equal(taiwan[name], text, name);
  }
  const america = formsOf("ContactNumber", "+1 (650) 555-0123");
  assert.equal(america["national-number"], "6505550123");
  assert.equal(america["national-area-3-3"], "(650) 555-0123");
  assert.equal(america["national"], undefined);
  assert.equal(formsOf("Msisdn", "+79161234567")["national"], "89161234567");
});

test("a hardware address's and a UUID's forms", () => {
  const mac = formsOf("WifiMac", "02:00:5E:10:0A:01");
  assert.equal(mac["mac-hyphen"], "02-00-5e-10-0a-01");
  assert.equal(mac["mac-bare"], "02005e100a01");
  assert.equal(mac["mac-dotted"], "0200.5e10.0a01");
  assert.equal(mac["mac-unpadded"], "2:0:5e:10:a:1");
  assert.equal(mac["mac-raw-reversed"], "010a105e0002");
  const uuid = formsOf("AdvertisingId", "00112233-4455-6677-8899-AABBCCDDEEFF");
  assert.equal(uuid["uuid-bare"], "00112233445566778899aabbccddeeff");
  assert.equal(uuid["uuid-guid"], "33221100554477668899aabbccddeeff");
  assert.equal(formsOf("AndroidId", "9774d56d682e549c")["hex-id-decimal"], "10913582462901572764");
});

test("a place's forms are weak, but for the pair", () => {
  const forms = canonicalForms({ id: "c", property: "PreciseLocation", value: "25.0337,121.5654" });
  const weak = new Map(forms.map((form) => [fromUtf8(form.bytes), form.weak]));
  for (const text of ["25.033", "25.034", "25.03", "121.565", "121.57", "25033700", "250337000"]) {
    assert.equal(weak.get(text), true, text);
  }
  assert.equal(weak.get("25.0337,121.5654"), false);
});

test("kindOf() goes by the property, then by the value's shape", () => {
  assert.equal(kindOf({ id: "", property: "Bssid", value: "x" }), "hardware-address");
  assert.equal(kindOf({ id: "", property: "SmsPeer", value: "+886912345678" }), "phone-number");
  assert.equal(
    kindOf({ id: "", property: "InstallationId", value: "00112233-4455-6677-8899-aabbccddeeff" }),
    "uuid",
  );
  assert.equal(kindOf({ id: "", property: "SmsContent", value: "hello there" }), "text");
});

test("whatever checkCanary() lets pass can be searched, and it shows no value", () => {
  const value = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom("0", "8", "9", "a", "F", ":", "-", "+", ".", ",", "@", " "),
      maxLength: 40,
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...PROPERTY_TERMS), value, (property, text) => {
      const error = check(property, text);
      if (error === undefined) {
        const { needles, decoys } = deriveNeedles(
          [{ id: "c", property, value: text }],
          nodePlatform,
        );
        assert.ok(needles.length > 0 && decoys.length === 1);
      } else if (text.trim().length > 3) assert.ok(!error.includes(text.trim()), error);
    }),
    { numRuns: 500 },
  );
});
