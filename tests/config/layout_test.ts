// Settings in the layouts that people write them in.

import { deepEqual, match } from "node:assert/strict";
import { load } from "./loading.ts";

Deno.test("layout: brackets, braces and quoted texts may go on in any column, with tabs and comments", () => {
  const { problems, warnings, settings } = load(`
rules: [
{disable: {rule: "*"}},\t# all of them
\t{enable: {tag: network}
},
]
append_output:
- extra_output: "on
%evt.cpu"
static_fields: {
env: prod,
\tsite:
a }
json_output:
  "true"
`);
  deepEqual([problems, warnings], [[], []]);
  deepEqual(settings.rules, [{ disable: { rule: "*" } }, { enable: { tag: "network" } }]);
  deepEqual(settings.append_output.map(({ extra_output }) => extra_output), ["on %evt.cpu"]);
  deepEqual([settings.static_fields, settings.json_output], [{ env: "prod", site: "a" }, true]);
});

Deno.test("layout: mistakes are said where they are, and a tag that is ignored is a warning", () => {
  deepEqual(load("rules_files:\n  - a.yaml\n - b.yaml\n").problems, [
    "f.yaml:3:2: the line is not indented like its neighbours; the dashes of one sequence are in the same column",
  ]);
  deepEqual(load("http_output:\n  url: 'http://x\n  enabled: true\n").problems, [
    "f.yaml:2:8: the closing `'` is missing",
  ]);
  const { problems, warnings } = load("priority: !notice info\n");
  deepEqual(problems, []);
  match(warnings[0] ?? "", /^f\.yaml:1:11: `!notice` is a YAML tag/);
});
