import assert from "node:assert/strict";
import { test } from "node:test";
import { toLatin1 } from "../../bytes/text.ts";
import type { FramingOutcome } from "./body-framing.ts";
import { framingOf } from "./body-framing.ts";
import { readFields } from "./header-fields.ts";

interface Head {
  readonly fields?: string;
  readonly status?: number;
  readonly method?: string;
}
const outcome = ({ fields = "", status, method }: Head): FramingOutcome =>
  framingOf({ fields: readFields(toLatin1(fields), 0, fields.length).fields, status, method });
const kind = (head: Head): string => outcome(head).framing.kind;

test("rules 1 and 2 of RFC 9112 §6.3: responses without a body, and tunnels", () => {
  const fields = "Content-Length: 10\r\n";
  for (const status of [100, 103, 204, 304]) assert.equal(kind({ fields, status }), "none");
  assert.equal(kind({ fields, status: 200, method: "HEAD" }), "none");
  assert.equal(kind({ fields, status: 200, method: "CONNECT" }), "switch");
  assert.equal(kind({ fields, status: 407, method: "CONNECT" }), "length");
  assert.equal(kind({ status: 101 }), "switch");
});

test("rules 3 and 4: the transfer coding decides before the length", () => {
  const chunked = "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked;q=1\r\n";
  assert.equal(kind({ fields: chunked }), "chunked");
  assert.deepEqual(outcome({ fields: chunked, status: 200 }).transferCodings, ["gzip"]);
  assert.equal(kind({ fields: "Transfer-Encoding: gzip\r\n", status: 200 }), "until-close");
  assert.match(
    outcome({ fields: "Transfer-Encoding: gzip\r\n" }).trouble ?? "",
    /expected "chunked"/,
  );
  const both = outcome({ fields: `${chunked}Content-Length: 3\r\n`, status: 200 });
  assert.equal(both.framing.kind, "chunked");
  assert.match(both.trouble ?? "", /both Transfer-Encoding and Content-Length/);
});

test("rules 5 to 8: the length, its absence, and lengths that are none", () => {
  assert.deepEqual(outcome({ fields: "Content-Length: 42, 42\r\n" }), {
    framing: { kind: "length", length: 42 },
    transferCodings: [],
    trouble: undefined,
  });
  assert.match(
    outcome({ fields: "Content-Length: 4\nContent-Length: 5\n" }).trouble ?? "",
    /4 and 5/,
  );
  for (const value of ["-1", "1e3", "0x10", "9".repeat(16), "+5"]) {
    assert.match(
      outcome({ fields: `Content-Length: ${value}\r\n` }).trouble ?? "",
      /expected at most/,
    );
  }
  assert.equal(kind({}), "none");
  assert.equal(kind({ status: 200 }), "until-close");
});
