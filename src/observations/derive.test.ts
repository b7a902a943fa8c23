import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { fromLatin1, toUtf8 } from "../bytes/text.ts";
import { nodePlatform } from "../node/platform.ts";
import { standsAlone } from "./boundary.ts";
import { deriveForm, deriveNeedles, innerBase64, toPercent, type NeedleSet } from "./derive.ts";
import { textForm } from "./form.ts";
import { NeedleSearch } from "./needle-search.ts";

/** Bytes by name, as text, of all that is derived from a text. */
function derived(text: string): Map<string, string> {
  const all = deriveForm(textForm("text", text), nodePlatform);
  return new Map(all.map(({ name, pattern }) => [name, fromLatin1(pattern.bytes)]));
}

test("digests are those of the standards", () => {
  // RFC 1321 appendix A.5; FIPS 180-2 appendices A.1 and B.1.
  assert.equal(derived("message digest").get("text|md5|hex"), "f96b697d7cb7938d525a2f31aaf161d0");
  const abc = derived("abc");
  assert.equal(abc.get("text|sha1|hex"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(
    abc.get("text|sha256|hex-upper"),
    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
  );
  assert.equal(abc.get("text|sha256|truncate:16|hex"), "ba7816bf8f01cfea414140de5dae2223");
  assert.equal(
    abc.get("text|md5|slice:4:12|hex"),
    "3cd24fb0d6963f7d",
    "characters 8 to 24 of 900150983cd24fb0d6963f7d28e17f72",
  );
});

test("encodings are those of the standards", () => {
  // RFC 4648 §10; the last character of `Zm9vYg==` holds bits of what would follow.
  const foobar = derived("foobar");
  assert.equal(foobar.get("text|base64"), "Zm9vYmFy");
  assert.equal(foobar.get("text|hex"), "666f6f626172");
  assert.equal(innerBase64(toUtf8("foob"), 0).standard, "Zm9vY");
  assert.equal(toPercent(toUtf8("+886 912")), "%2B886%20912");
  assert.equal(toPercent(toUtf8("王")), "%E7%8E%8B");
  assert.equal(toPercent(toUtf8("plain-1.0_~")), undefined);
});

test("innerBase64() stands in the base64 of any text that holds the value at that shift", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 3, maxLength: 40 }),
      fc.uint8Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
      (value, before, after) => {
        const all = Buffer.concat([before, value, after]);
        const { standard, url } = innerBase64(value, before.length % 3);
        assert.ok(all.toString("base64").includes(standard));
        assert.ok(all.toString("base64url").includes(url));
      },
    ),
  );
});

const CANARIES = [
  { id: "imei", property: "Imei", value: "260531793113837" },
  { id: "imsi", property: "Imsi", value: "466920123456789" },
  { id: "contact", property: "ContactNumber", value: "+886912345678" },
  { id: "mac", property: "WifiMac", value: "02:00:5e:10:0a:01" },
  { id: "gaid", property: "AdvertisingId", value: "38400000-8cf0-41bd-b23e-10b96e40000d" },
  { id: "mail", property: "EmailAddress", value: "wang.xm@mail.example" },
  { id: "ssid", property: "Ssid", value: "Home-Net 5G" },
  { id: "text", property: "SmsContent", value: "的確 canary sings" },
];

type Names = readonly { readonly canary: string; readonly name: string }[];

function searcher(set: NeedleSet): (bytes: Uint8Array) => Names {
  const search = new NeedleSearch(set.needles);
  return (bytes) => {
    const names: { canary: string; name: string }[] = [];
    search.search(bytes, 0, bytes.length, (index, at) => {
      const needle = set.needles[index];
      for (const meaning of needle?.meanings ?? []) {
        const window = { bytes, start: 0, end: bytes.length };
        const stop = at + (needle?.bytes.length ?? 0);
        if (meaning.weak || !standsAlone(meaning.rule, window, at, stop)) continue;
        const id = meaning.variant === 0 ? (CANARIES[meaning.canary]?.id ?? "") : "decoy";
        names.push({ canary: id, name: meaning.name });
      }
    });
    return names;
  };
}

