// The commands with their flags and arguments as plain data, for what is generated from them.
// In: commander's definitions (program.ts). Out: CommandNode, the program first, its subcommands below it.
// Elsewhere: completions of shells (completions/), man pages (man/).

import type { Argument, Command, Option } from "commander";
import { SETTINGS } from "../config/mod.ts";

/** What a flag's value or an argument can be. */
export interface ValueNode {
  /** as help shows it */
  readonly name: string;
  readonly kind: "path" | "setting" | "words" | "other";
  /** of kinds `setting` and `words`: all of them */
  readonly words: readonly string[];
  readonly required: boolean;
}

export interface FlagNode {
  /** as help shows them: `-o, --option <key=value>` */
  readonly flags: string;
  /** the single forms, with their dashes */
  readonly forms: readonly string[];
  readonly help: string;
  readonly value?: ValueNode;
}

export interface ArgumentNode extends ValueNode {
  readonly help: string;
  readonly variadic: boolean;
}

export interface CommandNode {
  /** the words after `falco` */
  readonly path: readonly string[];
  readonly help: string;
  readonly usage: string;
  readonly flags: readonly FlagNode[];
  readonly arguments: readonly ArgumentNode[];
  readonly commands: readonly CommandNode[];
  /** what its help says at the end */
  readonly notes: string;
}

export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp();
  return {
    path,
    help: command.description(),
    usage: command.usage(),
    flags: help.visibleOptions(command).map((option) => flagNode(option, help.optionDescription(option))),
    arguments: command.registeredArguments.map(argumentNode),
    commands: help.visibleCommands(command).map((child) => commandTree(child, [...path, child.name()])),
    notes: notesOf(command),
  };
}

/** The command and all below it. */
export function flattened(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(flattened)];
}

function flagNode({ flags, short, long, required, optional, argChoices }: Option, help: string): FlagNode {
  const forms = [...new Set([short, long])].filter((form) => form !== undefined);
  if (!required && !optional) return { flags, forms, help };
  const name = /[<[](.+)[>\]]/.exec(flags)?.[1] ?? "value";
  return { flags, forms, help, value: valueNode(name, required, argChoices) };
}

function argumentNode(argument: Argument): ArgumentNode {
  const { required, variadic, description, argChoices } = argument;
  return { ...valueNode(argument.name(), required, argChoices), variadic, help: description };
}

function valueNode(name: string, required: boolean, choices: readonly string[] | undefined): ValueNode {
  if (choices !== undefined) return { name, required, kind: "words", words: choices };
  if (name === "key=value") {
    return { name, required, kind: "setting", words: Object.keys(SETTINGS).map((key) => `${key}=`) };
  }
  return { name, required, kind: /file|folder|path|trace/.test(name) ? "path" : "other", words: [] };
}

/** An event emitter, which commander's types do not tell. */
interface HelpListeners {
  emit(event: "afterHelp", context: { error: boolean; command: Command; write(text: string): void }): boolean;
}

/** What was added to a help is a listener that writes it. */
function notesOf(command: Command): string {
  let text = "";
  const listeners = command as Command & HelpListeners;
  listeners.emit("afterHelp", { error: false, command, write: (part) => text += part });
  return text.trim();
}
