/**
 * Reads what a User-Agent says of the device: model, system, build.
 *
 * Source: RFC 9110 §10.1.5; the comment that Android's WebView, Dalvik and Apple's systems send.
 * Browsers that send a reduced one give the model `K`, which says nothing.
 *
 * @module
 */
import { makerOfModel } from "./model-patterns.ts";
import type { Recognized, Recognizer } from "./recognizer.ts";

export const userAgentRecognizer: Recognizer = {
  name: "user-agent",
  recognize({ text }) {
    const comment = /\((?:Linux|iPhone|iPad|iPod touch)[^()]{4,300}/.exec(text);
    if (comment === null) return [];
    const start = comment.index + 1;
    const inside = comment[0].slice(1);
    return inside.startsWith("Linux") ? android(inside, start) : apple(inside, start);
  },
};

/** `Linux; U; Android 10; en-us; Redmi Note 9 Pro MIUI/V12.0.3.0.QJZMIXM`. */
function android(comment: string, offset: number): readonly Recognized[] {
  const found: Recognized[] = [];
  let isPastSystem = false;
  let at = 0;
  for (const field of comment.split(";")) {
    const text = field.trim();
    const start = offset + at + field.indexOf(text);
    at += field.length + 1;
    const system = /^Android ([0-9]{1,2}(?:\.[0-9]{1,2}){0,2})$/.exec(text);
    if (system?.[1] !== undefined) {
      isPastSystem = true;
      const end = start + text.length;
      found.push({
        property: "OsVersion",
        start: start + 8,
        end,
        confidence: "certain",
        reason: "Android's version in a User-Agent",
      });
    } else if (isPastSystem && !isOtherField(text)) {
      found.push(...modelAndBuild(text, start));
      break;
    }
  }
  return found;
}

/** Language tags of older systems, `wv` for the WebView, form factors, revisions, `K` for what is withheld. */
function isOtherField(text: string): boolean {
  return (
    text === "" ||
    /^([a-z]{2}([-_][A-Za-z]{2})?|wv|Mobile|Tablet|TV|U|K|rv:[0-9.]{1,8})$/.test(text)
  );
}

/** `MODEL Build/ID` or `MODEL MIUI/ID`, or the model alone. */
function modelAndBuild(text: string, offset: number): readonly Recognized[] {
  const split = /^(.{1,60}?)\s+(Build|MIUI)\/(\S{1,80})/.exec(text);
  const model = split?.[1] ?? text;
  if (split === null && makerOfModel(model) === undefined) return [];
  const found: Recognized[] = [];
  if (model !== "K") {
    const maker = makerOfModel(model);
    const reason = `the model in a User-Agent${maker === undefined ? "" : `, written as ${maker} writes its own`}`;
    const confidence = maker === undefined ? "likely" : "certain";
    found.push({
      property: "DeviceModel",
      start: offset,
      end: offset + model.length,
      confidence,
      reason,
    });
  }
  const build = split?.[3];
  if (build !== undefined) {
    const start = offset + text.indexOf(`/${build}`, model.length) + 1;
    found.push({
      property: "OsBuild",
      start,
      end: start + build.length,
      confidence: "certain",
      reason: "the build in a User-Agent",
    });
  }
  return found;
}

/** `iPhone; CPU iPhone OS 14_4 like Mac OS X`. */
function apple(comment: string, offset: number): readonly Recognized[] {
  const found: Recognized[] = [];
  const version = /\bOS ([0-9]{1,2}(?:[_.][0-9]{1,2}){1,2})/.exec(comment);
  const model = /\b(iPhone|iPad|iPod)[0-9]{1,2},[0-9]{1,2}/.exec(comment);
  if (version?.[1] !== undefined) {
    const start = offset + version.index + 3;
    const end = start + version[1].length;
    found.push({
      property: "OsVersion",
      start,
      end,
      confidence: "certain",
      reason: "the system's version in a User-Agent",
    });
  }
  if (model !== null) {
    const start = offset + model.index;
    const end = start + model[0].length;
    found.push({
      property: "DeviceModel",
      start,
      end,
      confidence: "certain",
      reason: "the model in a User-Agent",
    });
  }
  return found;
}
