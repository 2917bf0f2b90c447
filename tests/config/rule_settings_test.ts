import { deepEqual, equal, match } from "node:assert/strict";
import { expandVariables } from "../../config/environment.ts";
import { loadSettings } from "../../config/load.ts";
import { parseSettingsFile } from "../../config/file.ts";
import { parsePath, withValueAt } from "../../config/path.ts";
import { ruleSettings } from "../../config/rule_settings.ts";

function fromFile(text: string) {
  const { values, problems } = parseSettingsFile("f.yaml", text);
  return { problems, value: (key: string) => values.get(key) };
}

Deno.test("rules, append_output and static_fields are read in the shape of falco.yaml", () => {
  const { problems, value } = fromFile(`
rules:
  - disable: {rule: "*"}
  - enable: {tag: network}
append_output:
  - match: {source: syscall, tags: [a, 1], rule: R}
    extra_output: on %evt.cpu
    extra_fields: [evt.cpu, {home: "%user.name"}]
  - suggested_output: true
static_fields:
  env: prod
  number: 3
`);
  deepEqual(problems, []);
  const settings = {
    rules: value("rules"),
    append_output: value("append_output"),
    static_fields: value("static_fields"),
  };
  deepEqual(ruleSettings(settings as Parameters<typeof ruleSettings>[0]), {
    ruleSelection: [{ action: "disable", rule: "*" }, { action: "enable", tag: "network" }],
    appendOutput: [
      {
        match: { source: "syscall", tags: ["a", "1"], rule: "R" },
        extraOutput: "on %evt.cpu",
        extraFields: ["evt.cpu", { key: "home", format: "%user.name" }],
      },
      { suggestedOutput: true, extraFields: [] },
    ],
    staticFields: { env: "prod", number: "3" },
  });
});

Deno.test("a wrong shape is a problem that names what is wrong", () => {
  const wrong: [string, RegExp][] = [
    ["rules: yes", /rules must be a list/],
    ["rules: [a]", /each entry must be a mapping/],
    ["rules: [{enabel: {tag: x}}]", /unknown key enabel; did you mean `enable`/],
    ["rules: [{enable: {}}]", /enable must have rule or tag/],
    ["rules: [{enable: {tag: x}, disable: {tag: y}}]", /either enable or disable/],
    ["append_output: [{extra_fields: evt.cpu}]", /extra_fields must be a list/],
    ["append_output: [{extra_fields: [{a: x, b: y}]}]", /one key with a format/],
    ["append_output: [{extra_fields: [evt.cpu, {evt.cpu: x}]}]", /names evt.cpu twice/],
    ["append_output: [{match: {tag: x}}]", /match has an unknown key tag; did you mean `tags`/],
    ["static_fields: [a]", /static_fields must be a mapping/],
    ["static_fields: {a b: c}", /a name of letters/],
    ["static_fields: {a: [b]}", /a must be a text/],
  ];
  for (const [text, pattern] of wrong) match(fromFile(text).problems[0] ?? "", pattern, text);
});

Deno.test("-o reaches into lists and mappings, and appends to what the file says", () => {
  const { settings, problems } = loadSettings(undefined, [
    "rules[].disable.rule=*",
    "rules[].enable.tag=network",
    "append_output[0].suggested_output=true",
    "append_output[]={match: {source: syscall}, extra_output: on %evt.cpu}",
    "append_output[1].suggested_output=false",
    "static_fields.env=prod",
    "static_fields.a\\.b=x",
  ]);
  deepEqual(problems, []);
  deepEqual(settings.rules, [{ disable: { rule: "*" } }, { enable: { tag: "network" } }]);
  deepEqual(settings.append_output, [
    { suggested_output: true },
    { match: { source: "syscall" }, extra_output: "on %evt.cpu", suggested_output: false },
  ]);
  deepEqual(settings.static_fields, { env: "prod", "a.b": "x" });
  for (
    const text of ["rules[=x", "rules[x]=y", "rules[].=y", "append_output[]={a: [}", "rules[].disable=x"]
  ) {
    equal(loadSettings(undefined, [text]).problems.length, 1, text);
  }
  deepEqual(loadSettings(undefined, ["append_output=[]"]).settings.append_output, []);
});

Deno.test("paths: names, indexes, appending, escapes; a prototype is no place to write to", () => {
  deepEqual(parsePath("a.b[2].c"), { key: "a", steps: [{ name: "b" }, { index: 2 }, { name: "c" }] });
  deepEqual(parsePath("a[]"), { key: "a", steps: ["append"] });
  deepEqual(parsePath("a.b\\.c\\[x\\]"), { key: "a", steps: [{ name: "b.c[x]" }] });
  deepEqual(withValueAt([1], ["append", { name: "x" }], 2), [1, { x: 2 }]);
  const made = withValueAt({}, [{ name: "__proto__" }, { name: "polluted" }], true) as object;
  equal(Object.hasOwn(made, "__proto__"), true);
  equal("polluted" in {}, false);
});

Deno.test("variables of the environment are expanded in a file's texts", () => {
  const get = (name: string) => name === "HOME" ? "/root" : undefined;
  deepEqual(expandVariables({ a: ["${HOME}/x", "$${HOME}", "${NOTHING}."], b: 3 }, get), {
    a: ["/root/x", "${HOME}", "."],
    b: 3,
  });
});
