import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PROPERTY_TERMS } from "../../../data/properties/properties.ts";
import { toUtf8 } from "../../bytes/text.ts";
import type { DocumentNode } from "../../content/document.ts";
import { FruitlessValues } from "../fruitless.ts";
import { recognize } from "../recognize.ts";
import { KeyReader } from "../telling-keys.ts";
import { httpRequest, leaf, root, textPart } from "../test-messages.ts";
import { RECOGNIZERS } from "./index.ts";

const keys = new KeyReader();
const fruitless = new FruitlessValues();
/** Properties recognised by any test of this file. */
const seen = new Set<string>();

/** What is recognised in leaves of one record, as `Property confidence value`, a placeholder marked. */
function recognized(values: readonly (readonly [key: string, text: string])[]): string[] {
  const part = textPart("body", "{}");
  const top = root(part);
  const nodes: DocumentNode[] = [{ ...top, leaf: false }];
  for (const [key, text] of values) nodes.push(leaf(top, key, toUtf8(text)));
  const { found } = recognize(httpRequest([part]), [{ part, nodes }], RECOGNIZERS, {
    readKey: (name) => keys.read(name),
    fruitless,
  });
  return found.map(({ property, confidence, context, start, end, placeholder }) => {
    seen.add(property);
    const mark = placeholder === undefined ? "" : " (placeholder)";
    return `${property} ${confidence} ${context.text.slice(start, end)}${mark}`;
  });
}

function one(key: string, text: string): string {
  return recognized([[key, text]]).join("; ");
}

test("numbers of phone and SIM", () => {
  assert.equal(one("imei", "260531793113837"), "", "26 is no reporting body");
  assert.equal(one("imei", "861234028765439"), "Imei certain 861234028765439");
  assert.equal(one("deviceId", "861234028765439"), "Imei likely 861234028765439");
  assert.equal(one("#3", "861234028765439"), "Imei possible 861234028765439");
  assert.equal(one("order", "861234028765439"), "", "a name that tells something else");
  assert.equal(one("imei", "861234028765431"), "", "wrong check digit");
  assert.equal(one("data", "imei=861234028765439&x=1"), "Imei certain 861234028765439");
  assert.equal(one("imei", "000000000000000"), "Imei certain 000000000000000 (placeholder)");
  assert.equal(one("imsi", "466920123456789"), "Imsi certain 466920123456789");
  assert.equal(one("imsi", "999920123456789"), "", "no such country");
  assert.equal(one("iccid", "8988601234567890123"), "Iccid likely 8988601234567890123");
  assert.equal(one("t", "1649839944751"), "");
});

test("a crash report names classes and methods of code, not apps", () => {
  const trace = [
    "com.google.android.gms.ads.AdRequest.load",
    "android.os.Handler.dispatchMessage",
    "android.os.Looper.loop",
    "android.app.ActivityThread.main",
    "com.android.internal.os.ZygoteInit.main",
    "com.example.app.MainActivity.onCreate",
  ];
  assert.deepEqual(recognized(trace.map((line) => ["file", line])), []);
  const apps = ["com.tencent.mm", "com.whatsapp", "jp.naver.line.android", "com.miui.notes"];
  const list = [...apps, "org.telegram.messenger"].map((name) => ["apps", name] as const);
  assert.equal(recognized(list).length, 1);
});

test("hardware addresses and their placeholders", () => {
  assert.equal(one("bssid", "02:00:00:00:00:00"), "Bssid certain 02:00:00:00:00:00 (placeholder)");
  assert.equal(one("wifiMac", "F0:9F:C2:12:34:56"), "WifiMac certain F0:9F:C2:12:34:56");
  assert.equal(one("mac", "f09fc2123456"), "WifiMac certain f09fc2123456");
  assert.equal(one("bt_mac", "f0-9f-c2-12-34-56"), "BluetoothMac certain f0-9f-c2-12-34-56");
  assert.equal(one("#1", "f0:9f:c2:12:34:56"), "WifiMac possible f0:9f:c2:12:34:56");
  assert.equal(one("version", "f09fc2123456"), "");
  assert.equal(one("ipv6", "fe80:9f:c2:12:34:56:78:90"), "");
});

