// The command line: what falco does without a subcommand, and how a run ends.
// In: arguments. Out: the exit code: 0, or 1 after a message on standard error, as Falco has it.
// Elsewhere: subcommands (subcommands.ts), flags (flags.ts), the work (commands/).

import { Command, CommanderError } from "commander";
import { didYouMean, UsageError } from "../base/mod.ts";
import { stderrLines } from "../service/logging/mod.ts";
import { withBareValues } from "./bare_flags.ts";
import { withDroppedFlag } from "./dropped_flags.ts";
import { takeEarlyFlags } from "./early_flags.ts";
import { reportFailure } from "./failure.ts";
import { addFlags } from "./add_flags.ts";
import type { MonitorOptions } from "./commands/monitor.ts";
import type { PrintOptions } from "./print_forms.ts";
import type { ValidateOptions } from "./commands/validate.ts";
import { addSubcommands } from "./subcommands.ts";

/** What is left of the log waits so long for its reader when the program ends. */
const LOG_PATIENCE_MS = 2000;
const FAILED = 1;

/** They are too many to be listed there. */
const SETTINGS_HELP =
  "Settings, for -o key=value and for the file of -c: falco list config prints all of them with their meaning.";

export async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => exitCode = code);
  try {
    await program.parseAsync(withBareValues(args), { from: "user" });
    await stderrLines.drain(LOG_PATIENCE_MS);
    return exitCode;
  } catch (error) {
    // commander has printed its message already
    if (error instanceof CommanderError) return error.exitCode;
    // a reader that does not take the log would not take this either
    return await stderrLines.drain(LOG_PATIENCE_MS) ? reportFailure(error) : FAILED;
  }
}

/** @param done gets the exit code of the command that was called */
export function createProgram(done: (exitCode: number) => void): Command {
  const program = new Command("falco")
    .description("Watches the system calls of this host and reports what its rules describe.")
    .usage("[flags] | falco <command>")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments()
    .exitOverride()
    .hook("preAction", takeEarlyFlags)
    .configureOutput({
      outputError: (text, write) => write(withDroppedFlag(text.replace(/^error: /, "Error: "))),
    })
    .addHelpText("after", `\n${SETTINGS_HELP}`);

  addFlags(program, "falco")
    .action(async (options: MonitorOptions & PrintOptions & ValidateOptions, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) throw unknownCommand(unknown, command);
      // late: help does without settings, rules and the engine
      const { printForm } = await import("./print_forms.ts");
      if (await printForm(options)) done(0);
      else if (options.validate !== undefined) {
        const { validate } = await import("./commands/validate.ts");
        done(await validate(options));
      } else {
        const { monitor } = await import("./commands/monitor.ts");
        done(await monitor(options));
      }
    });
  addSubcommands(program, done);
  // inherited: only the program itself tells unknown commands from words too many
  for (const command of program.commands) command.allowExcessArguments(false);
  return program;
}

function unknownCommand(word: string, program: Command): UsageError {
  const hint = didYouMean(word, program.commands.map((command) => command.name()));
  return new UsageError([`unknown command ${word}` + (hint === undefined ? "" : `; ${hint}`)]);
}
