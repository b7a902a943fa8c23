/**
 * `npm run lab -- record [FOLDER]`: records the bundled example anew. Needs Linux and root.
 */
import { whyNotHere, record } from "./record.ts";
import { SCENARIO_2014 } from "./scenario-2014.ts";

const [command, folder = "examples/phone-2014", ...rest] = process.argv.slice(2);
if (command !== "record" || rest.length > 0) {
  console.error("Usage: npm run lab -- record [FOLDER]");
  process.exit(2);
}
const reason = whyNotHere();
if (reason !== undefined) {
  console.error(`No recording can be made here: ${reason}`);
  process.exit(2);
}
const truth = await record(SCENARIO_2014, folder);
console.error(
  `${folder}: ${truth.transmissions.length} values sent, ${truth.contacts.length} contacts`,
);
