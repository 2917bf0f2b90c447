import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { expandVariables } from "../../config/environment.ts";
import { loadSettings } from "../../config/load.ts";
import { rulesFiles } from "../../config/rules_files.ts";
import { load, loadFiles, loadOptions } from "./loading.ts";

Deno.test("command line beats file beats default; a missing file is a problem", () => {
  const { settings, problems } = load("json_output: true\npriority: warning\n", ["priority=error"]);
  deepEqual(problems, []);
  deepEqual([settings.json_output, settings.priority, settings.rule_matching], [true, "error", "first"]);
  match(loadSettings("/nowhere/falco.yaml", []).problems[0] ?? "", /cannot read .*\/nowhere.*no such file/);
  match(loadSettings("/", []).problems[0] ?? "", /cannot read the configuration \/: it is a directory/);
});

Deno.test("an empty file, and sections without keys, set nothing", () => {
  for (const text of ["", "# nothing\n", "---\n", "---\n...\n", "http_output:\nengine: ~\n", "{}"]) {
    const { problems, warnings, written } = load(text);
    deepEqual([problems, warnings, written.size], [[], [], 0], text);
  }
});

Deno.test("without -c the default file is read, if it exists", () => {
  const folder = Deno.makeTempDirSync();
  const defaultFile = join(folder, "falco.yaml");
  try {
    deepEqual(loadSettings(undefined, [], { defaultFile }).files, []);
    Deno.writeTextFileSync(defaultFile, "priority: error\n");
    const { settings, files } = loadSettings(undefined, [], { defaultFile });
    deepEqual([settings.priority, files], ["error", [defaultFile]]);
    Deno.writeTextFileSync(join(folder, "other.yaml"), "json_output: true\n");
    const other = loadSettings(join(folder, "other.yaml"), [], { defaultFile });
    deepEqual([other.settings.priority, other.settings.json_output], ["debug", true]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const BASE = `
rules: [{disable: {tag: a}}]
http_output: {enabled: true, url: "http://a/", user_agent: me}
priority: error
`;
const ADDED = `
rules: [{enable: {tag: b}}]
http_output: {url: "http://b/"}
priority: warning
json_output: true
`;

for (
  const [strategy, tags, url, agent, priority] of [
    ["append", ["a", "b"], "http://b/", "falcosecurity/falco", "warning"],
    ["override", ["b"], "http://b/", "falcosecurity/falco", "warning"],
    ["add-only", ["a"], "http://a/", "me", "error"],
  ] as const
) {
  Deno.test(`config_files: ${strategy} joins lists, sections and values as Falco does`, () => {
    const { settings, problems, files } = loadFiles({
      "main.yaml": `config_files: [{path: DIR/more.yaml, strategy: ${strategy}}]${BASE}`,
      "more.yaml": ADDED,
    });
    deepEqual(problems, []);
    deepEqual(files, ["main.yaml", "more.yaml"]);
    deepEqual(settings.rules.map(({ enable, disable }) => (enable ?? disable)?.tag), tags);
    deepEqual([settings["http_output.url"], settings["http_output.user_agent"]], [url, agent]);
    deepEqual([settings.priority, settings.json_output], [priority, true]);
    // a section is replaced as a whole
    equal(settings["http_output.enabled"], strategy === "add-only");
  });
}

Deno.test("config_files: append is what a plain path means; order counts; what is missing is skipped", () => {
  const { settings, problems } = loadFiles({
    "main.yaml": "config_files: [DIR/2.yaml, DIR/none.yaml, {path: DIR/1.yaml}]\npriority: error\n",
    "1.yaml": "priority: notice\nstatic_fields: {a: one}\n",
    "2.yaml": "priority: alert\nstatic_fields: {a: two}\n",
  });
  deepEqual(problems, []);
  deepEqual([settings.priority, settings.static_fields], ["notice", { a: "one" }]);
});

Deno.test("config_files: a folder stands for its files sorted by name, links included, folders not", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(folder, name), text);
    // as Kubernetes mounts a ConfigMap
    Deno.mkdirSync(join(folder, "conf/..2026"), { recursive: true });
    write("conf/..2026/b.yaml", "priority: notice\n");
    Deno.symlinkSync("..2026", join(folder, "conf/..data"));
    Deno.symlinkSync("..data/b.yaml", join(folder, "conf/b.yaml"));
    Deno.symlinkSync("nothing", join(folder, "conf/c.yaml"));
    write("conf/a.yaml", "priority: alert\njson_output: true\n");
    write("main.yaml", `config_files: ${folder}/conf\n`);
    const { settings, problems, files, folders } = loadSettings(join(folder, "main.yaml"), []);
    deepEqual(problems, []);
    deepEqual([settings.priority, settings.json_output], ["notice", true]);
    deepEqual(files.map((path) => path.slice(folder.length + 1)), [
      "main.yaml",
      "conf/a.yaml",
      "conf/b.yaml",
    ]);
    deepEqual(folders, [join(folder, "conf")]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("config_files: files cannot name themselves nor further files; each mistake has its place", () => {
  match(
    loadFiles({ "main.yaml": "config_files: [DIR/main.yaml]\n" }).problems[0] ?? "",
    /main\.yaml: config_files names the file that it is in/,
  );
  const { problems } = loadFiles({
    "main.yaml": "config_files: [DIR/a.yaml, DIR/b.yaml]\njson_output: maybe\n",
    "a.yaml": "config_files: [DIR/b.yaml]\n",
    "b.yaml": "\npriority: loud\nunknown: 1\n",
  });
  deepEqual(problems.map((line) => line.split(" ")[0]), [
    "a.yaml:1:1:",
    "main.yaml:2:14:",
    "b.yaml:2:11:",
    "b.yaml:3:1:",
  ]);
});

Deno.test("config_files: an unknown strategy appends, as in Falco, and a warning says so", () => {
  const { problems, warnings, settings } = loadFiles({
    "main.yaml": "config_files: [{path: DIR/a.yaml, strategy: mix}]\nrules_files: [x.yaml]\n",
    "a.yaml": "rules_files: [y.yaml]\n",
  });
  deepEqual([problems, settings.rules_files], [[], ["x.yaml", "y.yaml"]]);
  equal(warnings.length, 1);
  match(
    warnings[0]!,
    /config_files\[0\]\.strategy must be one of append, override, add-only, not "mix": append is used/,
  );
});

Deno.test("-o config_files is known before files are joined, other options come last", () => {
  const files = { "main.yaml": "priority: error\n", "more.yaml": "priority: alert\njson_output: true\n" };
  const plain = loadFiles(files, ["config_files=DIR/more.yaml"]);
  deepEqual([plain.problems, plain.settings.priority], [[], "alert"]);
  const appended = loadFiles(files, [
    "priority=notice",
    "config_files[]={path: DIR/more.yaml, strategy: add-only}",
  ]);
  deepEqual([appended.problems, appended.settings.priority, appended.settings.json_output], [
    [],
    "notice",
    true,
  ]);
  deepEqual(appended.files, ["main.yaml", "more.yaml"]);
});

Deno.test("variables of the environment are expanded in values and in their own values, not in keys or options", () => {
  const variables: Record<string, string> = {
    HOME: "/root",
    ON: "yes",
    LOOP: "${LOOP}",
    ONE: "1${OTHER}",
    OTHER: "2${ONE}",
    OUTER: "http://${HOST}:$${PORT}",
    HOST: "a${HOME}",
  };
  for (let i = 0; i < 40; i++) variables[`GROW${i}`] = "x" + `\${GROW${i + 1}}`.repeat(10);
  const get = (name: string) => variables[name];
  const cases: [string, string][] = [
    ["${HOME}/x", "/root/x"],
    ["$${HOME}", "${HOME}"],
    ["${NOTHING}.", "."],
    ["a${HOME}b${HOME}", "a/rootb/root"],
    ["${HOME", "${HOME"],
    ["$HOME", "$HOME"],
    ["${}", ""],
    ["${A=B}", ""],
    ["${LOOP}", "${LOOP}"],
    ["${ONE}", "12${ONE}"],
    ["${OUTER}/x", "http://a/root:${PORT}/x"],
  ];
  equal(expandVariables("${GROW0}", get).length < 100_000_000, true);
  for (const [text, expected] of cases) equal(expandVariables(text, get), expected, text);

  Deno.env.set("FALCO_TEST_VALUE", "true");
  try {
    const { settings, problems } = load(
      "json_output: ${FALCO_TEST_VALUE}\nstatic_fields: {a: 'x ${FALCO_TEST_VALUE}', b: '$${FALCO_TEST_VALUE}'}\n" +
        "file_output: {filename: '${FALCO_TEST_NOTHING}'}\n",
      ["static_fields.c=${FALCO_TEST_VALUE}"],
    );
    deepEqual(problems, []);
    equal(settings.json_output, true);
    deepEqual(settings.static_fields, { a: "x true", b: "${FALCO_TEST_VALUE}", c: "${FALCO_TEST_VALUE}" });
    equal(settings["file_output.filename"], "");
    match(load("${FALCO_TEST_VALUE}: 1\n").problems[0] ?? "", /unknown setting \$\{FALCO_TEST_VALUE\}/);
  } finally {
    Deno.env.delete("FALCO_TEST_VALUE");
  }
});

Deno.test("rules_files: what exists is loaded, what is missing is said, nothing left is a problem", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const there = join(folder, "a.yaml");
    Deno.writeTextFileSync(there, "[]");
    const some = rulesFiles(
      load(`rules_files: [${there}, ${folder}/none.yaml, /etc/falco/falco_rules.local.yaml]\n`),
    );
    deepEqual(some.paths, [there]);
    deepEqual([some.warnings, some.missing], [[], [`rules_files: ${folder}/none.yaml does not exist`]]);
    match(rulesFiles(load(`rules_files: ${folder}/none.yaml\n`)).problem ?? "", /none exists/);
    match(rulesFiles(load("rules_files: []\n")).problem ?? "", /rules_files is empty/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("rules_files: a file that the program has itself is taken from there when it is missing, with a line", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const [there, hidden] = [join(folder, "a.yaml"), join(folder, "falco_rules.yaml")];
    Deno.writeTextFileSync(there, "[]");
    const bundled = (path: string) => path === hidden ? "falco_rules.yaml (bundled)" : undefined;
    const written = load(`rules_files: [${hidden}, ${there}]\n`);
    const { paths, warnings, missing, named } = rulesFiles(written, bundled);
    deepEqual(paths, ["falco_rules.yaml (bundled)", there]);
    deepEqual([warnings, missing], [[`rules_files: ${hidden} does not exist: the bundled file is used`], []]);
    // what is put there later is noticed
    deepEqual(named, [hidden, there]);
    Deno.writeTextFileSync(hidden, "[]");
    deepEqual(rulesFiles(written, bundled).paths, [hidden, there]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test({
  name:
    "rules_files: on a host without Falco's files the bundled rules are loaded, for its shipped falco.yaml too",
  ignore: ["falco_rules.yaml", "falco_rules.local.yaml", "rules.d"].some((name) => {
    try {
      return Deno.statSync(`/etc/falco/${name}`) !== undefined;
    } catch {
      return false;
    }
  }),
  fn: () => {
    const unsaid = rulesFiles(loadOptions());
    deepEqual([unsaid.paths, unsaid.warnings, unsaid.missing], [[], [], []]);
    const shipped = rulesFiles(load("rules_files: [/etc/falco/falco_rules.yaml, /etc/falco/rules.d]\n"));
    deepEqual(shipped.paths, []);
    match(shipped.warnings[0] ?? "", /do not exist: the bundled rules are used/);
  },
});

Deno.test("rules_file, the old name, still works; both names together do not", () => {
  const { settings, problems, warnings } = load("rules_file: [a.yaml]\n");
  deepEqual([problems, settings.rules_files], [[], ["a.yaml"]]);
  deepEqual(warnings, ["f.yaml:1:1: rules_file is the old name of rules_files"]);
  match(
    load("rules_files: a\nrules_file: b\n").problems[0] ?? "",
    /^f\.yaml:2:1: both rules_files and rules_file/,
  );
});
