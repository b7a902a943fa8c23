import assert from "node:assert/strict";
import { test } from "node:test";
import { findProperty, PROPERTIES, PROPERTY_TERMS } from "./properties.ts";

test("terms are unique and well formed, labels are plain words", () => {
  assert.equal(new Set(PROPERTY_TERMS).size, PROPERTIES.length);
  for (const { term, label, broader } of PROPERTIES) {
    assert.match(term, /^[A-Z][A-Za-z]+$/);
    assert.match(label, /^(the|a|an|what|when|which|how) [A-Za-z' ()-]+$/, term);
    assert.match(broader, /^https:\/\/w3id\.org\/dpv\/pd#[A-Z][A-Za-z]+$/);
  }
});

test("the core terms of the domain research are all there", () => {
  const core =
    "Imei ImeiSv Meid HardwareSerial WifiMac BluetoothMac Imsi Iccid Eid Msisdn AdvertisingId AndroidId GsfId Idfv " +
    "AppSetId InstallationId PushToken SessionId AccountId Username EmailAddress Password AuthToken PublicIp LocalIp " +
    "PreciseLocation CoarseLocation CellId Country Ssid Bssid NearbyWifi NearbyBle ContactEntry ContactNumber " +
    "SmsContent SmsPeer SmsMeta ImContent ImMeta CallLog CallMeta Photo Video MediaMeta AudioRecording InstalledApps " +
    "AppUsage ScreenEvents Keystrokes BrowsingHistory SearchQuery Clipboard Carrier SimOperator DeviceModel OsBuild " +
    "Locale Timezone Screen Battery Memory Disk Uptime Sensor CrashLog Fingerprint";
  for (const term of core.split(" ")) assert.ok(findProperty(term), term);
});

test("findProperty() gives what the table says", () => {
  const imei = findProperty("Imei");
  assert.deepEqual(
    [
      imei?.label,
      imei?.group,
      imei?.broader,
      imei?.trackHar,
      imei?.listed,
      imei?.linkability,
      imei?.sensitivity,
    ],
    [
      "the phone's IMEI",
      "hardware",
      "https://w3id.org/dpv/pd#UID",
      ["deviceId"],
      "c",
      "long-lived",
      "high",
    ],
  );
  assert.equal(findProperty("Nonsense"), undefined);
});
