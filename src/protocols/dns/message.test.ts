import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../../bytes/hex.ts";
import { fromLatin1, toLatin1 } from "../../bytes/text.ts";
import type { Part } from "../message.ts";
import { decodeDns, type DecodedDns } from "./message.ts";

const OPTIONS = { wantsParts: true, base: 0 };

/** A response with the question `n. A` and one record for it. */
function response(
  type: number,
  data: string,
  { length = data.length, more = "" } = {},
): Uint8Array {
  const header = `\x12\x34\x81\x80\0\x01\0${more === "" ? "\x01" : "\x02"}\0\0\0\0`;
  const record = `\xc0\x0c${u16(type)}\0\x01\0\0\0\x3c${u16(length)}${data}`;
  return toLatin1(`${header}\x01n\0\0\x01\0\x01${record}${more}`);
}
const u16 = (value: number): string => String.fromCharCode(value >> 8, value & 255);
const A_RECORD = "\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x01\x02\x03\x04";

function decode(bytes: Uint8Array): DecodedDns {
  const decoded = decodeDns(bytes, 0, bytes.length, OPTIONS);
  assert.ok(decoded);
  return decoded;
}

function valueOf(type: number, data: string): string | null | undefined {
  return decode(response(type, data)).answers[0]?.value;
}

const textOf = (parts: readonly Part[]): string[] =>
  parts.map((part) => `${part.path}@${part.offset}=${fromLatin1(part.bytes)}`);

test("a query gives its questions", () => {
  const bytes = toLatin1("\xab\xcd\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x1c\0\x01");
  const { parts, ...rest } = decode(bytes);
  assert.deepEqual(rest, {
    id: 0xabcd,
    response: false,
    opcode: 0,
    rcode: null,
    queries: [{ name: "www.example.com", type: 28 }],
    answers: [],
    authority: 0,
    additional: 0,
    fault: undefined,
    readTo: bytes.length,
  });
  assert.deepEqual(textOf(parts), ["question[0].name@-1=www.example.com"]);
});

test("record data is written as tshark does", () => {
  const name = "\x02to\0";
  const cases: readonly [number, string, string | null][] = [
    [1, "\x01\x02\x03\x04", "1.2.3.4"],
    [28, `${"\0".repeat(10)}\xff\xff\x01\x02\x03\x04`, "::ffff:1.2.3.4"],
    [28, `${"\0".repeat(12)}\x01\x02\x03\x04`, "::1.2.3.4"],
    [28, "\x20\x01\x0d\xb8\0\0\0\x01\0\0\0\0\0\0\0\x01", "2001:db8:0:1::1"],
    [2, name, "to"],
    [5, "\0", "<Root>"],
    [6, `${name}\x01x\0${"\0".repeat(20)}`, "to"],
    [12, name, "to"],
    [15, `\0\x0a${name}`, "to"],
    [33, `\0\x01\0\x02\0\x03${name}`, "to"],
    [16, "\x03abc\x02de", "abc"],
    [16, "", null],
    [64, `\0\x01${name}`, "to"],
    [65, "\0\x01\0", "<Root>"],
    [39, name, null],
    [46, "\0\x01", null],
    [1, "", null],
  ];
  for (const [type, data, value] of cases) {
    assert.equal(valueOf(type, data), value, `type ${type} ${JSON.stringify(data)}`);
  }
});

test("SVCB records are read as in RFC 9460 Appendix D", () => {
  const service = (hex: string): unknown =>
    decode(response(64, fromLatin1(fromHex(hex)))).answers[0]?.service;
  const none = { alpn: [], port: null, hints: [], ech: false };
  const name = "03666f6f076578616d706c6503636f6d00";
  const target = "foo.example.com";
  assert.deepEqual(service(`0000${name}`), { priority: 0, target, ...none }); // D.1, figure 2
  assert.deepEqual(service("000100"), { priority: 1, target: "<Root>", ...none }); // figure 3
  assert.deepEqual(service(`0010${name}000300020035`), {
    ...{ priority: 16, target, ...none },
    port: 53, // figure 4
  });
  const hints = "20010db800000000000000000000000120010db8000000000000000000530001";
  assert.deepEqual(service(`0001${name}00060020${hints}`), {
    ...{ priority: 1, target, ...none },
    hints: ["2001:db8::1", "2001:db8::53:1"], // figure 7
  });
  assert.deepEqual(service("0001000001000302683200050002aabb"), {
    ...{ priority: 1, target: "<Root>", ...none },
    alpn: ["h2"],
    ech: true,
  });
});

