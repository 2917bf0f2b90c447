// `falco completion SHELL`: a script that completes falco's commands, flags and values in a shell.
// In: the shell's name. Out: the script on standard output.
// Elsewhere: each shell's script (completions/), where packages put them (scripts/package/files.ts).

import { Argument, type Command } from "commander";
import { type CommandNode, commandTree } from "../command_tree.ts";
import { bashCompletion } from "../completions/bash.ts";
import { fishCompletion } from "../completions/fish.ts";
import { zshCompletion } from "../completions/zsh.ts";
import { printText } from "../terminal/print_text.ts";

export const COMPLETIONS = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const satisfies Readonly<Record<string, (program: CommandNode) => string>>;

export type Shell = keyof typeof COMPLETIONS;

const HELP = `
For this shell alone, or for good:
  bash: source <(falco completion bash)      or into /etc/bash_completion.d/falco
  zsh:  source <(falco completion zsh)       or into a folder of $fpath, as _falco
  fish: falco completion fish | source       or into ~/.config/fish/completions/falco.fish`;

export function addCompletionCommand(program: Command, done: (exitCode: number) => void): void {
  program.command("completion")
    .description("Prints a script that completes commands, flags and values in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(COMPLETIONS)))
    .addHelpText("after", HELP)
    .action(async (shell: Shell) => {
      await printText(COMPLETIONS[shell](commandTree(program)));
      done(0);
    });
}
