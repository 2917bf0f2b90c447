// What a check of rules goes by besides their files: what the configuration says, and what is asked for.
// Types only.

import type { Priority } from "../base/mod.ts";
import type { DiagnosticCode } from "./findings/registry.ts";
import type { RuleSelection } from "./items/selection.ts";
import type { AppendOutput } from "./output/append_output.ts";

export interface CheckOptions {
  /** rules that are less severe do not run; all of them when absent */
  readonly priority?: Priority;
  /** `rules:` of the configuration */
  readonly ruleSelection?: readonly RuleSelection[];
  readonly appendOutput?: readonly AppendOutput[];
  /** sources whose events are watched; rules of others are left out. All that are known when absent */
  readonly enabledSources?: readonly string[];
  /** findings that are given only when asked for, such as "field-without-value" */
  readonly show?: readonly DiagnosticCode[];
  /** warnings that are not given */
  readonly hide?: readonly DiagnosticCode[];
  /** whether to look for what is correct and can hardly be meant; without it a program starts sooner */
  readonly lint?: boolean;
}
