// The command line: flags, subcommands, help; each subcommand's work is in the file of its name.
// In: arguments. Out: the exit code: 0, or 1 after a message on standard error, as Falco has it.

import { Command, CommanderError, Option } from "commander";
import { didYouMean } from "../rules/diagnostics/suggest.ts";
import { reportFailure, UsageError } from "./failure.ts";
import { monitor, type MonitorOptions } from "./monitor.ts";
import { addRunOptions, settingsHelp } from "./options.ts";
import { replay, type ReplayOptions } from "./replay.ts";
import { versionText } from "./version.ts";

export async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => exitCode = code);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has printed its message already
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    return reportFailure(error);
  }
}

function createProgram(done: (exitCode: number) => void): Command {
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
    .addOption(new Option("-M <seconds>", "stop after this many seconds").argParser(seconds))
    .addOption(new Option("-P, --pidfile <file>", "write the process id to this file"))
    .addOption(new Option("-U, --unbuffered", "write every alert on its own"))
    .addOption(new Option("-v, --verbose", "print all counters at the end"))
    .addOption(new Option("--dry-run", "load settings and rules, then stop"))
    .addOption(new Option("--copy", "copy events out of the ring buffers instead of reading them in place"))
    .action(async (options: MonitorOptions, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) throw unknownCommand(unknown, command);
      done(await monitor(options));
    });

  addRunOptions(program.command("replay"))
    .argument("<trace>", "a recording in the .scap format")
    .description("Judges a recording instead of this host.")
    .addOption(new Option("-v, --verbose", "print all counters at the end"))
    .action(async (trace: string, options: ReplayOptions) => done(await replay(trace, options)));

  return program;
}

function unknownCommand(word: string, program: Command): UsageError {
  const hint = didYouMean(word, program.commands.map((command) => command.name()));
  return new UsageError([`unknown command ${word}` + (hint === undefined ? "" : `; ${hint}`)]);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) {
    throw new UsageError([`-M ${text}: expected a number of seconds`]);
  }
  return value;
}
