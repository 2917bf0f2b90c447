// Which checks of which rules have ever been true and ever been false while tests ran, exceptions and macros included.
// In: benches whose modules count (rules/lower/lower_leaves.ts). Out: rules with their checks, over all benches.
// Elsewhere: its forms (text.ts, lcov.ts, html.ts).

import {
  type ConditionTree,
  conditionTree,
  eventTypesOf,
  type LeafCounts,
  leafCounts,
  positionAt,
  type TreeLeaf,
  whereIs,
} from "../../rules/mod.ts";
import { type Exclusion, exclusionsOf } from "./exclusions.ts";
import { type FixedChecks, fixedChecks } from "./fixed.ts";
import type { Bench } from "../run/bench.ts";

export interface CheckCoverage {
  readonly leaf: TreeLeaf;
  /** macros and exceptions that it is in, outermost first */
  readonly within: readonly string[];
  whenTrue: number;
  whenFalse: number;
  /** why it is not counted: it is never asked, or its answer is always the same */
  fixed: string | undefined;
}

export interface RuleCoverage {
  readonly rule: string;
  readonly path: string;
  /** line of its name */
  readonly line: number;
  readonly checks: readonly CheckCoverage[];
  readonly exclusions: readonly ExclusionCoverage[];
}

/** Covered when it has once been all that kept the rule from firing. */
export interface ExclusionCoverage extends Exclusion {
  alone: number;
  isFixed: boolean;
}

export interface Coverage {
  readonly rules: readonly RuleCoverage[];
  /** answers: a check that has been true and false has two */
  readonly seen: number;
  readonly possible: number;
}

export function coverageOf(benches: readonly Bench[]): Coverage {
  const rules = new Map<string, RuleCoverage>();
  for (const bench of benches) {
    const counts = countsOf(bench);
    for (const [at, rule] of bench.rules.entries()) {
      const { source, start } = rule.span;
      const tree = conditionTree(bench.loaded, rule);
      const types = eventTypesOf(rule.condition);
      const fixed = fixedChecks(tree, types);
      const checks = checksIn(tree, [], fixed);
      const exclusions = exclusionsOf(tree, types, fixed).map((exclusion) => ({ ...exclusion, alone: 0 }));
      // other files may change a rule, and a macro that it uses
      const own = checks.map(({ leaf }) => `${whereIs(leaf.span)} ${leaf.text}`);
      const key = JSON.stringify([source.path, start, rule.name, ...own]);
      let known = rules.get(key);
      if (known === undefined) {
        const { line } = positionAt(source, start);
        rules.set(key, known = { rule: rule.name, path: source.path, line, checks, exclusions });
      }
      // other files may give a list items, or a placeholder a meaning
      for (const [leaf, { fixed }] of checks.entries()) {
        if (fixed === undefined) known.checks[leaf]!.fixed = fixed;
      }
      for (const [index, { isFixed }] of exclusions.entries()) {
        if (!isFixed) known.exclusions[index]!.isFixed = false;
      }
      for (const [index, alone] of (counts[at]?.excludedAlone ?? []).entries()) {
        known.exclusions[index]!.alone += alone;
      }
      for (const [leaf, { whenTrue, whenFalse }] of (counts[at]?.leaves ?? []).entries()) {
        const check = known.checks[leaf]!;
        check.whenTrue += whenTrue;
        check.whenFalse += whenFalse;
      }
    }
  }
  const all = [...rules.values()];
  const counted = all.flatMap(({ checks }) => checks).filter(({ fixed }) => fixed === undefined);
  return { rules: all, ...shareOf(counted) };
}

export function shareOf(checks: readonly CheckCoverage[]): { seen: number; possible: number } {
  const counted = checks.filter(({ fixed }) => fixed === undefined);
  const seen = counted.reduce(
    (sum, { whenTrue, whenFalse }) => sum + Number(whenTrue > 0) + Number(whenFalse > 0),
    0,
  );
  return { seen, possible: counted.length * 2 };
}

export function percentOf({ seen, possible }: { seen: number; possible: number }): number {
  return possible === 0 ? 100 : 100 * seen / possible;
}

/** By rule and check; rules of each source are counted by the module of that source. */
function countsOf(bench: Bench): LeafCounts[] {
  const sums: LeafCounts[] = [];
  for (const { plan, words, source } of bench.answers()) {
    for (const [at, counts] of leafCounts(plan, words).entries()) {
      if (bench.rules[at]!.source === source) sums[at] = counts;
    }
  }
  return sums;
}

function checksIn(tree: ConditionTree, within: readonly string[], fixed: FixedChecks): CheckCoverage[] {
  switch (tree.kind) {
    case "check":
      return [{ leaf: tree, within, whenTrue: 0, whenFalse: 0, fixed: fixed.get(tree.leaf) }];
    case "not":
      return checksIn(tree.operand, within, fixed);
    case "macro":
    case "exception":
      return checksIn(tree.body, [...within, `${tree.kind} ${tree.name}`], fixed);
    default:
      return tree.operands.flatMap((operand) => checksIn(operand, within, fixed));
  }
}