test("e-mail addresses and telephone numbers", () => {
  assert.equal(one("email", "wang.xm@mail.example"), "EmailAddress certain wang.xm@mail.example");
  assert.equal(
    one("x", "see wang.xm@mail.example, please"),
    "EmailAddress possible wang.xm@mail.example",
  );
  for (const text of [
    "https://abc@sentry.example/1",
    "icon@2x.png",
    "user@localhost",
    "a@b",
    "pkg@1.2.3",
  ]) {
    assert.equal(one("url", text), "", text);
  }
  assert.equal(one("phone", "+886 912-345-678"), "PhoneNumber certain +886 912-345-678");
  assert.equal(one("phone", "0912345678"), "PhoneNumber likely 0912345678");
  assert.equal(one("offset", "+886912345678"), "");
  assert.equal(one("count", "0912345678"), "");
  assert.equal(one("tel", "12.345678"), "");
});

test("identifiers need a telling name", () => {
  const uuid = "38400000-8cf0-41bd-b23e-10b96e40000d";
  assert.equal(one("gaid", uuid), `AdvertisingId certain ${uuid}`);
  assert.equal(one("requestId", uuid), "");
  assert.equal(one("installation_id", uuid), `InstallationId likely ${uuid}`);
  assert.equal(
    one("idfa", "00000000-0000-0000-0000-000000000000"),
    "AdvertisingId certain 00000000-0000-0000-0000-000000000000 (placeholder)",
  );
  assert.equal(one("android_id", "1774d56d682e549c"), "AndroidId certain 1774d56d682e549c");
  assert.equal(one("trace", "1774d56d682e549c"), "");
  assert.equal(
    one("imei_md5", "900150983cd24fb0d6963f7d28e17f72"),
    "HashedDeviceId likely 900150983cd24fb0d6963f7d28e17f72",
  );
  assert.equal(one("etag", "900150983cd24fb0d6963f7d28e17f72"), "");
  assert.equal(one("serial", "R58M123ABCD"), "HardwareSerial likely R58M123ABCD");
  assert.equal(one("serial", "12"), "");
  assert.equal(one("ssid", "<unknown ssid>"), "Ssid likely <unknown ssid> (placeholder)");
  assert.equal(one("password", "hunter2-secret"), "Password likely hunter2-secret");
  assert.equal(one("password", "true"), "");
});

test("what describes a device", () => {
  assert.equal(one("model", "SM-G973F"), "DeviceModel certain SM-G973F");
  assert.equal(one("x", "M2010J19SG"), "", "a name that tells nothing of models");
  for (const model of [
    "Redmi Note 9S",
    "Redmi Note 9 Pro",
    "Redmi Note 8T",
    "M2010J19SG",
    "M2101K7BG",
    "Pixel 6",
    "iPhone12,1",
    "CPH2127",
    "ELE-L29",
  ]) {
    assert.equal(one("#2", model), `DeviceModel likely ${model}`);
  }
  for (const text of [
    "Redmi",
    "Note",
    "ABC-123",
    "HTTP-200",
    "M1234",
    "Mi casa",
    "UTF-8",
    "TLS-13",
    "V1.2.3",
  ]) {
    assert.equal(one("#2", text), "", text);
  }
  assert.equal(one("#3", "V12.5.2.0.RJQMIXM"), "OsBuild certain V12.5.2.0.RJQMIXM");
  assert.equal(one("os_version", "10"), "OsVersion likely 10");
  assert.equal(one("lang", "zh_TW"), "Locale likely zh_TW");
  assert.equal(one("title", "en_US"), "");
  assert.equal(one("timezone", "Asia/Taipei"), "Timezone certain Asia/Taipei");
  assert.equal(one("resolution", "1080x2340"), "Screen likely 1080x2340");
  assert.equal(one("battery_level", "87"), "Battery likely 87");
  assert.equal(one("net", "wifi"), "NetworkType likely wifi");
  assert.equal(one("#6", "wifi"), "", "nothing beside it");
  assert.equal(one("carrier", "Chunghwa Telecom"), "Carrier likely Chunghwa Telecom");
  assert.equal(one("mccmnc", "46692"), "Carrier likely 46692");
});

