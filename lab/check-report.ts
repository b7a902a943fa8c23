/**
 * Holds a report against what a run really sent: each planted value that left in clear must be
 * reported with destination, phase, form and time, and none that did not.
 */
import type { RecipeStep, Report, ReportObservation } from "../src/report/report.ts";
import type { Contact, Transmission, Truth } from "./truth.ts";

/** How far the lab's clock readings and the capture's time stamps may differ, in ms. */
const CLOCK_MARGIN_MS = 100;

/** What is wrong with a report; empty where it says what was sent, all of it and nothing else. */
export function differences(report: Report, truth: Truth): readonly string[] {
  return [
    ...transmissionDifferences(report, truth),
    ...absenceDifferences(report, truth),
    ...encryptionDifferences(report, truth),
    ...contactDifferences(report, truth),
  ];
}

/** One transmission of the truth and one observation of the report say the same if this text is equal. */
function line(canary: string, to: string, where: { phase: string; form: string }): string {
  return `${canary} to ${to} in ${where.phase} as ${where.form}`;
}

function lineOfTransmission({ canary, to, phase, codings }: Transmission): string {
  return line(canary, to, { phase, form: formOf(codings) });
}

function lineOfObservation(observation: ReportObservation): string {
  const { canary, destination, phase, recipe, form } = observation;
  const codings = codingsOf(recipe);
  const isHashed = codings.some((coding) => DIGESTS.has(coding));
  const said = isHashed === (form === "hashed") ? formOf(codings) : `${form}, ${formOf(codings)}`;
  return line(canary ?? "", destination ?? "nobody", { phase: phase ?? "no phase", form: said });
}

function formOf(codings: readonly string[]): string {
  return codings.length === 0 ? "clear" : codings.join(" in ");
}

/**
 * Codings that a recipe names, innermost first. A recipe goes from the message to the value: what
 * was undone, then the canonical form, then how the bytes found derive from it.
 */
function codingsOf(recipe: readonly RecipeStep[]): readonly string[] {
  const operations = recipe.map(({ operation }) => operation.replace(/:\d+$/, ""));
  const form = operations.findIndex((operation) => CANONICAL_FORM.test(operation));
  const undone = operations.slice(0, form).filter((operation) => CODINGS.has(operation));
  const derived = operations.slice(form + 1).filter((operation) => CODINGS.has(operation));
  // A digest is written in hexadecimal digits; that is no coding of its own.
  const own = derived.filter((one, i) => one !== "hex" || !DIGESTS.has(derived[i - 1] ?? ""));
  return [...own, ...undone.reverse()];
}

const CANONICAL_FORM = /^form:/;
const DIGESTS = new Set(["md5", "sha1", "sha256"]);
const CODINGS = new Set([...DIGESTS, "percent", "base64", "hex", "gzip"]);

function transmissionDifferences(report: Report, truth: Truth): readonly string[] {
  const expected = truth.transmissions.filter(({ channel }) => channel === "clear");
  const found = report.observations.filter(
    ({ canary, direction }) => canary !== null && direction !== "received",
  );
  const missing = expected
    .filter((transmission) => !found.some((one) => isOf(one, transmission)))
    .map((one) => `not reported: ${lineOfTransmission(one)}, sent at ${one.from}`);
  const invented = found
    .filter((observation) => !expected.some((one) => isOf(observation, one)))
    .map((one) => `reported, but not sent: ${lineOfObservation(one)} (${one.place})`);
  return [...missing, ...invented];
}

function isOf(observation: ReportObservation, transmission: Transmission): boolean {
  const ms = (observation.ts ?? NaN) / 1000;
  return (
    observation.direction === "sent" &&
    observation.channel === "clear" &&
    lineOfObservation(observation) === lineOfTransmission(transmission) &&
    ms >= Date.parse(transmission.from) - CLOCK_MARGIN_MS &&
    ms <= Date.parse(transmission.until) + CLOCK_MARGIN_MS
  );
}

/** What never left readably is reported as searched for and not found. */
function absenceDifferences(report: Report, truth: Truth): readonly string[] {
  return report.canaries.flatMap(({ id, hits, bytesSearched, decoyHits, destinations }) => [
    ...(decoyHits > 0 ? [`${id}: ${decoyHits} decoys found`] : []),
    ...(bytesSearched === 0 ? [`${id}: nothing was searched`] : []),
    ...(truth.neverReadable.includes(id) && hits + destinations.length > 0
      ? [`${id}: never sent readably, but found ${hits} times`]
      : []),
  ]);
}

/** Where something was sent that cannot be read, the report says that, and no more. */
function encryptionDifferences(report: Report, truth: Truth): readonly string[] {
  const hosts = new Set(
    truth.transmissions.filter(({ channel }) => channel === "encrypted").map(({ to }) => to),
  );
  return [...hosts].flatMap((host) => {
    const destination = report.destinations.find(({ names }) =>
      names.some((one) => one.name === host),
    );
    const bytes = destination?.payload.sent.classes["encrypted"] ?? 0;
    const isClaimed = report.findings.some(
      (finding) => finding.claim === "sent-unreadable" && finding.destination === destination?.id,
    );
    return bytes > 0 && isClaimed ? [] : [`${host}: no finding says that it got unreadable bytes`];
  });
}

/** The servers of the report are those that the phone contacted, each in the phases in which it did. */
function contactDifferences(report: Report, { contacts }: Truth): readonly string[] {
  const reported = report.destinations.filter(({ kind }) => kind === "internet");
  const hosts = new Set(contacts.map(({ host }) => host));
  const missing = contacts.filter(({ host, phase }) => {
    const destination = reported.find(({ id }) => id === host);
    return destination?.phases.includes(phase) !== true;
  });
  const invented = reported.flatMap(({ id, phases }) =>
    phases
      .filter((phase) => !contacts.some((one) => one.host === id && one.phase === phase))
      .map((phase) => `${id} in ${phase}`),
  );
  return [
    ...missing.map((one: Contact) => `contact not reported: ${one.host} in ${one.phase}`),
    ...invented.map((one) => `reported, but not contacted: ${one}`),
    ...(reported.length === hosts.size
      ? []
      : [`${reported.length} servers reported, ${hosts.size} contacted`]),
  ];
}
