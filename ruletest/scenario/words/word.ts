// What a word of a scenario is given, and what it says about itself. One table of them all: words.ts.
// Types, and reading arguments. Elsewhere: lines and mappings (suite/read_steps.ts).

import type { EventDef } from "../../../schema/mod.ts";
import { didYouMean } from "../../../base/mod.ts";
import { short, type Span, type YamlNode } from "../../../rules/mod.ts";
import type { NodeReader } from "../../suite/nodes.ts";
import { isNotAValue, type Names, type ParamValue, paramValue } from "../params.ts";
import type { Action } from "../step.ts";

/** One argument: several texts when it is a sequence. */
export interface Arg {
  readonly texts: readonly string[];
  readonly span: Span;
  readonly node?: YamlNode;
}

export interface WordArgs {
  readonly reader: NodeReader;
  readonly names: Names;
  /** of the word itself */
  readonly span: Span;
  readonly word: string;
  /** in their order */
  readonly positional: readonly Arg[];
  readonly named: ReadonlyMap<string, Arg>;
  /** what follows `=`: what the call returned */
  readonly result?: Arg;
}

export interface Word {
  /** how it is written, for help and documentation */
  readonly form: string;
  readonly example: string;
  readonly summary: string;
  /** whether the step may have `as` and `do` */
  readonly makesProcess?: true;
  /** undefined after a report */
  read(args: WordArgs): Action | undefined;
}

/** The value of a parameter, or undefined after a report. */
export function valueOfParam(
  args: WordArgs,
  event: EventDef,
  name: string,
  arg: Arg,
): ParamValue | undefined {
  const param = event.params.find((one) => one.name === name)!;
  const value = paramValue(param, arg.texts, args.names);
  if (!isNotAValue(value)) return value;
  return args.reader.fail("invalid-test", arg.span, value.problem, { hint: value.hint });
}

/** All named arguments as parameters, but for those that the word itself takes. */
export function namedParams(
  args: WordArgs,
  event: EventDef,
  own: readonly string[] = [],
): Map<string, ParamValue> {
  const given = new Map<string, ParamValue>();
  const known = event.params.map(({ name }) => name);
  for (const [name, arg] of args.named) {
    if (own.includes(name)) continue;
    if (!known.includes(name)) {
      const all = [...own, ...known];
      args.reader.fail("unknown-key", arg.span, `\`${args.word}\` has no parameter \`${short(name)}\``, {
        hint: didYouMean(name, all) ?? `it has ${all.join(", ")}`,
      });
      continue;
    }
    const value = valueOfParam(args, event, name, arg);
    if (value !== undefined) given.set(name, value);
  }
  return given;
}

export function tooMany(args: WordArgs, most: number, form: string): void {
  const extra = args.positional[most];
  if (extra !== undefined) {
    args.reader.fail(
      "invalid-test",
      extra.span,
      `\`${short(extra.texts[0] ?? "")}\` is one word too many for \`${args.word}\``,
      { hint: `write \`${form}\`` },
    );
  }
}
