import { deepEqual, equal, match } from "node:assert/strict";
import { parsePath } from "../../config/path.ts";
import { load, loadOptions } from "./loading.ts";

function problemOf(option: string): string {
  const { problems } = loadOptions(option);
  equal(problems.length, 1, `${option}: ${problems.join("; ")}`);
  return problems[0]!;
}

Deno.test("an option is read by its setting's type", () => {
  const { settings, problems } = loadOptions(
    "json_output=true",
    "priority=Info",
    "engine.modern_ebpf.buf_size_preset=7",
    " http_output.url = http://a/?x=y ",
    "metrics.interval=30s",
    "rules_files=a.yaml",
    "static_fields={a: 1, b: '{'}",
  );
  deepEqual(problems, []);
  deepEqual([settings.json_output, settings.priority], [true, "informational"]);
  deepEqual([settings["engine.modern_ebpf.buf_size_preset"], settings["metrics.interval"]], [7, 30_000]);
  deepEqual([settings["http_output.url"], settings.rules_files], ["http://a/?x=y", ["a.yaml"]]);
  deepEqual(settings.static_fields, { a: "1", b: "{" });
});

Deno.test("an unknown key is a problem that names the nearest known one", () => {
  match(
    problemOf("jsn_output=true"),
    /^option "jsn_output=true": unknown setting jsn_output; did you mean `json_output`\?/,
  );
  match(problemOf("buf_size_preset=3"), /did you mean `engine\.modern_ebpf\.buf_size_preset`\?/);
  match(
    problemOf("http_output.urll=x"),
    /unknown setting http_output\.urll; did you mean `http_output\.url`\?/,
  );
  match(problemOf("htp_output.url=x"), /did you mean `http_output\.url`\?/);
  match(problemOf("completely.different=3"), /unknown setting completely\.different$/);
  match(problemOf("__proto__.x=1"), /unknown setting __proto__\.x/);
  match(
    problemOf("sinks[]={type: http, url: 'http://a', batchmax: 3}"),
    /unknown setting sinks\[0\]\.batchmax; did you mean `batch_max`/,
  );
});

Deno.test("a value of the wrong type is a problem that says what is expected", () => {
  match(problemOf("json_output=maybe"), /json_output must be true or false, not "maybe"/);
  match(problemOf("engine.modern_ebpf.buf_size_preset=11"), /from 1 to 10, not "11"/);
  match(problemOf("engine.modern_ebpf.buf_size_preset=1e1"), /whole number/);
  match(problemOf("rule_matching=some"), /one of first, all/);
  match(
    problemOf("http_output=on"),
    /http_output must be a mapping with keys such as enabled, url, user_agent/,
  );
  match(problemOf("priority.x=1"), /priority must be one of/);
});

Deno.test("an option that is none says what is wrong with it", () => {
  const wrong: [string, RegExp][] = [
    ["json_output", /expected key=value/],
    ["=x", /expected key=value/],
    ["rules[=x", /after rules belongs \[number\], or \[\] to append/],
    ["rules[x]=y", /after rules belongs/],
    ["rules[0]x=y", /belongs a dot/],
    ["rules[].=y", /a name is missing after the last dot/],
    [".a=y", /a name is missing/],
    ["a\\x=y", /a backslash must stand before a dot, a bracket or a backslash/],
    ["a\\=y", /a backslash must/],
    ["static_fields={a: [}", /the closing `\]` is missing/],
    ["rules[3].disable.tag=x", /the list has 0 entries: \[3\] is beyond its end/],
    ["rules[99999999].disable.tag=x", /belongs \[number\]/],
  ];
  for (const [option, pattern] of wrong) match(problemOf(option), pattern, option);
  const both = loadOptions("static_fields.a=x", "static_fields[0]=y");
  match(both.problems[0] ?? "", /there are names, not a list, where the brackets point/);
  match(loadOptions("priority=error", "priority.x=y").problems[0] ?? "", /x cannot stand below a text/);
  match(
    loadOptions("syscall_event_drops.actions=[log]", "syscall_event_drops.actions.x=y").problems[0] ?? "",
    /below a list: say \[0\] or \[\]/,
  );
});

