// A rule as the lints look at it.

import type { OutputTemplate } from "../check/checked.ts";
import type { RuleInfo } from "../items/collect.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Check, Expr } from "../syntax/ast.ts";

/** A finding that is one too many where something was said of the check already. */
export interface AboutCheck {
  readonly check: Check;
  readonly finding: Diagnostic;
}

export interface LintedRule {
  readonly info: RuleInfo;
  /** without macros */
  readonly expr: Expr;
  readonly output?: OutputTemplate;
}
