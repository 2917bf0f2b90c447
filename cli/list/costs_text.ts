// What rules cost a host: which of them keep the kernel from leaving out events that no rule can match.
// In: loaded rules. Out: for files, other fds and each type of event that is reported in full, the rules and what they ask.
// Elsewhere: how it is found (rules/kernel_filter), what is left out (list_filters.ts), what rules cost falco (falco profile).

import { sanitize } from "../../base/mod.ts";
import { compileRules, type Demand, type KernelFilter, type LoadResult } from "../../rules/mod.ts";
import { namesOfKinds } from "./kind_names.ts";

export function costsText(rules: LoadResult["rules"]): string {
  const { kernelFilter } = compileRules(rules, { matching: "first" });
  const { allAsked, filesAskedBy = [] } = kernelFilter;
  if (allAsked !== undefined) {
    return linesOf("needs every event, so the kernel leaves out none", [allAsked]);
  }
  const files = filesAskedBy.length > 0
    ? linesOf(`${rulesHave(filesAskedBy)} every open and close of files reported`, filesAskedBy)
    : noneOfFiles(kernelFilter);
  return [files, ...directoryLines(kernelFilter), ...kindLines(kernelFilter), ...callLines(kernelFilter)]
    .join("\n");
}

function noneOfFiles({ opens }: KernelFilter): string {
  const any = opens?.anyPathRule;
  const some = any === undefined
    ? ""
    : `; of some ways to open one all are reported because of the rule "${any}"`;
  return sanitize(`no rule needs every open of a file: engine.kernel_filter can leave them out${some}`) +
    "\n";
}

/** Where files are reported, so are they. */
function directoryLines({ opens, directoriesAskedBy: demands = [] }: KernelFilter): string[] {
  if (opens === undefined || demands.length === 0) return [];
  return [linesOf(`${rulesHave(demands)} all directories reported`, demands)];
}

/** Kinds of fds about which the same rules ask are one. */
function kindLines({ kindsAskedBy = new Map() }: KernelFilter): string[] {
  const others = [...kindsAskedBy].filter(([kind]) => kind !== "file");
  const groups = Map.groupBy(others, ([, demands]) => JSON.stringify(demands));
  return [...groups.values()].map((group) => {
    const demands = group[0]![1];
    return linesOf(
      `${rulesHave(demands)} all ${namesOfKinds(group.map(([kind]) => kind))} reported`,
      demands,
    );
  });
}

function callLines({ wholeCalls = [] }: KernelFilter): string[] {
  return wholeCalls.map(({ events, butFailed, demands }) => {
    const what = `every ${events.join(", ")}${butFailed ? " that has not failed" : ""}`;
    return linesOf(`${rulesHave(demands)} ${what} reported`, demands);
  });
}

function rulesHave({ length }: readonly Demand[]): string {
  return length === 1 ? "1 rule has" : `${length} rules have`;
}

function linesOf(title: string, demands: readonly Demand[]): string {
  const lines = demands.map(({ rule, event, asks }) => `  ${sanitize(rule)}: ${asks} of ${event}`);
  return `${title}:\n${lines.join("\n")}\n`;
}
