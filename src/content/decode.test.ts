import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decode, OFFSET, text } from "../../test/decode-content.ts";
import { recipeOf } from "./document.ts";
import { MAX_DECODE_DEPTH, MAX_DECODED_BYTES, MAX_DOCUMENT_NODES } from "../limits.ts";
import type { PartForm } from "../protocols/message.ts";

test("layers are peeled to the limit, and no further", () => {
  const wrap = (times: number): string => {
    let value = "secret value";
    for (let i = 0; i < times; i++) value = Buffer.from(value).toString("base64");
    return value;
  };
  const within = decode(wrap(MAX_DECODE_DEPTH), { form: "text" });
  assert.equal(text(within.nodes.at(-1)?.bytes ?? new Uint8Array(0)), "secret value");
  assert.equal(within.limited, false);
  const beyond = decode(wrap(MAX_DECODE_DEPTH + 1), { form: "text" });
  assert.equal(beyond.limited, true);
  assert.match(beyond.nodes.at(-1)?.trouble ?? "", /10 deep/);
});

test("mixed layers are peeled one by one, each with its step and the name of the value", () => {
  const inner = gzipSync(JSON.stringify({ imei: "861234028765431" })).toString("base64");
  const target = `/up?d=${encodeURIComponent(JSON.stringify({ batch: [inner] }))}`;
  const { nodes } = decode(target, { form: "request-target", path: "request-target" });
  const last = nodes.at(-1);
  assert.ok(last !== undefined);
  assert.equal(text(last.bytes), "861234028765431");
  assert.deepEqual(
    recipeOf(last).map((step) => step.operation),
    ["field", "query", "percent", "json", "base64", "gzip", "json"],
  );
  assert.deepEqual(nodes.map((node) => node.key).slice(-4), ["batch", "batch", "batch", "imei"]);
  assert.equal(last.offset, OFFSET + target.indexOf("%7B"));
});

test("a decompression bomb, too many values and deep nesting are bounded and told", () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
  const inflated = decode(bomb, { form: "body", codings: ["gzip"] });
  const made = inflated.nodes.reduce((sum, n) => sum + (n.verbatim ? 0 : n.bytes.length), 0);
  assert.ok(made <= MAX_DECODED_BYTES);
  assert.equal(inflated.troubles.length, 1);
  const many = decode(`[${"1,".repeat(MAX_DOCUMENT_NODES)}1]`, {
    form: "body",
    mediaType: "text/json",
  });
  assert.equal(many.nodes.length, MAX_DOCUMENT_NODES);
  assert.equal(many.limited, true);
  const deep = decode("[".repeat(100_000), { form: "body", mediaType: "application/json" });
  assert.match(deep.troubles[0] ?? "", /nesting of at most/);
});

test("nothing throws and all ends, for random bytes under any label, and for cut content", () => {
  const forms: PartForm[] = [
    "text",
    "request-target",
    "cookie",
    "body",
    "protobuf",
    "name",
    "binary",
  ];
  const media = [
    "",
    "application/json",
    "text/xml",
    "multipart/form-data; boundary=x",
    "multipart/mixed",
    "application/x-www-form-urlencoded",
    "application/x-protobuf",
  ];
  const codings = [[], [], [], ["gzip"], ["deflate"], ["br"]];
  const token = fc.constantFrom(
    "{",
    '"a":',
    "[",
    '"',
    "\\u12",
    "<a b='",
    "</a>",
    "&#x41;",
    "--x\r\n",
    "\r\n\r\n",
    "%4",
    "=",
    "&",
    "?",
    "\x0a\x05",
    "\x08\x96",
    "https://x/?",
    "Zm9v",
    "\x1f\x8b\x08\0",
    "\x78\x9c",
    "]",
    "}",
    ",",
  );
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(token, { maxLength: 20 }).map((tokens) => Buffer.from(tokens.join(""), "latin1")),
  );
  fc.assert(
    fc.property(
      content,
      fc.constantFrom(...forms),
      fc.constantFrom(...media),
      fc.constantFrom(...codings),
      (bytes, form, mediaType, coded) => {
        decode(bytes, { form, mediaType, codings: coded });
      },
    ),
    { numRuns: 2000 },
  );
});
