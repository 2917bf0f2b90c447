import { deepEqual, equal, match } from "node:assert/strict";
import { defaultSettings, ringBytes, SETTINGS } from "../../config/settings.ts";
import type { Definition } from "../../config/definition.ts";
import { parseDuration } from "../../base/duration.ts";
import { listConfig } from "../../cli/list/list_config.ts";
import { stdoutPage } from "../../cli/terminal/page.ts";
import { load, loadOptions } from "./loading.ts";

const KEYS = Object.entries<Definition>(SETTINGS);

/** One key as a file. */
function fileOf(key: string, value: string): string {
  const path = key.split(".");
  return path.map((name, depth) => `${"  ".repeat(depth)}${name}:`).join("\n") + ` ${value}\n`;
}

Deno.test("the commented falco.yaml that is printed sets every key to its default, without a complaint", () => {
  const request = { patterns: [], json: false, page: stdoutPage(), loaded: () => neverLoaded() };
  const { settings, problems, warnings, written } = load(listConfig(request));
  deepEqual([problems, warnings], [[], []]);
  deepEqual(settings, defaultSettings());
  deepEqual([...written], KEYS.filter(([, { absent }]) => absent === undefined).map(([key]) => key));
});

Deno.test("what is commented out in it is right as well", () => {
  const request = { patterns: [], json: false, page: stdoutPage(), loaded: () => neverLoaded() };
  // entries of lists, and keys whose absence means something
  const text = listConfig(request).replace(/: …/g, ": x").replaceAll(/^(\S+: )\[\]$/gm, "$1")
    .replaceAll(/^# ?(?=(- | {2})[\w-]|$|rules_files|load_plugins)/gm, "");
  const { problems } = load(text);
  const wrong = problems.filter((problem) =>
    /unknown setting|must have (?!either|program$|url$)|must be a (list|mapping)/.test(problem)
  );
  deepEqual(wrong, []);
});

Deno.test("every key of Falco's falco.yaml and schema is known", () => {
  const known = Object.keys(SETTINGS);
  const names = Deno.readTextFileSync(new URL("falco_keys.txt", import.meta.url)).trim().split("\n");
  deepEqual(names.filter((name) => !known.includes(name)), []);
  // and those beyond them are marked
  const unmarked = KEYS.filter(([key, { own }]) => own !== true && !names.includes(key)).map(([key]) => key);
  deepEqual(unmarked, []);
});

for (const [key, definition] of KEYS) {
  Deno.test(`${key}: a value of another kind is a problem with its place, or a warning when lenient`, () => {
    const column = 2 * (key.split(".").length - 1) + key.split(".").at(-1)!.length + 3;
    for (const value of wrongValues(definition)) {
      const { problems, settings } = load(fileOf(key, value));
      equal(problems.length, 1, `${key}: ${value}: ${problems.join("; ")}`);
      match(problems[0]!, new RegExp(`^f\\.yaml:${key.split(".").length}:\\d+: ${RegExp.escape(key)}`));
      const at = Number(problems[0]!.split(":")[2]);
      equal(at >= column, true, problems[0]!);
      deepEqual(settings, defaultSettings());

      const lenient = load(fileOf(key, value), [], { lenient: true });
      deepEqual([lenient.problems, lenient.warnings.length], [[], 1]);
      deepEqual(lenient.settings, defaultSettings());
    }
    // nothing is the default
    deepEqual(load(fileOf(key, "")).problems, []);
    deepEqual(load(fileOf(key, "null")).settings, defaultSettings());
  });
}

function wrongValues(definition: Definition): string[] {
  switch (definition.type) {
    case "bool":
      return ["perhaps", "1", "[true]", "{a: true}"];
    case "int":
      return [
        "many",
        "1.5",
        "1e3",
        "0x10",
        `${definition.max + 1}`,
        `${definition.min - 1}`,
        "[1]",
        "{a: 1}",
      ];
    case "number":
      return ["many", "1,5", ".", `${definition.max + 1}`, `${definition.min - 1}`, "[1]", "{a: 1}"];
    case "duration":
      return ["10", "soon", "1 x", "1s1h", "-1s", "1000000y", "[1s]", "{a: 1s}"];
    case "choice":
      return ["perhaps", "[debug]", "{a: debug}"];
    case "text":
      return ["[a]", "{a: b}", ...definition.check === undefined ? [] : ['"\\0 no such thing"']];
    case "texts":
      return [
        "{a: b}",
        "[[a]]",
        "[{a: b}]",
        '[""]',
        ...definition.choices === undefined ? [] : ["[perhaps]"],
      ];
    case "map":
      return ["a", "[a]", "{a: [b]}"];
    case "list":
      return ["{a: b}", "[[a]]"];
    default:
      throw new Error(`no wrong values for ${definition.type}`);
  }
}

function neverLoaded(): never {
  throw new Error("rules are not needed");
}

/** All code that could read a setting. */
function codeText(folder: string): string {
  let text = "";
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) text += codeText(`${folder}/${name}`);
    else if (name.endsWith(".ts")) text += Deno.readTextFileSync(`${folder}/${name}`);
  }
  return text;
}

