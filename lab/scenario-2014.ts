/**
 * The test of 2014 acted again: a phone of the time, its maker's servers, and the steps of the
 * laboratory that looked first, before and after the maker's update.
 *
 * What the phone sends to whom follows the published record: F-Secure's two tests of August 2014
 * (which values went to api.account.xiaomi.com at which step, over HTTP, and what was left after
 * the update), the regulator's statement of 1 October 2014 (with or without a SIM; numbers of
 * sender and recipient), and a researcher's capture of such a phone (package names at start,
 * 223.202.68.9, umeng.com, pmir.3g.qq.com). Where the record gives no path or field name, one is
 * made up. `metrics.example` is no part of the case: it takes values in forms that the case lacks.
 */
import { form, value, wrap, type Content } from "./content.ts";
import type { Covered, Request, Scenario, Step } from "./scenario.ts";
import { DECLARATIONS, HOSTS, PLANTED } from "./setting-2014.ts";

const BUILD = "JHCMIBF19.0";

/** What somebody who switches the cloud on can expect it to get. */
const CLOUD: readonly Covered[] = [
  { property: "Msisdn", recipient: "xiaomi" },
  { property: "ContactNumber", recipient: "xiaomi" },
];

/** What the phone has installed; the planted app is one of them. */
const PACKAGES = [
  "com.android.browser",
  "com.android.contacts",
  "com.android.mms",
  "com.miui.cloudservice",
  "com.miui.securitycenter",
  "com.tencent.mm",
  "jp.naver.line.android",
  "com.facebook.katana",
] as const;

const USER_AGENT = "Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW Build/JLS36C)";

function request(parts: Request): Step {
  return { kind: "request", ...parts, headers: { "User-Agent": USER_AGENT, ...parts.headers } };
}

function post(host: string, path: string, fields: Readonly<Record<string, Content>>): Step {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return request({ scheme: "http", host, path, headers, body: form(fields) });
}

/** To the account server in clear, as before the update. */
function toAccount(path: string, fields: Readonly<Record<string, Content>>): Step {
  return post("api.account.xiaomi.com", path, fields);
}

/** To the account server as after the update: the same facts as JSON, in base64, inside TLS. */
function toAccountEncrypted(path: string, facts: Readonly<Record<string, Content>>): Step {
  const json = Object.entries(facts).flatMap(([name, content], i) => [
    `${i > 0 ? "," : ""}"${name}":"`,
    content,
    '"',
  ]);
  return request({
    scheme: "https",
    host: "api.account.xiaomi.com",
    path,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: form({ data: wrap("base64", "{", json, "}") }),
  });
}

/** What every start of the phone brings: address, clock, check of the connection, offer of updates. */
function start(androidId: string, build: string): readonly Step[] {
  return [
    { kind: "join", hostName: ["android-", value(androidId)] },
    request({ scheme: "http", host: "clients3.google.com", path: "/generate_204" }),
    { kind: "time", host: "2.android.pool.ntp.org" },
    { kind: "search-local-network" },
    post("update.miui.com", "/updates/mi-update.php", {
      d: "armani",
      b: "F",
      v: build,
      l: "zh_TW",
    }),
  ];
}

function stimulus(id: string, title: string): Step {
  return { kind: "stimulus", id, title };
}

function phase(id: string, title: string): Step {
  return { kind: "phase", id, title };
}

const SETTLE: Step = { kind: "wait", ms: 400 };

const PACKAGE_LIST: Content = [
  "[",
  ...PACKAGES.map((name) => `"${name}",`),
  '"',
  value("app"),
  '"]',
];

const NOISE: Content = { noise: 384 };

const BEFORE: readonly Step[] = [
  phase("before-no-sim", "As sold: first start, no SIM, no account"),
  ...start("android-id", BUILD),
  toAccount("/pass/v2/check", { imei: value("imei"), model: "HM 1SW" }),
  post("policy.app.xiaomi.com", "/cms/interface/v1/checkpackages.php", { packages: PACKAGE_LIST }),
  { kind: "opaque", address: "223.202.68.9", port: 5222, content: NOISE },
  request({
    scheme: "http",
    host: "pmir.3g.qq.com",
    path: "/",
    headers: { "Content-Type": "application/octet-stream" },
    body: NOISE,
  }),
  SETTLE,

  phase("before-sim", "As sold: SIM inserted"),
  stimulus("sim-inserted", "SIM inserted"),
  toAccount("/pass/v2/carrier", { carrier: value("carrier") }),
  toAccount("/pass/v2/activation", { imei: value("imei"), phone: value("own-number") }),
  SETTLE,

  phase("before-contact", "As sold: a contact added"),
  stimulus("contact-added", "A contact added to the address book"),
  toAccount("/pass/v2/lookup", { phone: value("contact-1") }),
  SETTLE,

  phase("before-sms", "As sold: a text message sent and one received"),
  stimulus("text-typed", "The text of the message typed"),
  toUmeng(),
  stimulus("sms-sent", "Text message sent"),
  toAccount("/pass/v2/lookup", { from: value("own-number"), to: value("sms-peer") }),
  stimulus("sms-received", "Text message received"),
  toAccount("/pass/v2/lookup", { phone: value("sms-peer") }),
  SETTLE,

  phase("before-idle", "As sold: idle, screen off"),
  { kind: "time", host: "2.android.pool.ntp.org" },
  { kind: "opaque", address: "223.202.68.9", port: 5222, content: NOISE },
  { kind: "wait", ms: 2500 },

  phase("before-cloud", "As sold: Mi Cloud switched on"),
  stimulus("cloud-on", "Mi Cloud switched on"),
  { kind: "consent", id: "cloud", covers: CLOUD },
  toAccount("/pass/v2/sim", {
    imsi: value("imsi"),
    imei: value("imei"),
    phone: value("own-number"),
  }),
  toAccount("/pass/v2/apps", { apps: PACKAGE_LIST }),
  SETTLE,

  phase("before-browsing", "As sold: a page opened in the browser"),
  stimulus("page-opened", "A page opened in the browser"),
  { kind: "page", url: "https://www.hinet.net/" },
  ...forms(),
  SETTLE,
];

