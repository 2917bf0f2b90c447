import { deepEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { checkProse } from "../../scripts/check_prose.ts";
import { findPhrases } from "../../scripts/prose/phrases.ts";

Deno.test("no comment, message or page has a phrase that docs/style.md refuses", () => {
  deepEqual(checkProse(fileURLToPath(new URL("../..", import.meta.url))), []);
});

Deno.test("a phrase is found with its line and what to write instead; parts of words are none", () => {
  deepEqual(findPhrases("read it again\nBeside the rules, judged anew; besides, renewed"), [
    { line: 2, phrase: "Beside", instead: "besides, next to or alongside" },
    { line: 2, phrase: "judged", instead: "evaluate" },
    { line: 2, phrase: "anew", instead: "again" },
  ]);
});
