import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { openMmdb, toAnswer } from "./mmdb.ts";

test("records of the common suppliers are read", () => {
  const cases: readonly [unknown, ReturnType<typeof toAnswer>][] = [
    // GeoLite2-Country and -City, DB-IP country.
    [{ country: { iso_code: "TW", names: {} } }, { asn: null, holder: null, country: "TW" }],
    // GeoLite2-ASN, DB-IP ASN.
    [
      { autonomous_system_number: 3462, autonomous_system_organization: "Data Communication" },
      { asn: 3462, holder: "Data Communication", country: null },
    ],
    // IPinfo Lite, and its older country file.
    [
      { asn: "AS15169", as_name: "Google LLC", country: "United States", country_code: "US" },
      { asn: 15169, holder: "Google LLC", country: "US" },
    ],
    [
      { country: "DE", country_name: "Germany" },
      { asn: null, holder: null, country: "DE" },
    ],
    [{ country_code: "ZZ" }, undefined],
    [{ asn: "AS0" }, undefined],
    [[], undefined],
    [null, undefined],
    ["TW", undefined],
  ];
  for (const [record, expected] of cases) assert.deepEqual(toAnswer(record), expected);
});

const FILE =
  "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb";

test("a file of IPv4 answers with its own date, and not for IPv6", (t) => {
  if (!existsSync(FILE)) {
    t.skip(`${FILE} is absent`);
    return;
  }
  const provider = openMmdb(readFileSync(FILE));
  assert.match(provider.dataSet.date, /^20\d\d-\d\d-\d\d$/);
  assert.equal(provider.lookup("168.95.1.1")?.country, "TW");
  assert.equal(provider.lookup("::ffff:168.95.1.1")?.country, "TW");
  assert.equal(provider.lookup("2001:b000:168::1"), undefined);
  assert.equal(provider.lookup("nonsense"), undefined);
});

test("bytes that are no such file are refused with a reason", () => {
  assert.throws(() => openMmdb(new Uint8Array(1000)), /Cannot read the bytes/);
  assert.throws(() => openMmdb(new Uint8Array(0)), /Cannot read the bytes/);
});
