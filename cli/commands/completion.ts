// `falco completion SHELL`: a script that completes falco's commands, flags and values in a shell.
// In: the shell's name. Out: the script on standard output.
// Elsewhere: each shell's script (completions/), where packages put them (scripts/package/files.ts).

import type { Command } from "commander";
import { type CommandNode, commandTree } from "../command_tree.ts";
import { bashCompletion } from "../completions/bash.ts";
import type { Shell } from "../completions/shells.ts";
import { fishCompletion } from "../completions/fish.ts";
import { zshCompletion } from "../completions/zsh.ts";
import { printText } from "../terminal/print_text.ts";

export const COMPLETIONS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Readonly<Record<Shell, (program: CommandNode) => string>>;

export async function completion(shell: Shell, program: Command): Promise<number> {
  await printText(COMPLETIONS[shell](commandTree(program)));
  return 0;
}
