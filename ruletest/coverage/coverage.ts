// Which checks of which rules have ever been true and ever been false while tests ran, exceptions and macros included.
// In: benches whose modules count (rules/lower/lower_leaves.ts). Out: rules with their checks, over all benches.
// Elsewhere: its forms (text.ts, lcov.ts, html.ts).

import {
  type Answers,
  type ConditionTree,
  conditionTree,
  leafCounts,
  positionAt,
  type TreeLeaf,
  whereIs,
} from "../../rules/mod.ts";
import type { Bench } from "../run/bench.ts";

export interface CheckCoverage {
  readonly leaf: TreeLeaf;
  /** macros and exceptions that it is in, outermost first */
  readonly within: readonly string[];
  whenTrue: number;
  whenFalse: number;
  /** always the same answer, whatever happens: placeholders such as `evt.num = 0` and empty lists */
  readonly isFixed: boolean;
}

export interface RuleCoverage {
  readonly rule: string;
  readonly path: string;
  /** line of its name */
  readonly line: number;
  readonly checks: readonly CheckCoverage[];
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
      const checks = checksIn(conditionTree(bench.loaded, rule), []);
      // other files may change a rule, and a macro that it uses
      const own = checks.map(({ leaf }) => `${whereIs(leaf.span)} ${leaf.text}`);
      const key = JSON.stringify([source.path, start, rule.name, ...own]);
      let known = rules.get(key);
      if (known === undefined) {
        const { line } = positionAt(source, start);
        rules.set(key, known = { rule: rule.name, path: source.path, line, checks });
      }
      for (const [leaf, { whenTrue, whenFalse }] of (counts[at] ?? []).entries()) {
        const check = known.checks[leaf]!;
        check.whenTrue += whenTrue;
        check.whenFalse += whenFalse;
      }
    }
  }
  const all = [...rules.values()];
  const counted = all.flatMap(({ checks }) => checks).filter(({ isFixed }) => !isFixed);
  return { rules: all, ...shareOf(counted) };
}

export function shareOf(checks: readonly CheckCoverage[]): { seen: number; possible: number } {
  const counted = checks.filter(({ isFixed }) => !isFixed);
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
function countsOf(bench: Bench): (readonly Answers[])[] {
  const sums: (readonly Answers[])[] = [];
  for (const { plan, words, source } of bench.answers()) {
    for (const [at, { leaves }] of leafCounts(plan, words).entries()) {
      if (bench.rules[at]!.source === source) sums[at] = leaves;
    }
  }
  return sums;
}

function checksIn(tree: ConditionTree, within: readonly string[]): CheckCoverage[] {
  switch (tree.kind) {
    case "check":
      return [{ leaf: tree, within, whenTrue: 0, whenFalse: 0, isFixed: isFixed(tree) }];
    case "not":
      return checksIn(tree.operand, within);
    case "macro":
    case "exception":
      return checksIn(tree.body, [...within, `${tree.kind} ${tree.name}`]);
    default:
      return tree.operands.flatMap((operand) => checksIn(operand, within));
  }
}

/** Events are numbered from 1, and nothing is in a list without items. */
function isFixed({ text, check }: TreeLeaf): boolean {
  if (["in", "intersects", "pmatch"].includes(check.operator) && check.right.length === 0) return true;
  return /^evt\.num\s*(<\s*=?\s*0|=\s*0|>=\s*0|>\s*0)$/.test(text);
}
