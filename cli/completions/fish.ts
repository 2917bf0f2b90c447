// The completion script for fish: a function that finds the subcommand of the line, and a line for each flag.
// In: the tree of commands. Out: the script.

import { type CommandNode, type FlagNode, flattened } from "../command_tree.ts";
import { keyOf, placesOf } from "./places.ts";

export function fishCompletion(program: CommandNode): string {
  const { withValue, commands } = placesOf(program);
  return `# Completion of falco for fish, made by: falco completion fish

function __falco_at --description 'whether the subcommand of the line is this one'
    set -l words (commandline -opc)
    set -l at ''
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$at:$word"
            case ${withValue.map(quoted).join(" ")}
                set skip 1
${
    commands.map(({ key, to }) => `            case ${quoted(key)}\n                set at ${quoted(to)}`)
      .join("\n")
  }
        end
    end
    test "$at" = "$argv[1]"
end

complete -c falco -f
${flattened(program).flatMap(linesOf).join("\n")}
`;
}

function linesOf(node: CommandNode): string[] {
  const start = `complete -c falco -n ${quoted(`__falco_at ${quoted(keyOf(node))}`)}`;
  return [
    ...node.commands.map((child) => `${start} -a ${child.path.at(-1)} -d ${quoted(child.help)}`),
    ...node.arguments.flatMap(({ kind, words }) => {
      if (kind === "path") return [`${start} -F`];
      return words.length > 0 ? [`${start} -a ${quoted(words.join(" "))}`] : [];
    }),
    ...node.flags.map((flag) => `${start} ${flagWords(flag)}`),
  ];
}

function flagWords({ forms, help, value }: FlagNode): string {
  const names = forms.map((form) => form.startsWith("--") ? `-l ${form.slice(2)}` : `-s ${form.slice(1)}`);
  const text = `${names.join(" ")} -d ${quoted(help)}`;
  if (value === undefined) return text;
  // -x: the next word is the value, and no file
  const needed = value.required ? (value.kind === "path" ? " -r -F" : " -x") : "";
  return `${text}${needed}${value.words.length > 0 ? ` -a ${quoted(value.words.join(" "))}` : ""}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