test("User-Agents", () => {
  assert.deepEqual(
    recognized([
      [
        "user-agent",
        "Dalvik/2.1.0 (Linux; U; Android 10; Redmi Note 9 Pro MIUI/V12.0.3.0.QJZMIXM)",
      ],
    ]),
    [
      "OsVersion certain 10",
      "DeviceModel certain Redmi Note 9 Pro",
      "OsBuild certain V12.0.3.0.QJZMIXM",
    ],
  );
  assert.deepEqual(
    recognized([
      [
        "user-agent",
        "Mozilla/5.0 (Linux; U; Android 4.4.2; zh-tw; SM-G900F Build/KOT49H; wv) AppleWebKit/537.36 (KHTML, like Gecko)",
      ],
    ]),
    ["OsVersion certain 4.4.2", "DeviceModel certain SM-G900F", "OsBuild certain KOT49H"],
  );
  assert.deepEqual(
    recognized([["user-agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36"]]),
    ["OsVersion certain 10"],
  );
  assert.deepEqual(
    recognized([["user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"]]),
    [],
  );
  assert.deepEqual(
    recognized([
      ["user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15"],
    ]),
    ["OsVersion certain 14_4"],
  );
});

test("values together: places, records without names, lists of apps", () => {
  assert.deepEqual(
    recognized([
      ["lat", "25.0337"],
      ["acc", "12"],
      ["lng", "121.5654"],
    ]),
    ["PreciseLocation likely 25.0337", "PreciseLocation likely 121.5654"],
  );
  assert.deepEqual(
    recognized([
      ["lat", "25.0"],
      ["lng", "121.5"],
    ]).map((text) => text.split(" ")[0]),
    ["CoarseLocation", "CoarseLocation"],
  );
  assert.deepEqual(
    recognized([
      ["lat", "0.000"],
      ["lng", "0.000"],
    ]),
    [],
  );
  assert.deepEqual(recognized([["lat", "25.0337"]]), []);
  assert.deepEqual(recognized([["ll", "25.0337,121.5654"]]), [
    "PreciseLocation likely 25.0337,121.5654",
  ]);
  assert.deepEqual(
    recognized([
      ["#2", "Redmi Note 9S"],
      ["#3", "V12.5.2.0.RJQMIXM"],
      ["#4", `a-${"0123456789ABCDEF0123".repeat(2)}`],
      ["#6", "wifi"],
      ["#8", "en_US"],
    ]),
    [
      "DeviceModel likely Redmi Note 9S",
      "OsBuild certain V12.5.2.0.RJQMIXM",
      `HashedDeviceId likely ${"0123456789ABCDEF0123".repeat(2)}`,
      "NetworkType likely wifi",
      "Locale likely en_US",
    ],
  );
  const apps = [
    "com.tencent.mm",
    "org.telegram.messenger",
    "com.whatsapp",
    "jp.naver.line.android",
    "com.miui.gallery",
  ];
  assert.deepEqual(
    recognized(apps.map((name) => ["", name] as const)).map((text) => text.split(" ")[0]),
    ["InstalledApps"],
  );
  assert.deepEqual(recognized(apps.slice(1).map((name) => ["", name] as const)), []);
});

test("every property that is recognised is in the vocabulary", () => {
  assert.ok(seen.size > 20);
  for (const property of seen) assert.ok(PROPERTY_TERMS.includes(property), property);
});

test("no text makes a recogniser throw, or claim bytes that are not there", () => {
  const key = fc.constantFrom(
    "imei",
    "phone",
    "email",
    "model",
    "lat",
    "lng",
    "bssid",
    "gaid",
    "#1",
    "",
    "user-agent",
    "locale",
    "ssid",
  );
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.string({
      unit: fc.constantFrom("0", "1", ":", "@", ".", "-", "a", "F", " ", "+", "(", ";"),
      maxLength: 200,
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, text), { maxLength: 6 }), (values) => {
      for (const found of recognized(values))
        assert.match(found, /^[A-Z][A-Za-z]+ (certain|likely|possible) ./s);
    }),
    { numRuns: 500 },
  );
});

test("long values of few characters take no more than linear time", () => {
  for (const unit of ["0", "a", "a.", "0:", "@a", "com.a", "-", "( "]) {
    const started = performance.now();
    recognized(
      Array.from({ length: 50 }, () => ["imei", unit.repeat(1024 / unit.length)] as const),
    );
    assert.ok(performance.now() - started < 1000, unit);
  }
});
