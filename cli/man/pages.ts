// All man pages, made of the definitions of commands and settings.
// In: commander's program, the date to show. Out: roff by file name. Elsewhere: where they go (scripts/package/files.ts).

import type { Command } from "commander";
import { commandTree, flattened } from "../command_tree.ts";
import { commandPage, pageName } from "./command_page.ts";
import { settingsPage } from "./settings_page.ts";

export function manPages(program: Command, date: string): Map<string, string> {
  const commands = flattened(commandTree(program));
  return new Map([
    ...commands.map((node) => [`${pageName(node)}.1`, commandPage(node, date)] as const),
    ["falco.yaml.5", settingsPage(date)],
  ]);
}