Deno.test("a name right below a list is a key of each of its entries, or of its first", () => {
  const outputs = (file: string, ...options: string[]) => {
    const { settings, problems } = load(file, options);
    deepEqual(problems, []);
    return settings.append_output.map((
      { suggested_output, extra_output },
    ) => [suggested_output, extra_output]);
  };
  const option = "append_output.suggested_output=false";
  deepEqual(outputs("append_output: [{suggested_output: true}]\n", option), [[false, undefined]]);
  deepEqual(outputs("append_output: [{suggested_output: true}, {extra_output: a}]\n", option), [
    [false, undefined],
    [false, "a"],
  ]);
  deepEqual(outputs("", option, "append_output[]={extra_output: b}"), [[false, undefined], [undefined, "b"]]);
  match(problemOf("append_output.suggestd_output=false"), /did you mean `suggested_output`/);
});

Deno.test("-o reaches into lists and mappings, and appends to what the file says", () => {
  const { settings, problems } = load("static_fields: {site: berlin}\nrules: [{enable: {rule: a}}]\n", [
    "rules[].disable.rule=*",
    "rules[2].enable.tag=network",
    "append_output[0].suggested_output=true",
    "append_output[]={match: {source: syscall}, extra_output: on %evt.cpu}",
    "append_output[1].suggested_output=false",
    "static_fields.env=prod",
    "static_fields.a\\.b=x",
    "plugins[].name=container",
    "plugins[0].library_path=libcontainer.so",
    "plugins[0].init_config.engines.docker.enabled=false",
  ]);
  deepEqual(problems, []);
  deepEqual(settings.rules, [{ enable: { rule: "a" } }, { disable: { rule: "*" } }, {
    enable: { tag: "network" },
  }]);
  deepEqual(settings.append_output, [
    { suggested_output: true, extra_fields: [] },
    {
      match: { source: "syscall", tags: [] },
      extra_output: "on %evt.cpu",
      extra_fields: [],
      suggested_output: false,
    },
  ]);
  deepEqual(settings.static_fields, { site: "berlin", env: "prod", "a.b": "x" });
  deepEqual(settings.plugins, [{
    name: "container",
    library_path: "libcontainer.so",
    init_config: { engines: { docker: { enabled: false } } },
  }]);
  deepEqual(loadOptions("append_output=[]").settings.append_output, []);
});

Deno.test("an option changes neither the file's other values nor what an anchor shares", () => {
  const { settings, problems } = load(
    "rules:\n  - disable: &tag {tag: a}\n  - enable: *tag\n",
    ["rules[0].disable.tag=b"],
  );
  deepEqual(problems, []);
  deepEqual(settings.rules, [{ disable: { tag: "b" } }, { enable: { tag: "a" } }]);
});

Deno.test("paths: names, indexes, appending, escapes", () => {
  const name = (name: string) => ({ kind: "name", name });
  const index = (index: number) => ({ kind: "index", index });
  deepEqual(parsePath("a.b[2].c"), { steps: [name("a"), name("b"), index(2), name("c")] });
  deepEqual(parsePath("a[]"), { steps: [name("a"), { kind: "append" }] });
  deepEqual(parsePath("a[1][3]"), { steps: [name("a"), index(1), index(3)] });
  deepEqual(parsePath("a.b\\.c\\[x\\]\\\\"), { steps: [name("a"), name("b.c[x]\\")] });
});

Deno.test("an option with a prototype's name is a plain name", () => {
  const { settings, problems } = loadOptions("static_fields.__proto__=x", "static_fields.constructor=y");
  deepEqual(problems, []);
  deepEqual(Object.keys(settings.static_fields).sort(), ["__proto__", "constructor"]);
  equal("polluted" in {}, false);
});
