/**
 * Whose side an organisation is on: the device maker's, the operating system's, or neither.
 *
 * @module
 */
import type { DeviceUnderTest, Party } from "./finding.ts";
import { isHoster, type OrganisationIndex, type OrganisationMatch } from "./organisation.ts";

/** A party with the reason for it. */
export interface PartyJudged {
  readonly party: Party;
  readonly reason: string;
}

/**
 * First party: the organisation, or one of the same group, makes devices of the stated make.
 * Platform: it runs an operating system. Unknown: nobody known, or one that hosts for others.
 * Third party: every other known organisation.
 */
export function partyOf(
  match: OrganisationMatch | undefined,
  device: DeviceUnderTest,
  index: OrganisationIndex,
): PartyJudged {
  if (match === undefined) {
    return { party: "unknown", reason: "no organisation is known for the name or address" };
  }
  const { organisation } = match;
  const maker = device.make === null ? undefined : index.ofMake(device.make);
  if (maker !== undefined && device.make !== null) {
    if (maker.id === organisation.id) {
      return { party: "first", reason: `${organisation.name} makes ${device.make} devices` };
    }
    const group = index.groupOf(maker);
    const shared = index.groupOf(organisation).find((id) => group.includes(id));
    if (shared !== undefined) {
      const head = index.ofId(shared)?.name ?? shared;
      return {
        party: "first",
        reason: `${organisation.name} and the maker of ${device.make} devices are one group (${head})`,
      };
    }
  }
  if (organisation.roles.includes("platform")) {
    return {
      party: "platform",
      reason: `${organisation.name} runs an operating system or its services`,
    };
  }
  if (isHoster(organisation)) {
    return {
      party: "unknown",
      reason: `${organisation.name} hosts for others: whose service this is, the name does not tell`,
    };
  }
  const notFirst =
    device.make === null
      ? "the make of the device is not stated"
      : `it is not known to belong to the maker of ${device.make} devices`;
  return { party: "third", reason: `${organisation.name} is known, and ${notFirst}` };
}
