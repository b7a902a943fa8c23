/**
 * Recognises a record that describes a device and names none of its fields, such as protobuf without
 * a schema. A model or a build of the system anchors it: what stands beside one of them in the
 * same record and has the shape of a locale, a kind of network or a digest is taken for just that.
 *
 * @module
 */
import { isLocale, isNetworkType } from "./device.ts";
import { makerOfModel, systemOfBuild } from "./model-patterns.ts";
import type { GroupRecognizer, RecognizedIn, ValueContext } from "./recognizer.ts";

export const descriptionRecognizer: GroupRecognizer = {
  name: "device-record",
  recognizeTogether(contexts) {
    const unnamed = contexts.filter(({ key, node }) => key.isBlank && node.parent !== undefined);
    const records = new Map<unknown, ValueContext[]>();
    for (const context of unnamed) {
      const record = records.get(context.node.parent);
      if (record === undefined) records.set(context.node.parent, [context]);
      else record.push(context);
    }
    return [...records.values()].flatMap(describe);
  },
};

function describe(record: readonly ValueContext[]): readonly RecognizedIn[] {
  const hasModel = record.some(({ text }) => makerOfModel(text) !== undefined);
  const hasBuild = record.some(({ text }) => systemOfBuild(text) !== undefined);
  if (!hasModel && !hasBuild) return [];
  const anchor =
    hasModel && hasBuild
      ? "a device model and a system build"
      : hasModel
        ? "a device model"
        : "a system build";
  const found: RecognizedIn[] = [];
  for (const context of record) {
    const { text } = context;
    const shape = shapeOf(text);
    if (shape === undefined) continue;
    // One anchor alone may be chance; the digest is the strongest claim and wants both.
    const confidence = hasModel && hasBuild ? "likely" : "possible";
    const reason = `${shape.reason}, in the same record as ${anchor}`;
    const base = {
      context,
      property: shape.property,
      end: text.length,
      confidence,
      reason,
    } as const;
    found.push({
      ...base,
      start: shape.start,
      ...(shape.property === "HashedDeviceId" ? { form: "hashed" as const } : {}),
    });
  }
  return found;
}

interface Shape {
  readonly property: string;
  readonly start: number;
  readonly reason: string;
}

function shapeOf(text: string): Shape | undefined {
  if (isLocale(text)) return { property: "Locale", start: 0, reason: "a language and a country" };
  if (isNetworkType(text))
    return { property: "NetworkType", start: 0, reason: "a kind of network" };
  const digest =
    /^(?:[a-z]-)?([0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/.exec(
      text,
    )?.[1];
  if (digest !== undefined) {
    const reason = `${digest.length} hexadecimal digits, as a digest has`;
    return { property: "HashedDeviceId", start: text.length - digest.length, reason };
  }
  // A digest in base64: MD5 and SHA-1 with their padding, SHA-256 with or without.
  if (
    /^(?=.*[0-9+/])(?=.*[a-z])(?=.*[A-Z])([A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/_-]{43}=?)$/.test(
      text,
    )
  ) {
    return {
      property: "HashedDeviceId",
      start: 0,
      reason: `${text.length} base64 characters, as a digest has`,
    };
  }
  return undefined;
}
