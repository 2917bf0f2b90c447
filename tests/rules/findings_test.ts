// The kinds of findings: each is a file named by its code, and all are in the registry.

import assert from "node:assert/strict";
import { CODES, findingOf } from "../../rules/findings/registry.ts";

const OTHERS = ["define.ts", "falco_codes.ts", "registry.ts"];

Deno.test("each finding is a file named by its code, and each file is in the registry", () => {
  const files = [...Deno.readDirSync(new URL("../../rules/findings/", import.meta.url))]
    .map(({ name }) => name)
    .filter((name) => !OTHERS.includes(name))
    .sort();
  assert.deepEqual(files, CODES.map((code) => `${code.replaceAll("-", "_")}.ts`).sort());
});

Deno.test("each has a title without a period and a reason in whole sentences", () => {
  for (const code of CODES) {
    const { title, why } = findingOf(code);
    assert.doesNotMatch(title, /\.$/, code);
    assert.match(why, /^[A-Z`\d][^]*[.?]$/, code);
  }
});
