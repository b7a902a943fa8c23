import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { fromUtf8, toUtf8 } from "../bytes/text.ts";
import { decodePart } from "../content/decode.ts";
import type { Flow } from "../flows/flow.ts";
import { MAX_EXCERPT_BYTES, MAX_OBSERVATIONS_ALIKE } from "../limits.ts";
import { nodePlatform } from "../node/platform.ts";
import type { Part } from "../protocols/message.ts";
import type { Canary } from "./canary.ts";
import type { Observation } from "./observation.ts";
import { ObservationStage } from "./observe.ts";
import { httpRequest, tcpFlow, textPart } from "./test-messages.ts";

const IMEI = "260531793113837";
const CANARIES: readonly Canary[] = [
  { id: "imei", property: "Imei", value: IMEI },
  { id: "contact", property: "ContactNumber", value: "+886912345678" },
  { id: "place", property: "PreciseLocation", value: "25.0337,121.5654" },
];

function open(canaries: readonly Canary[] = CANARIES): {
  stage: ObservationStage;
  given: Observation[];
  notes: string[];
} {
  const given: Observation[] = [];
  const notes: string[] = [];
  const stage = new ObservationStage({
    canaries,
    platform: nodePlatform,
    decode: decodePart,
    sink: {
      observation: (one) => void given.push(one),
      anomaly: ({ name }) => void notes.push(name),
    },
  });
  return { stage, given, notes };
}

function raw(stage: ObservationStage, flow: Flow, text: string, offset = 0): void {
  const bytes = toUtf8(text);
  stage.raw(flow, 0, {
    bytes,
    start: 0,
    end: bytes.length,
    offset,
    frame: 1 + Math.floor(offset / 100),
    input: 0,
    ts: 5,
  });
}

/** Canary observations in short: canary, form, value, place. */
function short(given: readonly Observation[]): string[] {
  return given.map(({ source, form, value, place }) => {
    const by = source.kind === "canary" ? source.canary : source.recognizer;
    return `${by} ${form} ${value} | ${place}`;
  });
}

function json(text: string): Part {
  return { ...textPart("body", text, 300), mediaType: "application/json" };
}

test("a value in a JSON body is told of its member, its bytes and its frames", () => {
  const { stage, given } = open();
  const body = `{"device":{"imei":"${IMEI}"},"n":1}`;
  stage.message(httpRequest([json(body)]));
  assert.deepEqual(short(given), [
    `imei clear ${IMEI} | POST api.example/v1/report body $.device.imei`,
  ]);
  const [found] = given;
  assert.ok(found);
  assert.equal(found.property, "Imei");
  assert.equal(found.key, "imei");
  assert.equal(found.start, 300 + body.indexOf(IMEI));
  assert.equal(found.end, found.start + 15);
  assert.deepEqual(found.frames, [4]);
  assert.equal(found.protocol, "http");
  const { bytes, valueStart, valueEnd } = found.excerpt;
  assert.equal(fromUtf8(bytes.subarray(valueStart, valueEnd)), IMEI);
  assert.ok(bytes.length <= MAX_EXCERPT_BYTES);
});

test("encoded, hashed and compressed values are found where they are", () => {
  const { stage, given } = open();
  const sha256 = createHash("sha256").update("0912345678").digest("hex");
  const zipped: Part = {
    path: "body",
    bytes: gzipSync(`{"to":"${sha256}"}`),
    offset: 500,
    form: "body",
    mediaType: "application/json",
    codings: ["gzip"],
  };
  stage.message(
    httpRequest([
      { ...textPart("request-target", "/v1?to=%2B886912345678", 5), form: "request-target" },
      zipped,
    ]),
  );
  const canaries = given.filter(({ source }) => source.kind === "canary");
  assert.deepEqual(
    canaries.map(({ form, value }) => `${form} ${value}`),
    ["clear +886912345678", `hashed ${sha256}`],
  );
  const [target, body] = canaries;
  assert.ok(target && body);
  assert.ok(
    target.recipe.some(({ operation }) => operation === "percent"),
    JSON.stringify(target.recipe),
  );
  // %2B886912345678 stands at byte 7 of the target.
  assert.deepEqual([target.start, target.end], [5 + 7, 5 + 22]);
  assert.ok(
    body.recipe.some(({ operation }) => operation === "gzip"),
    JSON.stringify(body.recipe),
  );
  assert.deepEqual([body.start, body.end], [500, 500 + zipped.bytes.length]);
  assert.deepEqual(
    body.source.kind === "canary" && body.source.derivation.map(({ operation }) => operation),
    ["form:national", "sha256", "hex"],
  );
});

