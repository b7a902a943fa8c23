import assert from "node:assert/strict";
import { test } from "node:test";
import { getDomain } from "tldts";
import { NUMERIC_CODES } from "../../tools/iso-countries.ts";
import { OrganisationIndex } from "../../src/findings/organisation.ts";
import { organisations, organisationsDataSet } from "./index.ts";

test("there are enough organisations, each with one id", () => {
  assert.ok(organisations.length >= 200);
  assert.equal(new Set(organisations.map((one) => one.id)).size, organisations.length);
  for (const { id } of organisations) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test("parents exist, and no chain of them is a circle", () => {
  const byId = new Map(organisations.map((one) => [one.id, one]));
  for (const one of organisations) {
    const seen = new Set([one.id]);
    for (let at = one.parent; at !== null; at = byId.get(at)?.parent ?? null) {
      assert.ok(byId.has(at), `${one.id}: parent ${at} has no row`);
      assert.ok(!seen.has(at), `${one.id}: circle at ${at}`);
      seen.add(at);
    }
  }
});

test("a domain stands in one row only, and is a registrable domain or a host below one", () => {
  const owner = new Map<string, string>();
  for (const { id, domains } of organisations) {
    assert.ok(domains.length > 0, `${id} has no domain`);
    for (const { domain, reason } of domains) {
      assert.equal(owner.get(domain), undefined, `${domain}: ${id} and ${owner.get(domain) ?? ""}`);
      owner.set(domain, id);
      assert.match(domain, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      assert.notEqual(getDomain(domain), null, `${domain} is a public suffix or no domain`);
      assert.ok(reason.length > 5, `${domain} has no reason`);
    }
  }
});

test("seats are countries of ISO 3166-1; rows name roles and sources; brands are lower case and unique", () => {
  const brands = new Map<string, string>();
  for (const { id, name, jurisdiction, roles, source, brands: own } of organisations) {
    assert.ok(
      jurisdiction === null || NUMERIC_CODES.has(jurisdiction),
      `${id}: ${String(jurisdiction)}`,
    );
    assert.ok(roles.length > 0 && name !== "" && source !== "", id);
    for (const brand of own) {
      assert.equal(brand, brand.toLowerCase());
      assert.equal(brands.get(brand), undefined, `${brand}: ${id}`);
      brands.set(brand, id);
    }
  }
  assert.match(organisationsDataSet.date, /^\d{4}-\d{2}-\d{2}$/);
});

// Hosts that published studies name (F-Secure 2014, Devcore 2014, NCC 2022, Leith and others 2021).
test("hosts of the published cases have the organisation that the study names", () => {
  const index = new OrganisationIndex(organisations);
  const expected: Readonly<Record<string, string>> = {
    "api.account.xiaomi.com": "xiaomi",
    "policy.app.xiaomi.com": "xiaomi",
    "appmarket.micloud.xiaomi.net": "xiaomi",
    "data.mistat.intl.xiaomi.com": "xiaomi",
    "globalapi.ad.xiaomi.com": "xiaomi",
    "tracking.intl.miui.com": "xiaomi",
    "pmir.3g.qq.com": "tencent",
    "alog.umeng.com": "umeng",
    "api.omc.samsungdm.com": "samsung",
    "samsung-directory.edge.hiyaapi.com": "hiya",
    "dceuex.push.heytapmobile.com": "heytap-push",
    "query.hicloud.com": "huawei",
    "pebed.dmevent.net": "huawei",
    "apkrep.ff.avast.com": "avast",
    "scan.cloud.360safe.com": "qihoo",
    "mobile.pipe.aria.microsoft.com": "microsoft",
    "telemetry.api.swiftkey.com": "swiftkey",
    "sun-apps.sfr.com": "sfr",
  };
  for (const [host, id] of Object.entries(expected)) {
    assert.equal(index.ofName(host)?.organisation.id, id, host);
  }
});
