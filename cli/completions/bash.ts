// The completion script for bash, without the functions of the bash-completion package, which not every host has.
// In: the tree of commands. Out: the script.

import { type CommandNode, flattened, type ValueNode } from "../command_tree.ts";
import { keyOf, placesOf } from "./places.ts";

export function bashCompletion(program: CommandNode): string {
  const places = placesOf(program);
  const nodes = flattened(program);
  return `# Completion of falco for bash, made by: falco completion bash

_falco() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at="" i word
  # bash takes --flag=value apart
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $previous == "=" ]]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$at:$word" in
      ${places.withValue.map(quoted).join(" | ")}) ((i++)) ;;
${places.commands.map(({ key, to }) => `      ${quoted(key)}) at=${quoted(to)} ;;`).join("\n")}
    esac
  done
  COMPREPLY=()
  case "$at:$previous" in
${
    places.values.map(({ keys, value }) =>
      `    ${keys.map(quoted).join(" | ")}) ${valueWords(value)} return ;;`
    ).join("\n")
  }
  esac
  case "$at" in
${nodes.map(nodeCase).join("\n")}
  esac
}

complete -F _falco falco
`;
}

function nodeCase(node: CommandNode): string {
  const flags = node.flags.flatMap(({ forms }) => forms);
  const commands = node.commands.map(({ path }) => path.at(-1)!);
  const words = [...commands, ...node.arguments.flatMap((argument) => argument.words)];
  const lines = [
    `if [[ $current == -* ]]; then ${wordList(flags)}`,
    ...words.length > 0 ? [`else ${wordList(words)}`] : [],
    ...words.length === 0 && node.arguments.some(({ kind }) => kind === "path") ? [`else ${FILES}`] : [],
    "fi",
  ];
  return `    ${quoted(keyOf(node))})\n${lines.map((line) => `      ${line}`).join("\n")}\n      ;;`;
}

const FILES = 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current");';

function valueWords({ kind, words }: ValueNode): string {
  switch (kind) {
    case "path":
      return FILES;
    case "setting":
      return `compopt -o nospace; ${wordList(words)}`;
    case "words":
      return wordList(words);
    case "other":
      return "";
  }
}

function wordList(words: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -W ${quoted(words.join(" "))} -- "$current");`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
