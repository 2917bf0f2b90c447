// Whether lists hold what is expected of them, after all files have appended to them and changed them.
// In: expectations, the loaded rules. Out: failures.

import type { LoadResult } from "../../rules/mod.ts";
import type { ListExpectation } from "../suite/suite.ts";
import type { Failure } from "./compare.ts";

export function compareLists(expected: readonly ListExpectation[], { expanded }: LoadResult): Failure[] {
  return expected.flatMap(({ name: { name, span }, items, contains, lacks }) => {
    const actual = expanded.lists.itemsOf(name);
    const failures: Failure[] = [];
    const missing = (items ?? contains).filter((item) => !actual.includes(item));
    if (missing.length > 0) {
      failures.push({ span, message: `the list \`${name}\` lacks ${wordsOf(missing)}` });
    }
    const extra = items === undefined
      ? lacks.filter((item) => actual.includes(item))
      : actual.filter((item) => !items.includes(item));
    if (extra.length > 0) {
      failures.push({ span, message: `the list \`${name}\` holds ${wordsOf(extra)} and should not` });
    }
    return failures;
  });
}

function wordsOf(items: readonly string[]): string {
  return items.map((item) => `\`${item}\``).join(", ");
}
