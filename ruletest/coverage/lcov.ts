// Coverage as an lcov tracefile, which code hosts and editors read: a check is a branch with two ways, true and false.
// A check in a macro is counted where the macro is defined, over all rules that use it.

import { positionAt } from "../../rules/mod.ts";
import type { CheckCoverage, Coverage } from "./coverage.ts";

export function coverageLcov({ rules }: Coverage): string {
  const files = Map.groupBy(
    rules.flatMap(({ checks }) => checks).filter(({ fixed }) => fixed === undefined),
    ({ leaf }) => leaf.span.source.path,
  );
  return [...files].map(([path, checks]) => fileRecord(path, checks)).join("");
}

interface Branch {
  readonly line: number;
  whenTrue: number;
  whenFalse: number;
}

function fileRecord(path: string, checks: readonly CheckCoverage[]): string {
  const branches = new Map<string, Branch>();
  for (const { leaf: { span }, whenTrue, whenFalse } of checks) {
    const key = `${span.start}-${span.end}`;
    const branch = branches.get(key) ??
      { line: positionAt(span.source, span.start).line, whenTrue: 0, whenFalse: 0 };
    branch.whenTrue += whenTrue;
    branch.whenFalse += whenFalse;
    branches.set(key, branch);
  }
  const all = [...branches.values()].sort((a, b) => a.line - b.line);
  const lines = new Map<number, number>();
  for (const { line, whenTrue, whenFalse } of all) {
    lines.set(line, (lines.get(line) ?? 0) + whenTrue + whenFalse);
  }
  const text = ["TN:", `SF:${path.replace(/[\r\n]/g, "")}`];
  all.forEach(({ line, whenTrue, whenFalse }, block) => {
    for (const [way, taken] of [whenTrue, whenFalse].entries()) {
      text.push(`BRDA:${line},${block},${way},${whenTrue + whenFalse === 0 ? "-" : taken}`);
    }
  });
  const hit = all.reduce(
    (sum, { whenTrue, whenFalse }) => sum + Number(whenTrue > 0) + Number(whenFalse > 0),
    0,
  );
  text.push(`BRF:${all.length * 2}`, `BRH:${hit}`);
  for (const [line, times] of lines) text.push(`DA:${line},${times}`);
  text.push(
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((times) => times > 0).length}`,
    "end_of_record",
  );
  return `${text.join("\n")}\n`;
}
