// The files of a rule set, as the stages after reading see them.

import type { Report } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../check/environment.ts";
import type { Source } from "../text/span.ts";
import type { Collector } from "./collect.ts";

export interface RulesFiles {
  readonly env: Environment;
  readonly files: readonly Source[];
  /** Items of the same name meet; findings go into the report. */
  collect(report: Report): Collector;
}
