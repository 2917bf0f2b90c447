// How lints show a check: as it is written, shortened.

import type { Check } from "../syntax/ast.ts";
import { printCondition } from "../syntax/print_condition.ts";
import { printOperand } from "../syntax/print_operand.ts";
import type { Cause } from "./value_domain.ts";

const MAX_CHARACTERS = 60;

export function shown(check: Check): string {
  const { right } = check;
  const many = right?.kind === "list" && right.items.length > 4;
  const list = right?.kind === "list" && right.items.length === 0;
  const text = list
    ? asWritten(check)
    : many
    ? `${printOperand(check.left)} ${check.operator} (…)`
    : printCondition(check);
  return `\`${text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text}\``;
}

export function shownCause({ check, negated }: Cause): string {
  return negated ? `\`not ${shown(check).slice(1)}` : shown(check);
}

/** `a`, `b` and `c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** With the name of the list, which has left nothing of itself. */
function asWritten({ span }: Check): string {
  return span.source.text.slice(span.start, span.end).replace(/\s+/g, " ");
}
