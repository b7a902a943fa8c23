/**
 * The command line: commands, options, exit codes. What a command does is in its own file and is
 * loaded when it is called.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { OutputClosed } from "../node/output.ts";
import { toolVersion } from "../node/package-files.ts";
import { UserError } from "../user-error.ts";

/** Exit status of design 4.1. */
const EXIT = { done: 0, judged: 1, usage: 2, defect: 3 } as const;

const program = new Command("telltale")
  .description("Finds out what a device tells, and to whom.")
  .version(toolVersion())
  .exitOverride()
  .showHelpAfterError("(telltale --help shows the commands)");

program
  .command("audit")
  .description("captures in, report out")
  .argument("<captures...>", "pcap, pcapng, snoop or HAR, gzipped or not; - for standard input")
  .option("--device <file>", "device file: addresses, canaries, consent, run log")
  .option("--geo <file>", "a MaxMind-format file to ask as well; may be repeated", collect, [])
  .option("--out <folder>", "write report.html and report.json there")
  .option("--json", "report.json on standard output and nothing else there")
  .option("--redact", "leave values, and the bytes around them, out of the report")
  .action(async (captures: string[], options: Record<string, unknown>) => {
    const { auditCommand } = await import("./audit.ts");
    await auditCommand(captures, options);
  });

program
  .command("events")
  .description("what the dissectors read, one line of JSON an event")
  .argument("<captures...>", "pcap, pcapng, snoop or HAR, gzipped or not; - for standard input")
  .action(async (captures: string[]) => {
    const { eventsCommand } = await import("./events.ts");
    await eventsCommand(captures);
  });

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}

function statusOf(error: unknown): number {
  if (error instanceof OutputClosed) return EXIT.done;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UserError) {
    process.stderr.write(`telltale: ${error.message}\n`);
    return EXIT.usage;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`telltale: a defect of Telltale itself, please report it:\n${trace}\n`);
  return EXIT.defect;
}
