// Mistakes in macros that no rule uses: nothing has looked at their fields and values.
// In: macros as they are expanded, all parts of the rules' conditions, the checkers of all sources. Out: a warning for each
// mistake that would be an error in a rule, since Falco loads such files.
// Elsewhere: that nothing uses them (expand/macros.ts), the same mistakes where rules have them (check/check.ts).
//
// A macro does not say what source it is for: the one in which the fewest mistakes are found is meant.

import type { Checker } from "../check/check.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../syntax/ast.ts";

interface ExpandedMacros {
  /** nothing where it has errors that are told already */
  expanded(name: string): Expr | undefined;
}

export function mistakesInUnusedMacros(
  names: readonly string[],
  macros: ExpandedMacros,
  seen: ReadonlySet<Expr>,
  bySource: ReadonlyMap<string, Checker>,
): Diagnostic[] {
  const checkers = [...bySource.values()];
  const unused = names.flatMap((name) => {
    const expr = macros.expanded(name);
    return expr === undefined || seen.has(expr) ? [] : [{ name, expr }];
  });
  // one macro can be part of another
  const told = new Set<Diagnostic>();
  return unused.flatMap(({ name, expr }) => {
    const [fewest = []] = checkers
      .map((checker) => checker.check(expr).findings.filter(({ severity }) => severity === "error"))
      .sort((a, b) => a.length - b.length);
    return fewest.filter((mistake) => !told.has(mistake)).map((mistake) => {
      told.add(mistake);
      return asWarning(mistake, name);
    });
  });
}

function asWarning({ span, path = "", message, notes, ...rest }: Diagnostic, name: string): Diagnostic {
  const { hint, labels, fixes = [] } = rest;
  const why = `No rule uses the macro \`${name}\` yet: one that does could not be loaded.`;
  const extras = { notes: [...notes, why], hint, labels, fixes };
  return makeDiagnostic("mistake-in-unused-macro", span ?? path, message, extras);
}