test("raw bytes cut at every byte give one observation when the flow is closed", () => {
  const text = `GARBAGE ${IMEI} GARBAGE`;
  for (let cut = 0; cut <= text.length; cut++) {
    const { stage, given } = open();
    const flow = tcpFlow();
    raw(stage, flow, text.slice(0, cut));
    raw(stage, flow, text.slice(cut), cut);
    assert.equal(given.length, 0);
    stage.close(flow);
    assert.deepEqual(short(given), [`imei clear ${IMEI} | raw bytes at offset 8`], `cut at ${cut}`);
    assert.deepEqual([given[0]?.start, given[0]?.end, given[0]?.protocol], [8, 23, "raw"]);
    assert.equal(stage.searched.raw, text.length);
  }
});

test("what a message shows of raw bytes is given once, whichever comes first", () => {
  const body = `{"imei":"${IMEI}"}`;
  for (const rawFirst of [true, false]) {
    const { stage, given } = open();
    const flow = tcpFlow();
    const message = httpRequest([{ ...json(body), offset: 0 }], flow);
    if (rawFirst) raw(stage, flow, body);
    stage.message(message);
    if (!rawFirst) raw(stage, flow, body);
    raw(stage, flow, ` ${IMEI} `, body.length);
    stage.end();
    assert.deepEqual(
      given.map(({ protocol }) => protocol),
      ["http", "raw"],
    );
    assert.equal(given[1]?.start, body.length + 1);
    assert.equal(stage.searches()[0]?.hits, 2);
  }
});

test("weak matches count beside a telling name or each other, else they are only counted", () => {
  const dropped = open();
  dropped.stage.message(httpRequest([json('{"x":"12345678","y":25.033}')]));
  assert.deepEqual(dropped.given, []);
  assert.equal(dropped.stage.contextualDropped, 2);
  const told = open();
  told.stage.message(httpRequest([json('{"phone":"12345678"}')]));
  assert.deepEqual(
    short(told.given).map((text) => text.split(" |")[0]),
    ["contact truncated 12345678"],
  );
  assert.equal(told.given[0]?.contextual, true);
  const pair = open();
  pair.stage.message(httpRequest([json('{"a":25.0337,"b":121.5654}')]));
  assert.deepEqual(
    pair.given.map(({ value }) => value),
    ["25.033", "121.565"],
  );
  const far = open();
  raw(far.stage, tcpFlow(), `25.0337 ${"x".repeat(400)} 121.5654`);
  far.stage.end();
  assert.deepEqual(far.given, []);
  const near = open();
  raw(near.stage, tcpFlow(), "25.0337 and 121.5654");
  near.stage.end();
  assert.equal(near.given.length, 2);
});

test("searches() tells forms, hits and decoys; nothing is given for a decoy", () => {
  const { stage, given } = open();
  stage.message(httpRequest([json(`{"a":"${IMEI}","b":"260531793113845"}`)]));
  const [imei, contact] = stage.searches();
  assert.ok(imei);
  assert.ok(imei.forms.includes("imei-15") && imei.forms.includes("imei-15|sha256|hex"));
  assert.deepEqual([imei.hits, imei.decoys, imei.decoyHits], [1, 4, 0]);
  assert.deepEqual([contact?.hits, contact?.decoyHits], [0, 0]);
  assert.equal(given.length, 1);
  assert.ok(stage.bytesSearched > 0);
});

