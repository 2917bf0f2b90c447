// The flags of one command, as commander has them.
// In: the command, its name. Out: the command with its flags. Elsewhere: the table (flags.ts).

import { type Command, Option } from "commander";
import type { CommandName, Flag } from "./flag.ts";
import { FLAGS } from "./flags.ts";

/** The command with its flags, in the order of the table. */
export function addFlags(command: Command, name: CommandName): Command {
  for (const flag of FLAGS) if (flag.of.includes(name)) command.addOption(optionOf(flag, name));
  return command;
}

function optionOf(flag: Flag, name: CommandName): Option {
  const option = new Option(flag.flags, flag.helpFor?.[name] ?? flag.help);
  const { parse = (text: string) => text } = flag;
  if (flag.choices !== undefined) option.choices(flag.choices);
  if (flag.repeatable) {
    option.argParser((
      text: string,
      before: readonly unknown[] | undefined,
    ) => [...before ?? [], parse(text)]);
  } else if (flag.parse !== undefined) option.argParser(parse);
  if (flag.default !== undefined) option.default(flag.default);
  if (flag.mandatory) option.makeOptionMandatory();
  if (flag.hidden) option.hideHelp();
  return option;
}
