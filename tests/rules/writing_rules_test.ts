// Every example of docs/writing-rules.md: rules load without a finding, layouts are what `falco fmt` makes.

import assert from "node:assert/strict";
import { format } from "../../rules/format/format.ts";
import { applyFixes } from "../../rules/fixes/apply_fixes.ts";
import { fixesOf } from "../../rules/fixes/fixes_of.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/mod.ts";

const page = Deno.readTextFileSync(new URL("../../docs/writing-rules.md", import.meta.url));
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
const [rule, ignored, faulty, fixed, before, after, override] = examples;

Deno.test("the examples about rules, ignored warnings and overrides have no findings", () => {
  assert.equal(examples.length, 7);
  const sources = [rule!, ignored!, override!].map((text, at) => makeSource(`example${at}`, text));
  const { diagnostics, rules } = loadRules(sources);
  assert.deepEqual(diagnostics.map(({ message }) => message), []);
  assert.deepEqual(rules.map(({ name }) => name), ["Every exit"]);
});

Deno.test("the example about layout is what the formatter makes, and so are the others", () => {
  const textOf = (text: string) => {
    const made = format(makeSource("example", text));
    assert.ok("text" in made);
    return made.text;
  };
  assert.equal(textOf(before!), after);
  for (const text of [rule!, ignored!, override!]) assert.equal(textOf(text), text);
});

Deno.test("the example about fixes is what the safe ones make", () => {
  let source = makeSource("example", faulty!);
  for (let round = 0; round < 3; round++) {
    const safe = loadRules([source]).diagnostics.flatMap((each) => fixesOf(each).filter((fix) => fix.safe));
    source = makeSource("example", applyFixes(source, safe).text);
  }
  assert.equal(source.text, fixed);
});