Deno.test("every setting is read by somebody, or says that it changes nothing", () => {
  const folders = ["cli", "service", "engine", "outputs", "sources", "metadata"];
  const root = new URL("../..", import.meta.url).pathname;
  const config = ["load", "rules_files", "rule_settings", "checks", "kubernetes", "json_sources"].map((
    name,
  ) => Deno.readTextFileSync(`${root}config/${name}.ts`));
  const code = [...folders.map((folder) => codeText(root + folder)), ...config].join("");
  const unread = KEYS.filter(([key, { idle }]) => {
    // read by their section: channels, engines
    if (idle !== undefined || /^(\w+_output|container_engines|engine\.kmod)\./.test(key)) return false;
    return !code.includes(`"${key}"`) && !code.includes(`settings.${key}`);
  });
  deepEqual(unread.map(([key]) => key), []);
});

Deno.test("values may be quoted, in any of YAML 1.1's words for booleans, and by their first letters", () => {
  const { settings, problems } = load(
    'json_output: "yes"\nlog_stderr: Off\nbuffered_outputs: Y\npriority: Info\noutput_timeout: "500"\n' +
      "metrics: {interval: 1h30m}\nsyscall_event_drops: {threshold: .5, actions: [LOG]}\n",
  );
  deepEqual(problems, []);
  deepEqual([settings.json_output, settings.log_stderr, settings.buffered_outputs], [true, false, true]);
  deepEqual([settings.priority, settings.output_timeout], ["informational", 500]);
  deepEqual([settings["metrics.interval"], settings["syscall_event_drops.threshold"]], [5_400_000, 0.5]);
  deepEqual(settings["syscall_event_drops.actions"], ["log"]);
});

Deno.test("times are Prometheus's", () => {
  const times: [string, number][] = [
    ["0", 0],
    ["500ms", 500],
    ["1m", 60_000],
    ["1m5ms", 60_005],
    ["2d", 172_800_000],
    ["1w", 604_800_000],
    ["1y", 31_536_000_000],
    ["2h 5m", 7_500_000],
    [" 1 s ", 1000],
  ];
  for (const [text, ms] of times) equal(parseDuration(text), ms, text);
  for (const text of ["", "5", "ms", "1h1h", "1s1m", "1.5s", "1 5s m", " "]) {
    equal(parseDuration(text), NaN, text);
  }
});

Deno.test("the kernel module's settings count for the eBPF probe, and a warning says so", () => {
  const { settings, problems, warnings } = load("engine: {kind: kmod, kmod: {buf_size_preset: 6}}\n");
  deepEqual(problems, []);
  deepEqual([settings["engine.kind"], settings["engine.modern_ebpf.buf_size_preset"]], ["modern_ebpf", 6]);
  match(warnings[0] ?? "", /^f\.yaml:1:16: engine\.kind: kmod: there is no kernel module/);
  const both = load("engine: {kind: kmod, kmod: {buf_size_preset: 6}, modern_ebpf: {buf_size_preset: 3}}\n");
  equal(both.settings["engine.modern_ebpf.buf_size_preset"], 3);
  equal(loadOptions("engine.kmod.buf_size_preset=6").settings["engine.modern_ebpf.buf_size_preset"], 4);
});

Deno.test("buffer presets are Falco's sizes", () => {
  deepEqual([1, 2, 3, 4, 10].map((preset) => ringBytes(preset) >> 20), [1, 2, 4, 8, 512]);
});
