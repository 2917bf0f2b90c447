// The files of a rule set, as the stages after reading see them.

import type { Report } from "../diagnostics/diagnostic.ts";
import type { Moved } from "../diagnostics/moved.ts";
import type { Memory } from "../memory.ts";
import type { Environment } from "../check/environment.ts";
import type { Source } from "../text/span.ts";
import type { Collector } from "./collect.ts";

export interface RulesFiles {
  readonly env: Environment;
  readonly files: readonly Source[];
  /** the number of the file that a text is of, those included from which items were kept */
  readonly fileOrder: ReadonlyMap<Source, number>;
  /** where items that were kept are now */
  readonly moved: Moved;
  /** Items of the same name meet; findings go into the report. */
  collect(report: Report, memory: Memory): Collector;
}
