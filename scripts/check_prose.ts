// Fails on phrases that docs/style.md refuses, in comments, messages and pages alike.
// In: the source tree. Out: one line per phrase; exit code 1 when there is any.
// Elsewhere: which phrases, and what to write instead (prose/phrases.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listTree } from "./check_references.ts";
import { findPhrases } from "./prose/phrases.ts";

const READ = /\.(?:ts|md|c|h|js|sh|awk|tpl)$/;
/** What names the phrases in order to refuse them, and what tells about the past in its own words. */
const LEFT_OUT = [
  ...["CHANGELOG.md", "docs/renames.md", "docs/style.md", "docs/glossary.md"],
  ...["scripts/prose/", "tests/scripts/prose_test.ts"],
];

/** All refused phrases below `root`, as `file:line: reason`. */
export function checkProse(root: string): string[] {
  return listTree(root)
    .filter((file) => READ.test(file) && !LEFT_OUT.some((start) => file.startsWith(start)))
    .flatMap((file) =>
      findPhrases(Deno.readTextFileSync(join(root, file)))
        .map(({ line, phrase, instead }) => `${file}:${line}: "${phrase}": write ${instead}`)
    );
}

if (import.meta.main) {
  const problems = checkProse(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  console.log("prose: no phrase that docs/style.md refuses");
}
