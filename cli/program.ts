// The command line: flags, subcommands, help; each subcommand's work is in the file of its name.
// In: arguments. Out: the exit code: 0, or 1 after a message on standard error, as Falco has it.

import { Command, CommanderError, Option } from "commander";
import { didYouMean } from "../rules/diagnostics/suggest.ts";
import { stderrLines } from "../service/stderr_lines.ts";
import { addCheckCommand } from "./check.ts";
import { addCompletionCommand } from "./completion.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addEventsCommand } from "./events.ts";
import { reportFailure, UsageError } from "./failure.ts";
import type { MonitorOptions } from "./monitor.ts";
import { addRunOptions, settingsHelp } from "./options.ts";
import { amount } from "./quantities.ts";
import { addRecordCommand } from "./record.ts";
import { addListCommand } from "./list.ts";
import { addPrintOptions, printForm, type PrintOptions } from "./print_forms.ts";
import type { ReplayOptions } from "./replay.ts";
import { validate, type ValidateOptions } from "./validate.ts";
import { versionText } from "./version.ts";

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
    .version(versionText(), "--version", "print versions")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "Error: ")) })
    .addHelpText("after", `\n${settingsHelp()}`);

  addRunOptions(program)
    .addOption(new Option("-M <seconds>", "stop after this many seconds").argParser(amount("-M", "seconds")))
    .addOption(new Option("-P, --pidfile <file>", "write the process id to this file"))
    .addOption(new Option("-U, --unbuffered", "write every alert on its own"))
    .addOption(
      new Option(
        "-V, --validate <file>",
        "validate rules files in Falco's form (repeatable); see also: falco check",
      )
        .argParser((path: string, before: readonly string[] | undefined) => [...before ?? [], path]),
    )
    .addOption(new Option("-v, --verbose", "print all counters at the end"))
    .addOption(
      new Option("--enable-source <source>", "run only this event source (repeatable)").argParser(collect),
    )
    .addOption(
      new Option("--disable-source <source>", "do not run this event source (repeatable)").argParser(collect),
    )
    .addOption(new Option("--dry-run", "load settings and rules, then stop"))
    .addOption(
      new Option("--strict-start", "do not start when something in settings or rules files is wrong"),
    )
    .addOption(new Option("--copy", "copy events out of the ring buffers instead of reading them in place"))
    .action(async (options: MonitorOptions & PrintOptions & ValidateOptions, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) throw unknownCommand(unknown, command);
      if (options.validate !== undefined) done(await validate(options));
      else if (await printForm(options)) done(0);
      else {
        // late: printing and checking do without the engine and libbpf
        const { monitor } = await import("./monitor.ts");
        done(await monitor(options));
      }
    });
  addPrintOptions(program);
  addListCommand(program, done);

  addRunOptions(program.command("replay"))
    .argument("<trace>", "a recording in the .scap format")
    .description("Judges a recording instead of this host.")
    .addOption(new Option("-v, --verbose", "print all counters at the end"))
    .action(async (trace: string, options: ReplayOptions) => {
      const { replay } = await import("./replay.ts");
      done(await replay(trace, options));
    });
  addCheckCommand(program, done);
  addDoctorCommand(program, done);
  addEventsCommand(program, done);
  addRecordCommand(program, done);
  addCompletionCommand(program, done);

  return program;
}

function collect(word: string, before: readonly string[] | undefined): string[] {
  return [...before ?? [], word];
}

function unknownCommand(word: string, program: Command): UsageError {
  const hint = didYouMean(word, program.commands.map((command) => command.name()));
  return new UsageError([`unknown command ${word}` + (hint === undefined ? "" : `; ${hint}`)]);
}
