// Which word of a command line means what, for shells that have to find out by themselves.
// In: the tree of commands. Out: keys `command:word` of flags that take the next word, of subcommands, of values.

import { type CommandNode, flattened, type ValueNode } from "../command_tree.ts";

export interface Places {
  /** flags whose value is a word of its own */
  readonly withValue: readonly string[];
  readonly commands: readonly { readonly key: string; readonly to: string }[];
  /** flags, in all their forms, with what can stand after them */
  readonly values: readonly { readonly keys: readonly string[]; readonly value: ValueNode }[];
}

export function placesOf(program: CommandNode): Places {
  const nodes = flattened(program);
  const values = nodes.flatMap((node) =>
    node.flags.flatMap(({ forms, value }) =>
      value === undefined ? [] : [{ keys: forms.map((form) => `${keyOf(node)}:${form}`), value }]
    )
  );
  return {
    // a value that may be missing is only taken as --flag=value by those who want to be sure
    withValue: values.filter(({ value }) => value.required).flatMap(({ keys }) => keys),
    commands: nodes.flatMap((node) =>
      node.commands.map((child) => ({ key: `${keyOf(node)}:${child.path.at(-1)}`, to: keyOf(child) }))
    ),
    values,
  };
}

/** The words after `falco`; of the program itself nothing. */
export function keyOf({ path }: CommandNode): string {
  return path.join(" ");
}
