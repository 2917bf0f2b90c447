// Coverage for people: the share of each rule, and what no case has shown.

import { sanitizeLine } from "../../base/mod.ts";
import { whereIs } from "../../rules/mod.ts";
import { type CheckCoverage, type Coverage, percentOf, shareOf } from "./coverage.ts";

export function coverageText(coverage: Coverage): string {
  const width = Math.max(0, ...coverage.rules.map(({ rule }) => rule.length));
  const rules = coverage.rules.map(({ rule, checks, exclusions }) => {
    const share = shareOf(checks);
    const gaps = [
      ...checks.flatMap(gapOf),
      ...exclusions.filter((exclusion) => exclusion.alone === 0 && !exclusion.isFixed)
        .map(({ text, within }) =>
          sanitizeLine(`never alone in keeping it from firing: ${text}${inside(within)}`)
        ),
    ];
    const line = `  ${sanitizeLine(rule).padEnd(width)}  ${percentText(share).padStart(7)}\n`;
    return line + gaps.map((gap) => `      ${gap}\n`).join("");
  });
  const { seen, possible } = coverage;
  const total = `Coverage: ${percentText(coverage)} (${seen} of ${possible} answers of checks in ${
    count(coverage.rules.length)
  })\n`;
  return `${rules.join("")}${total}`;
}

export function percentText(share: { seen: number; possible: number }): string {
  // 100 % is said of nothing less
  return `${(Math.floor(percentOf(share) * 10) / 10).toFixed(1)} %`;
}

function gapOf({ leaf, within, whenTrue, whenFalse, fixed }: CheckCoverage): string[] {
  if (fixed !== undefined) return [];
  if (whenTrue > 0 && whenFalse > 0) return [];
  const what = whenTrue + whenFalse === 0 ? "never evaluated" : whenTrue === 0 ? "never true" : "never false";
  return [sanitizeLine(`${what}: ${leaf.text}  (${whereIs(leaf.span)}${inside(within)})`)];
}

function inside(within: readonly string[]): string {
  return within.length === 0 ? "" : `, in ${within.join(" > ")}`;
}

function count(rules: number): string {
  return `${rules} ${rules === 1 ? "rule" : "rules"}`;
}
