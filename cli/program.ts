// The command line: flags, subcommands, help; each subcommand's work is in the file of its name.
// In: arguments. Out: the exit code: 0, or 1 after a message on standard error, as Falco has it.

import { Command, CommanderError } from "commander";
import { didYouMean, UsageError } from "../base/mod.ts";
import { stderrLines } from "../service/logging/mod.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addCompletionCommand } from "./commands/completion.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEventsCommand } from "./commands/events.ts";
import { withDroppedFlag } from "./dropped_flags.ts";
import { takeEarlyFlags } from "./early_flags.ts";
import { reportFailure } from "./failure.ts";
import { addFlags } from "./flags.ts";
import type { MonitorOptions } from "./commands/monitor.ts";
import { settingsHelp } from "./options.ts";
import { addRecordCommand } from "./commands/record.ts";
import { addListCommand } from "./commands/list.ts";
import { printForm, type PrintOptions } from "./print_forms.ts";
import type { ReplayOptions } from "./commands/replay.ts";
import { validate, type ValidateOptions } from "./commands/validate.ts";

/** What is left of the log waits so long for its reader when the program ends. */
const LOG_PATIENCE_MS = 2000;
const FAILED = 1;

export async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => exitCode = code);
  try {
    await program.parseAsync(args, { from: "user" });
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
    .addHelpText("after", `\n${settingsHelp()}`);

  addFlags(program, "falco")
    .action(async (options: MonitorOptions & PrintOptions & ValidateOptions, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) throw unknownCommand(unknown, command);
      if (await printForm(options)) done(0);
      else if (options.validate !== undefined) done(await validate(options));
      else {
        // late: printing and checking do without the engine and libbpf
        const { monitor } = await import("./commands/monitor.ts");
        done(await monitor(options));
      }
    });
  addListCommand(program, done);

  addFlags(program.command("replay"), "replay")
    .argument("<trace>", "a recording in the .scap format")
    .description("Evaluates a recording instead of this host.")
    .action(async (trace: string, options: ReplayOptions) => {
      const { replay } = await import("./commands/replay.ts");
      done(await replay(trace, options));
    });
  addCheckCommand(program, done);
  addDoctorCommand(program, done);
  addEventsCommand(program, done);
  addRecordCommand(program, done);
  addCompletionCommand(program, done);
  // inherited: only the program itself tells unknown commands from words too many
  for (const command of program.commands) command.allowExcessArguments(false);

  return program;
}

function unknownCommand(word: string, program: Command): UsageError {
  const hint = didYouMean(word, program.commands.map((command) => command.name()));
  return new UsageError([`unknown command ${word}` + (hint === undefined ? "" : `; ${hint}`)]);
}
