// Outputs that print what none of the rule's events has: an argument of another call, the fd of a call without one.
// In: a rule for system calls, the events that it can be about. Out: a warning at the field.
// Elsewhere: fields and arguments that there are not, which are errors (output/output_template.ts).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { FactFinder } from "./facts.ts";
import type { LintedRule } from "./linted_rule.ts";
import { ALL_EVENTS, eventNames } from "./possible_events.ts";
import { listed } from "./wording.ts";

const MAX_NAMES = 4;

export function outputsWithoutValue({ info, expr, output }: LintedRule, facts: FactFinder): Diagnostic[] {
  const { events, never } = facts.of(expr);
  if (never !== undefined || events === ALL_EVENTS) return [];
  const { output: format } = info.keys;
  return (output?.fields ?? []).flatMap((field) => {
    const { operand } = field;
    if (operand.kind !== "field" || operand.field.anyAncestor === true) return [];
    if ((events & ~facts.eventsWithout(operand)) !== 0n) return [];
    const at = placeOf(field.key, format.text);
    // what the configuration appends is not the rule's
    if (at === undefined) return [];
    const names = eventNames(events, MAX_NAMES + 1);
    const whose = names.length > MAX_NAMES
      ? "no event of this rule has"
      : `${listed(names)} ${names.length > 1 ? "have" : "has"} no`;
    return [
      makeDiagnostic(
        "output-without-value",
        format.span(at, at + field.key.length + 1),
        `\`%${field.key}\` is always <NA>: ${
          names.length > MAX_NAMES ? "no event of the rule has it" : `${whose} \`${field.key}\``
        }`,
        {
          hint:
            "remove it, or print a field that the events have (`falco list events` shows their parameters)",
        },
      ),
    ];
  });
}

function placeOf(key: string, format: string): number | undefined {
  for (let at = format.indexOf(`%${key}`); at >= 0; at = format.indexOf(`%${key}`, at + 1)) {
    if (!/^[\w[.]/.test(format.slice(at + key.length + 1))) return at;
  }
  return undefined;
}