test("a canary's bytes are not given a second time by a recogniser", () => {
  const own = "861234028765439";
  const { stage, given } = open([{ id: "own", property: "Imei", value: own }]);
  stage.message(httpRequest([json(`{"imei":"${own}","model":"SM-G973F"}`)]));
  assert.deepEqual(
    given.map(({ property, source }) => `${property} ${source.kind}`),
    ["Imei canary", "DeviceModel recognizer"],
  );
});

test("places and keys show no canary's value", () => {
  const { stage, given } = open();
  const message = { ...httpRequest([json(`{"x":"${IMEI}"}`)]), path: `/by-imei/${IMEI}` };
  stage.message(message);
  assert.equal(given.length, 1);
  assert.ok(!given[0]?.place.includes(IMEI), given[0]?.place);
});

test("alike observations are given up to the limit, and counted beyond", () => {
  const { stage, given } = open();
  for (let i = 0; i < MAX_OBSERVATIONS_ALIKE + 7; i++)
    stage.message(httpRequest([json(`{"imei":"${IMEI}"}`)]));
  assert.equal(given.length, MAX_OBSERVATIONS_ALIKE);
  assert.equal(stage.alikeDropped, 7);
  assert.equal(stage.searches()[0]?.hits, MAX_OBSERVATIONS_ALIKE + 7);
});

test("more matches than are looked at are noted", () => {
  const { stage, notes } = open();
  stage.message(httpRequest([textPart("header:x", `${IMEI} `.repeat(2000))]));
  assert.deepEqual(notes, ["matches-not-looked-at"]);
});

test("without canaries recognisers still look, and nothing is searched", () => {
  const { stage, given } = open([]);
  raw(stage, tcpFlow(), "anything");
  stage.message(httpRequest([json('{"bssid":"02:00:00:00:00:00"}')]));
  stage.end();
  assert.deepEqual(
    given.map(({ property }) => property),
    ["Bssid"],
  );
  assert.equal(
    given[0]?.placeholder,
    "the placeholder that Android hands to apps without permission",
  );
  assert.equal(stage.bytesSearched, 0);
});

test("two audits of the same input say the same", () => {
  const audit = (): string => {
    const { stage, given } = open();
    const flow = tcpFlow();
    raw(stage, flow, `x ${IMEI} y +886912345678`);
    stage.message(httpRequest([json(`{"phone":"0912345678","imei":"${IMEI}"}`)], flow));
    stage.end();
    return JSON.stringify([
      given.map(({ flow: { index }, ...rest }) => ({ ...rest, index })),
      stage.searches(),
    ]);
  };
  assert.equal(audit(), audit());
});

test("a message cut at every byte never throws, and keeps what came before the cut", () => {
  const body = `{"device":{"imei":"${IMEI}","lat":25.0337,"lng":121.5654},"model":"SM-G973F"}`;
  const imeiEnd = body.indexOf(IMEI) + IMEI.length;
  for (let cut = 0; cut <= body.length; cut++) {
    const { stage, given } = open();
    stage.message(httpRequest([json(body.slice(0, cut))]));
    stage.end();
    assert.equal(
      given.some(({ value }) => value === IMEI),
      cut >= imeiEnd,
      `cut at ${cut}`,
    );
  }
});

test("a value in JSON inside a string is recognised once, in its own member", () => {
  const { stage, given } = open([]);
  stage.message(httpRequest([json(`{"data":"{\\"bssid\\":\\"f0:9f:c2:12:34:56\\"}"}`)]));
  assert.deepEqual(
    given.map(({ property, key }) => `${property} ${key}`),
    ["Bssid bssid"],
  );
});

test("random bytes never make the stage throw, raw or in messages", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
      const { stage, given } = open();
      const flow = tcpFlow();
      let offset = 0;
      for (const bytes of pieces) {
        stage.raw(flow, 0, {
          bytes,
          start: 0,
          end: bytes.length,
          offset,
          frame: 1,
          input: 0,
          ts: 0,
        });
        stage.message(httpRequest([{ path: "body", bytes, offset, form: "body" }], flow));
        offset += bytes.length;
      }
      stage.end();
      assert.equal(stage.searched.raw, offset);
      assert.ok(given.every(({ start, end }) => start <= end && end <= offset));
    }),
    { numRuns: 100 },
  );
});
