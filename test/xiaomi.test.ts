/**
 * The first real case: phones that speak Xiaomi's push protocol in the clear. What is expected was read from
 * the capture with tshark.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import type { Report } from "../src/report/report.ts";
import { telltale } from "./run-telltale.ts";

const CAPTURE = "../shared/captures/ndpi/xiaomi.pcap";

test("the capture of Xiaomi phones is told as what it is", (t) => {
  if (!existsSync(CAPTURE)) {
    t.skip(`${CAPTURE} is absent`);
    return;
  }
  const ended = telltale(["audit", CAPTURE, "--json"]);
  assert.equal(ended.status, 0, ended.stderr);
  const report = JSON.parse(ended.stdout) as Report;
  assert.equal(report.flows.length, 7);
  const push = report.observations.filter(({ protocol }) => protocol === "xiaomi-push");
  const valuesOf = (property: string): Set<string | null> =>
    new Set(push.filter((one) => one.property === property).map(({ value }) => value));
  assert.deepEqual(
    valuesOf("DeviceModel"),
    new Set(["Redmi Note 9S", "Redmi Note 9 Pro", "Redmi Note 8T", "M2010J19SG", "M2101K7BG"]),
  );
  assert.ok(valuesOf("OsBuild").has("V12.5.2.0.RJWMIXM"));
  assert.ok(valuesOf("Locale").has("ru_RU"));
  assert.ok(valuesOf("NetworkType").has("wifi"));
  assert.ok(valuesOf("HashedDeviceId").has("1456E7A60AEFC6D40727D03F60FB0CFAE40A214A"));
  assert.ok(push.every(({ direction, channel }) => direction === "sent" && channel === "clear"));
  assert.ok(push.every(({ evidence }) => evidence.frames.length > 0 && evidence.hex !== null));

  const bssid = report.observations.filter(({ property }) => property === "Bssid");
  assert.deepEqual(
    bssid.map(({ value, key, destination, evidence }) => [
      value,
      key,
      destination,
      evidence.frames,
    ]),
    [["02:00:00:00:00:00", "bssid", "203.107.1.65", [52]]],
  );
  assert.match(bssid[0]?.placeholder ?? "", /placeholder that Android hands to apps/);
  const bare = report.destinations.find(({ id }) => id === "203.107.1.65");
  assert.equal(bare?.neverLookedUp, true);
});