/** Forms of each value written out by hand, all but the last of which are also hashed. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  imei: ["260531793113837", "26053179311383"],
  imsi: ["466920123456789"],
  contact: ["+886912345678", "886912345678", "00886912345678", "0912345678"],
  mac: [
    "02:00:5e:10:0a:01",
    "02:00:5E:10:0A:01",
    "02-00-5e-10-0a-01",
    "02005e100a01",
    "02005E100A01",
  ],
  gaid: [
    "38400000-8cf0-41bd-b23e-10b96e40000d",
    "38400000-8CF0-41BD-B23E-10B96E40000D",
    "384000008cf041bdb23e10b96e40000d",
  ],
  mail: ["wang.xm@mail.example", "WANG.XM@MAIL.EXAMPLE"],
  ssid: ["Home-Net 5G", "home-net 5g"],
  text: ["的確 canary sings"],
};

/** Made with node:crypto and Buffer alone, none of it with the code under test. */
const TRANSFORMS: Readonly<Record<string, (text: string) => Buffer>> = {
  plain: (text) => Buffer.from(text),
  percent: (text) => Buffer.from(encodeURIComponent(text)),
  "percent-lower": (text) =>
    Buffer.from(encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase())),
  base64: (text) => Buffer.from(Buffer.from(`{"v":"${text}"}`).toString("base64")),
  "base64 shifted": (text) => Buffer.from(Buffer.from(`{"va":"${text}"}`).toString("base64url")),
  "base64 shifted twice": (text) =>
    Buffer.from(Buffer.from(`{"val":"${text}"}`).toString("base64")),
  hex: (text) => Buffer.from(Buffer.from(text).toString("hex")),
  "hex upper": (text) => Buffer.from(Buffer.from(text).toString("hex").toUpperCase()),
  ...Object.fromEntries(
    ["md5", "sha1", "sha256"].flatMap((name) => {
      const digest = (text: string): Buffer => createHash(name).update(text).digest();
      return [
        [`${name} hex`, (text: string) => Buffer.from(digest(text).toString("hex"))],
        [
          `${name} hex upper`,
          (text: string) => Buffer.from(digest(text).toString("hex").toUpperCase()),
        ],
        [`${name} base64`, (text: string) => Buffer.from(digest(text).toString("base64"))],
        [`${name} base64url`, (text: string) => Buffer.from(digest(text).toString("base64url"))],
        [`${name} raw`, digest],
      ] as const;
    }),
  ),
};

test("recall: every form of every property is found in every transform, and no decoy is", () => {
  const find = searcher(deriveNeedles(CANARIES, nodePlatform));
  let cells = 0;
  for (const [id, texts] of Object.entries(WRITTEN)) {
    for (const text of texts) {
      for (const [transform, apply] of Object.entries(TRANSFORMS)) {
        const hay = Buffer.concat([Buffer.from('{"x":"'), apply(text), Buffer.from('","y":17}')]);
        const names = find(hay);
        assert.ok(
          names.some(({ canary }) => canary === id),
          `${text} by ${transform}`,
        );
        assert.ok(
          names.every(({ canary }) => canary === id),
          `${text} by ${transform}: ${JSON.stringify(names)}`,
        );
        cells++;
      }
    }
  }
  assert.equal(cells, 20 * Object.keys(TRANSFORMS).length);
});

test("look-alikes are not found", () => {
  const find = searcher(deriveNeedles(CANARIES, nodePlatform));
  for (const text of [
    '{"imei":"260531793113845"}', // another phone of the same type
    '{"x":"1260531793113837"}',
    '{"x":"2605317931138370000"}',
    '{"to":"+886912345679"}',
    '{"to":"3886912345678"}',
    '{"mac":"02:00:5e:10:0a:02"}',
    "f02005e100a01",
    '{"mail":"xwang.xm@mail.example"}',
    '{"mail":"wang.xm@mail.examples"}',
    "Home-Net 5GHz",
  ]) {
    assert.deepEqual(find(toUtf8(text)), [], text);
  }
});

test("a value in two canaries is one needle with two meanings", () => {
  const twice = [
    { id: "a", property: "Msisdn", value: "+886912345678" },
    { id: "b", property: "ContactNumber", value: "+886912345678" },
  ];
  const { needles, forms, decoys } = deriveNeedles(twice, nodePlatform);
  const plain = needles.filter(({ bytes }) => fromLatin1(bytes) === "+886912345678");
  assert.equal(plain.length, 1);
  assert.deepEqual(
    plain[0]?.meanings.map(({ canary, name }) => `${canary} ${name}`),
    ["0 e164", "1 e164"],
  );
  assert.ok(forms[0]?.includes("e164|sha256|hex"));
  assert.deepEqual(decoys, [4, 4]);
});
