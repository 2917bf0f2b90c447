// Lists and macros that are named by a word of the condition language. Falco takes such names; a list breaks each condition
// with that word, since its items take the word's place before anything is read.
// In: names, conditions with lists in place. Out: a warning for each name, or the error where a condition is broken by it.
// Elsewhere: names that no condition can hold (rules/items/items.ts).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Collector } from "../items/collect.ts";
import { MODIFIERS, OPERATORS, TRANSFORMERS } from "../syntax/ast.ts";
import type { MappedText } from "../text/mapped_text.ts";
import type { Span } from "../text/span.ts";

const LOGIC = ["and", "or", "not"];
export const RESERVED: ReadonlySet<string> = new Set<string>([
  ...LOGIC,
  "val",
  ...OPERATORS,
  ...MODIFIERS,
  ...TRANSFORMERS,
]);

const RENAME = "give it another name";

/** What became of the lists with reserved names in conditions. */
export class ReservedNames {
  readonly #lists: readonly string[];
  /** lists that have broken a condition */
  readonly #blamed = new Set<string>();

  constructor(readonly collector: Pick<Collector, "lists" | "macros">) {
    this.#lists = [...collector.lists.keys()].filter((name) => RESERVED.has(name));
  }

  /** Whether a condition that cannot be read holds the items of such a list; the list is blamed once. */
  explains(condition: MappedText, take: (problem: Diagnostic) => void): boolean {
    if (this.#lists.length === 0) return false;
    const hosts = condition.chunks.flatMap(({ host }) => host === undefined ? [] : [host]);
    const host = hosts.find((span) => this.#lists.includes(textOf(span)));
    if (host === undefined) return false;
    const name = textOf(host);
    if (this.#blamed.has(name)) return true;
    this.#blamed.add(name);
    take(makeDiagnostic(
      "condition-syntax",
      host,
      `the items of the list \`${name}\` take the place of this \`${name}\``,
      {
        notes: ["The names of lists are replaced by their items before a condition is read."],
        hint: "give the list another name",
        labels: [{ span: this.collector.lists.get(name)!.span, message: "the list" }],
      },
    ));
    return true;
  }

  /** About those that have broken no condition yet. */
  warnings(): Diagnostic[] {
    const { lists, macros } = this.collector;
    const ofLists = this.#lists.filter((name) => !this.#blamed.has(name)).map((name) =>
      makeDiagnostic(
        "reserved-name",
        lists.get(name)!.span,
        `the items of this list take the place of each \`${name}\` in a condition`,
        {
          notes: ["The names of lists are replaced by their items before a condition is read."],
          hint: RENAME,
        },
      )
    );
    const ofMacros = [...macros.values()].filter(({ name }) => RESERVED.has(name)).map(({ name, span }) =>
      makeDiagnostic("reserved-name", span, `\`${name}\` is a word of the condition language`, {
        notes: [whereMacro(name)],
        hint: RENAME,
      })
    );
    return [...ofLists, ...ofMacros];
  }
}

function whereMacro(name: string): string {
  if (name === "not") return "A condition can name the macro only at its end or before `)`.";
  if (LOGIC.includes(name) || (OPERATORS as readonly string[]).includes(name)) {
    return "A condition can name the macro only where its end, `)`, `and` or `or` follows.";
  }
  return (MODIFIERS as readonly string[]).includes(name)
    ? `After an operator, \`${name}\` is the language's own.`
    : `With a parenthesis after it, \`${name}\` is the language's own.`;
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}
