import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceFileError, readDeviceFile } from "./device-file.ts";

/** The example of design 4.2. */
const EXAMPLE = `device:
  make: Xiaomi
  model: Redmi 1S
  build: JHCMIBF19.0
  addresses: ["02:00:00:00:00:07", "10.42.0.17"]
capturePoint: { latitude: 25.03, longitude: 121.56, place: Taipei }
canaries:
  - { id: imei, property: Imei, value: "861234028765431" }
  - { id: contact-1, property: ContactNumber, value: "+886912345678" }
consent:
  - { id: cloud, at: 2026-11-22T08:00:00Z, covers: [{ property: ContactNumber, recipient: xiaomi }] }
declarations:
  - { property: Imei, recipient: xiaomi, purpose: activation, source: "privacy policy 2026-03, §2" }
log: run.ndjson
`;
const accept = (): undefined => undefined;

function errorOf(text: string, check: Parameters<typeof readDeviceFile>[1] = accept): string {
  try {
    readDeviceFile(text, check);
  } catch (error) {
    assert.ok(error instanceof DeviceFileError);
    return `${error.line}: ${error.message}`;
  }
  return "accepted";
}

test("readDeviceFile() reads the example of the design", () => {
  const file = readDeviceFile(EXAMPLE, accept);
  assert.equal(file.device?.model, "Redmi 1S");
  assert.deepEqual(file.device.addresses, ["02:00:00:00:00:07", "10.42.0.17"]);
  assert.equal(file.canaries?.[1]?.value, "+886912345678");
  assert.equal(file.consent?.[0]?.at, "2026-11-22T08:00:00Z");
  assert.equal(file.log, "run.ndjson");
});

test("an empty file states nothing", () => {
  assert.deepEqual(readDeviceFile("", accept), {});
});

test("an unknown key is an error that names its line and the nearest key", () => {
  const cases: Record<string, string> = {
    "device:\n  make: A\n  modell: B\n":
      '3: device: unknown key "modell"; the nearest known key is "model"',
    "canarys: []\n": '1: unknown key "canarys"; the nearest known key is "canaries"',
    "canaries:\n  - id: a\n    property: Imei\n    valeu: '1'\n":
      '4: canaries.0: unknown key "valeu"; the nearest known key is "value"',
    "device:\n  zzzzzz: 1\n":
      '2: device: unknown key "zzzzzz"; known keys are make, model, build, addresses',
  };
  for (const [text, message] of Object.entries(cases)) {
    assert.equal(errorOf(text).split("; known value")[0], message);
  }
});

test("a date in words, a wrong address and a wrong type are told with their line", () => {
  assert.match(
    errorOf("consent:\n  - id: a\n    at: next tuesday\n    covers: []\n"),
    /^3: consent\.0\.at: a date and time such as 2026-11-22T08:00:00Z/,
  );
  assert.match(
    errorOf('device:\n  addresses: ["10.0.0.999"]\n'),
    /^2: device\.addresses\.0: a MAC address/,
  );
  assert.match(
    errorOf("capturePoint: { latitude: 95, longitude: 0 }\n"),
    /^1: capturePoint\.latitude/,
  );
  assert.match(errorOf("canaries: 7\n"), /^1: canaries/);
});

test("broken YAML is told with its line", () => {
  assert.match(errorOf("device:\n  make: [a\nmodel: b\n"), /^\d+: YAML is broken/);
  assert.match(errorOf("device: {}\ndevice: {}\n"), /^2: YAML is broken: .*unique/);
});

test("a canary that its check refuses is told with the line of its value", () => {
  const check = ({ value }: { value: string }): string | undefined =>
    value.startsWith("8") ? "invalid IMEI" : undefined;
  assert.equal(errorOf(EXAMPLE, check), '8: canary "imei": invalid IMEI');
  const twice =
    "canaries:\n  - { id: a, property: P, value: x }\n  - { id: a, property: P, value: y }\n";
  assert.equal(errorOf(twice), '3: canary id "a" is there twice');
});
