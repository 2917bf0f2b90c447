import { deepEqual, equal, match } from "node:assert/strict";
import { loadSettings } from "../../config/load.ts";
import { parseSettingsFile } from "../../config/file.ts";
import { parseOverride } from "../../config/override.ts";
import { defaultSettings, definitionOf, ringBytes, SETTINGS } from "../../config/settings.ts";
import { parseValue } from "../../config/value.ts";

function problemOf(text: string): string {
  const override = parseOverride(text);
  return "problem" in override ? override.problem : "";
}

Deno.test("every default is a value that its own setting accepts", () => {
  for (const [key, value] of Object.entries(defaultSettings())) {
    const definition = definitionOf(key);
    deepEqual(definition && parseValue(definition, value), { value }, key);
  }
});

Deno.test("an override is read by its setting's type", () => {
  deepEqual(parseOverride("json_output=true"), { key: "json_output", value: true });
  deepEqual(parseOverride("json_output=off"), { key: "json_output", value: false });
  deepEqual(parseOverride("priority=Info"), { key: "priority", value: "informational" });
  deepEqual(parseOverride("engine.modern_ebpf.buf_size_preset=7"), {
    key: "engine.modern_ebpf.buf_size_preset",
    value: 7,
  });
});

Deno.test("an unknown key is a problem that names the nearest known one", () => {
  match(problemOf("jsn_output=true"), /unknown setting jsn_output; did you mean `json_output`\?/);
  match(problemOf("buf_size_preset=3"), /did you mean `engine\.modern_ebpf\.buf_size_preset`\?/);
  match(problemOf("completely_different=3"), /unknown setting completely_different$/);
  match(problemOf("__proto__=1"), /unknown setting/);
  match(problemOf("json_output"), /expected key=value/);
});

Deno.test("a value of the wrong type is a problem that says what is expected", () => {
  match(problemOf("json_output=maybe"), /json_output must be true or false, not "maybe"/);
  match(problemOf("engine.modern_ebpf.buf_size_preset=11"), /from 1 to 10, not "11"/);
  match(problemOf("engine.modern_ebpf.buf_size_preset=1e1"), /whole number/);
  match(problemOf("rule_matching=some"), /one of first, all/);
});

Deno.test("a file in falco.yaml's shape sets nested keys; unknown keys are warnings with their place", () => {
  const parsed = parseSettingsFile(
    "falco.yaml",
    "json_output: yes\nengine:\n  kind: modern_ebpf\n  modern_ebpf:\n    cpus_for_each_buffer: 2\n" +
      "rules_files: [a.yaml, b]\nwatch_config_files: true\nengine_:\n  x: 1\n",
  );
  deepEqual([...parsed.values], [
    ["json_output", true],
    ["engine.kind", "modern_ebpf"],
    ["engine.modern_ebpf.cpus_for_each_buffer", 2],
    ["rules_files", ["a.yaml", "b"]],
  ]);
  deepEqual(parsed.problems, []);
  deepEqual(parsed.warnings, [
    "falco.yaml:7:1: unknown setting watch_config_files",
    "falco.yaml:8:1: unknown setting engine_",
  ]);
});

Deno.test("all problems of a file are reported, each with line and column", () => {
  const { problems } = parseSettingsFile("f.yaml", "json_output: perhaps\npriority: loud\n");
  equal(problems.length, 2);
  match(problems[0] ?? "", /^f\.yaml:1:1: json_output must be/);
  match(problems[1] ?? "", /^f\.yaml:2:1: priority must be one of/);
  match(parseSettingsFile("f.yaml", "a: [1\nb: }").problems[0] ?? "", /^f\.yaml:\d+:\d+: /);
  match(parseSettingsFile("f.yaml", "- 1\n").problems[0] ?? "", /key: value/);
  deepEqual(parseSettingsFile("f.yaml", "").problems, []);
});

Deno.test("command line beats file beats default; a missing file is a problem", async () => {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(file, "json_output: true\npriority: warning\n");
    const { settings, problems } = loadSettings(file, ["priority=error"]);
    deepEqual(problems, []);
    deepEqual([settings.json_output, settings.priority, settings.rule_matching], [true, "error", "first"]);
  } finally {
    await Deno.remove(file);
  }
  match(loadSettings("/nowhere/falco.yaml", []).problems[0] ?? "", /cannot read .*\/nowhere.*no such file/);
});

Deno.test("buffer presets are Falco's sizes", () => {
  deepEqual([1, 2, 3, 4, 10].map((preset) => ringBytes(preset) >> 20), [1, 2, 4, 8, 512]);
  equal(Object.keys(SETTINGS).length > 10, true);
});
