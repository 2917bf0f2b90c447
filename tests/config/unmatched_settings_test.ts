// Settings that select no rule are told, with the rule that may be meant.

import { deepEqual } from "node:assert/strict";
import { unmatchedSettings } from "../../config/unmatched_settings.ts";
import { load } from "./loading.ts";

const RULES = new Map(
  [["Terminal shell in container", ["shell"]], ["Read sensitive file untrusted", ["filesystem"]]].map((
    [name, tags],
  ) => [name as string, { name: name as string, keys: { tags: tags as string[] } }]),
);

function linesFor(text: string): string[] {
  return unmatchedSettings(load(text).settings, RULES);
}

Deno.test("a switch that matches no rule, by name or by tag, is told with the nearest name", () => {
  deepEqual(
    linesFor(
      "rules: [{disable: {rule: Terminal shel in container}}, {enable: {tag: shells}}, {disable: {rule: X*}}]\n",
    ),
    [
      "rules[0].disable.rule: no rule has the name `Terminal shel in container`; did you mean `Terminal shell in container`?",
      "rules[1].enable.tag: no rule has the tag `shells`; did you mean `shell`?",
      "rules[2].disable.rule: no rule has the name `X*`",
    ],
  );
});

Deno.test("append_output for a rule that does not exist is told", () => {
  deepEqual(linesFor("append_output: [{match: {rule: Nothing}, extra_output: x}]\n"), [
    "append_output[0].match.rule: no rule has the name `Nothing`",
  ]);
});

Deno.test("what matches is not told: names, patterns, tags", () => {
  const text =
    "rules: [{disable: {rule: '*'}}, {enable: {rule: Terminal*}}, {enable: {tag: filesystem}}]\nappend_output: [{match: {rule: Read sensitive file untrusted}, extra_output: x}, {suggested_output: true}]\n";
  deepEqual(linesFor(text), []);
});
