// `falco events [FILTER]`: prints events as they come, of this host or of a recording.
// In: the filter and flags. Out: the exit code.
// Elsewhere: the run itself (service/run_events.ts).

import { Option } from "commander";
import type { Command } from "commander";
import { loadFilter } from "./load_filter.ts";
import { addRunOptions, createRunLog, planRun, type RunOptions } from "./options.ts";
import { amount, wholeNumber } from "./quantities.ts";

interface EventsOptions extends RunOptions {
  readonly trace?: string;
  readonly print?: string;
  readonly max?: number;
  /** -M, seconds */
  readonly M?: number;
  readonly snaplen?: number;
}

const FORMAT = "%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

export function addEventsCommand(program: Command, done: (exitCode: number) => void): void {
  addRunOptions(
    program.command("events"),
    "rules files whose macros and lists the filter may use (repeatable)",
  )
    .argument("[filter...]", "a condition as in rules, such as: evt.type = openat and proc.name = cat")
    .description("Prints events as they come, those of this host or of a recording.")
    .addOption(new Option("--trace <file>", "print the events of this recording"))
    .addOption(new Option("-p, --print <format>", "what to print of each event, as in the output of a rule"))
    .addOption(
      new Option("--max <n>", "stop after this many events").argParser(wholeNumber("--max", "events")),
    )
    .addOption(new Option("-M <seconds>", "stop after this many seconds").argParser(amount("-M", "seconds")))
    .addOption(
      new Option("--snaplen <bytes>", "bytes shown of what is read and written (default 80)").argParser(
        wholeNumber("--snaplen", "bytes"),
      ),
    )
    .action(async (words: string[], options: EventsOptions) => done(await events(words, options)));
}

async function events(words: readonly string[], options: EventsOptions): Promise<number> {
  const plan = planRun(options);
  const rule = loadFilter({
    words,
    format: options.print ?? FORMAT,
    ownFormat: options.print === undefined,
    plan,
  });
  // late: checking and listing rules does without the engine and libbpf
  const { runEvents } = await import("../service/run_events.ts");
  return await runEvents({
    rule,
    settings: plan.settings,
    log: createRunLog(plan),
    ...(options.trace === undefined ? {} : { trace: options.trace }),
    ...(options.max === undefined ? {} : { max: options.max }),
    ...(options.M === undefined ? {} : { limitMs: options.M * 1000 }),
    ...(options.snaplen === undefined ? {} : { snaplen: options.snaplen }),
  });
}
