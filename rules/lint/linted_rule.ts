// A rule as the lints look at it.

import type { CheckedCheck, OutputTemplate } from "../check/checked.ts";
import type { RuleInfo } from "../items/collect.ts";
import type { Check, Expr } from "../syntax/ast.ts";

export interface LintedRule {
  readonly info: RuleInfo;
  /** without macros */
  readonly expr: Expr;
  readonly output?: OutputTemplate;
}

/** What the checker of a source has made of a check. */
export type CheckedOf = (check: Check, source: string) => CheckedCheck | undefined;
