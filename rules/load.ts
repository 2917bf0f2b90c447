// Rules files in memory → checked rules, in one step.
// In: files in their order, fields and sources of the configuration, how to check. Out: what `RuleSet.check` gives.

import type { CheckOptions } from "./check_options.ts";
import type { LoadResult } from "./check_rules.ts";
import { environmentOf, type EnvironmentOptions } from "./check/environment.ts";
import { RuleSet } from "./rule_set.ts";
import type { Source } from "./text/span.ts";

export type { LoadResult } from "./check_rules.ts";

export interface LoadOptions extends CheckOptions, EnvironmentOptions {}

export function loadRules(files: readonly Source[], options: LoadOptions = {}): LoadResult {
  return RuleSet.of(files, environmentOf(options)).check(options);
}
