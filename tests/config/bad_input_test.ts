// Hostile and damaged files: each ends in a clear message, soon, and with little memory.

import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { loadSettings } from "../../config/load.ts";
import { load, loadOptions } from "./loading.ts";

Deno.test("all problems of a file and of options are reported, each with line and column", () => {
  const { problems } = load("json_output: perhaps\npriority: loud\nhttp_output:\n  urll: x\n", [
    "priorty=error",
  ]);
  deepEqual(problems.map((problem) => problem.split(" ").slice(0, 2).join(" ")), [
    "f.yaml:1:14: json_output",
    "f.yaml:2:11: priority",
    "f.yaml:4:3: unknown",
    'option "priorty=error":',
  ]);
});

const NO_YAML: [what: string, text: string, problem: RegExp][] = [
  ["an open bracket", "rules: [1\npriority: error\n", /^f\.yaml:1:8: the closing `\]` is missing/],
  ["a tab", "engine:\n\tkind: replay\n", /^f\.yaml:2:1: a tab cannot indent YAML; indent with blanks/],
  ["wrong indentation", "engine:\n    kind: replay\n  kmod: {}\n", /^f\.yaml:3:3: /],
  ["a list", "- 1\n", /^f\.yaml:1:1: expected settings as key: value/],
  ["a text", "json_output\n", /^f\.yaml:1:1: expected settings/],
  [
    "two documents",
    "priority: error\n---\npriority: debug\n",
    /^f\.yaml:3:1: a configuration is one YAML document/,
  ],
  [
    "a key twice",
    "priority: error\njson_output: true\npriority: debug\n",
    /^f\.yaml:3:1: the key `priority` appears twice/,
  ],
  [
    "a key twice in a section",
    "engine: {kind: replay, kind: replay}\n",
    /^f\.yaml:1:24: the key `kind` appears twice/,
  ],
  ["an alias without its anchor", "priority: *x\n", /^f\.yaml:1:11: the alias `\*x` refers to no anchor/],
  ["an alias within its anchor", "rules: &x [*x]\n", /is part of/],
  ["a mapping as key", "? {a: b}\n: c\n", /the key of a mapping has to be a text/],
];
for (const [what, text, pattern] of NO_YAML) {
  Deno.test(`${what} is one problem with its place`, () => {
    const { problems } = load(text);
    equal(problems.length, 1, problems.join("\n"));
    match(problems[0]!, pattern);
  });
}

Deno.test("files that are no text are refused", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const problemOf = (bytes: Uint8Array<ArrayBuffer>) => {
      Deno.writeFileSync(join(folder, "f.yaml"), bytes);
      return loadSettings(join(folder, "f.yaml"), []).problems.join("\n").replace(`${folder}/`, "");
    };
    const text = (text: string) => new TextEncoder().encode(text);
    match(problemOf(new Uint8Array([0x61, 0x0a, 0xff, 0xfe])), /cannot read .*it is not UTF-8 text .*line 2/);
    match(problemOf(text("a: \0")), /it holds NUL bytes/);
    match(problemOf(text("#".repeat((16 << 20) + 1))), /it is larger than 16 MiB/);
    equal(problemOf(text("\ufeffjson_output: true\r\npriority: error\r\n")), "");
    Deno.chmodSync(join(folder, "f.yaml"), 0o000);
    match(loadSettings("/proc/self/mem", []).problems[0] ?? "", /cannot read/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("aliases within aliases end in a problem, not in exhausted memory", () => {
  let text = 'a0: &a0 ["x","x","x","x","x","x","x","x","x"]\n';
  for (let at = 1; at < 12; at++) {
    text += `a${at}: &a${at} [${Array(9).fill(`*a${at - 1}`).join(",")}]\n`;
  }
  const laughs = load(`${text}plugins: [{name: x, library_path: y, init_config: *a11}]\n`);
  match(laughs.problems.at(-1) ?? "", /holds more than 100000 values when aliases are followed/);
  equal(load(`${text}rules: *a11\n`).problems.length <= 101, true);
  equal(load(`${text}rules_files: *a11\n`).problems.length <= 101, true);
});

Deno.test("deep nesting, long lists, long keys and many mistakes are bounded", () => {
  match(load(`static_fields: ${"[".repeat(5000)}${"]".repeat(5000)}\n`).problems[0] ?? "", /nested/);
  match(load(`${"a: {".repeat(300)}${"}".repeat(300)}\n`).problems[0] ?? "", /nested|unknown setting a/);
  match(
    load(`rules_files: [${"a,".repeat(500_000)}]\n`).problems[0] ?? "",
    /more lines and items than can be read/,
  );
  equal(load(`${"k".repeat(1 << 20)}: 1\n`).problems.length, 1);
  const many = load(Array.from({ length: 5000 }, (_, at) => `k${at}: 1\n`).join(""));
  equal(many.problems.length, 101);
  equal(many.problems.at(-1), "there is more like this");
  const options = Array.from({ length: 2000 }, () => "rules[].disable.tag=x");
  equal(loadOptions(...options).settings.rules.length, 2000);
});

Deno.test("--lenient: what is no YAML is still a problem; duplicates, unknown keys and wrong values are warnings", () => {
  equal(load("rules: [\n", [], { lenient: true }).problems.length, 1);
  const { problems, warnings, settings } = load(
    "priority: error\npriority: debug\njson_output: maybe\nunknown: 1\nhttp_output: {urll: x, url: 'http://a'}\n",
    ["a\\x=1", "unknwon=2"],
    { lenient: true },
  );
  deepEqual(problems, []);
  equal(warnings.length, 6);
  equal(warnings.every((warning) => warning.endsWith("(ignored)")), true);
  deepEqual([settings.priority, settings.json_output, settings["http_output.url"]], [
    "error",
    false,
    "http://a",
  ]);
});

Deno.test("whatever a file or an option holds, loading neither throws nor takes prototypes for keys", () => {
  const word = fc.constantFrom(
    ...["rules", "plugins", "sinks", "engine", "kind", "__proto__", "constructor", "http_output", "url"],
    ...[
      ": ",
      "- ",
      "\n",
      "\n  ",
      "{",
      "}",
      "[",
      "]",
      "*a",
      "&a ",
      "!!x ",
      "|",
      ">",
      "'",
      '"',
      "${",
      "}",
      "\t",
      "#",
      "~",
    ],
    ...["true", "3", "\u0000", "\x1b[31m", "\ud800", ".", "\\", "=", "? "],
  );
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(""));
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "f.yaml");
  try {
    fc.assert(
      fc.property(text, text, (file, option) => {
        Deno.writeTextFileSync(path, file);
        const { settings } = loadSettings(path, [option, `rules${option}`]);
        equal(Object.getPrototypeOf(settings), Object.prototype);
      }),
      { numRuns: 600 },
    );
    equal(({} as Record<string, unknown>)["kind"], undefined);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
