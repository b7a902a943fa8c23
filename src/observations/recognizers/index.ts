/**
 * The recognisers that come with the tool, in order of preference where two claim the same bytes
 * and are equally sure.
 *
 * @module
 */
import { emailRecognizer, phoneNumberRecognizer } from "./contact.ts";
import { descriptionRecognizer } from "./description.ts";
import { deviceRecognizer, hostNameRecognizer } from "./device.ts";
import { hardwareAddressRecognizer } from "./hardware-address.ts";
import { identifierRecognizer } from "./identifier.ts";
import { installedAppsRecognizer } from "./installed-apps.ts";
import { locationRecognizer } from "./location.ts";
import type { GroupRecognizer, Recognizer } from "./recognizer.ts";
import { subscriberRecognizer } from "./subscriber.ts";
import { userAgentRecognizer } from "./user-agent.ts";

/** Recognisers of both sorts. */
export interface RecognizerSet {
  readonly single: readonly Recognizer[];
  readonly group: readonly GroupRecognizer[];
}

/** All recognisers. */
export const RECOGNIZERS: RecognizerSet = {
  single: [
    subscriberRecognizer,
    hardwareAddressRecognizer,
    emailRecognizer,
    identifierRecognizer,
    phoneNumberRecognizer,
    userAgentRecognizer,
    deviceRecognizer,
    hostNameRecognizer,
  ],
  group: [locationRecognizer, descriptionRecognizer, installedAppsRecognizer],
};
