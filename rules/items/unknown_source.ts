// Rules of a source whose events do not come: none of this name is known, or it is not enabled.
// In: a rule, the sources that are known, those that are enabled. Out: the warning that it is left out.

import { nearestName } from "../../base/mod.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { replaceFix } from "../diagnostics/fix.ts";
import type { RuleInfo } from "./collect.ts";

export function leftOutForSource(
  { name, span, source, sourceSpan }: RuleInfo,
  known: readonly string[],
  enabled: readonly string[] | undefined,
): Diagnostic {
  const isKnown = known.includes(source);
  const sources = isKnown ? enabled ?? [] : known;
  const those = sources.length === 0
    ? "No source is enabled."
    : `${isKnown ? "Enabled are" : "The sources are"} ${sources.join(", ")}.`;
  const meant = isKnown ? undefined : nearestName(source, known);
  const why = isKnown
    ? `the event source \`${source}\` is not enabled`
    : `there is no event source \`${source}\``;
  return makeDiagnostic("unknown-source", span, `the rule \`${name}\` is left out: ${why}`, {
    about: source,
    notes: [those],
    hint: meant === undefined ? undefined : `did you mean \`${meant}\`?`,
    labels: sourceSpan === undefined ? [] : [{ span: sourceSpan, message: "its source" }],
    fixes: sourceSpan === undefined || meant === undefined
      ? []
      : [replaceFix(`Replace \`${source}\` by \`${meant}\``, sourceSpan, meant, false)],
  });
}
