// Falco's listing flags: --list, --list-events, -i, --list-plugins, --rule-schema, -L and -l.

import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { describeAll, describeOne } from "../../cli/forms/describe.ts";
import { listEvents } from "../../cli/forms/events.ts";
import { listFields } from "../../cli/forms/fields.ts";
import { formatOf } from "../../cli/forms/format.ts";
import { ignoredSyscalls } from "../../cli/forms/ignored_syscalls.ts";
import { listPlugins, pluginInfo } from "../../cli/forms/plugins.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { fieldByName } from "../../schema/fields.ts";
import { readReference } from "../schema/reference.ts";
import { falco, GOOD_RULE, STACK_TRACE, withRules } from "./falco_command.ts";

const ALL = { source: "", format: "json", namesOnly: false, verbose: false } as const;

interface ListedField {
  readonly name: string;
  readonly type: string;
  readonly is_list: boolean;
  readonly argument: { readonly required: boolean; readonly type: readonly string[] } | null;
}

function fieldsAsJson(source = ""): ListedField[] {
  const { fieldclasses } = JSON.parse(listFields({ ...ALL, source }));
  return fieldclasses.flatMap((listed: { fields: ListedField[] }) => listed.fields);
}

const fields = readReference("fields.tsv");
Deno.test({
  name: `--list has the names, types and arguments of Falco's`,
  fn() {
    const listed = new Map(fieldsAsJson().map((field) => [field.name, field]));
    for (const row of fields) {
      const name = row["field"]!;
      const def = fieldByName(name);
      const field = listed.get(name);
      if (def?.deprecated || def?.hidden || def?.printOnly) {
        equal(field, undefined, name);
        continue;
      }
      deepEqual([field?.type, field?.is_list], [row["type"], row["list"] === "list"], name);
      const [need = "", kinds = ""] = row["argument"]!.split(": ");
      // Falco lists it as required and takes it without
      if (name === "evt.abspath") continue;
      const type = kinds.split(" or ").filter((kind) => kind !== "").map((kind) => kind.toUpperCase());
      deepEqual(field?.argument, need === "" ? null : { required: need === "required", type }, name);
    }
  },
});

Deno.test("--list=SOURCE lists the fields of that source alone", () => {
  const names = (source: string) => fieldsAsJson(source).map(({ name }) => name);
  ok(names("syscall").includes("proc.name") && !names("syscall").includes("ka.verb"));
  ok(names("k8s_audit").includes("ka.verb") && names("k8s_audit").includes("evt.num"));
  ok(!names("k8s_audit").includes("proc.name"));
  throws(() => listFields({ ...ALL, source: "sycall" }), /did you mean `syscall`\?/);
});

Deno.test("-N prints one name a line, or an array", () => {
  const names = listFields({ ...ALL, format: "text", namesOnly: true }).split("\n");
  deepEqual(names, fieldsAsJson().map(({ name }) => name));
  deepEqual(JSON.parse(listFields({ ...ALL, namesOnly: true })), { fieldnames: names });
});

Deno.test("--list as text has Falco's blocks, with types when verbose", () => {
  const text = listFields({ ...ALL, format: "text" });
  match(text, /^-{31}\nField Class: {18}evt \(All event types\)\nDescription: {18}\S/);
  match(text, /\nEvent Sources: {16}[a-z_ ]*syscall \n\n/);
  match(text, /\nproc\.aname {20}\(ARG_ALLOWED,EPF_NO_RHS,EPF_NO_TRANSFORMER\) \S/);
  for (const line of text.split("\n")) ok(line.length <= 125, line);
  match(listFields({ ...ALL, format: "text", verbose: true }), /\nproc\.name {21}\(Type: CHARBUF\) \S/);
});

