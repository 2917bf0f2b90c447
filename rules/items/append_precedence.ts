// Appended conditions that do not mean what their author is likely to mean.
// In: a condition and what is appended to it, both as text. Out: a warning, or nothing.
// Elsewhere: appending itself (collect.ts).
//
// The texts are joined with nothing but a blank, and `and` binds closer than `or`: `or x` after `a and b` gives
// `(a and b) or x`, and `and x` after `a or b` gives `a or (b and x)`.

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Fix } from "../diagnostics/fix.ts";
import type { Span } from "../text/span.ts";
import { MappedText } from "../text/mapped_text.ts";
import { parseCondition } from "../syntax/parser.ts";

/** Longer conditions are the work of programs, and parsing one again for each of its appends would take too long. */
const MAX_LENGTH = 10_000;

export function appendWarning(before: MappedText, added: MappedText): Diagnostic | undefined {
  const match = /^\s*(and|or)(?=[\s(])/.exec(added.text);
  if (match === null || before.text.length + added.text.length > MAX_LENGTH) return undefined;
  const word = match[1] as "and" | "or";
  const at = match[0].length - word.length;
  const old = kindOf(before);
  const replace = "replace the whole condition instead: `override: {condition: replace}`";
  const label = { span: before.whole, message: "what it is appended to" };
  if (word === "or") {
    if (old !== "and") return undefined;
    return makeDiagnostic(
      "append-precedence",
      added.span(at, at + word.length),
      "the appended `or` escapes from the condition before it",
      {
        notes: [
          "The whole now means `(what was there) or (what is appended)`: none of the old checks limits the new ones.",
        ],
        hint: replace,
        labels: [label],
      },
    );
  }
  // A word that stands for all that was there.
  const joined = MappedText.concat(added.whole, [MappedText.synthetic("before ", added.whole), added]);
  if (kindOf(joined) === "or") {
    return makeDiagnostic(
      "append-precedence",
      added.span(at, at + word.length),
      "the `or` in what is appended escapes from the condition before it",
      {
        notes: ["`and` binds closer than `or`: only the first part is joined with what was there."],
        hint: "put what follows `and` into parentheses",
        fixes: [inParentheses(added, at + word.length)],
        labels: [label],
      },
    );
  }
  if (old !== "or") return undefined;
  return makeDiagnostic(
    "append-precedence",
    added.span(at, at + word.length),
    "the appended `and` is joined with the last part of the condition before it only",
    {
      notes: ["`and` binds closer than `or`: `a or b` becomes `a or (b and …)`."],
      hint: replace,
      labels: [label],
    },
  );
}

/** What is appended means something else then, which is what its author will have meant. */
function inParentheses(added: MappedText, after: number): Fix {
  const begin = after + /^\s*/.exec(added.text.slice(after))![0].length;
  const end = added.text.trimEnd().length;
  const [from, to] = [added.span(begin, begin + 1), added.span(end - 1, end)];
  const at = (source: Span["source"], offset: number) => ({ source, start: offset, end: offset });
  return {
    title: "Put it into parentheses",
    edits: [{ span: at(from.source, from.start), text: "(" }, { span: at(to.source, to.end), text: ")" }],
    safe: false,
  };
}

function kindOf(condition: MappedText): string | undefined {
  const parsed = parseCondition(condition);
  return parsed.problems.length === 0 ? parsed.expr.kind : undefined;
}
