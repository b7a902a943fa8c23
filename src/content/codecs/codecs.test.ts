import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { decode, find, leaves, OFFSET, recipe, text } from "../../../test/decode-content.ts";

test("a request target is split into segments and parameters, with their places", () => {
  const target = "/v1/up%20load?imei=861234028765431&name=J%C3%BCrgen+M&&flag#top";
  const decoded = decode(target, { form: "request-target", path: "request-target" });
  assert.deepEqual(leaves(decoded), [
    "=v1",
    "=up%20load",
    "=up load",
    "imei=861234028765431",
    "name=J%C3%BCrgen+M",
    "name=Jürgen M",
    "=flag",
    "=top",
  ]);
  const imei = find(decoded, "861234028765431");
  assert.deepEqual(recipe(imei), ["field request-target", "query imei"]);
  assert.equal(imei?.offset, OFFSET + target.indexOf("8612"));
  assert.deepEqual(recipe(find(decoded, "Jürgen M")), [
    "field request-target",
    "query name",
    "percent-plus",
  ]);
});

test("a URL within a value is read like a request", () => {
  const inner = "http://tracker.example/p?imei=861234028765431&x=1";
  const decoded = decode(`/r?to=${encodeURIComponent(inner)}`, { form: "request-target" });
  assert.deepEqual(recipe(find(decoded, "861234028765431")).slice(1), [
    "query to",
    "percent-plus".slice(0, 7),
    "query imei",
  ]);
  const absolute = decode("http://a.example/x?y=zzzz", { form: "request-target" });
  assert.deepEqual(leaves(absolute), ["=x", "y=zzzz"]);
});

test("cookies are split, and trimmed", () => {
  const decoded = decode("SID=31d4d96e407aad42;  lang=en-US", {
    form: "cookie",
    path: "header:cookie",
  });
  assert.deepEqual(leaves(decoded), ["SID=31d4d96e407aad42", "lang=en-US"]);
});

test("forms are read where they are announced, and where they look so", () => {
  const form = "a=1&b=%2B886912345678&c=x+y";
  const mediaType = "application/x-www-form-urlencoded; charset=utf-8";
  const expected = ["a=1", "b=%2B886912345678", "b=+886912345678", "c=x+y", "c=x y"];
  assert.deepEqual(leaves(decode(form, { form: "body", mediaType })), expected);
  assert.deepEqual(leaves(decode(form, { form: "body" })), expected);
  assert.deepEqual(leaves(decode("rock & roll = fun", { form: "text" })), ["=rock & roll = fun"]);
});

test("content codings are undone in reverse order; deflate also where it is raw", () => {
  const json = '{"imei":"861234028765431"}';
  const cases: [Uint8Array, string[], string[]][] = [
    [gzipSync(json), ["gzip"], ["gzip"]],
    [deflateSync(json), ["deflate"], ["zlib"]],
    [deflateRawSync(json), ["deflate"], ["deflate-raw"]],
    [brotliCompressSync(json), ["br"], ["brotli"]],
    [gzipSync(deflateSync(json)), ["deflate", "gzip"], ["gzip", "zlib"]],
  ];
  for (const [bytes, codings, operations] of cases) {
    const decoded = decode(bytes, { form: "body", codings, mediaType: "application/json" });
    const found = find(decoded, "861234028765431");
    assert.deepEqual(recipe(found), ["field body", ...operations, "json $.imei"]);
    assert.deepEqual([found?.verbatim, found?.offset], [false, OFFSET]);
    assert.deepEqual(decoded.troubles, []);
  }
});

test("compressed content that ends early gives its start; an unknown coding is told", () => {
  const json = JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ id: i * i })));
  const cut = gzipSync(json).subarray(0, 600);
  const decoded = decode(cut, {
    form: "body",
    codings: ["gzip"],
    mediaType: "application/json",
    missing: 9,
  });
  assert.ok(leaves(decoded).includes("id=49"));
  assert.match(decoded.nodes[0]?.trouble ?? "", /9 bytes of it are missing/);
  const odd = decode("abcdefgh", { form: "body", codings: ["sdch"] });
  assert.match(odd.troubles[0] ?? "", /coding "sdch" is not known/);
  const wrong = decode('{"a":"bcdef"}', { form: "body", codings: ["gzip"] });
  assert.match(wrong.troubles[0] ?? "", /"gzip" was announced, but/);
  assert.deepEqual(recipe(find(wrong, "bcdef")), ["field body", "identity", "json $.a"]);
});

test("gzip without a label is known by its magic number", () => {
  const decoded = decode(gzipSync("a=1&imei=861234028765431"), { form: "body" });
  assert.deepEqual(recipe(find(decoded, "861234028765431")), ["field body", "gzip", "form imei"]);
});

