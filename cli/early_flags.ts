// Flags before the name of a command: `falco -r my.yaml replay t.scap` means `falco replay -r my.yaml t.scap`.
// In: the program and the command that is about to run, as commander parsed them. Out: the command's values with those
// of the program; a UsageError for a flag that the command does not have. Elsewhere: the flags (flags.ts).

import type { Command, Option } from "commander";
import { UsageError } from "../base/mod.ts";
import type { CommandName, Flag } from "./flag.ts";
import { FLAGS } from "./flags.ts";

export function takeEarlyFlags(program: Command, command: Command): void {
  if (command === program) return;
  const given = program.options.filter((option) =>
    program.getOptionValueSource(option.attributeName()) === "cli"
  );
  const foreign = given.filter((option) => !has(command, option));
  if (foreign.length > 0) {
    throw new UsageError(
      foreign.map((option) => `falco ${nameOf(command)} has no flag ${option.long ?? option.short}`),
    );
  }
  for (const option of given) takeOver(program, command, option.attributeName());
}

/** Of the same row: a flag of the same name may mean something else. */
function has(command: Command, { flags }: Option): boolean {
  const row = FLAGS.find((flag) => flag.flags === flags && flag.of.includes("falco"));
  return row !== undefined && isOf(row, nameOf(command) as CommandName);
}

/** With the commands that it is below: `artifact install`. */
function nameOf(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${nameOf(above)} ${command.name()}` : command.name();
}

function isOf({ of }: Flag, name: CommandName): boolean {
  return of.includes(name);
}

/** What is repeated adds up in the order of the command line; of all else the last one counts. */
function takeOver(program: Command, command: Command, key: string): void {
  const early: unknown = program.getOptionValue(key);
  const own: unknown = command.getOptionValue(key);
  if (command.getOptionValueSource(key) !== "cli") command.setOptionValueWithSource(key, early, "cli");
  else if (Array.isArray(early) && Array.isArray(own)) {
    command.setOptionValueWithSource(key, [...early, ...own], "cli");
  }
}
