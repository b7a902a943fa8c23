/**
 * Organisations that devices talk to, and the names that are theirs.
 *
 * A row says who runs what lies below a domain. `parent` is the organisation that controls
 * it, `jurisdiction` the country of its own seat (ISO 3166-1), null where that is not known or
 * stated in more than one way. Where a narrower name has a row of its own (`push.apple.com`),
 * that row counts. Rows are facts of their date: companies are sold and domains change hands.
 *
 * Sources: what each row names: the organisation's own documentation, privacy policy or
 * annual report, or a published study. TrackHAR: https://github.com/tweaselORG/TrackHAR (CC0).
 *
 * @module
 */
import type { DataSet, Organisation } from "../../src/findings/world.ts";
import { advertising } from "./advertising.ts";
import { analytics } from "./analytics.ts";
import { browsersContent } from "./browsers-content.ts";
import { carriers } from "./carriers.ts";
import { cdnCloud } from "./cdn-cloud.ts";
import { handsetMakers } from "./handset-makers.ts";
import { iot } from "./iot.ts";
import { messaging } from "./messaging.ts";
import { platforms } from "./platforms.ts";
import { push } from "./push.ts";
import { security } from "./security.ts";
import { timeAndNames } from "./time-and-names.ts";

/** Every organisation, by family. */
export const organisations: readonly Organisation[] = [
  ...advertising,
  ...analytics,
  ...browsersContent,
  ...carriers,
  ...cdnCloud,
  ...handsetMakers,
  ...iot,
  ...messaging,
  ...platforms,
  ...push,
  ...security,
  ...timeAndNames,
];

export const organisationsDataSet: DataSet = {
  name: "Telltale organisations",
  version: "2026.11",
  date: "2026-11-22",
  licence: "Apache-2.0",
  source:
    "the rows' own sources: documentation, privacy policies, annual reports, published studies",
};
