// `falco record -w FILE [FILTER]`: records the events of this host.
// In: the filter and flags. Out: the exit code.
// Elsewhere: the run itself (service/run_record.ts).

import { type Command, Option } from "commander";
import { UsageError } from "./failure.ts";
import { loadFilter } from "./load_filter.ts";
import { addRunOptions, createRunLog, planRun, type RunOptions } from "./options.ts";
import { amount, wholeNumber } from "./quantities.ts";

interface RecordOptions extends RunOptions {
  readonly write: string;
  readonly duration?: number;
  readonly maxSize?: number;
  readonly maxEvents?: number;
  readonly rotateSize?: number;
  readonly rotateTime?: number;
  readonly keep?: number;
  readonly snaplen?: number;
}

const MEGABYTE = 1e6;

export function addRecordCommand(program: Command, done: (exitCode: number) => void): void {
  const seconds = (flag: string, text: string) =>
    new Option(`${flag} <seconds>`, text).argParser(amount(flag, "seconds"));
  const megabytes = (flag: string, text: string) =>
    new Option(`${flag} <MB>`, text).argParser(amount(flag, "megabytes"));
  const number = (flag: string, text: string, what: string) =>
    new Option(`${flag} <n>`, text).argParser(wholeNumber(flag, what));
  addRunOptions(
    program.command("record"),
    "rules files whose macros and lists the filter may use (repeatable)",
  )
    .argument("[filter...]", "record only what matches this condition")
    .description("Records the events of this host into a .scap file, until it is interrupted.")
    .addOption(new Option("-w, --write <file>", "the recording").makeOptionMandatory())
    .addOption(seconds("--duration", "stop after this many seconds"))
    .addOption(megabytes("--max-size", "stop when this much has been written"))
    .addOption(number("--max-events", "stop after this many events", "events"))
    .addOption(megabytes("--rotate-size", "begin a new file when one has this size"))
    .addOption(seconds("--rotate-time", "begin a new file after this many seconds"))
    .addOption(number("--keep", "with rotation: keep only the latest files", "files"))
    .addOption(number("--snaplen", "bytes kept of what is read and written (default 80)", "bytes"))
    .action(async (words: string[], options: RecordOptions) => done(await record(words, options)));
}

async function record(words: readonly string[], options: RecordOptions): Promise<number> {
  const rotates = options.rotateSize !== undefined || options.rotateTime !== undefined;
  if (options.keep !== undefined && !rotates) {
    throw new UsageError(["--keep means nothing without --rotate-size or --rotate-time"]);
  }
  const plan = planRun(options);
  const filter = words.length === 0 ? {} : { filter: loadFilter({ words, plan }) };
  // late: checking and listing rules does without the engine and libbpf
  const { runRecord } = await import("../service/run_record.ts");
  return await runRecord({
    ...filter,
    path: options.write,
    settings: plan.settings,
    log: createRunLog(plan),
    ...optional("durationMs", options.duration, 1000),
    ...optional("maxBytes", options.maxSize, MEGABYTE),
    ...optional("maxEvents", options.maxEvents),
    ...optional("rotateBytes", options.rotateSize, MEGABYTE),
    ...optional("rotateMs", options.rotateTime, 1000),
    ...optional("keep", options.keep),
    ...optional("snaplen", options.snaplen),
  });
}

/** An option that was not given is no key, rather than one without a value. */
function optional<K extends string>(key: K, value: number | undefined, unit = 1): { [P in K]?: number } {
  return value === undefined ? {} : { [key]: value * unit } as { [P in K]: number };
}
