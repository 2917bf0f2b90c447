// The completion script for zsh: a function for each command, which its `_arguments` fills.
// In: the tree of commands. Out: the script; it may be sourced or lie in a folder of $fpath as _falco.

import { type CommandNode, type FlagNode, flattened, type ValueNode } from "../command_tree.ts";

export function zshCompletion(program: CommandNode): string {
  return `#compdef falco
# Completion of falco for zsh, made by: falco completion zsh

${flattened(program).map(functionOf).join("\n\n")}

if [ "$funcstack[1]" = "_falco" ]; then
  _falco "$@"
else
  compdef _falco falco
fi
`;
}

function functionOf(node: CommandNode): string {
  const specs = [...node.flags.flatMap(flagSpecs), ...positionSpecs(node)];
  const isBranch = node.commands.length > 0;
  const name = functionName(node);
  return [
    `${name}() {`,
    ...isBranch ? ["  local context state state_descr line", "  typeset -A opt_args"] : [],
    `  _arguments -s ${isBranch ? "-C " : ""}\\`,
    specs.map((spec) => `    ${quoted(spec)}`).join(" \\\n"),
    ...isBranch
      ? [
        "  case $state in",
        "    command)",
        `      local -a commands=(${
          node.commands.map((child) => quoted(`${child.path.at(-1)}:${child.help}`)).join(" ")
        })`,
        "      _describe command commands",
        "      ;;",
        "    rest)",
        "      case $line[1] in",
        ...node.commands.map((child) => `        ${child.path.at(-1)}) ${functionName(child)} ;;`),
        "      esac",
        "      ;;",
        "  esac",
      ]
      : [],
    "}",
  ].join("\n");
}

function functionName({ path }: CommandNode): string {
  return ["_falco", ...path].join("_");
}

function flagSpecs({ forms, help, value }: FlagNode): string[] {
  return forms.map((form) => {
    const takes = value === undefined ? "" : form.startsWith("--") ? (value.required ? "=" : "=-") : "";
    const action = value === undefined
      ? ""
      : `${value.required ? ":" : "::"}${plain(value.name)}:${actionOf(value)}`;
    return `*${form}${takes}[${plain(help)}]${action}`;
  });
}

function positionSpecs({ arguments: all, commands }: CommandNode): string[] {
  if (commands.length > 0) return ["1: :->command", "*:: :->rest"];
  return all.map((argument, i) => {
    const place = argument.variadic ? "*" : `${i + 1}`;
    return `${place}:${plain(argument.name)}:${actionOf(argument)}`;
  });
}

function actionOf({ kind, words }: ValueNode): string {
  switch (kind) {
    case "path":
      return "_files";
    case "words":
      return `(${words.join(" ")})`;
    case "setting":
      return `compadd -S "" -- ${words.join(" ")}`;
    case "other":
      return " ";
  }
}

/** Colons and brackets have a meaning in a specification. */
function plain(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