const AFTER: readonly Step[] = [
  phase("after-no-sim", "Updated, then reset: first start, no SIM, no account, cloud off"),
  {
    kind: "note",
    text: "updated over the air from build JHCMIBF19.0, then reset to factory state",
  },
  ...start("android-id-after-reset", "after-update"),
  SETTLE,

  phase("after-cloud-off", "Updated, then reset: cloud off; SIM, contact, text message as before"),
  stimulus("sim-inserted", "SIM inserted"),
  SETTLE,
  stimulus("contact-added", "A contact added to the address book"),
  SETTLE,
  stimulus("sms-sent", "Text message sent"),
  SETTLE,
  stimulus("sms-received", "Text message received"),
  { kind: "time", host: "2.android.pool.ntp.org" },
  { kind: "wait", ms: 1500 },

  phase("after-cloud-on", "Updated, then reset: cloud messaging on, logged in"),
  stimulus("cloud-on", "Cloud messaging switched on, logged in"),
  { kind: "consent", id: "cloud-after-reset", covers: CLOUD },
  toAccountEncrypted("/pass/v3/activation", {
    imei: value("imei"),
    imsi: value("imsi"),
    phone: value("own-number"),
  }),
  stimulus("contact-added", "A contact added to the address book"),
  toAccountEncrypted("/pass/v3/lookup", { phone: value("contact-2") }),
  stimulus("sms-sent", "Text message sent"),
  toAccountEncrypted("/pass/v3/lookup", { phone: value("sms-peer") }),
  SETTLE,
];

export const SCENARIO_2014: Scenario = {
  device: {
    make: "Xiaomi",
    model: "Redmi 1S",
    build: `${BUILD}, then the update of 10 August 2014`,
  },
  browser:
    "Mozilla/5.0 (Linux; U; Android 4.3; zh-tw; HM 1SW Build/JLS36C) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30 XiaoMi/MiuiBrowser/1.0",
  phoneMac: "02:00:00:00:00:07",
  phoneAddress: "10.42.0.17",
  capturePoint: { latitude: 25.03, longitude: 121.56, place: "Taipei" },
  planted: PLANTED,
  declarations: DECLARATIONS,
  hosts: HOSTS,
  captures: [
    {
      name: "before",
      comment: "Telltale lab: re-enactment of the test of 2014, the phone as sold",
      steps: BEFORE,
    },
    {
      name: "after",
      comment: "Telltale lab: re-enactment of the test of 2014, updated and reset",
      steps: AFTER,
    },
  ],
};

/** Statistics of an app, sent when text is typed: compressed JSON that names the phone by a hash. */
function toUmeng(): Step {
  return request({
    scheme: "http",
    host: "alog.umeng.com",
    path: "/app_logs",
    headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" },
    body: wrap(
      "gzip",
      '{"header":{"appkey":"made-up-for-the-lab","device_model":"HM 1SW","idmd5":"',
      value("imei", "md5"),
      '"},"body":{"launch":[{"date":"2014-08-07","time":"10:00:00"}]}}',
    ),
  });
}

/** Forms that the case lacks: hashed, hexadecimal, base64, percent-encoded, in a header, a cookie, a DNS label. */
function forms(): readonly Step[] {
  return [
    request({
      scheme: "http",
      host: "metrics.example",
      path: ["/v1/open?u=", value("imei", "sha1"), "&wifi=", value("wifi", "percent")],
      headers: {
        Cookie: ["did=", value("android-id", "base64")],
        "X-Client": value("imsi", "hex"),
      },
    }),
    { kind: "lookup", name: [value("android-id", "md5"), ".metrics.example"] },
  ];
}