test("broken data costs its record only, and the message is malformed", () => {
  const cases: readonly [number, string][] = [
    [1, "\x01\x02\x03"],
    [28, "\x01\x02\x03"],
    [16, "\x08abc"],
    [5, "\x09a"],
    [5, "\xc0\xff"],
    [15, "\0"],
    [65, "\0\x01\0\0\x01\0\x09\x02h2"],
    [41, "\0\x01\0\x30a"],
  ];
  for (const [type, data] of cases) {
    const decoded = decode(response(type, data, { more: A_RECORD }));
    assert.ok(decoded.fault, `type ${type} ${JSON.stringify(data)}`);
    assert.deepEqual(
      decoded.answers.map((one) => one.value),
      [null, "1.2.3.4"],
    );
  }
});

test("a record whose data is not there is not given", () => {
  const decoded = decode(response(1, "\x01\x02\x03\x04", { length: 5 }));
  assert.deepEqual(decoded.answers, []);
  assert.equal(decoded.fault?.reason, "5 bytes due, 4 left");
  assert.equal(decoded.readTo, 19);
});

test("of an update nothing is an answer (RFC 2136 §2)", () => {
  const header = "\x12\x34\x28\0\0\x01\0\x01\0\x01\0\x01";
  const bytes = toLatin1(`${header}\x01n\0\0\x06\0\x01${A_RECORD.repeat(3)}`);
  const { opcode, answers, authority, additional } = decode(bytes);
  assert.deepEqual(
    { opcode, answers, authority, additional },
    { opcode: 5, answers: [], authority: 0, additional: 3 },
  );
});

test("parts hold the strings, options and further names of records, at their place", () => {
  const bytes = response(16, "\x03abc\x02de", {
    more: "\x01m\0\0\x29\x04\xd0\0\0\0\0\0\x07\xfd\xe9\0\x03MAC",
  });
  const decoded = decodeDns(bytes, 0, bytes.length, { wantsParts: true, base: 1000 });
  assert.deepEqual(textOf(decoded?.parts ?? []), [
    "question[0].name@-1=n",
    "answer[0].value[0]@1032=abc",
    "answer[0].value[1]@1036=de",
    "answer[1].name@-1=m",
    "answer[1].option[65001]@1055=MAC",
  ]);
});

test("a message cut anywhere gives what was before the cut, and never throws", () => {
  const whole = response(16, "\x03abc\x02de", { more: A_RECORD });
  const full = decode(whole);
  assert.equal(full.fault, undefined);
  for (let end = 0; end < whole.length; end++) {
    const decoded = decodeDns(whole, 0, end, OPTIONS);
    if (end < 4) {
      assert.equal(decoded, undefined);
      continue;
    }
    assert.ok(decoded?.fault, `cut at ${end}`);
    assert.deepEqual(decoded.answers, full.answers.slice(0, decoded.answers.length));
    assert.ok(decoded.readTo <= end && decoded.fault.offset <= end);
  }
});

test("random bytes never throw, and are read no further than they go", () => {
  const start = fc.constantFrom("", "\x12\x34\x81\x80\0\x01\0\x02\0\x01\0\x01");
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 400 }), (head, tail) => {
      const bytes = Uint8Array.of(9, ...toLatin1(head), ...tail, 9);
      const end = bytes.length - 1;
      const decoded = decodeDns(bytes, 1, end, OPTIONS);
      if (decoded === undefined) return end - 1 < 4;
      return decoded.readTo >= 5 && decoded.readTo <= end;
    }),
    { numRuns: 3000 },
  );
});