test("JSON members have JSONPaths, names and places", () => {
  const json = String.raw`{"a":{"b":[1,"zwölf",{"c-d":null}]},"e":"x\ny\u00e9","it's":true, "":-1.5e3}`;
  const decoded = decode(json, { form: "body", mediaType: "application/json" });
  const shown = decoded.nodes.slice(1).map((n) => [n.step.at, n.key, text(n.bytes), n.verbatim]);
  assert.deepEqual(shown, [
    ["$.a.b[0]", "b", "1", true],
    ["$.a.b[1]", "b", "zwölf", true],
    ["$.a.b[2]['c-d']", "c-d", "null", true],
    ["$.e", "e", "x\nyé", false],
    [String.raw`$['it\'s']`, "it's", "true", true],
    ["$['']", "", "-1.5e3", true],
  ]);
});

test("JSON in strings, in lines, cut short, and with a guard before it", () => {
  const inner = JSON.stringify({ mac: "02:00:00:00:00:07" });
  const nested = decode(JSON.stringify({ data: inner }), { form: "body" });
  assert.deepEqual(recipe(find(nested, "02:00:00:00:00:07")).slice(1), [
    "json $.data",
    "json $.mac",
  ]);
  const lines = decode('{"a":"one"}\n{"a":"two"}\r\n{"a":"three"}\n', { form: "body" });
  assert.deepEqual(
    lines.nodes.slice(1).map((n) => n.step.at),
    ["$[0].a", "$[1].a", "$[2].a"],
  );
  const cut = decode('{"a":"one","b":["two","thr', { form: "body" });
  assert.deepEqual(leaves(cut), ["a=one", "b=two", "b=thr"]);
  assert.match(cut.nodes[0]?.trouble ?? "", /ends inside a string/);
  const guarded = decode(`)]}'\n{"a":"one"}`, { form: "body", mediaType: "application/json" });
  assert.deepEqual(leaves(guarded), ["a=one"]);
  for (const prose of ["[2021-01-02] started", "{}abc", '{"quoted"} text']) {
    assert.deepEqual(leaves(decode(prose, { form: "text" })), [`=${prose}`]);
  }
});

test("multipart forms give fields and files (example after RFC 7578 §4 and RFC 2388)", () => {
  const body = [
    "--AaB03x",
    'content-disposition: form-data; name="field1"',
    "",
    "Joe owes =E2=82=AC100.",
    "--AaB03x",
    'content-disposition: form-data; name="pics"; filename="file1.json"',
    "Content-Type: application/json",
    "",
    '{"imei":"861234028765431"}',
    "--AaB03x--",
    "",
  ].join("\r\n");
  const decoded = decode(body, { form: "body", mediaType: "multipart/form-data; boundary=AaB03x" });
  assert.deepEqual(leaves(decoded), [
    "field1=Joe owes =E2=82=AC100.",
    "filename=file1.json",
    "imei=861234028765431",
  ]);
  assert.deepEqual(recipe(find(decoded, "861234028765431")), [
    "field body",
    "multipart pics",
    "json $.imei",
  ]);
  const cut = decode(body.slice(0, -20), {
    form: "body",
    mediaType: 'multipart/mixed; boundary="AaB03x"',
  });
  assert.match(cut.troubles.join(), /last delimiter/);
});

test("protobuf without schema: the examples of protobuf.dev", () => {
  const show = (hex: string): unknown[] =>
    decode(Buffer.from(hex, "hex"), { form: "protobuf" })
      .nodes.slice(1)
      .map((n) => [n.step.at, n.key, text(n.bytes)]);
  assert.deepEqual(show("089601"), [["#1", "#1", "150"]]); // Test1 { a: 150 }
  assert.deepEqual(show("120774657374696e67"), [["#2", "#2", "testing"]]); // Test2 { b: "testing" }
  assert.deepEqual(show("1a03089601"), [["#3.#1", "#1", "150"]]); // Test3 { c { a: 150 } }
  assert.deepEqual(show("220568656c6c6f280128022803"), [
    ["#4", "#4", "hello"],
    ["#5", "#5", "1"],
    ["#5", "#5", "2"],
    ["#5", "#5", "3"],
  ]); // Test4 { d: "hello", e: 1, 2, 3 }, unpacked
  assert.deepEqual(show("3206038e029ea705")[0], [
    "#6",
    "#6",
    text(Buffer.from("038e029ea705", "hex")),
  ]); // packed
  assert.deepEqual(show("08feffffffffffffffff01"), [["#1", "#1", "18446744073709551614"]]); // int64 -2
  assert.deepEqual(show("0900000000008039c0").at(-1), ["#1:double", "#1", "-25.5"]);
});

