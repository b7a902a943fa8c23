import assert from "node:assert/strict";
import { test } from "node:test";
import { toProtocolName } from "./protocol-names.ts";

test("toProtocolName() gives IANA's keyword, or the number", () => {
  assert.equal(toProtocolName(6), "tcp");
  assert.equal(toProtocolName(58), "icmpv6");
  assert.equal(toProtocolName(99), "ip-99");
});
