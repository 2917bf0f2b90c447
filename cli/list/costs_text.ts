// What rules cost a host: which of them keep the kernel from leaving out opens of files that no rule can match.
// In: loaded rules. Out: a line for each such rule, with the part of it that is the reason.
// Elsewhere: how it is found (rules/kernel_filter), all kinds of events (list_filters.ts), what rules cost falco (falco profile).

import { sanitize } from "../../base/mod.ts";
import { compileRules, type Demand, type LoadResult } from "../../rules/mod.ts";

export function costsText(rules: LoadResult["rules"]): string {
  const { kernelFilter } = compileRules(rules, { matching: "first" });
  const { allAsked, filesAskedBy = [], opens } = kernelFilter;
  if (allAsked !== undefined) {
    return linesOf("needs every event, so the kernel leaves out none", [allAsked]);
  }
  if (filesAskedBy.length > 0) {
    const subject = filesAskedBy.length === 1 ? "rule has" : "rules have";
    return linesOf(`${filesAskedBy.length} ${subject} every open and close of files reported`, filesAskedBy);
  }
  const any = opens?.anyPathRule;
  const some = any === undefined
    ? ""
    : `; of some ways to open one all are reported because of the rule "${any}"`;
  return sanitize(`no rule needs every open of a file: engine.kernel_filter can leave them out${some}`) +
    "\n";
}

function linesOf(title: string, demands: readonly Demand[]): string {
  const lines = demands.map(({ rule, event, asks }) => `  ${sanitize(rule)}: ${asks} of ${event}`);
  return `${title}:\n${lines.join("\n")}\n`;
}
