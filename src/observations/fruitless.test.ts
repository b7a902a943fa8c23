import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePart } from "../content/decode.ts";
import { MAX_FRUITLESS_BYTES } from "../limits.ts";
import { nodePlatform } from "../node/platform.ts";
import type { Certificate, Message, Part, TlsCertificates } from "../protocols/message.ts";
import type { Canary } from "./canary.ts";
import { FruitlessMessages, FruitlessValues } from "./fruitless.ts";
import type { Observation } from "./observation.ts";
import { ObservationStage } from "./observe.ts";
import { Key } from "./telling-keys.ts";
import { httpRequest, root, tcpFlow, textPart } from "./test-messages.ts";

const CANARIES: readonly Canary[] = [
  { id: "imei", property: "Imei", value: "260531793113837" },
  { id: "email", property: "EmailAddress", value: "lab.seven@example.com" },
];

/** Observations without what tells messages apart, anomalies, and bytes searched, of one stage or of one each. */
function look(messages: readonly Message[], together: boolean): readonly unknown[] {
  const given: unknown[] = [];
  let searched = 0;
  const open = (): ObservationStage =>
    new ObservationStage({
      canaries: CANARIES,
      platform: nodePlatform,
      decode: decodePart,
      sink: {
        observation: ({ property, value, place, form, source }: Observation) => {
          given.push({ property, value, place, form, source });
        },
        anomaly: ({ name, reason }) => void given.push({ name, reason }),
      },
    });
  const shared = open();
  for (const message of messages) {
    const stage = together ? shared : open();
    const before = stage.bytesSearched;
    stage.message(message);
    searched += stage.bytesSearched - before;
  }
  return [...given, searched];
}

test("what is found does not depend on what was looked at before", () => {
  const text = fc.oneof(
    fc.constantFrom("imei=260531793113837", "lab.seven@example.com", "android.os.Build", "a"),
    fc.constantFrom('{"lat":25.03391,"lon":121.56452}', "{broken", "02:1a:c5:7e:40:9b", ""),
    fc.string({ maxLength: 12 }),
  );
  const path = fc.constantFrom("body", "header:user-agent", "header:x-device-id", "request-target");
  const part = fc.tuple(path, text).map(([where, what]) => textPart(where, what));
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.array(parts, { minLength: 2, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (all, picks) => {
        const messages: Message[] = [];
        // A few messages again and again, few enough that none is left out for being alike.
        for (let i = 0; i < 8; i++) {
          const pick = all[(picks.next().value ?? 0) % all.length] ?? [];
          messages.push(httpRequest(pick, tcpFlow(i)));
        }
        assert.deepEqual(look(messages, true), look(messages, false));
      },
    ),
    { numRuns: 40 },
  );
});

test("FruitlessMessages knows a message by its parts, and none that differs in one of them", () => {
  const known = new FruitlessMessages();
  const one = httpRequest([textPart("header:a", "bc"), textPart("header:d", "e")]);
  assert.equal(known.find(one), undefined);
  known.remember(one, 3);
  assert.equal(known.find(httpRequest([textPart("header:a", "bc"), textPart("header:d", "e")])), 3);
  const others: readonly (readonly Part[])[] = [
    [textPart("header:a", "bc")],
    [textPart("header:a", "b"), textPart("header:d", "ce")],
    [textPart("header:A", "bc"), textPart("header:d", "e")],
    [textPart("header:a", "bc"), textPart("header:d", "f")],
    [textPart("header:a", "bc"), { ...textPart("header:d", "e"), form: "body" }],
    [textPart("header:a", "bc"), { ...textPart("header:d", "e"), codings: ["gzip"] }],
    [textPart("header:a", "bc"), { ...textPart("header:d", "e"), mediaType: "text/plain" }],
    [textPart("header:a", "bc"), { ...textPart("header:d", "e"), missing: 1 }],
  ];
  for (const parts of others) assert.equal(known.find(httpRequest(parts)), undefined);
});

test("FruitlessMessages copies what it remembers, and leaves out what is large", () => {
  const known = new FruitlessMessages();
  const part = textPart("body", "abc");
  known.find(httpRequest([part]));
  known.remember(httpRequest([part]), 3);
  part.bytes[0] = 0x7a;
  assert.equal(known.find(httpRequest([part])), undefined);
  assert.equal(known.find(httpRequest([textPart("body", "abc")])), 3);
  const large = httpRequest([textPart("body", "x".repeat(MAX_FRUITLESS_BYTES + 1))]);
  known.find(large);
  known.remember(large, 1);
  assert.equal(known.find(large), undefined);
});

test("FruitlessMessages knows chains of certificates, whatever their size", () => {
  const known = new FruitlessMessages();
  const [leaf, issuer] = [certificate("leaf"), certificate("issuer")];
  known.remember(chain([leaf, issuer]), 17);
  assert.equal(known.find(chain([leaf, issuer])), 17);
  assert.equal(known.find(chain([leaf])), undefined);
  assert.equal(known.find(chain([leaf, certificate("issuer")])), undefined);
  assert.equal(known.find(chain([issuer, leaf])), undefined);
});

test("FruitlessValues knows a value with its name, its place and the kind of its message", () => {
  const known = new FruitlessValues();
  const context = (text: string, key = "k", path = "header:k", message = httpRequest([])) => {
    const part = textPart(path, text);
    return { key: new Key(key), text, node: root(part), part, message };
  };
  assert.equal(known.has(context("abc")), false);
  known.remember(context("abc"));
  assert.equal(known.has(context("abc")), true);
  assert.equal(known.has(context("abd")), false);
  assert.equal(known.has(context("abc", "imei")), false);
  assert.equal(known.has(context("abc", "k", "body")), false);
});

function certificate(subject: string): Certificate {
  const times = { notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-01-01T00:00:00Z" };
  const none = { names: [], organisation: null, country: null };
  return { subject, issuer: "", serial: "1", selfSigned: false, sha256: "", ...times, ...none };
}

function chain(certificates: readonly Certificate[]): TlsCertificates {
  const place = { side: 1 as const, input: 0, frame: 1, ts: 0, start: 0, end: 1 };
  const parts = [textPart("certificate[0].subject.CN", "a")];
  return {
    ...{ kind: "tls", type: "certificate", transport: "tcp", flow: tcpFlow(), parts },
    ...place,
    certificates,
  };
}
