/**
 * The device file: what the operator states about the device under test (design 4.2).
 * YAML with a published JSON Schema; every error names its line and what was expected.
 *
 * @module
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { nearest } from "../bytes/nearest.ts";
import { UserError } from "../user-error.ts";

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;

const instant = z
  .string()
  .refine((text) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "a date and time such as 2026-11-22T08:00:00Z (RFC 3339) is expected",
  })
  .describe("Date and time, RFC 3339");

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]*$/i;
const address = z
  .string()
  .refine((text) => MAC.test(text) || isIpv4(text) || (IPV6.test(text) && !MAC.test(text)), {
    message: 'a MAC address such as "02:00:00:00:00:07" or an IP address is expected',
  })
  .describe("MAC or IP address of the device");

const canary = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .regex(/^[A-Za-z0-9._-]+$/, "letters, digits, dot, hyphen and underscore are expected")
      .describe("Name of the canary in the report"),
    property: z.string().min(1).describe("Term of the property vocabulary: Imei, ContactNumber, …"),
    value: z.string().min(1).describe("The value planted on the device or known beforehand"),
  })
  .describe("A value whose journey is traced");

const coverage = z.strictObject({
  property: z.string().min(1).describe("Term of the property vocabulary"),
  recipient: z.string().min(1).optional().describe("Id of the organisation"),
});

export const deviceFileSchema = z
  .strictObject({
    device: z
      .strictObject({
        make: z.string().min(1).optional().describe("Maker; also tells first from third parties"),
        model: z.string().min(1).optional().describe("Model"),
        build: z.string().min(1).optional().describe("Build of the firmware under test"),
        addresses: z
          .array(address)
          .optional()
          .describe("MAC or IP addresses; left out: found from the traffic"),
      })
      .optional()
      .describe("The device"),
    capturePoint: z
      .strictObject({
        latitude: z.number().min(-90).max(90).describe("Degrees north"),
        longitude: z.number().min(-180).max(180).describe("Degrees east"),
        place: z.string().min(1).optional().describe("Name of the place"),
      })
      .optional()
      .describe("Where the capture was taken, for latency bounds"),
    canaries: z.array(canary).optional().describe("Values whose journey is traced"),
    consent: z
      .array(
        z.strictObject({
          id: z.string().min(1).describe("Name of the consent"),
          at: instant,
          withdrawn: instant.optional(),
          covers: z.array(coverage).describe("What it covers"),
        }),
      )
      .optional()
      .describe("What the user agreed to, and when"),
    declarations: z
      .array(
        z.strictObject({
          property: z.string().min(1).describe("Term of the property vocabulary"),
          recipient: z.string().min(1).optional().describe("Id of the organisation"),
          purpose: z.string().min(1).optional().describe("What for"),
          source: z.string().min(1).optional().describe("Where the maker says so"),
        }),
      )
      .optional()
      .describe("What the maker says it sends"),
    log: z.string().min(1).optional().describe("Run log beside this file (NDJSON)"),
  })
  .describe("Device under test");

/** The device file's content. */
export type DeviceFile = z.infer<typeof deviceFileSchema>;

/** A device file that cannot be used. The message is one line for people; `line` is 1-based. */
export class DeviceFileError extends UserError {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Checks one canary beyond its shape: its property and the format of its value. */
export type CanaryCheck = (canary: {
  id: string;
  property: string;
  value: string;
}) => string | undefined;

/**
 * Reads a device file.
 *
 * @param text The YAML text.
 * @param checkCanary Says what is wrong with a canary, or undefined.
 * @throws {DeviceFileError} at the first thing that is wrong.
 */
export function readDeviceFile(text: string, checkCanary: CanaryCheck): DeviceFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const broken = document.errors[0];
  if (broken !== undefined) {
    const reason = broken.message.split("\n")[0] ?? "";
    throw new DeviceFileError(lineAt(broken.pos[0]), `YAML is broken: ${reason}`);
  }
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document, path));
  const parsed = deviceFileSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A misspelt key is also a missing one; the misspelling is what helps.
    const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
    if (issue === undefined) throw new DeviceFileError(1, "the file does not fit its schema");
    throw new DeviceFileError(lineOf(pathOfIssue(issue)), describe(issue));
  }
  const seen = new Set<string>();
  for (const [i, entry] of (parsed.data.canaries ?? []).entries()) {
    if (seen.has(entry.id)) {
      throw new DeviceFileError(
        lineOf(["canaries", i, "id"]),
        `canary id "${entry.id}" is there twice`,
      );
    }
    seen.add(entry.id);
    const reason = checkCanary(entry);
    if (reason !== undefined) {
      throw new DeviceFileError(
        lineOf(["canaries", i, "value"]),
        `canary "${entry.id}": ${reason}`,
      );
    }
  }
  return parsed.data;
}

type Issue = z.core.$ZodIssue;

function pathOfIssue(issue: Issue): PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
}

function describe(issue: Issue): string {
  const where = issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const known = keysAt(issue.path);
    const best = nearest(key, known);
    const hint =
      best === undefined
        ? `known keys are ${known.join(", ")}`
        : `the nearest known key is "${best}"`;
    return `${where}unknown key "${key}"; ${hint}`;
  }
  const message = issue.message.replace(/^Invalid input: /, "");
  return `${where}${message}`;
}

/** Keys that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType = deviceFileSchema;
  for (const step of path) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodObject) schema = schemaOfMember(schema, step);
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function schemaOfMember(schema: z.ZodObject, key: PropertyKey): z.core.$ZodType {
  const member: unknown = schema.shape[String(key)];
  return member instanceof z.ZodType ? member : schema;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}

/** Offset in the text of the deepest node that exists on `path`; of a key, not of its value. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
      if (pair === undefined) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      if (isMap(node) || isScalar(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function isIpv4(text: string): boolean {
  const parts = IPV4.exec(text);
  return parts !== null && parts.slice(1).every((part) => Number(part) <= 255);
}