test("protobuf is found where nothing announces it, and broken protobuf gives its start", () => {
  const message = Buffer.concat([Buffer.from([8, 5, 0x12, 13]), Buffer.from("Redmi Note 9S")]);
  const wrapped = decode(JSON.stringify({ d: message.toString("base64") }), { form: "body" });
  assert.deepEqual(recipe(find(wrapped, "Redmi Note 9S")).slice(1), [
    "json $.d",
    "base64",
    "protobuf #2",
  ]);
  const cut = decode(message.subarray(0, 10), { form: "protobuf" });
  assert.deepEqual(leaves(cut), ["#1=5", `=${text(message.subarray(2, 10))}`]);
  assert.match(cut.troubles[0] ?? "", /byte 2 begins no field/);
});

test("base64: the vectors of RFC 4648 §10, and what is none", () => {
  const base64Of = (value: string, wrapped: string): void => {
    const decoded = decode(JSON.stringify({ v: wrapped }), { form: "body" });
    assert.equal(text(decoded.nodes.at(-1)?.bytes ?? new Uint8Array(0)), value);
  };
  base64Of("foob", "Zm9vYg==");
  base64Of("fooba", "Zm9vYmE=");
  base64Of("foobar", "Zm9vYmFy");
  base64Of("IMEI?861234028765431>", Buffer.from("IMEI?861234028765431>").toString("base64"));
  base64Of("IMEI?861234028765431>", Buffer.from("IMEI?861234028765431>").toString("base64url"));
  for (const none of [
    "Mozilla1",
    "no-cache",
    "keep-alive",
    "12345678",
    "Android10",
    "Zm9vYg=x",
    "connectivitycheck",
  ]) {
    assert.deepEqual(leaves(decode(none, { form: "text" })), [`=${none}`]);
  }
});

test("hexadecimal text (RFC 4648 §10, lengthened) and its lookalikes", () => {
  const decoded = decode("666f6f626172666F6F626172", { form: "text" });
  assert.deepEqual(recipe(find(decoded, "foobarfoobar")), ["field body", "hex"]);
  for (const none of ["d41d8cd98f00b204e9800998ecf8427e", "861234028765431", "666f6f"]) {
    assert.deepEqual(leaves(decode(none, { form: "text" })), [`=${none}`]);
  }
});

test("credentials and tokens are opened", () => {
  // RFC 7617 §2
  const basic = decode("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", {
    form: "text",
    path: "header:authorization",
  });
  assert.deepEqual(recipe(find(basic, "Aladdin:open sesame")), [
    "field header:authorization",
    "credentials Basic",
    "base64",
  ]);
  assert.equal(basic.nodes.at(-1)?.key, "authorization");
  // RFC 7519 §3.1
  const token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9le" +
    "GFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const jwt = decode(`Bearer ${token}`, { form: "text" });
  assert.deepEqual(recipe(find(jwt, "joe")), [
    "field body",
    "credentials Bearer",
    "jwt [1]",
    "base64",
    "json $.iss",
  ]);
});

test("XML gives attributes, texts and CDATA; a property list names its values", () => {
  const xml = `<?xml version="1.0"?><!DOCTYPE x><d id="7&amp;8"><n>A &lt; B</n><![CDATA[<raw>]]><!--note--><e/></d>`;
  const decoded = decode(xml, { form: "body", mediaType: "text/xml" });
  assert.deepEqual(
    decoded.nodes.slice(1).map((n) => [n.step.at, text(n.bytes)]),
    [
      ["/d/@id", "7&8"],
      ["/d/n", "A < B"],
      ["/d", "<raw>"],
      ["/d", "note"],
    ],
  );
  const plist = "<plist><dict><key>IMEI</key><string>861234028765431</string></dict></plist>";
  assert.ok(leaves(decode(plist, { form: "body" })).includes("IMEI=861234028765431"));
  assert.equal(decode("<html><b>x</b></html>", { form: "body" }).nodes.length, 1);
});

test("JSON agrees with JSON.parse on whatever can be written in it", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }),
      fc.constantFrom(0, 1, 2),
      (value, indent) => {
        const json = JSON.stringify({ root: value }, undefined, indent);
        const expected = flatten({ root: value }, []);
        const decoded = decode(json, { form: "body", mediaType: "application/json" });
        const found = decoded.nodes.filter((n) => n.parent === decoded.nodes[0]);
        assert.deepEqual(
          found.map((n) => text(n.bytes)),
          expected,
        );
        assert.equal(decoded.nodes[0]?.trouble, undefined);
      },
    ),
  );
});
function flatten(value: unknown, into: string[]): string[] {
  if (Array.isArray(value)) for (const item of value) flatten(item, into);
  else if (typeof value === "object" && value !== null)
    Object.values(value).forEach((v) => flatten(v, into));
  else into.push(typeof value === "string" ? text(Buffer.from(value)) : JSON.stringify(value));
  return into;
}
