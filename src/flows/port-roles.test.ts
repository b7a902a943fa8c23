import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceSide } from "./port-roles.ts";

test("serviceSide() tells the side with the known service", () => {
  assert.equal(serviceSide(443, 51000), 0);
  assert.equal(serviceSide(51000, 53), 1);
  // 5222: XMPP client (RFC 6120 §14.7); 8883: MQTT over TLS (IANA).
  assert.equal(serviceSide(40000, 5222), 1);
  assert.equal(serviceSide(8883, 40000), 0);
});

test("serviceSide() tells nothing where both or none are services", () => {
  assert.equal(serviceSide(123, 123), undefined);
  assert.equal(serviceSide(53, 80), undefined);
  assert.equal(serviceSide(5353, 5353), undefined);
  assert.equal(serviceSide(40000, 50000), undefined);
  assert.equal(serviceSide(-1, -1), undefined);
});