Deno.test("--list as Markdown has a table for each class", () => {
  const text = listFields({ ...ALL, format: "markdown" });
  match(text, /^## Field Class: evt\n/);
  match(text, /\nName \| Type \| Description\n:----\|:-----\|:-----------\n/);
  match(text, /\n`fd\.types` \| LIST\(CHARBUF\) \| \S/);
});

const events = readReference("events.tsv");
Deno.test({
  name: `--list-events has Falco's current events and parameters`,
  fn() {
    const root = JSON.parse(listEvents("json"));
    equal(root.schema_version, "4.5.2");
    const listed = new Map<string, string>();
    for (const category of ["Syscall events", "Tracepoint events", "Plugin events", "Metaevents"]) {
      for (const { name, dir, params } of root[category]) {
        listed.set(`${dir} ${name}`, params.map((param: { name: string }) => param.name).join(","));
      }
    }
    // neither unused and old codes are listed, nor what the kernel's iterators report
    const current = events.filter(({ id, flags, category }) =>
      (Number(flags) & 0x240) === 0 && (Number(category) & 0x2000) === 0 && Number(id) > 1
    );
    for (const { name, direction, params } of current) {
      const names = params!.split(",").map((param) => param.split(":")[0]).join(",");
      equal(listed.get(`${direction === "enter" ? ">" : "<"} ${name}`), names, `${name}`);
    }
    equal(listed.get("< getppid"), "ID,nativeID");
  },
});

Deno.test("--list-events says which events are captured by default", () => {
  const text = listEvents("markdown");
  match(text, /\nNo \| `<` \| `read` \| ERRNO \*\*res\*\*, /);
  match(text, /\nYes \| `<` \| `close` \| ERRNO \*\*res\*\*, FD \*\*fd\*\*\n/);
  match(listEvents("text"), /\n< close\(ERRNO \*\*res\*\*, FD \*\*fd\*\*\)\n/);
});

Deno.test("-i lists reads and writes that carry no state", () => {
  const names = ignoredSyscalls();
  for (const name of ["read", "write", "pread", "sendfile", "recv"]) ok(names.includes(name), name);
  for (const name of ["recvfrom", "sendto", "recvmsg", "open", "close"]) ok(!names.includes(name), name);
});

Deno.test("built-in counterparts of plugins are listed", () => {
  match(listPlugins(), /^4 Plugins Loaded:\n\nName: container\n/);
  const audit = pluginInfo("k8saudit");
  match(
    audit,
    /^Name: k8saudit\nDescription: .+\nContact: .+\nVersion: [\d.]+\nCapabilities: \n {2}- Event Sourcing \(ID=1, source='k8s_audit'\)\n/,
  );
  match(audit, /\nInit config schema type: JSON\n\{.*"maxEventSize"/);
  match(audit, /\nSuggested open params:\nhttp:/);
  const container = pluginInfo("container");
  match(container, /- Field Extraction\n {2}- Event Parsing\n {2}- Async Events\n/);
  equal(pluginInfo("/usr/share/falco/plugins/libcontainer.so"), container);
  equal(pluginInfo("mine.so", [{ name: "container", library_path: "mine.so" }]), container);
  throws(() => pluginInfo("containr"), /did you mean `container`\?/);
});

Deno.test("--format takes three words in any case, not together with --markdown", () => {
  deepEqual([formatOf("JSON", false), formatOf(undefined, false)], ["json", "text"]);
  throws(() => formatOf("yaml", false), /expected one of text, markdown, json/);
  throws(() => formatOf("json", true), /cannot be used together/);
});

const LOADED = loadRules([makeSource("a.yaml", GOOD_RULE.replace("a test", `a ${"long ".repeat(20)}test`))]);

Deno.test("-L as text has two columns, descriptions broken into lines", () => {
  const lines = describeAll(LOADED, false).split("\n");
  equal(lines[0], `${"Rule".padEnd(50)} Description`);
  equal(lines[1], `${"----".padEnd(50)} -----------`);
  equal(lines[2], `${"Shadow file opened".padEnd(50)} a ${"long ".repeat(11)}`);
  equal(lines[3], " ".repeat(51) + `${"long ".repeat(9)}test `);
  deepEqual(lines.slice(4), [""]);
});

Deno.test("-L as JSON is one line with rules, macros and lists; -l has the one rule alone", () => {
  const text = describeAll(LOADED, true);
  ok(!text.includes("\n"));
  deepEqual(Object.keys(JSON.parse(text)), [
    "lists",
    "macros",
    "required_engine_version",
    "required_plugin_versions",
    "rules",
  ]);
  const one = JSON.parse(describeOne(LOADED, "Shadow file opened", true));
  deepEqual([Object.keys(one), one.rules.length], [["rules"], 1]);
  throws(() => describeOne(LOADED, "Shadow file opend", false), {
    message: 'Rule "Shadow file opend" is not loaded; did you mean `Shadow file opened`?',
  });
});

Deno.test("falco -L -o json_output=true describes the rules it is given", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("-r", path, "-L", "-o", "json_output=true");
    deepEqual([code, stderr], [0, ""]);
    equal(JSON.parse(stdout).rules[0].info.name, "Shadow file opened");
  });
});

Deno.test("falco -l of an unknown rule is a clear error, exit 1", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("-r", path, "-l", "Shadw file opened");
    deepEqual([code, stdout], [1, ""]);
    match(stderr, /^Error: Rule "Shadw file opened" is not loaded; did you mean/);
    doesNotMatch(stderr, STACK_TRACE);
  });
});

const PRINTING: readonly (readonly [args: readonly string[], begin: RegExp])[] = [
  [["--list"], /^-{31}\nField Class/],
  [["--list=syscall", "-N"], /^evt\.num\n/],
  [["--list-events", "--format", "json"], /^\{\n {2}"Metaevents"/],
  [["-i"], /^Ignored syscall\(s\):\n- /],
  [["--rule-schema"], /^\{\n {2}"\$schema"/],
  [["--list-plugins"], /^4 Plugins Loaded:/],
];

for (const [args, begin] of PRINTING) {
  Deno.test(`falco ${args.join(" ")} prints and ends with 0`, async () => {
    const { code, stdout, stderr } = await falco(...args);
    deepEqual([code, stderr], [0, ""]);
    match(stdout, begin);
  });
}
